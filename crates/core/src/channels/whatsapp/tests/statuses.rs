//! How far our messages have come, and what is said about accounts.

use super::*;
use crate::timeline::Delivery;

fn status(word: &str, rest: Value) -> Inbound {
    let mut status = rest;
    status["id"] = json!("wamid.0");
    status["status"] = json!(word);
    status["timestamp"] = json!("1697043223");
    told("messages", json!({"statuses": [status]})).remove(0)
}

#[test]
fn each_status_is_a_step_of_the_ladder() {
    let steps = [
        ("sent", Delivery::Sent),
        ("delivered", Delivery::Delivered),
        ("read", Delivery::Read),
        ("played", Delivery::Played),
        ("failed", Delivery::Failed),
    ];
    for (word, delivery) in steps {
        let told = status(word, json!({"recipient_id": CUSTOMER, "recipient_user_id": USER}));
        let expected = Event::Status { target: "wamid.0".into(), delivery, participant: None, error: None };
        assert_eq!(told.event, expected);
        assert_eq!(told.chat, person(&[number(CUSTOMER), user(USER)]));
    }
}

#[test]
fn a_status_without_a_recipient_still_names_its_message() {
    assert_eq!(status("read", json!({})).chat, Chat::Account);
}

#[test]
fn a_failure_says_why() {
    let told = status(
        "failed",
        json!({"errors": [{"code": 131_026, "title": "Undeliverable", "error_data": {"details": "Not on WhatsApp"}}]}),
    );
    assert!(
        matches!(told.event, Event::Status { error: Some(error), .. } if error == "131026 Undeliverable: Not on WhatsApp")
    );
}

#[test]
fn a_status_that_we_do_not_know_is_a_notice() {
    let told = status("pondered", json!({"recipient_id": CUSTOMER}));
    let expected = Event::Notice {
        id: Some("wamid.0:pondered".into()),
        kind: "status.pondered".into(),
        text: "wamid.0: pondered".into(),
    };
    assert_eq!(told.event, expected);
    let call = status("failed", json!({"type": "call"}));
    assert!(matches!(call.event, Event::Notice { kind, .. } if kind == "call.failed"));
}

#[test]
fn messages_and_statuses_may_come_together() {
    let value = json!({"messages": [message("text", json!({"text": {"body": "x"}}))], "statuses": [{"id": "wamid.0", "status": "read"}]});
    assert_eq!(told("messages", value).len(), 2);
}

#[test]
fn an_error_beside_the_messages_is_a_notice_on_the_account() {
    let events = told("messages", json!({"errors": [{"code": 130_429, "title": "Rate limit hit"}]}));
    assert_eq!((&events[0].chat, events.len()), (&Chat::Account, 1));
    let Event::Notice { id: Some(id), kind, text } = &events[0].event else { panic!("{events:?}") };
    assert_eq!((kind.as_str(), text.as_str()), ("errors", "130429 Rate limit hit"));
    assert!(id.starts_with("sha256:"));
}

fn account_level(field: &str, value: &Value) -> Vec<Inbound> {
    let parsed = parse(&body(&[json!({"field": field, "value": value})]).to_string());
    assert_eq!(parsed.poison, []);
    parsed.events
}

#[test]
fn what_concerns_the_business_account_is_kept_under_its_own_word() {
    let fields = [
        (
            "message_template_status_update",
            json!({"event": "APPROVED", "message_template_name": "hello", "reason": "NONE"}),
        ),
        ("phone_number_quality_update", json!({"event": "FLAGGED", "current_limit": "TIER_1K"})),
        ("account_update", json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [{"expiration": 1}]})),
        ("flows", json!({"event": "ENDPOINT_ERROR_RATE", "errors": [{"error_count": 2}]})),
        ("something_new", json!({})),
    ];
    for (field, value) in fields {
        let events = account_level(field, &value);
        assert_eq!((events.len(), events[0].account.as_str()), (1, "102290129340398"), "{field}");
        assert_eq!(events[0].chat, Chat::Account);
        let Event::Notice { kind, text, .. } = &events[0].event else { panic!("{events:?}") };
        assert_eq!(kind, field);
        assert!(
            value.get("event").is_none_or(|event| text.contains(event.as_str().expect("text"))),
            "{text}"
        );
    }
}

#[test]
fn a_repeated_notice_has_the_same_id_and_a_later_one_another() {
    let ids = |time: i64| {
        let body = json!({"entry": [{"id": "1", "time": time, "changes": [{"field": "account_update", "value": {"event": "X"}}]}]});
        let parsed = parse(&body.to_string());
        match &parsed.events[0].event {
            Event::Notice { id, .. } => id.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(ids(1), ids(1));
    assert_ne!(ids(1), ids(2));
}

#[test]
fn calls_and_preferences_are_notices_in_the_persons_thread() {
    let preference = json!({"wa_id": CUSTOMER, "category": "marketing_messages", "value": "stop", "timestamp": 1_697_043_223});
    let events = told("user_preferences", json!({"user_preferences": [preference]}));
    assert_eq!(events[0].chat, person(&[number(CUSTOMER)]));
    assert!(
        matches!(&events[0].event, Event::Notice { kind, text, .. } if kind == "user_preferences" && text.contains("value: stop"))
    );
    let call = |from, to| json!({"id": "wacid.1", "from": from, "to": to, "event": "connect", "timestamp": "1697043223"});
    let events = told("calls", json!({"calls": [call(CUSTOMER, BUSINESS), call(BUSINESS, CUSTOMER)]}));
    assert!(events.iter().all(|event| event.chat == person(&[number(CUSTOMER)])), "{events:?}");
}
