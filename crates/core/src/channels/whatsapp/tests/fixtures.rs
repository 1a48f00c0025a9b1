//! The published examples, and exactly what each of them tells.

use super::*;
use crate::{
    time::Timestamp,
    timeline::{Attachment, AttachmentKind, Delivery, Direction},
};

macro_rules! fixtures {
    ($($name:literal),+ $(,)?) => {
        /// Every file of `fixtures/`, by name.
        pub(super) const ALL: &[(&str, &str)] = &[$(($name, include_str!(concat!("../fixtures/", $name, ".json")))),+];
    };
}

fixtures![
    "contacts-one-without-wa-id",
    "echo-text",
    "group-participants-update",
    "image-with-url",
    "location-named",
    "reaction",
    "reaction-removed-no-emoji",
    "reply-context",
    "status-failed",
    "status-sent",
    "system-number-change",
    "text",
    "text-bsuid-group",
    "unsupported-with-type",
    "voice-note",
];

fn fixture(name: &str) -> Vec<Inbound> {
    let (_, body) = ALL.iter().find(|(other, _)| *other == name).expect("a fixture");
    let parsed = parse(body);
    assert_eq!(parsed.poison, []);
    parsed.events
}

fn one(name: &str) -> Inbound {
    let mut events = fixture(name);
    assert_eq!(events.len(), 1);
    events.remove(0)
}

/// The customer of most of the examples.
fn test_name() -> Chat {
    Chat::Person(Party {
        addresses: vec![number("972987654321"), user(USER), user("US.ENT.11815799212886844830")],
        name: Some("Test Name".into()),
        username: None,
    })
}

/// An event of most of the examples.
fn told_at(seconds: i64, event: Event) -> Inbound {
    Inbound {
        account: "1122334455667".into(),
        account_display: Some("972123456789".into()),
        at: Some(Timestamp::from_seconds(seconds)),
        position: 0,
        chat: test_name(),
        event,
    }
}

fn plain(parts: Vec<Part>) -> Message {
    Message {
        id: "wamid.xyzxyz".into(),
        direction: Direction::In,
        content: Content { parts },
        reply_to: None,
        is_forwarded: false,
        is_history: false,
        referral: None,
    }
}

#[test]
fn every_file_is_listed_with_its_source() {
    let index = include_str!("../fixtures/README.md");
    for (name, _) in ALL {
        assert!(index.contains(&format!("| {name}.json |")), "{name}");
    }
}

#[test]
fn text() {
    assert_eq!(one("text"), told_at(1_697_043_223, Event::Message(plain(super::text("Body Text")))));
}

#[test]
fn text_of_a_user_without_a_number_in_a_group() {
    let event = one("text-bsuid-group");
    let author = Party {
        addresses: vec![user(USER), user("US.ENT.11815799212886844830")],
        name: Some("Sheena Nelson".into()),
        username: Some("@realsheenanelson".into()),
    };
    let id = "120363418770915618@g.us".to_owned();
    assert_eq!(event.chat, Chat::Group { id, subject: None, author: Some(author) });
    assert_eq!(event.account, "106540352242922");
    let message = written(event.event);
    assert_eq!(message.id, "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=");
    assert_eq!(message.content.parts, super::text("Does it come in another color?"));
}

#[test]
fn image() {
    let attachment = Attachment {
        kind: AttachmentKind::Image,
        id: Some("65463453".into()),
        media_type: Some("image/jpeg".into()),
        name: None,
        sha256: Some("4654+8g=".into()),
        url: Some("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=65463453&source=webhook&ext=487r9re&hash=heiwchueowbcew-dnedcw".into()),
    };
    let expected = told_at(1_697_043_379, Event::Message(plain(vec![Part::Attachment(attachment)])));
    assert_eq!(one("image-with-url"), expected);
}

#[test]
fn voice_note() {
    let attachment = Attachment {
        kind: AttachmentKind::Voice,
        id: Some("1234567890987654321".into()),
        media_type: Some("audio/ogg; codecs=opus".into()),
        name: None,
        sha256: Some("m04pFf2ERdaopTyFkGPA0+bX3i+YY2dYgVFwOgDLSDI=".into()),
        url: None,
    };
    let expected = told_at(1_697_043_473, Event::Message(plain(vec![Part::Attachment(attachment)])));
    assert_eq!(one("voice-note"), expected);
}

#[test]
fn cards_of_which_one_has_no_wa_id() {
    let event = one("contacts-one-without-wa-id");
    assert_eq!(addresses(&event.chat), [Address::handle("whatsapp:wa_id", "REDACTED")]);
    let card =
        |phone: &str| Part::Card { name: "REDACTED".into(), phones: vec![phone.into()], emails: vec![] };
    let expected = vec![card("+39 393 REDACTED"), card("+39 349 REDACTED")];
    assert_eq!(content(event.event).parts, expected);
}

#[test]
fn forwarded_location() {
    let place = Part::Location {
        latitude: "37.4611978".into(),
        longitude: "-122.2164385".into(),
        name: Some("Facebook HQ".into()),
        address: Some("1 Hacker Way, Menlo Park, CA 94025".into()),
        url: Some("https://maps.google.com/?cid=2000000000000000000".into()),
    };
    let message = Message { is_forwarded: true, ..plain(vec![place]) };
    assert_eq!(one("location-named"), told_at(1_697_044_557, Event::Message(message)));
}

#[test]
fn reaction_and_its_removal() {
    let expected = |emoji: Option<&str>| Event::Reaction {
        id: "wamid.xyzxyz".into(),
        target: "wamid.yzxyzx=".into(),
        emoji: emoji.map(Into::into),
        direction: Direction::In,
    };
    assert_eq!(one("reaction"), told_at(1_697_044_456, expected(Some("😮"))));
    assert_eq!(one("reaction-removed-no-emoji"), told_at(1_697_044_456, expected(None)));
}

#[test]
fn reply() {
    let message = Message { reply_to: Some("wamid.xyzxyz==".into()), ..plain(super::text("replied text")) };
    assert_eq!(one("reply-context"), told_at(1_697_044_746, Event::Message(message)));
}

#[test]
fn unsupported_poll() {
    let reason = "131051 Message type unknown: Message type is currently not supported.";
    let part = Part::Unsupported { kind: "pool".into(), reason: Some(reason.into()) };
    assert_eq!(one("unsupported-with-type"), told_at(1_697_044_706, Event::Message(plain(vec![part]))));
}

#[test]
fn status_sent() {
    let event = Event::Status {
        target: "wamid.xyzxyz".into(),
        delivery: Delivery::Sent,
        participant: None,
        error: None,
    };
    assert_eq!(one("status-sent"), told_at(1_698_266_945, event));
}

#[test]
fn status_failed() {
    let event = one("status-failed");
    let expected = Event::Status {
        target: "wamid.HBgLMzI0NzY3NTUzNzYVAgARGBIzOTI2MzFGRjdBRjA4M0Y2RDQA".into(),
        delivery: Delivery::Failed,
        participant: None,
        error: Some("131026 Receiver is incapable of receiving this message: Message Undeliverable.".into()),
    };
    assert_eq!(event.event, expected);
}

#[test]
fn number_change() {
    let event = Event::NewAddresses {
        id: "wamid.xyzxyz==".into(),
        addresses: vec![number("972912345678")],
        text: "User A changed from 972987654321 to 972912345678".into(),
    };
    let expected = Inbound { chat: person(&[number("972987654321")]), ..told_at(1_753_851_315, event) };
    assert_eq!(one("system-number-change"), expected);
}

#[test]
fn echo_of_a_message_from_the_app() {
    let event = one("echo-text");
    let expected = [
        Address::handle("whatsapp:wa_id", "<WHATSAPP_USER_PHONE_NUMBER>"),
        user("<BSUID>"),
        user("<PARENT_BSUID>"),
    ];
    assert_eq!(addresses(&event.chat), expected);
    let message = written(event.event);
    assert_eq!((message.direction, message.id.as_str()), (Direction::Out, "<WHATSAPP_MESSAGE_ID>"));
    assert_eq!(message.content.parts, super::text("Test message"));
}

#[test]
fn affairs_of_a_group() {
    let events = fixture("group-participants-update");
    let texts: Vec<_> = events
        .iter()
        .map(|event| match &event.event {
            Event::Notice { kind, text, .. } => (kind.as_str(), text.as_str()),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        ("group_participants_remove", "US.13491208655302741918 was removed"),
        ("group_participants_remove", "@pablomorales left"),
        ("group_participants_add", "@realsheenanelson joined"),
        ("group_join_request_created", "@joinrequester asks to join"),
        ("group_join_request_revoked", "@revokedrequest no longer asks to join"),
    ];
    assert_eq!(texts, expected);
    let places: Vec<_> = events.iter().map(|event| event.position).collect();
    assert_eq!(places, [0, 1, 2, 3, 4]);
}
