//! The first line of an entry for several messages, from a template.

use super::kit::at;
use crate::{
    plan::{
        compose::{Lengths, Line, Scene, compose, title},
        key,
    },
    time::Zone,
    timeline::{Content, Direction, Part},
};

const KEY: &str = "cx1-abcdefghijklmnopqrstuvwxyz";
const TEMPLATE: &str = "{channel} chat with {name} ({DD/MM/YYYY})";

fn line(item_id: i64, text: &str) -> Line {
    Line {
        item_id,
        message: format!("msg_{item_id}"),
        at: at("2026-01-02T20:00:00Z"),
        direction: Direction::In,
        author: "Anna".into(),
        content: Content { parts: vec![Part::Text(text.into())] },
        is_edited: false,
        is_revoked: false,
        parts: Vec::new(),
    }
}

fn scene<'a>(zone: &'a Zone, person: &'a str, title: &'a str) -> Scene<'a> {
    Scene {
        channel: "WhatsApp",
        account: "Sales",
        person,
        customer: "+14155552671",
        agent: None,
        conversation: "cnv_1",
        chat_url: "https://inbox.example/c/1",
        title,
        key: None,
        zone,
    }
}

fn titled(person: &str, template: &str, most: usize) -> String {
    let zone = Zone::named("Asia/Tokyo").expect("a zone");
    let lengths = Lengths { subject: most, body: 32_000 };
    compose(&scene(&zone, person, template), &[line(1, "hello")], true, lengths).parts.remove(0).subject
}

#[test]
fn the_day_in_a_title_is_that_of_the_zone_in_the_pattern_that_was_asked_for() {
    assert_eq!(titled("Anna", TEMPLATE, 255), "WhatsApp chat with Anna (03/01/2026)");
    assert_eq!(titled("Anna", "{YYYY-MM-DD} {phone} @ {account}", 255), "2026-01-03 +14155552671 @ Sales");
    assert_eq!(titled("Anna", "{DD.MM.YY}", 255), "03.01.26");
}

#[test]
fn a_long_name_is_shortened_so_that_the_day_is_still_to_be_read() {
    let title = titled(&"Anna ".repeat(60), TEMPLATE, 120);
    assert!(title.chars().count() <= 120 && title.ends_with("(03/01/2026)"), "{title}");
}

#[test]
fn what_nothing_fills_in_is_told_and_stands_as_it_is() {
    assert_eq!(title::unknown("{name} {nmae} {DD/MM} {}"), ["{nmae}", "{}"]);
    assert_eq!(title::unknown(TEMPLATE), Vec::<String>::new());
    assert_eq!(titled("Anna", "{nmae} 5 } {", 255), "{nmae} 5 } {");
}

#[test]
fn without_a_template_the_title_has_the_time() {
    assert_eq!(titled("Anna", "", 255), "WhatsApp chat with Anna · 2026-01-03 05:00:00 +09:00");
}

#[test]
fn each_continuation_has_its_number_and_its_own_key_in_the_address() {
    let zone = Zone::utc();
    let scene = Scene { key: Some(KEY), ..scene(&zone, "Anna", TEMPLATE) };
    let text = "word ".repeat(500);
    let lengths = Lengths { subject: 120, body: 1_000 };
    let composed = compose(&scene, &[line(1, &text)], true, lengths);
    assert!(composed.parts.len() > 2);
    for part in &composed.parts {
        let address = format!("https://inbox.example/c/1#{}", key::part_key(KEY, part.part));
        assert!(part.body.ends_with(&address), "{}", part.body);
        assert!(part.subject.ends_with(&format!("(part {})", part.part)), "{}", part.subject);
        assert!(part.body.encode_utf16().count() <= 1_000);
    }
}
