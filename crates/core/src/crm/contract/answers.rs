//! What comes back: a connector's own fixtures under every status code, and copies that a fixed sequence has damaged.

use serde_json::Value;

use super::super::{Crm, Response};
/// A fixed sequence of numbers: the same damage in every run.
struct Sequence(u64);

impl Sequence {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("fits") % below.max(1)
    }
}

/// The bodies in the connector's folder.
fn fixtures(crm: &dyn Crm) -> Vec<Vec<u8>> {
    let folder = format!("{}/src/crm/{}/fixtures", env!("CARGO_MANIFEST_DIR"), crm.name());
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("a CRM has fixtures")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder} is empty");
    files.iter().map(|file| std::fs::read(file).expect("readable")).collect()
}

pub(super) fn response(status: u16, body: Vec<u8>) -> Response {
    let headers = vec![
        ("date".to_owned(), "Fri, 02 Jan 2026 03:04:05 GMT".to_owned()),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    Response { status, headers, body }
}

pub(super) fn answers(crm: &dyn Crm) -> Vec<Response> {
    let mut bodies = fixtures(crm);
    bodies.extend(
        [
            "",
            "null",
            "[]",
            "{}",
            "0",
            "\"x\"",
            "[null]",
            "[[]]",
            "[{}]",
            "{\"error\":\"invalid_grant\"}",
            "<html>",
        ]
        .map(|body| body.as_bytes().to_vec()),
    );
    bodies.push("[".repeat(10_000).into_bytes());
    bodies.push(vec![0xff; 40]);
    let mut answers = Vec::new();
    for status in [200, 201, 204, 300, 302, 400, 401, 403, 404, 412, 420, 429, 500, 503] {
        answers.extend(bodies.iter().map(|body| response(status, body.clone())));
    }
    let mut sequence = Sequence(7);
    for body in &bodies {
        for _ in 0..25 {
            let status = [200, 200, 200, 400][sequence.next(4)];
            answers.push(response(status, cut(body, &mut sequence)));
            if let Ok(mut value) = serde_json::from_slice::<Value>(body) {
                for _ in 0..=sequence.next(3) {
                    damage(&mut value, &mut sequence);
                }
                answers.push(response(status, value.to_string().into_bytes()));
            }
        }
    }
    answers
}

/// Ends early, or has a byte changed.
fn cut(body: &[u8], sequence: &mut Sequence) -> Vec<u8> {
    let mut body = body.to_vec();
    let place = sequence.next(body.len());
    if sequence.next(2) == 0 {
        body.truncate(place);
    } else if let Some(byte) = body.get_mut(place) {
        *byte = b"\"{}[]:,0\\x\xff"[sequence.next(11)];
    }
    body
}

/// Somewhere in the value, another value.
fn damage(value: &mut Value, sequence: &mut Sequence) {
    let others = [
        Value::Null,
        Value::Bool(true),
        Value::from(-1),
        Value::from(u64::MAX),
        Value::from(""),
        Value::from("https://evil.test/"),
        Value::from("日本語"),
        Value::Array(Vec::new()),
        Value::Object(serde_json::Map::new()),
    ];
    let goes_on = sequence.next(8) > 0;
    match value {
        Value::Array(list) if goes_on && !list.is_empty() => {
            let place = sequence.next(list.len());
            if sequence.next(10) == 0 {
                list.remove(place);
            } else {
                damage(&mut list[place], sequence);
            }
        }
        Value::Object(members) if goes_on && !members.is_empty() => {
            let name = members.keys().nth(sequence.next(members.len())).expect("a member").clone();
            if sequence.next(10) == 0 {
                members.remove(&name);
            } else {
                damage(&mut members[&name], sequence);
            }
        }
        value => *value = others[sequence.next(others.len())].clone(),
    }
}
