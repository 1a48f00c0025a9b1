//! A webhook of WhatsApp: only its signature opens it, and whatever it says is kept: read, or put aside alone.
#![no_main]

use causeway_core::channels::{RawRequest, Secrets, named};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let channel = named("whatsapp").expect("the channel is there");
    let request = |header: Option<String>| RawRequest {
        headers: header.into_iter().map(|value| ("x-hub-signature-256".to_owned(), value)).collect(),
        body: data.to_vec(),
    };
    // Whatever stands in the header, without the secret nobody makes one that fits.
    let secrets = Secrets { signing: vec!["a secret".into(), String::new()], verify_token: "word".into() };
    let forged = String::from_utf8_lossy(data.get(..71).unwrap_or(data)).into_owned();
    assert!(channel.verify(&request(Some(forged)), &secrets).is_err(), "a forged signature was accepted");
    assert!(channel.verify(&request(None), &secrets).is_err());
    let parsed = channel.inbound(&request(None));
    assert_eq!(parsed, channel.inbound(&request(None)), "reading it again says something else");
    assert!(!parsed.events.is_empty() || !parsed.poison.is_empty() || tells_nothing(data), "it was dropped");
    let all = parsed.events.len() + parsed.poison.len();
    assert!(all >= messages(data) || is_put_aside_whole(data), "a message was dropped");
    for event in &parsed.events {
        let kept = serde_json::to_string(event).expect("an event can be stored");
        let again: causeway_core::timeline::Inbound = serde_json::from_str(&kept).expect("and read again");
        assert_eq!(*event, again, "what is stored is not what was read");
    }
    let pairs: Vec<(String, String)> = data
        .split(|byte| *byte == b'&')
        .map(|pair| String::from_utf8_lossy(pair).into_owned())
        .filter_map(|pair| pair.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned())))
        .collect();
    let token = |(key, value): &(String, String)| key == "hub.verify_token" && value == "word";
    assert!(channel.challenge(&pairs, &secrets).is_err() || pairs.iter().any(token));
});

/// An envelope whose lists are empty says nothing, and nothing is right.
fn tells_nothing(data: &[u8]) -> bool {
    serde_json::from_slice::<Value>(data).is_ok_and(|value| value.get("entry").is_some())
}

/// A request for another kind of object is one part that could not be read, whatever it holds.
fn is_put_aside_whole(data: &[u8]) -> bool {
    serde_json::from_slice::<Value>(data).is_ok_and(|value| value["object"] != "whatsapp_business_account")
}

/// How many messages stand where messages stand.
fn messages(data: &[u8]) -> usize {
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return 0 };
    let list =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let changes = list(&value, "entry").iter().flat_map(|entry| list(entry, "changes")).collect::<Vec<_>>();
    let told = changes.iter().filter(|change| change["field"] == "messages");
    told.map(|change| list(&change["value"], "messages").len()).sum()
}
