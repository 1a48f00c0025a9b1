//! Text of customers as people see it: on a page it is text and never markup; in a table of values it stays in its cell and
//! is no formula.
#![no_main]

use causeway_core::{
    media::{Showing, Trouble},
    time::{Timestamp, Zone},
    timeline::{Attachment, AttachmentKind, Content, Part},
};
use causeway_fuzz::pieces;
use causeway_pages::{
    Words, csv,
    inbox::{Bubble, Excerpt, File, FileState, Item, Side, What, excerpt, items},
    when::Clock,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let texts = pieces(data);
    check_markup(&texts);
    check_table(&texts);
});

fn check_markup(texts: &[String]) {
    let text = |at: usize| texts.get(at % texts.len().max(1)).cloned().unwrap_or_default();
    let parts = vec![
        Part::Text(text(0)),
        Part::Location {
            latitude: text(1),
            longitude: text(2),
            name: Some(text(3)),
            address: Some(text(4)),
            url: Some(text(5)),
        },
        Part::Card { name: text(0), phones: texts.to_vec(), emails: texts.to_vec() },
        Part::Choice { title: text(1), value: Some(text(2)) },
        Part::Order { lines: vec![(text(0), text(1), text(2))] },
        Part::Unsupported { kind: text(3), reason: Some(text(4)) },
        attachment(&text(0)),
        attachment(&text(1)),
        attachment(&text(2)),
    ];
    let (words, zone) = (Words::english(), Zone::utc());
    let clock = Clock { words, zone: &zone, now: Timestamp(1_767_323_045_000_000) };
    let content = Content { parts };
    let line = excerpt(words, &content);
    assert!(line.chars().count() <= 160);
    let item = |what| Item { id: text(0), at: clock.now, received_at: clock.now, what, is_history: false };
    let shown = items(
        &clock,
        "cnv_1",
        &[
            item(What::Message(Box::new(Bubble {
                side: Side::Theirs,
                author: Some(text(1)),
                content: content.clone(),
                original: Some(content.clone()),
                edited_at: Some(clock.now),
                revoked_at: None,
                quote: None,
                files: files(&text(0), &text(1)),
                reactions: vec![(text(0), text(1))],
                delivered: None,
                mark: None,
            }))),
            item(What::Memo(text(0), text(1))),
            item(What::Notice(content.clone())),
            item(What::Reaction(Some(text(0)))),
        ],
    );
    let said = Excerpt { content, direction: causeway_core::timeline::Direction::In, is_revoked: false };
    check_tags(&shown.into_string());
    check_tags(&said.show(words).into_string());
}

/// What a stranger says of a file.
fn attachment(text: &str) -> Part {
    Part::Attachment(Attachment {
        kind: AttachmentKind::Document,
        id: Some(text.to_owned()),
        media_type: Some(text.to_owned()),
        name: Some(text.to_owned()),
        sha256: None,
        url: Some(text.to_owned()),
    })
}

/// Files that are here, by their names and types, and one that is not.
fn files(name: &str, detail: &str) -> Vec<File> {
    let here = |showing| FileState::Here { address: "/files/att_1".into(), bytes: 7, showing };
    let (reason, address) = (Trouble::Gone, "/files/att_1".into());
    let held = FileState::Held { reason, detail: detail.to_owned(), address };
    let states = [here(Showing::Picture), here(Showing::Download), held];
    let file = |state| File {
        name: name.to_owned(),
        kind: AttachmentKind::Document,
        media_type: Some(detail.to_owned()),
        state,
    };
    states.map(file).into()
}

/// Every tag and attribute is one of ours, and leads nowhere but to pages, mail and phones.
fn check_tags(markup: &str) {
    const TAGS: &[&str] = &[
        "a",
        "article",
        "aside",
        "b",
        "button",
        "details",
        "dd",
        "div",
        "dl",
        "dt",
        "em",
        "footer",
        "h2",
        "h3",
        "header",
        "li",
        "mark",
        "ol",
        "p",
        "section",
        "small",
        "span",
        "strong",
        "summary",
        "svg",
        "time",
        "ul",
        "use",
        "blockquote",
        "figcaption",
        "figure",
        "form",
        "img",
    ];
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        let tag = &rest[at + 1..];
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(TAGS.contains(&name.as_str()), "<{name}> in {markup}");
        rest = check_attributes(&tag[tag.find(&name).unwrap_or(0) + name.len()..], markup);
    }
}

/// Reads attributes up to the end of the tag; answers what is behind it.
fn check_attributes<'a>(text: &'a str, markup: &str) -> &'a str {
    let mut rest = text.trim_start();
    loop {
        if let Some(after) = rest.strip_prefix('>') {
            return after;
        }
        let name: String =
            rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
        assert!(!name.is_empty(), "no attribute at {rest:.40} in {markup}");
        assert!(!name.starts_with("on") && name != "style" && name != "srcdoc", "{name} in {markup}");
        rest = rest[name.len()..].trim_start();
        let Some(value) = rest.strip_prefix("=\"") else { continue };
        let end = value.find('"').unwrap_or_else(|| panic!("a value does not end in {markup}"));
        if name == "href" || name == "src" {
            let begins = ["/", "#", "http:", "https:", "mailto:", "tel:"];
            let address = value[..end].to_ascii_lowercase();
            assert!(begins.iter().any(|begin| address.starts_with(begin)), "{address} in {markup}");
        }
        rest = value[end + 1..].trim_start();
    }
}

fn check_table(texts: &[String]) {
    let line = csv::record(texts.iter().map(String::as_str));
    let cells = read(&line);
    assert_eq!(cells.len(), texts.len(), "{line:?}");
    for (cell, text) in cells.iter().zip(texts) {
        let is_formula = cell
            .trim_start_matches([' ', '\u{a0}', '\u{feff}'])
            .starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
        assert!(!is_formula, "{cell:?} is a formula");
        assert!(cell == text || cell.strip_prefix('\'') == Some(text), "{cell:?} is not {text:?}");
    }
}

/// One record as RFC 4180 reads it.
fn read(line: &str) -> Vec<String> {
    let line = line.strip_suffix("\r\n").expect("a record ends its line");
    let (mut cells, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(std::mem::take(&mut cell)),
            letter => {
                assert!(is_quoted || !matches!(letter, '\r' | '\n'), "a line ends in the middle of {line:?}");
                cell.push(letter);
            }
        }
    }
    assert!(!is_quoted, "{line:?}");
    cells.push(cell);
    cells
}
