//! Who it was: numbers, user ids, names, and how they change.

use super::*;
use crate::address::AddressKind;

fn chat_of(messages: &Value, contacts: &Value) -> Chat {
    let mut events = told("messages", json!({"messages": messages, "contacts": contacts}));
    events.remove(0).chat
}

fn from(ids: Value) -> Value {
    let mut message = ids;
    for (key, value) in [("id", json!("wamid.1")), ("type", json!("text")), ("text", json!({"body": "x"}))] {
        message[key] = value;
    }
    message
}

#[test]
fn a_number_is_read_as_international() {
    let address = number(CUSTOMER);
    assert_eq!((address.kind, address.value.as_str()), (AddressKind::Phone, "+14155552671"));
    for spelling in ["+14155552671", " 1 (415) 555-2671 "] {
        assert_eq!(number(spelling).value, address.value);
    }
}

#[test]
fn a_number_that_no_plan_knows_is_still_an_identity() {
    assert_eq!(number("REDACTED"), Address::handle("whatsapp:wa_id", "REDACTED"));
    assert_eq!(number("0"), Address::handle("whatsapp:wa_id", "0"));
}

#[test]
fn a_user_id_is_never_read_as_a_number() {
    assert_eq!(number(USER), user(USER));
    let chat = chat_of(
        &json!([from(json!({"from_user_id": USER, "from_parent_user_id": "US.ENT.118"}))]),
        &json!([]),
    );
    assert_eq!(chat, person(&[user(USER), user("US.ENT.118")]));
}

#[test]
fn one_event_with_number_and_user_id_joins_them() {
    let chat = chat_of(&json!([from(json!({"from": CUSTOMER, "from_user_id": USER}))]), &json!([]));
    assert_eq!(chat, person(&[number(CUSTOMER), user(USER)]));
}

#[test]
fn names_are_found_by_id_whatever_their_order() {
    let contacts = json!([
        {"profile": {"name": "Somebody else"}, "wa_id": "4915112345678"},
        {"profile": {"name": "Sheena", "username": "@sheena"}, "user_id": USER, "wa_id": CUSTOMER},
        {"profile": {"name": "Ana"}, "wa_id": "393491234567"},
    ]);
    let messages = json!([from(json!({"from": "393491234567"})), from(json!({"from_user_id": USER}))]);
    let events = told("messages", json!({"messages": messages, "contacts": contacts}));
    let ana = Party { addresses: vec![number("393491234567")], name: Some("Ana".into()), username: None };
    let sheena = Party {
        addresses: vec![number(CUSTOMER), user(USER)],
        name: Some("Sheena".into()),
        username: Some("@sheena".into()),
    };
    assert_eq!(events[0].chat, Chat::Person(ana));
    assert_eq!(events[1].chat, Chat::Person(sheena));
}

#[test]
fn a_contact_with_the_number_but_another_user_id_is_somebody_else() {
    let contacts = json!([{"profile": {"name": "Earlier owner"}, "wa_id": CUSTOMER, "user_id": "US.2"}]);
    let chat = chat_of(&json!([from(json!({"from": CUSTOMER, "from_user_id": USER}))]), &contacts);
    assert_eq!(chat, person(&[number(CUSTOMER), user(USER)]));
}

#[test]
fn a_contact_of_nobody_here_names_nobody() {
    let contacts = json!([{"profile": {"name": "Stranger"}, "wa_id": "4915112345678"}]);
    assert_eq!(chat_of(&json!([from(json!({"from": CUSTOMER}))]), &contacts), person(&[number(CUSTOMER)]));
}

#[test]
fn a_card_sent_on_request_is_the_senders_own_number() {
    let card = json!({"origin": "contact_request", "vcard": "BEGIN:VCARD\nFN:Sheena\nEND:VCARD", "phones": [{"phone": "+1 415-555-2671", "wa_id": CUSTOMER}]});
    let mut message = from(json!({"from_user_id": USER, "contacts": [card]}));
    message["type"] = json!("contacts");
    let events = told("messages", json!({"messages": [message]}));
    assert_eq!(events.len(), 2);
    assert!(
        matches!(&events[0].event, Event::Message(message) if matches!(&message.content.parts[..], [Part::Card { .. }]))
    );
    assert_eq!(events[0].chat, person(&[user(USER)]));
    assert_eq!(events[1].chat, person(&[user(USER)]));
    let Event::NewAddresses { id, addresses, .. } = &events[1].event else { panic!("{events:?}") };
    assert_eq!((id.as_str(), &addresses[..]), ("wamid.1#addresses", &[number(CUSTOMER)][..]));
}

#[test]
fn a_card_sent_on_request_names_its_sender_if_nothing_else_does() {
    let card = json!({"origin": "contact_request", "vcard": "BEGIN:VCARD\nTEL;waid=14155552671:+1 415-555-2671\nEND:VCARD"});
    let mut message = from(json!({"contacts": [card]}));
    message["type"] = json!("contacts");
    let events = told("messages", json!({"messages": [message]}));
    assert_eq!(events[0].chat, person(&[number(CUSTOMER)]));
}

#[test]
fn a_card_without_the_mark_proves_nothing() {
    for origin in [json!("other"), json!(null), json!({"contact_request": true})] {
        let card = json!({"origin": origin, "phones": [{"wa_id": CUSTOMER}]});
        let mut message = from(json!({"from_user_id": USER, "contacts": [card]}));
        message["type"] = json!("contacts");
        let events = told("messages", json!({"messages": [message]}));
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].chat, person(&[user(USER)]));
    }
}

#[test]
fn a_changed_number_is_a_new_address_of_the_same_person() {
    for (kind, system) in [
        ("user_changed_number", json!({"wa_id": "14155550000", "user_id": "US.2"})),
        ("customer_changed_number", json!({"new_wa_id": "14155550000", "user_id": "US.2"})),
    ] {
        let mut system = system;
        system["type"] = json!(kind);
        system["body"] = json!("User A changed from 14155552671 to 14155550000");
        let events = told("messages", json!({"messages": [message("system", json!({"system": system}))]}));
        assert_eq!(events[0].chat, person(&[number(CUSTOMER)]));
        let expected = Event::NewAddresses {
            id: "wamid.1".into(),
            addresses: vec![number("14155550000"), user("US.2")],
            text: "User A changed from 14155552671 to 14155550000".into(),
        };
        assert_eq!(events[0].event, expected, "{kind}");
    }
}

fn changed_user_id(body: &str) -> Inbound {
    let message = json!({"id": "wamid.1", "timestamp": "1", "type": "system", "system": {"type": "user_changed_user_id", "body": body, "user_id": "US.2"}});
    told("messages", json!({"messages": [message]})).remove(0)
}

#[test]
fn a_changed_user_id_finds_the_old_one_in_the_text() {
    let told = changed_user_id("User A changed from US.1 to US.2");
    assert_eq!(told.chat, person(&[user("US.1")]));
    assert!(matches!(told.event, Event::NewAddresses { addresses, .. } if addresses == [user("US.2")]));
}

#[test]
fn a_name_cannot_pose_as_the_old_user_id() {
    let told = changed_user_id("User x changed from US.9 to US.2 changed from US.1 to US.2");
    assert_eq!(told.chat, person(&[user("US.1")]));
    for body in ["User A changed from US.1 to US.9", "Something else", "User from A to B"] {
        let told = changed_user_id(body);
        assert_eq!(told.chat, Chat::Account, "{body}");
        assert!(matches!(told.event, Event::Notice { kind, .. } if kind == "user_changed_user_id"));
    }
}

#[test]
fn a_new_device_is_a_notice_in_the_persons_thread() {
    let system = json!({"type": "customer_identity_changed", "body": "The customer has a new device", "identity": {"hash": "x"}});
    let events = told("messages", json!({"messages": [message("system", json!({"system": system}))]}));
    assert_eq!(events[0].chat, person(&[number(CUSTOMER)]));
    let expected = Event::Notice {
        id: Some("wamid.1".into()),
        kind: "customer_identity_changed".into(),
        text: "The customer has a new device".into(),
    };
    assert_eq!(events[0].event, expected);
}

#[test]
fn the_field_user_id_update_joins_the_new_id_to_the_old() {
    let update = json!({"wa_id": CUSTOMER, "detail": "changed", "timestamp": 1_697_043_223,
        "user_id": {"previous": "US.1", "current": "US.2"}, "parent_user_id": {"previous": "US.ENT.1", "current": "US.ENT.2"}});
    let events = told("user_id_update", json!({"user_id_update": [update]}));
    assert_eq!(events[0].chat, person(&[number(CUSTOMER), user("US.1"), user("US.ENT.1")]));
    let expected = Event::NewAddresses {
        id: "user_id_update:US.2:1697043223".into(),
        addresses: vec![number(CUSTOMER), user("US.2"), user("US.ENT.2")],
        text: "changed".into(),
    };
    assert_eq!(events[0].event, expected);
}
