//! The list and the page of a contact, shown.

use causeway_core::time::{Timestamp, Zone};

use super::*;
use crate::when::Clock;

fn with_clock(show: impl Fn(&Clock<'_>) -> Markup) -> String {
    let zone = Zone::utc();
    let clock = Clock { words: Words::english(), zone: &zone, now: Timestamp::from_seconds(1_772_000_000) };
    let html = show(&clock).into_string();
    assert!(!html.contains(" style="), "{html}");
    html
}

fn phone() -> Address {
    Address::phone_from_international("14155550123").expect("a number")
}

#[test]
fn a_row_names_person_number_channel_link_and_last_conversation() {
    let row = Row {
        id: "ctc_1".into(),
        name: Some("Maria <L>".into()),
        address: Some(phone()),
        channels: vec!["whatsapp".into()],
        is_linked: true,
        conversations: 2,
        last_at: Some(Timestamp::from_seconds(1_771_990_000)),
    };
    let page = List { rows: vec![row], next: Some("5.7".into()), search: "ma & x".into(), is_later: true };
    let html = with_clock(|clock| list(clock, &page));
    for text in [
        "Maria &lt;L&gt;",
        "+1 415-555-0123",
        "WhatsApp",
        "linked",
        "2 conversations",
        "value=\"ma &amp; x\"",
    ] {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(html.contains("/contacts?search=ma%20%26%20x&amp;cursor=5.7"), "{html}");
    assert!(html.contains("There are more") && html.contains("To the newest"), "{html}");
}

#[test]
fn an_empty_list_says_why_it_is_empty() {
    let none = with_clock(|clock| list(clock, &List::default()));
    assert!(none.contains("No contacts yet"), "{none}");
    let page = List { search: "<x>".into(), ..List::default() };
    let nobody = with_clock(|clock| list(clock, &page));
    assert!(
        nobody.contains("Nobody is found for “&lt;x&gt;”") && nobody.contains("Show everybody"),
        "{nobody}"
    );
}

#[test]
fn a_contact_shows_addresses_as_people_read_them_and_as_they_were_received() {
    let one = Contact {
        id: "ctc_1".into(),
        name: None,
        addresses: vec![AddressLine { address: phone() }],
        conversations: vec![Conversation {
            id: "cnv_1".into(),
            status: Status::Open,
            channel: "whatsapp".into(),
            account: "Sales".into(),
            last: Some("<b>hello".into()),
            is_ours: true,
            at: Timestamp::from_seconds(1_771_990_000),
            unread: 2,
        }],
        has_more: false,
        links: Vec::new(),
        pins: Vec::new(),
        connection: Some("con_1".into()),
        said: None,
    };
    let html = with_clock(|clock| contact(clock, &one));
    for text in
        ["<h1>+1 415-555-0123</h1>", "Received as 14155550123", "href=\"/inbox/cnv_1\"", "&lt;b&gt;hello"]
    {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(
        html.contains("data-load=\"/contacts/ctc_1/panel?connection=con_1\"") && html.contains("2 unread")
    );
}
