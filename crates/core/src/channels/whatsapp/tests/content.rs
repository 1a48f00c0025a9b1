//! A message of every kind.

use super::*;
use crate::timeline::{Attachment, AttachmentKind, Direction, Referral};

fn unsupported(kind: &str, reason: Option<&str>) -> Vec<Part> {
    vec![Part::Unsupported { kind: kind.into(), reason: reason.map(Into::into) }]
}

fn file(kind: AttachmentKind) -> Attachment {
    Attachment { kind, id: Some("77".into()), media_type: None, name: None, sha256: None, url: None }
}

#[test]
fn a_text_keeps_every_letter() {
    for words in ["Hello", "", " two\nlines ", "日本語 👩‍👩‍👧 \u{202e}x", "=cmd|'/c'!A0", &"x".repeat(70_000)]
    {
        assert_eq!(parts("text", json!({"text": {"body": words}})), text(words));
    }
}

#[test]
fn a_null_character_is_taken_out_of_text_and_ids() {
    let body = body(&[change(
        "messages",
        json!({"messages": [message("text", json!({"text": {"body": "a\u{0}b"}}))]}),
    )]);
    let parsed = parse(&body.to_string().replace("wamid.1", "wamid\\u0000.1"));
    let message = written(parsed.events[0].event.clone());
    assert_eq!((message.id.as_str(), message.content.parts), ("wamid.1", text("ab")));
}

#[test]
fn a_picture_comes_with_its_caption_behind_it() {
    let image = json!({"id": "77", "mime_type": "image/jpeg", "sha256": "4654+8g=", "caption": "Look", "url": "https://lookaside.fbsbx.com/x"});
    let attachment = Attachment {
        media_type: Some("image/jpeg".into()),
        sha256: Some("4654+8g=".into()),
        url: Some("https://lookaside.fbsbx.com/x".into()),
        ..file(AttachmentKind::Image)
    };
    let expected = vec![Part::Attachment(attachment), Part::Text("Look".into())];
    assert_eq!(parts("image", json!({"image": image})), expected);
}

#[test]
fn video_sound_and_sticker_are_files_of_their_sort() {
    let sorts = [
        ("video", json!({"id": "77"}), AttachmentKind::Video),
        ("audio", json!({"id": "77", "voice": true}), AttachmentKind::Voice),
        ("audio", json!({"id": "77", "voice": false}), AttachmentKind::Audio),
        ("audio", json!({"id": 77}), AttachmentKind::Audio),
        ("sticker", json!({"id": "77", "animated": true}), AttachmentKind::Sticker),
    ];
    for (kind, object, sort) in sorts {
        assert_eq!(parts(kind, json!({kind: object})), [Part::Attachment(file(sort))], "{kind}");
    }
}

#[test]
fn a_document_keeps_the_name_that_it_claims() {
    let document =
        json!({"id": "77", "filename": "../../etc/passwd", "mime_type": "application/pdf", "caption": ""});
    let attachment = Attachment {
        name: Some("../../etc/passwd".into()),
        media_type: Some("application/pdf".into()),
        ..file(AttachmentKind::Document)
    };
    assert_eq!(parts("document", json!({"document": document})), [Part::Attachment(attachment)]);
}

#[test]
fn a_file_without_an_id_still_shows_its_caption() {
    let expected = vec![
        Part::Attachment(Attachment { id: None, ..file(AttachmentKind::Image) }),
        Part::Text("Look".into()),
    ];
    assert_eq!(parts("image", json!({"image": {"caption": "Look"}})), expected);
}

#[test]
fn a_place_keeps_its_degrees_as_written() {
    let place = |location| parts("location", json!({"location": location}));
    let plain = |latitude: &str, longitude: &str| {
        vec![Part::Location {
            latitude: latitude.into(),
            longitude: longitude.into(),
            name: None,
            address: None,
            url: None,
        }]
    };
    assert_eq!(place(json!({"latitude": 37.461_197_8, "longitude": -122})), plain("37.4611978", "-122"));
    assert_eq!(place(json!({"latitude": "0.00", "longitude": "1"})), plain("0.00", "1"));
}

#[test]
fn a_card_is_a_third_partys() {
    let cards = json!([
        {"name": {"formatted_name": "Ana Ruiz"}, "phones": [{"phone": "+39 349 000", "wa_id": "39349000", "type": "Home"}, {"wa_id": "4930"}],
         "emails": [{"email": "ana@example.com"}], "org": {"company": "Ruiz"}},
        {"name": {"first_name": "Bo", "last_name": "Li"}},
        {"org": {"company": "Acme"}, "phones": []},
        {}
    ]);
    let events = told("messages", json!({"messages": [message("contacts", json!({"contacts": cards}))]}));
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].chat, person(&[number(CUSTOMER)]));
    let card = |name: &str, phones: &[&str], emails: &[&str]| Part::Card {
        name: name.into(),
        phones: phones.iter().map(ToString::to_string).collect(),
        emails: emails.iter().map(ToString::to_string).collect(),
    };
    let expected = vec![
        card("Ana Ruiz", &["+39 349 000", "+4930"], &["ana@example.com"]),
        card("Bo Li", &[], &[]),
        card("Acme", &[], &[]),
        card("", &[], &[]),
    ];
    assert_eq!(content(events[0].event.clone()).parts, expected);
}

#[test]
fn a_card_without_fields_is_read_from_its_vcard() {
    let vcard = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Ruiz;Ana;;;\r\nFN:Ana Ru\r\n iz\r\nitem1.TEL;type=CELL;waid=14155552671:+1 415-555-2671\r\nEMAIL:ana@example.com\r\nTEL:\r\nEND:VCARD";
    let expected = Part::Card {
        name: "Ana Ruiz".into(),
        phones: vec!["+1 415-555-2671".into()],
        emails: vec!["ana@example.com".into()],
    };
    assert_eq!(parts("contacts", json!({"contacts": [{"vcard": vcard}]})), [expected]);
}

#[test]
fn a_reaction_names_its_message_and_its_own_id() {
    let reaction = |reaction| event("reaction", json!({"reaction": reaction}));
    let expected = |emoji: Option<&str>| Event::Reaction {
        id: "wamid.1".into(),
        target: "wamid.0".into(),
        emoji: emoji.map(Into::into),
        direction: Direction::In,
    };
    assert_eq!(reaction(json!({"message_id": "wamid.0", "emoji": "😮"})), expected(Some("😮")));
    for removal in [
        json!({"message_id": "wamid.0"}),
        json!({"message_id": "wamid.0", "emoji": ""}),
        json!({"message_id": "wamid.0", "emoji": null}),
    ] {
        assert_eq!(reaction(removal), expected(None));
    }
}

#[test]
fn a_template_button_shows_its_text() {
    let button = json!({"button": {"payload": "STOP_ALL", "text": "Stop"}});
    assert_eq!(
        parts("button", button),
        [Part::Choice { title: "Stop".into(), value: Some("STOP_ALL".into()) }]
    );
}

#[test]
fn a_chosen_button_or_entry_shows_what_the_customer_saw() {
    let chosen = Part::Choice { title: "Tomorrow".into(), value: Some("d1".into()) };
    let reply = |interactive| parts("interactive", json!({"interactive": interactive}));
    let button = json!({"type": "button_reply", "button_reply": {"id": "d1", "title": "Tomorrow"}});
    assert_eq!(reply(button), std::slice::from_ref(&chosen));
    let entry = json!({"type": "list_reply", "list_reply": {"id": "d1", "title": "Tomorrow", "description": "By noon"}});
    assert_eq!(reply(entry), [chosen, Part::Text("By noon".into())]);
}

#[test]
fn a_form_keeps_its_answers() {
    let form = json!({"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{\"size\":\"L\"}"}});
    let expected = Part::Choice { title: "Sent".into(), value: Some("{\"size\":\"L\"}".into()) };
    assert_eq!(parts("interactive", json!({"interactive": form})), [expected]);
}

#[test]
fn an_answer_about_calls_is_a_choice() {
    let answer = json!({"type": "call_permission_reply", "call_permission_reply": {"response": "accept", "is_permanent": false}});
    let expected = Part::Choice { title: "Call permission: accept".into(), value: Some("accept".into()) };
    assert_eq!(parts("interactive", json!({"interactive": answer})), [expected]);
}

#[test]
fn an_interactive_message_without_its_object_keeps_the_error_beside_it() {
    let value = json!({
        "messages": [message("interactive", json!({}))],
        "errors": [{"code": 131_000, "title": "Something went wrong", "error_data": {"details": "No content"}}],
    });
    let events = told("messages", value);
    let reason = "131000 Something went wrong: No content";
    let messages: Vec<_> = events.iter().filter(|event| matches!(event.event, Event::Message(_))).collect();
    assert_eq!(content(messages[0].event.clone()).parts, unsupported("interactive", Some(reason)));
    assert!(events.iter().any(
        |event| matches!(&event.event, Event::Notice { kind, text, .. } if kind == "errors" && text == reason)
    ));
    assert_eq!(parts("interactive", json!({})), unsupported("interactive", None));
}

#[test]
fn an_unknown_interactive_kind_is_kept_as_unsupported() {
    assert_eq!(
        parts("interactive", json!({"interactive": {"type": "hologram"}})),
        unsupported("interactive.hologram", None)
    );
}

#[test]
fn an_order_lists_its_lines() {
    let order = json!({"catalog_id": "1", "text": "Please wrap", "product_items": [
        {"product_retailer_id": "sku-1", "quantity": 2, "item_price": 10.5, "currency": "EUR"},
        {"product_retailer_id": 7, "quantity": "1"},
    ]});
    let line = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    let lines = vec![line("sku-1", "2", "10.5 EUR"), line("7", "1", "")];
    assert_eq!(
        parts("order", json!({"order": order})),
        [Part::Order { lines }, Part::Text("Please wrap".into())]
    );
}

#[test]
fn an_edit_names_its_message_and_says_what_it_says_now() {
    let edit = json!({"edit": {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "new"}, "context": {"id": "M0"}}}});
    let expected = Event::Edit {
        id: "wamid.1".into(),
        target: "wamid.0".into(),
        content: Content { parts: text("new") },
    };
    assert_eq!(event("edit", edit), expected);
    let caption = json!({"edit": {"original_message_id": "wamid.0", "message": {"type": "image", "image": {"id": "77", "caption": "new"}}}});
    let parts = vec![Part::Attachment(file(AttachmentKind::Image)), Part::Text("new".into())];
    let expected = Event::Edit { id: "wamid.1".into(), target: "wamid.0".into(), content: Content { parts } };
    assert_eq!(event("edit", caption), expected);
}

#[test]
fn a_revoke_names_its_message() {
    let revoke = json!({"revoke": {"original_message_id": "wamid.0"}});
    assert_eq!(event("revoke", revoke), Event::Revoke { id: "wamid.1".into(), target: "wamid.0".into() });
}

#[test]
fn unsupported_says_what_it_was_and_why() {
    let errors = json!([{"code": 131_051, "title": "Message type unknown", "error_data": {"details": "Not supported."}}]);
    let reason = Some("131051 Message type unknown: Not supported.");
    let poll = json!({"errors": errors, "unsupported": {"type": "poll_creation"}});
    assert_eq!(parts("unsupported", poll), unsupported("poll_creation", reason));
    assert_eq!(parts("unsupported", json!({"errors": errors})), unsupported("unsupported", reason));
    let older = json!({"errors": [{"code": 501, "details": "Not supported.", "title": "Unknown"}]});
    assert_eq!(parts("unknown", older), unsupported("unknown", Some("501 Unknown: Not supported.")));
}

#[test]
fn a_kind_from_the_future_is_kept_as_unsupported() {
    assert_eq!(parts("hologram", json!({"hologram": {"id": 1}})), unsupported("hologram", None));
    let mut nameless = message("text", json!({}));
    nameless.as_object_mut().expect("an object").remove("type");
    let events = told("messages", json!({"messages": [nameless]}));
    assert_eq!(content(events[0].event.clone()).parts, unsupported("unknown", None));
}

#[test]
fn a_known_kind_whose_content_failed_is_kept_with_the_reason() {
    let errors = json!([{"code": 131_052, "title": "Media download error"}]);
    assert_eq!(
        parts("image", json!({"errors": errors})),
        unsupported("image", Some("131052 Media download error"))
    );
}

#[test]
fn the_retired_welcome_tells_nothing() {
    assert_eq!(told("messages", json!({"messages": [message("request_welcome", json!({}))]})), []);
}

#[test]
fn a_reply_names_the_message_that_it_answers() {
    let reply = |context| {
        let message = written(event("text", json!({"text": {"body": "x"}, "context": context})));
        (message.reply_to, message.is_forwarded)
    };
    assert_eq!(reply(json!({"from": BUSINESS, "id": "wamid.0"})), (Some("wamid.0".into()), false));
    assert_eq!(reply(json!({"forwarded": true})), (None, true));
    assert_eq!(reply(json!({"frequently_forwarded": true})), (None, true));
    assert_eq!(reply(json!({"id": "M0"})), (None, false));
    assert_eq!(reply(json!(null)), (None, false));
}

#[test]
fn an_advertisement_is_remembered() {
    let referral = json!({"source_url": "https://fb.me/x", "source_type": "ad", "source_id": 120, "headline": "Sale", "body": "…"});
    let message = written(event("text", json!({"text": {"body": "x"}, "referral": referral})));
    let expected = Referral {
        url: Some("https://fb.me/x".into()),
        id: Some("120".into()),
        headline: Some("Sale".into()),
    };
    assert_eq!(message.referral, Some(expected));
    assert_eq!(written(event("text", json!({"text": {"body": "x"}, "referral": {}}))).referral, None);
}
