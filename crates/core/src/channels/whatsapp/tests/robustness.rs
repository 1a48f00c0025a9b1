//! Wide batches, and elements that cannot be read.

use super::*;
use crate::time::Timestamp;

fn good(id: &str) -> Value {
    json!({"id": id, "from": CUSTOMER, "timestamp": "1697043223", "type": "text", "text": {"body": "x"}})
}

fn ids(parsed: &Parsed) -> Vec<String> {
    parsed.events.iter().map(|event| written(event.event.clone()).id).collect()
}

#[test]
fn every_entry_change_and_message_of_a_wide_batch_is_told_in_order() {
    let value = |account: usize, ids: [String; 2]| json!({"metadata": {"phone_number_id": account}, "messages": ids.map(|id| good(&id))});
    let changes = |entry: usize| {
        (0..3)
            .map(|change| {
                let id = |message| format!("{entry}.{change}.{message}");
                json!({"field": "messages", "value": value(entry * 10 + change, [id(0), id(1)])})
            })
            .collect::<Vec<_>>()
    };
    let entries: Vec<_> = (0..4).map(|entry| json!({"id": entry, "changes": changes(entry)})).collect();
    let parsed = parse(&json!({"object": "whatsapp_business_account", "entry": entries}).to_string());
    assert_eq!((parsed.events.len(), parsed.poison.len()), (24, 0));
    let expected: Vec<_> = (0..24).map(|n| format!("{}.{}.{}", n / 6, n / 2 % 3, n % 2)).collect();
    assert_eq!(ids(&parsed), expected);
    assert!(parsed.events.iter().zip(0..).all(|(event, place)| event.position == place));
    assert_eq!(parsed.events[23].account, "32");
}

#[test]
fn a_bad_element_stands_alone() {
    let bad = [
        (json!({"from": CUSTOMER, "type": "text", "text": {"body": "x"}}), "`id` is missing"),
        (json!({"id": {}, "from": CUSTOMER, "type": "text", "text": {"body": "x"}}), "`id` is not an id"),
        (json!({"id": "", "from": CUSTOMER, "type": "text", "text": {"body": "x"}}), "`id` is missing"),
        (json!({"id": "1", "from": [], "type": "text", "text": {"body": "x"}}), "`from` is not an id"),
        (
            json!({"id": "1", "type": "text", "text": {"body": "x"}}),
            "it does not say whose it is: `from` and `from_user_id` are missing",
        ),
        (json!({"id": "1", "from": CUSTOMER, "type": "text"}), "`text` is missing"),
        (json!({"id": "1", "from": CUSTOMER, "type": "text", "text": "x"}), "`text` is not an object"),
        (json!({"id": "1", "from": CUSTOMER, "type": "text", "text": {"body": 5}}), "`body` is not text"),
        (json!({"id": "1", "from": CUSTOMER, "type": 5}), "`type` is not text"),
        (json!({"id": "1", "from": CUSTOMER, "type": "image", "image": []}), "`image` is not an object"),
        (json!({"id": "1", "from": CUSTOMER, "type": "reaction", "reaction": {}}), "`message_id` is missing"),
        (
            json!({"id": "1", "from": CUSTOMER, "type": "location", "location": {"latitude": 1}}),
            "`longitude` is missing",
        ),
        (
            json!({"id": "1", "from": CUSTOMER, "type": "contacts", "contacts": [5]}),
            "`contacts` holds what is no object",
        ),
        (json!("text"), "text, not an object"),
        (json!(null), "null, not an object"),
        (json!([]), "a list, not an object"),
    ];
    for (bad, reason) in bad {
        let value =
            json!({"messages": [good("a"), bad, good("b")], "statuses": [{"id": "s", "status": "read"}]});
        let parsed = parse(&body(&[change("messages", value)]).to_string());
        assert_eq!(parsed.events.len(), 3, "{bad}");
        let [poison] = &parsed.poison[..] else { panic!("{bad}: {:?}", parsed.poison) };
        assert_eq!(poison.path, "entry[0].changes[0].value.messages[1]");
        assert_eq!(poison.reason, reason);
        assert_eq!(poison.raw, bad.to_string());
        let places: Vec<_> = parsed.events.iter().map(|event| event.position).collect();
        assert_eq!(places, [0, 2, 3]);
    }
}

#[test]
fn half_a_surrogate_pair_or_a_bottomless_nest_spoils_only_its_element() {
    let nest = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for bad in [
        r#"{"id":"1","text":"\ud83d"}"#.to_owned(),
        format!(r#"{{"id":{nest}}}"#),
        r#"{"id":1e999}"#.to_owned(),
    ] {
        let value = json!({"messages": [good("a"), "HERE", good("b")]});
        let body = body(&[change("messages", value)]).to_string().replace("\"HERE\"", &bad);
        let parsed = parse(&body);
        assert_eq!(ids(&parsed), ["a", "b"]);
        assert_eq!(parsed.poison[0].path, "entry[0].changes[0].value.messages[1]");
        assert!(parsed.poison[0].raw.len() <= 64 * 1024);
        assert!(bad.starts_with(&parsed.poison[0].raw));
    }
}

#[test]
fn a_bad_change_or_entry_stands_alone() {
    let fine = change("messages", json!({"messages": [good("a")]}));
    let changes = [
        (json!(5), "entry[0].changes[0]"),
        (json!({"field": 5, "value": {}}), "entry[0].changes[0]"),
        (json!({"field": "messages"}), "entry[0].changes[0]"),
        (json!({"field": "messages", "value": []}), "entry[0].changes[0].value"),
        (json!({"field": "messages", "value": {"messages": [good("x")]}}), "entry[0].changes[0].value"),
        (
            json!({"field": "messages", "value": {"metadata": {"phone_number_id": []}, "messages": []}}),
            "entry[0].changes[0].value",
        ),
        (change("messages", json!({"messages": {}})), "entry[0].changes[0].value.messages"),
    ];
    for (bad, path) in changes {
        let parsed = parse(&body(&[bad.clone(), fine.clone()]).to_string());
        assert_eq!((ids(&parsed), parsed.poison.len()), (vec!["a".to_owned()], 1), "{bad}");
        assert_eq!(parsed.poison[0].path, path);
    }
    for bad in [json!(5), json!({}), json!({"changes": {}})] {
        let parsed = parse(&json!({"entry": [bad, {"id": "1", "changes": [fine]}]}).to_string());
        assert_eq!((ids(&parsed), parsed.poison.len()), (vec!["a".to_owned()], 1), "{bad}");
    }
}

/// Whose thread they belong to cannot be told; by what is kept of them it can be seen, and read again.
#[test]
fn messages_whose_number_is_not_named_are_put_aside_together_with_all_that_they_say() {
    let value = json!({"metadata": {"display_phone_number": BUSINESS}, "messages": [good("a"), good("b")]});
    let parsed = parse(&body(&[json!({"field": "messages", "value": value})]).to_string());
    assert_eq!((parsed.events.len(), parsed.poison.len()), (0, 1));
    assert_eq!(parsed.poison[0].reason, "`metadata.phone_number_id` is missing");
    assert_eq!(serde_json::from_str::<Value>(&parsed.poison[0].raw).ok(), Some(value));
}

#[test]
fn a_bad_contact_costs_only_a_name() {
    let parsed = parse(
        &body(&[change("messages", json!({"contacts": [5, {"wa_id": {}}], "messages": [good("a")]}))])
            .to_string(),
    );
    assert_eq!((ids(&parsed), parsed.poison.len()), (vec!["a".to_owned()], 2));
    assert_eq!(parsed.poison[1].path, "entry[0].changes[0].value.contacts[1]");
}

#[test]
fn a_payload_of_another_product_is_not_ours() {
    let parsed = parse(r#"{"object":"page","entry":[{"id":"1","messaging":[]}]}"#);
    assert_eq!((parsed.events.len(), parsed.poison.len()), (0, 1));
    assert_eq!(parsed.poison[0].path, "body");
}

#[test]
fn of_members_with_one_name_the_last_counts() {
    let body = body(&[change("messages", json!({"messages": [good("a")]}))]).to_string();
    let doubled = body.replacen("{\"field\"", "{\"field\":\"x\",\"field\"", 1).replacen(
        "\"id\":\"a\"",
        "\"id\":\"0\",\"id\":\"a\"",
        1,
    );
    assert_ne!(body, doubled);
    assert_eq!(parse(&doubled), parse(&body));
}

#[test]
fn a_large_unreadable_part_is_quoted_in_part() {
    let bad = json!({"text": "é".repeat(100_000)});
    let parsed = parse(&body(&[change("messages", json!({"messages": [bad]}))]).to_string());
    assert!((60_000..=64 * 1024).contains(&parsed.poison[0].raw.len()));
    let parsed = parse(&"é".repeat(100_000));
    assert!(parsed.poison[0].raw.len() <= 64 * 1024);
}

#[test]
fn ids_may_be_numbers_and_times_may_be_anything() {
    let times = [
        (json!("1697043223"), Some(Timestamp::from_seconds(1_697_043_223))),
        (json!(1_697_043_223), Some(Timestamp::from_seconds(1_697_043_223))),
        (json!(1_697_043_223_123_i64), Some(Timestamp::from_millis(1_697_043_223_123))),
        (json!("yesterday"), None),
        (json!({}), None),
        (json!(null), None),
    ];
    for (time, at) in times {
        let mut message = good("a");
        message["id"] = json!(9_007_199_254_740_993_u64);
        message["from"] = json!(14_155_552_671_u64);
        message["timestamp"] = time;
        let events = told("messages", json!({"messages": [message]}));
        assert_eq!(events[0].at, at);
        assert_eq!(events[0].chat, person(&[number(CUSTOMER)]));
        assert_eq!(written(events[0].event.clone()).id, "9007199254740993");
    }
}

#[test]
fn nothing_happened_in_an_empty_list() {
    for body in [
        json!({"entry": []}),
        json!({"entry": [{"id": "1", "changes": []}]}),
        body(&[change("messages", json!({"messages": []}))]),
    ] {
        assert_eq!(parse(&body.to_string()), Parsed::default());
    }
}

#[test]
fn a_null_character_hides_nowhere() {
    let body = r#"{"entry":[{"id":"1\u00002","changes":[{"field":"new\u0000","value":{"na\u0000me":"a\u0000b"}},{"field":"\u0000","value":{}}]}]}"#;
    let parsed = parse(body);
    assert!(!format!("{parsed:?}").replace("\\\\u0000", "").contains("\\0"), "{parsed:?}");
    assert_eq!((parsed.events[0].account.as_str(), parsed.poison.len()), ("12", 1));
    let Event::Notice { kind, text, .. } = &parsed.events[0].event else { panic!("{parsed:?}") };
    assert_eq!((kind.as_str(), text.as_str()), ("new", "name: ab"));
}
