//! Entries as text: within the lengths, nothing lost, and every message where it was.

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation;

use super::kit::{Dice, at, zone};
use crate::{
    plan::{
        compose::{Composition, Lengths, Line, PartText, Scene, compose, fingerprint},
        text, wording,
    },
    time::{Timestamp, Zone},
    timeline::{Content, Direction, Part},
};

const USUAL: Lengths = Lengths { subject: 255, body: 32_000 };

fn scene(zone: &Zone) -> Scene<'_> {
    Scene {
        channel: "WhatsApp",
        account: "Support +1 555 010 0001",
        person: "Anna Nowak",
        customer: "+48123456789",
        agent: Some("Olga"),
        conversation: "cnv_1",
        chat_url: "https://inbox.example/c/cnv_1",
        title: "",
        key: None,
        zone,
    }
}

fn line(item_id: i64, text: &str) -> Line {
    Line {
        item_id,
        message: format!("msg_{item_id} (wamid.{item_id})"),
        at: Timestamp::from_seconds(1_767_323_045 + item_id * 60),
        direction: if item_id % 2 == 0 { Direction::Out } else { Direction::In },
        author: if item_id % 2 == 0 { "Olga".into() } else { "Anna Nowak".into() },
        content: says(text),
        is_edited: false,
        is_revoked: false,
        parts: Vec::new(),
    }
}

fn says(text: &str) -> Content {
    Content { parts: vec![Part::Text(text.into())] }
}

fn edited(line: &Line, text: &str) -> Line {
    Line { content: says(text), is_edited: true, ..line.clone() }
}

fn grouped(lines: &[Line], lengths: Lengths) -> Composition {
    compose(&scene(&Zone::utc()), lines, true, lengths)
}

fn single(line: &Line, lengths: Lengths) -> Composition {
    compose(&scene(&Zone::utc()), std::slice::from_ref(line), false, lengths)
}

/// The lines as the store holds them after that composition was attempted.
fn stored(lines: &[Line], composed: &Composition) -> Vec<Line> {
    lines.iter().map(|line| Line { parts: composed.pieces[&line.item_id].clone(), ..line.clone() }).collect()
}

/// A part's text above its foot.
fn above_foot(part: &PartText) -> &str {
    part.body.rsplit_once("\n\n—\n").map_or(part.body.as_str(), |(text, _)| text)
}

/// What the parts of one message's entry say, without marks and feet.
fn without_marks(composed: &Composition) -> String {
    let mark = format!("{}\n", wording::CONTINUED);
    composed
        .parts
        .iter()
        .map(|part| above_foot(part).strip_prefix(&mark).unwrap_or(above_foot(part)))
        .collect()
}

/// What the parts say of one message of several, without heads, marks and feet.
fn of_message(composed: &Composition, line: &Line) -> String {
    let head = format!("{}\n", wording::block_head(line, &Zone::utc()));
    let mark = format!("{}\n", wording::CONTINUED);
    let mut said = String::new();
    for part in &composed.parts {
        for block in
            above_foot(part).split("\n\n[").map(|block| format!("[{}", block.trim_start_matches('[')))
        {
            if let Some(piece) = block.strip_prefix(&head) {
                said.push_str(piece.strip_prefix(&mark).unwrap_or(piece));
            }
        }
    }
    said
}

/// Text with everything that is hard to cut: emoji of several code points, marks, flags, line ends, other scripts.
fn odd_text(dice: &mut Dice, least: usize) -> String {
    const PIECES: [&str; 24] = [
        "a",
        "word ",
        " ",
        "\n",
        "\r\n",
        "é",
        "e\u{301}",
        "👩‍👩‍👧‍👦",
        "👍🏽",
        "🇯🇵",
        "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        "नमस्ते ",
        "ไทย",
        "한국어",
        "\u{1112}\u{1161}\u{11AB}",
        "漢字",
        "ｶﾞ",
        "1️⃣",
        "😀",
        "العربية ",
        "\u{202E}x\u{202C}",
        "long-unbroken-word-that-goes-on-and-on",
        "𝔘𝔫𝔦",
        "—",
    ];
    let mut text = String::new();
    while text.chars().count() < least {
        text.push_str(dice.pick(&PIECES));
    }
    text
}

fn is_within(composed: &Composition, lengths: Lengths) -> bool {
    composed
        .parts
        .iter()
        .all(|part| text::units(&part.subject) <= lengths.subject && text::units(&part.body) <= lengths.body)
}

#[test]
fn an_entry_of_one_message_says_all_that_x8_asks_for() {
    let line = Line { at: at("2026-01-02T03:04:05Z"), ..line(1, "Good morning") };
    let warsaw = zone("Europe/Warsaw");
    let composed = compose(&scene(&warsaw), &[line], false, USUAL);
    let [part] = composed.parts.as_slice() else { panic!("one part") };
    assert_eq!(part.subject, "WhatsApp from Anna Nowak · 2026-01-02 04:04:05 +01:00");
    assert!(part.body.starts_with("Good morning\n\n—\n"), "{}", part.body);
    for said in [
        "Channel: WhatsApp (Support +1 555 010 0001)",
        "Direction: received",
        "Time: 2026-01-02 04:04:05 +01:00",
        "Customer: +48123456789",
        "Agent: Olga",
        "Conversation: cnv_1",
        "Message: msg_1 (wamid.1)",
        "Chat: https://inbox.example/c/cnv_1",
    ] {
        assert!(part.body.lines().any(|line| line == said), "{said} is missing in {}", part.body);
    }
    assert_eq!((part.part, part.date.as_str(), part.direction), (1, "2026-01-02", Some(Direction::In)));
    assert_eq!(part.starts_at, part.ends_at);
}

#[test]
fn an_entry_of_several_messages_says_when_it_begins_and_ends_and_who_said_what() {
    let composed = grouped(&[line(1, "Hello"), line(2, "Hi Anna")], USUAL);
    let [part] = composed.parts.as_slice() else { panic!("one part") };
    assert_eq!(part.subject, "WhatsApp chat with Anna Nowak · 2026-01-02 03:05:05 +00:00");
    assert_eq!(
        above_foot(part),
        "[2026-01-02 03:05:05] Anna Nowak:\nHello\n\n[2026-01-02 03:06:05] Olga:\nHi Anna"
    );
    assert!(part.body.contains("Time: 2026-01-02 03:05:05 +00:00 to 2026-01-02 03:06:05 +00:00"));
    assert!(part.body.contains("Direction: received and sent"));
    assert_eq!(part.direction, None);
    assert_eq!((part.starts_at, part.ends_at), (line(1, "").at, line(2, "").at));
}

#[test]
fn the_time_is_the_messages_in_the_workspaces_zone_with_its_offset() {
    for (name, said) in [
        ("Asia/Kolkata", "2026-01-02 08:34:05 +05:30"),
        ("America/Sao_Paulo", "2026-01-02 00:04:05 -03:00"),
        ("Pacific/Apia", "2026-01-02 16:04:05 +13:00"),
    ] {
        let zone = zone(name);
        let line = Line { at: at("2026-01-02T03:04:05Z"), ..line(1, "x") };
        let composed = compose(&scene(&zone), &[line], false, USUAL);
        assert!(composed.parts[0].subject.ends_with(said), "{}", composed.parts[0].subject);
    }
    let late = Line { at: at("2026-01-02T23:30:00Z"), ..line(1, "x") };
    let composed = compose(&scene(&zone("Asia/Tokyo")), &[late], false, USUAL);
    assert_eq!(composed.parts[0].date, "2026-01-03", "the day is the zone's, not Greenwich's");
}

#[test]
fn the_subject_is_within_its_length_whatever_the_name() {
    let mut dice = Dice(1);
    for subject in [80, 255] {
        for _ in 0..80 {
            let name = odd_text(&mut dice, 1 + subject * 2);
            let zone = Zone::utc();
            let scene =
                Scene { person: &name, account: &name, customer: &name, agent: Some(&name), ..scene(&zone) };
            let line = Line { author: name.clone(), ..line(1, "x") };
            let lengths = Lengths { subject, ..USUAL };
            for is_grouped in [false, true] {
                let composed = compose(&scene, std::slice::from_ref(&line), is_grouped, lengths);
                let part = &composed.parts[0];
                assert!(is_within(&composed, lengths), "{} units", text::units(&part.subject));
                assert!(!part.subject.contains(['\n', '\r']), "one line: {:?}", part.subject);
                assert!(part.subject.contains('…') && part.subject.ends_with("+00:00"), "{}", part.subject);
            }
        }
    }
}

#[test]
fn the_body_is_within_its_length_and_nothing_is_lost_for_any_text() {
    let mut dice = Dice(2);
    for round in 0..120 {
        let lengths = Lengths { subject: 255, body: 300 + dice.below(700) };
        let least = 1 + dice.below(3_000);
        let line = line(1, &odd_text(&mut dice, least));
        let composed = single(&line, lengths);
        assert!(is_within(&composed, lengths), "round {round}");
        assert_eq!(without_marks(&composed), wording::content(&line.content), "round {round}");
        let numbers: Vec<u32> = composed.parts.iter().map(|part| part.part).collect();
        assert_eq!(composed.pieces[&1], numbers);
        assert!(numbers.iter().copied().eq(1..=u32::try_from(numbers.len()).unwrap_or(0)));
    }
}

#[test]
fn no_cut_goes_through_what_a_reader_sees_as_one_character() {
    let mut dice = Dice(3);
    for _ in 0..80 {
        let text = odd_text(&mut dice, 1_500);
        let whole: Vec<&str> = text.graphemes(true).collect();
        let composed = single(&line(1, &text), Lengths { subject: 255, body: 400 });
        let mark = format!("{}\n", wording::CONTINUED);
        let pieces = composed.parts.iter().map(above_foot);
        let pieces: Vec<&str> = pieces.map(|piece| piece.strip_prefix(&mark).unwrap_or(piece)).collect();
        let cut: Vec<&str> = pieces.iter().flat_map(|piece| piece.graphemes(true)).collect();
        assert_eq!(cut, whole);
    }
}

#[test]
fn one_character_longer_than_a_part_is_cut_rather_than_lost() {
    let monster = format!("e{}", "\u{301}".repeat(2_000));
    let lengths = Lengths { subject: 255, body: 400 };
    let lines = [line(1, &monster)];
    let composed = single(&lines[0], lengths);
    assert!(is_within(&composed, lengths));
    assert_eq!(without_marks(&composed), monster);
    let again = compose(&scene(&Zone::utc()), &stored(&lines, &composed), false, lengths);
    assert_eq!(again, composed);
}

#[test]
fn a_long_text_goes_on_in_numbered_parts_that_say_so() {
    let composed = single(&line(1, &"word ".repeat(200)), Lengths { subject: 255, body: 600 });
    assert!(composed.parts.len() > 2);
    for part in &composed.parts {
        assert!(part.subject.ends_with(&format!("(part {})", part.part)), "{}", part.subject);
        assert_eq!(part.body.starts_with("[continued]\n"), part.part > 1);
        assert!(part.body.contains("Chat: https://inbox.example/c/cnv_1"), "the link is in each entry");
    }
}

#[test]
fn several_messages_share_parts_and_none_of_them_loses_a_word() {
    let mut dice = Dice(4);
    for round in 0..80 {
        let lengths = Lengths { subject: 255, body: 500 + dice.below(1_500) };
        let lines: Vec<Line> = (1..=12)
            .map(|id| line(id, &"abc def ".repeat(1 + dice.below(90)).trim_end().replace(' ', "-")))
            .collect();
        let composed = grouped(&lines, lengths);
        assert!(is_within(&composed, lengths), "round {round}");
        for line in &lines {
            assert_eq!(of_message(&composed, line), wording::content(&line.content), "round {round}");
        }
    }
}

#[test]
fn composing_again_with_the_stored_parts_changes_nothing() {
    let mut dice = Dice(5);
    for round in 0..150 {
        let lengths = Lengths { subject: 255, body: 300 + dice.below(1_200) };
        let mut lines = some_lines(&mut dice);
        for step in 0..4 {
            let composed = grouped(&lines, lengths);
            assert!(is_within(&composed, lengths), "round {round}, step {step}");
            lines = stored(&lines, &composed);
            assert_eq!(grouped(&lines, lengths), composed, "round {round}, step {step}");
            change_something(&mut dice, &mut lines);
        }
    }
}

fn some_lines(dice: &mut Dice) -> Vec<Line> {
    let count = 1 + i64::try_from(dice.below(10)).unwrap_or(0);
    (1..=count)
        .map(|id| {
            let least = 1 + dice.below(400);
            line(id * 10, &odd_text(dice, least))
        })
        .collect()
}

/// An edit, a revoke, or a late message.
fn change_something(dice: &mut Dice, lines: &mut Vec<Line>) {
    let place = dice.below(lines.len());
    let least = 1 + dice.below(600);
    match dice.below(4) {
        0 => lines[place].is_revoked = true,
        1 => {
            let late = line(
                lines[place].item_id + 1 + i64::try_from(dice.below(8)).unwrap_or(0),
                &odd_text(dice, least),
            );
            if lines.iter().all(|line| line.item_id != late.item_id) {
                lines.push(late);
                lines.sort_by_key(|line| (line.at, line.item_id));
            }
        }
        _ => lines[place] = edited(&lines[place], &odd_text(dice, least)),
    }
}

#[test]
fn parts_only_grow_and_no_edit_of_others_moves_a_message() {
    let mut dice = Dice(6);
    for round in 0..120 {
        let lengths = Lengths { subject: 255, body: 600 + dice.below(600) };
        let mut lines = some_lines(&mut dice);
        let mut before = grouped(&lines, lengths);
        lines = stored(&lines, &before);
        for _ in 0..4 {
            let untouched: Vec<Line> =
                lines.iter().filter(|line| !line.is_edited && !line.is_revoked).cloned().collect();
            let place = dice.below(lines.len());
            let touched = lines[place].item_id;
            let least = 1 + dice.below(900);
            lines[place] = edited(&lines[place], &odd_text(&mut dice, least));
            let after = grouped(&lines, lengths);
            for (item, parts) in &before.pieces {
                assert!(
                    after.pieces[item].starts_with(parts),
                    "round {round}: {parts:?} became {:?}",
                    after.pieces[item]
                );
            }
            for line in untouched.iter().filter(|line| line.item_id != touched) {
                assert_eq!(
                    after.pieces[&line.item_id], line.parts,
                    "round {round}: an edit of another moved it"
                );
            }
            assert!(after.parts.len() >= before.parts.len());
            lines = stored(&lines, &after);
            before = after;
        }
    }
}

#[test]
fn an_edit_that_grows_beyond_its_part_goes_on_behind_everything() {
    let lengths = Lengths { subject: 255, body: 800 };
    let lines: Vec<Line> = (1..=3).map(|id| line(id, "short")).collect();
    let composed = grouped(&lines, lengths);
    assert_eq!(composed.parts.len(), 1);
    let mut lines = stored(&lines, &composed);
    lines[0] = edited(&lines[0], &"x".repeat(900));
    let grown = grouped(&lines, lengths);
    assert!(is_within(&grown, lengths));
    assert!(grown.pieces[&1].len() > 1);
    assert_eq!((&grown.pieces[&2], &grown.pieces[&3]), (&vec![1], &vec![1]), "the others keep their room");
    assert_eq!(of_message(&grown, &lines[0]), "x".repeat(900));
    assert_eq!(of_message(&grown, &lines[2]), "short");
}

#[test]
fn an_edit_is_marked_and_shows_the_new_text_only() {
    let first = line(1, "the old text");
    let composed = single(&edited(&first, "the new text"), USUAL);
    assert!(composed.parts[0].body.starts_with("the new text\n"));
    assert!(composed.parts[0].body.contains("Edited by the sender"));
    let composed = grouped(&[edited(&first, "the new text")], USUAL);
    assert!(above_foot(&composed.parts[0]).ends_with("Anna Nowak (edited):\nthe new text"));
}

#[test]
fn a_revoke_keeps_the_part_numbers_and_takes_the_text_out_of_every_part() {
    let lengths = Lengths { subject: 255, body: 600 };
    let lines = [line(1, &"secret ".repeat(200))];
    let composed = single(&lines[0], lengths);
    let parts = composed.pieces[&1].clone();
    assert!(parts.len() > 2);
    let revoked = Line { is_revoked: true, ..stored(&lines, &composed)[0].clone() };
    let after = single(&revoked, lengths);
    assert_eq!(after.pieces[&1], parts);
    assert_eq!(after.parts.len(), parts.len());
    assert!(after.parts.iter().all(|part| !part.body.contains("secret")));
    assert_eq!(above_foot(&after.parts[0]), wording::REVOKED);
    assert_eq!(above_foot(&after.parts[1]), wording::NOTHING_MORE);
    assert_eq!(after.parts[1].date, composed.parts[1].date, "an emptied part keeps its day");
}

#[test]
fn a_late_message_stands_in_order_without_moving_the_others() {
    let lines = [line(1, "first"), line(9, "last")];
    let composed = grouped(&lines, USUAL);
    let mut lines = stored(&lines, &composed);
    lines.insert(1, line(5, "late"));
    let after = grouped(&lines, USUAL);
    assert_eq!(after.pieces, BTreeMap::from([(1, vec![1]), (5, vec![1]), (9, vec![1])]));
    let said: Vec<&str> =
        above_foot(&after.parts[0]).lines().filter(|line| line.len() < 6 && !line.is_empty()).collect();
    assert_eq!(said, ["first", "late", "last"]);
}

#[test]
fn a_fuller_day_leaves_written_parts_as_they_were() {
    let lengths = Lengths { subject: 255, body: 700 };
    let mut lines: Vec<Line> = (1..=8).map(|id| line(id, &"text ".repeat(12))).collect();
    let before = grouped(&lines, lengths);
    assert!(before.parts.len() > 1);
    lines = stored(&lines, &before);
    lines.push(line(20, &"more ".repeat(30)));
    let after = grouped(&lines, lengths);
    let full = before.parts.len() - 1;
    assert_eq!(after.parts[..full], before.parts[..full], "only the last part and new ones change");
}

#[test]
fn a_foot_that_would_fill_the_body_gives_way_but_the_link_stays() {
    let zone = Zone::utc();
    let long = "n".repeat(4_000);
    let scene = Scene { account: &long, agent: Some(&long), customer: &long, ..scene(&zone) };
    let lengths = Lengths { subject: 255, body: 300 };
    let composed = compose(&scene, &[line(1, "hello")], false, lengths);
    assert!(is_within(&composed, lengths));
    assert!(composed.parts[0].body.starts_with("hello\n"));
    assert!(composed.parts[0].body.contains("Chat: https://inbox.example/c/cnv_1"));
}

#[test]
fn the_fingerprint_is_blind_to_blanks_at_ends_and_to_the_kind_of_line_end() {
    let written = fingerprint("Subject", "one\ntwo");
    for same in ["one\r\ntwo", "one  \ntwo\t", "one\ntwo\n\n", "  one\ntwo"] {
        assert_eq!(fingerprint("Subject", same), written, "{same:?}");
    }
    for other in ["one two", "one\n\ntwo", "One\ntwo", "one\n two", "one\ntwo.", "onetwo", "o ne\ntwo", ""] {
        assert_ne!(fingerprint("Subject", other), written, "{other:?}");
    }
    assert_ne!(fingerprint("Subjects", "one\ntwo"), written);
    assert_ne!(
        fingerprint("Subject\none", "two"),
        fingerprint("Subject", "one\ntwo"),
        "subject and body are apart"
    );
}

#[test]
fn a_message_without_text_says_what_it_is() {
    let composed = single(&Line { content: Content::default(), ..line(1, "") }, USUAL);
    assert_eq!(above_foot(&composed.parts[0]), "[empty message]");
}

#[test]
fn an_entry_without_messages_has_no_parts() {
    assert_eq!(compose(&scene(&Zone::utc()), &[], true, USUAL).parts, []);
}
