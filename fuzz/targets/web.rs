//! What browsers send beside forms: cookies, ids, places in lists, words of topics, places to go back to.
#![no_main]

use causeway::{id, live::Topic, store::Cursor, web::cookie};
use causeway_pages::part::{in_address, safe_address};
use http::{HeaderMap, HeaderValue, header};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(data) {
        headers.insert(header::COOKIE, value);
    }
    if let Some(value) = cookie::read(&headers, "causeway_session") {
        assert!(!value.is_empty() && !value.contains(';'), "{value:?}");
    }
    let text = String::from_utf8_lossy(data);
    for prefix in ["cnv", "ctc", "con"] {
        if let Some(number) = id::read(prefix, &text) {
            let spelled = match prefix {
                "cnv" => id::conversation(number),
                "ctc" => id::contact(number),
                _ => id::connection(number),
            };
            assert_eq!(id::read(prefix, &spelled), Some(number));
            assert_eq!(spelled, text.as_ref(), "one thing has two ids");
        }
    }
    if let Ok(cursor) = text.parse::<Cursor>() {
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }
    if let Some(topic) = Topic::named(&text) {
        assert_eq!(topic.word(), text.as_ref());
    }
    let encoded = in_address(&text);
    assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte)));
    if let Some(address) = safe_address(&text) {
        let scheme = address.split(':').next().unwrap_or_default().to_ascii_lowercase();
        assert!(["http", "https", "mailto", "tel"].contains(&scheme.as_str()));
        // As a browser reads it.
        if let Ok(read) = url::Url::parse(address) {
            assert!(["http", "https", "mailto", "tel"].contains(&read.scheme()), "{address}");
        }
    }
});
