//! Numbers that the Business app shares: echoes, the past, the address book.

use super::*;
use crate::timeline::Direction;

fn echo(kind: &str, from: &str, to: &str, rest: Value) -> Value {
    let mut echo = message(kind, rest);
    echo["from"] = json!(from);
    echo["to"] = json!(to);
    echo
}

fn echoed(echo: &Value) -> Inbound {
    told("smb_message_echoes", json!({"message_echoes": [echo]})).remove(0)
}

#[test]
fn an_echo_went_out_to_whoever_is_not_the_business() {
    let hello = json!({"text": {"body": "Hello"}});
    for (from, to) in [
        (BUSINESS, CUSTOMER),
        (CUSTOMER, BUSINESS),
        ("+1 555-078-3881", CUSTOMER),
        (CUSTOMER, "+1 (555) 078-3881"),
    ] {
        let told = echoed(&echo("text", from, to, hello.clone()));
        assert_eq!(told.chat, person(&[number(CUSTOMER)]), "{from} {to}");
        assert_eq!(written(told.event).direction, Direction::Out);
    }
}

#[test]
fn an_echo_to_somebody_without_a_number_names_their_user_id() {
    let mut echo = message("text", json!({"text": {"body": "Hello"}, "to_user_id": USER}));
    // Our own number, in a spelling that differs from the displayed one, is not taken for the customer's.
    echo["from"] = json!("525512345678");
    assert_eq!(echoed(&echo).chat, person(&[user(USER)]));
}

#[test]
fn echoes_count_under_whichever_field_they_come() {
    let echo = echo("text", BUSINESS, CUSTOMER, json!({"text": {"body": "Hello"}}));
    for field in ["messages", "message_echoes", "standby", "something_new"] {
        let events = told(field, json!({"message_echoes": [echo]}));
        assert_eq!(written(events[0].event.clone()).direction, Direction::Out, "{field}");
    }
}

#[test]
fn an_echo_that_names_nobody_else_falls_to_the_only_contact() {
    let value = json!({"contacts": [{"wa_id": CUSTOMER, "profile": {"name": "Ana"}}], "message_echoes": [echo("text", BUSINESS, BUSINESS, json!({"text": {"body": "x"}}))]});
    assert_eq!(addresses(&told("smb_message_echoes", value)[0].chat), [number(CUSTOMER)]);
}

#[test]
fn edits_and_deletions_from_the_app_name_their_message_and_customer() {
    let edit = json!({"edit": {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "new"}}}});
    let told = echoed(&echo("edit", CUSTOMER, BUSINESS, edit));
    assert_eq!(told.chat, person(&[number(CUSTOMER)]));
    assert!(matches!(told.event, Event::Edit { target, .. } if target == "wamid.0"));
    let told =
        echoed(&echo("revoke", CUSTOMER, BUSINESS, json!({"revoke": {"original_message_id": "wamid.0"}})));
    assert_eq!(told.chat, person(&[number(CUSTOMER)]));
    assert!(matches!(told.event, Event::Revoke { target, .. } if target == "wamid.0"));
}

#[test]
fn a_reaction_from_the_app_is_ours() {
    let told = echoed(&echo(
        "reaction",
        BUSINESS,
        CUSTOMER,
        json!({"reaction": {"message_id": "wamid.0", "emoji": "👍"}}),
    ));
    assert!(matches!(told.event, Event::Reaction { direction: Direction::Out, .. }));
}

#[test]
fn the_past_is_marked_as_past_in_both_directions() {
    let from = |from: &str, to: Value, context: Value| json!({"id": "wamid.1", "from": from, "to": to, "timestamp": "1600000000", "type": "text", "text": {"body": "x"}, "history_context": context});
    let messages = json!([
        from(CUSTOMER, json!(null), json!({"status": "READ", "from_me": false})),
        from(BUSINESS, json!(CUSTOMER), json!({"status": "READ", "from_me": true})),
        from(BUSINESS, json!(null), json!({"status": "READ"})),
        {"id": "wamid.4", "type": "media_placeholder"},
    ]);
    let value = json!({"history": [{"metadata": {"phase": 0, "chunk_order": 1, "progress": 55}, "threads": [{"id": CUSTOMER, "messages": messages}]}]});
    let events = told("history", value);
    let directions: Vec<_> = events.iter().map(|event| written(event.event.clone()).direction).collect();
    assert_eq!(directions, [Direction::In, Direction::Out, Direction::Out, Direction::In]);
    assert!(events.iter().all(|event| event.chat == person(&[number(CUSTOMER)])), "{events:?}");
    assert!(events.iter().all(|event| written(event.event.clone()).is_history));
}

#[test]
fn a_file_of_the_past_that_comes_later_is_marked_as_past() {
    let events = told("history", json!({"messages": [message("image", json!({"image": {"id": "77"}}))]}));
    assert!(written(events[0].event.clone()).is_history);
}

#[test]
fn a_number_that_changed_in_the_past_changes_nothing_now() {
    let system = message(
        "system",
        json!({"system": {"type": "user_changed_number", "body": "b", "wa_id": "14155550000"}}),
    );
    let events = told("history", json!({"history": [{"threads": [{"id": CUSTOMER, "messages": [system]}]}]}));
    assert!(matches!(events[0].event, Event::Notice { .. }));
}

#[test]
fn a_declined_history_is_a_notice() {
    let events =
        told("history", json!({"history": [{"errors": [{"code": 2_593_109, "title": "Declined"}]}]}));
    assert!(matches!(&events[0].event, Event::Notice { text, .. } if text == "2593109 Declined"));
}

#[test]
fn the_phones_address_book_is_noted_and_forgets_nobody() {
    let entry = json!({"type": "contact", "contact": {"full_name": "Ana Ruiz", "phone_number": CUSTOMER}, "action": "remove", "metadata": {"timestamp": "1697043223"}});
    let events = told("smb_app_state_sync", json!({"state_sync": [entry]}));
    assert_eq!(events[0].chat, Chat::Account);
    assert!(events[0].at.is_some());
    assert!(
        matches!(&events[0].event, Event::Notice { kind, text, .. } if kind == "smb_app_state_sync" && text.contains("Ana Ruiz"))
    );
}
