//! A webhook of WhatsApp: only its signature opens it, and whatever it says is kept: read, or put aside alone.
#![no_main]

use std::collections::BTreeMap;

use causeway_core::{
    channels::{RawRequest, Secrets, named},
    timeline::Parsed,
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let channel = named("whatsapp").expect("the channel is there");
    let request = |header: Option<String>| RawRequest {
        headers: header.into_iter().map(|value| ("x-hub-signature-256".to_owned(), value)).collect(),
        body: data.to_vec(),
    };
    // Whatever stands in the header, without the secret nobody makes one that fits.
    let secrets = Secrets {
        signing: vec!["a secret".into(), String::new()],
        verify_token: "word".into(),
        ..Secrets::default()
    };
    let forged = String::from_utf8_lossy(data.get(..71).unwrap_or(data)).into_owned();
    assert!(channel.verify(&request(Some(forged)), &secrets).is_err(), "a forged signature was accepted");
    assert!(channel.verify(&request(None), &secrets).is_err());
    let parsed = channel.inbound(&request(None));
    assert_eq!(parsed, channel.inbound(&request(None)), "reading it again says something else");
    assert!(!parsed.events.is_empty() || !parsed.poison.is_empty() || tells_nothing(data), "it was dropped");
    if let Ok(body) = serde_json::from_slice(data) {
        check_messages(&body, &parsed);
    }
    for event in &parsed.events {
        let kept = serde_json::to_string(event).expect("an event can be stored");
        let again: causeway_core::timeline::Inbound = serde_json::from_str(&kept).expect("and read again");
        assert_eq!(*event, again, "what is stored is not what was read");
    }
    let pairs: Vec<(String, String)> = data
        .split(|byte| *byte == b'&')
        .map(|pair| String::from_utf8_lossy(pair).into_owned())
        .filter_map(|pair| pair.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned())))
        .collect();
    let token = |(key, value): &(String, String)| key == "hub.verify_token" && value == "word";
    assert!(channel.challenge(&pairs, &secrets).is_err() || pairs.iter().any(token));
});

/// An envelope whose lists are empty says nothing, and nothing is right.
fn tells_nothing(data: &[u8]) -> bool {
    serde_json::from_slice::<Value>(data).is_ok_and(|value| value.get("entry").is_some())
}

/// How many bytes of what is put aside are kept beside the request at least; the request itself is kept whole.
const KEPT: usize = 64_000;

/// Every message is told, or it is put aside with all that it says: alone, or with what holds it, where that does not say
/// which number it belongs to.
fn check_messages(body: &Value, parsed: &Parsed) {
    let aside: BTreeMap<&str, &str> =
        parsed.poison.iter().map(|part| (part.path.as_str(), part.raw.as_str())).collect();
    let mut told = 0;
    for place in messages(body) {
        match place.iter().find_map(|(path, value)| Some((aside.get(path.as_str())?, *value))) {
            Some((raw, value)) => {
                let is_kept =
                    raw.len() > KEPT || serde_json::from_str(raw).is_ok_and(|kept: Value| kept == *value);
                assert!(is_kept, "what was put aside is not what was sent: {raw}");
            }
            None => told += usize::from(!place.last().is_some_and(|(_, message)| says_nothing(message))),
        }
    }
    assert!(parsed.events.len() >= told, "a message was dropped: {told} were told");
}

/// A retired kind, by which a customer only opened the chat.
fn says_nothing(message: &Value) -> bool {
    message["type"].as_str().is_some_and(|kind| kind.replace('\0', "") == "request_welcome")
}

/// A value in the body, and everything that holds it from the body on, each with its path.
type Place<'a> = Vec<(String, &'a Value)>;

/// Every message that stands where messages stand.
fn messages(body: &Value) -> Vec<Place<'_>> {
    let body = vec![vec![("body".to_owned(), body)]];
    let values = ["entry", "changes", "value"].into_iter().fold(body, deeper);
    let threads = ["history", "threads"].into_iter().fold(values.clone(), deeper);
    [deeper(values, "messages"), deeper(threads, "messages")].concat()
}

/// What stands in the member of that name: its elements, if it is a list.
fn deeper<'a>(places: Vec<Place<'a>>, name: &str) -> Vec<Place<'a>> {
    let mut found = Vec::new();
    for place in places {
        let Some((path, value)) = place.last() else { continue };
        let Some(member) = value.get(name).filter(|member| !member.is_null()) else { continue };
        let path = if place.len() == 1 { name.to_owned() } else { format!("{path}.{name}") };
        let whole = [place, vec![(path.clone(), member)]].concat();
        match member.as_array() {
            Some(list) => found.extend(list.iter().enumerate().map(|(index, element)| {
                [whole.clone(), vec![(format!("{path}[{index}]"), element)]].concat()
            })),
            None => found.push(whole),
        }
    }
    found
}
