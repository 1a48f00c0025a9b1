//! What strangers write comes to stand in questions to a CRM: it stays a value there, whatever it says.
#![no_main]

use std::{collections::BTreeSet, sync::LazyLock};

use causeway_core::crm::{Crm as _, Request, salesforce::Salesforce};
use causeway_fuzz::{HOST, calls, org, pieces};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use url::Url;

fuzz_target!(|data: &[u8]| {
    let texts = pieces(data);
    for org in [org(true), org(false)] {
        for call in &calls(&texts) {
            let request = Salesforce.request(&org, call);
            check_address(&request.url);
            for statement in statements(&request) {
                let bones = bones(&statement);
                assert!(is_harmless(&bones), "{}: {statement}\n  leaves {bones}", call.name());
            }
            for (name, value) in &request.headers {
                assert!(!value.contains(['\r', '\n', '\0']), "{name}: {value:?}");
            }
        }
    }
});

/// One host, no user, no way up, nothing that a line of a request cannot hold.
fn check_address(address: &str) {
    let read = Url::parse(address).unwrap_or_else(|error| panic!("{address:?}: {error}"));
    assert_eq!((read.scheme(), read.host_str(), read.port()), ("https", Some(HOST), None), "{address}");
    assert!(
        read.username().is_empty() && read.password().is_none() && read.fragment().is_none(),
        "{address}"
    );
    assert!(read.path().starts_with("/services/"), "{address}");
    assert_eq!(read.as_str(), address, "it is read as something else");
}

/// The statements of a request: of its address, or of the parts of a composite.
fn statements(request: &Request) -> Vec<String> {
    let mut addresses = vec![request.url.clone()];
    if let Ok(body) = serde_json::from_slice::<Value>(&request.body) {
        let parts = body["compositeRequest"].as_array().cloned().unwrap_or_default();
        addresses.extend(
            parts.iter().filter_map(|part| part["url"].as_str()).map(|path| format!("https://{HOST}{path}")),
        );
    }
    let mut found = Vec::new();
    for address in addresses {
        check_address(&address);
        let address = Url::parse(&address).expect("it was checked");
        // A plus is a plus here, and not a blank.
        let query = address.query().unwrap_or_default().replace('+', "%2B");
        let pairs = format!("https://{HOST}/?{query}");
        let pairs = Url::parse(&pairs).expect("an address");
        found.extend(pairs.query_pairs().filter(|(key, _)| key == "q").map(|(_, value)| value.into_owned()));
    }
    found
}

/// A statement without its literals: `'…'` with their escapes, and the braces of a search with theirs.
fn bones(statement: &str) -> String {
    let mut bones = String::new();
    let mut letters = statement.chars();
    let mut closing = None;
    while let Some(letter) = letters.next() {
        match closing {
            Some(_) if letter == '\\' => {
                // The next one stands for itself.
                letters.next();
            }
            // Nothing opens within a search but what we escape.
            Some('}') if matches!(letter, '{' | '[') => bones.push_str(" opened "),
            Some(end) if letter == end => closing = None,
            Some(_) => {}
            None if letter == '\'' => closing = Some('\''),
            None if letter == '{' => closing = Some('}'),
            None => bones.push(letter),
        }
    }
    assert!(closing.is_none(), "a literal does not end: {statement}");
    bones
}

/// The words between values in what we ask for people of whom nothing is odd.
fn our_words() -> &'static BTreeSet<String> {
    static WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let plain = ["x", "+819012345678", "12 3", "a@b.example", "0035g00000AAAAAAA5", "Region__c"];
        // Which of its fields a stranger may name: those that there are.
        let profile = org(true).profile.expect("it is described");
        let fields = profile.modules.values().flat_map(|module| &module.fields);
        let mut words: BTreeSet<String> = fields.map(|field| field.name.to_lowercase()).collect();
        words.extend(["or", "not", "and", "like"].map(str::to_owned));
        for text in plain {
            let texts = vec![text.to_owned(); 8];
            for org in [org(true), org(false)] {
                for call in calls(&texts) {
                    for statement in statements(&Salesforce.request(&org, &call)) {
                        words.extend(words_of(&bones(&statement)).map(str::to_lowercase));
                    }
                }
            }
        }
        words
    });
    &WORDS
}

fn words_of(bones: &str) -> impl Iterator<Item = &str> {
    let is_sign = |letter: char| " ,.()=<>!:+-*".contains(letter);
    bones.split(is_sign).filter(|word| !word.is_empty())
}

/// Nothing stands between values but what always stands there, and numbers.
fn is_harmless(bones: &str) -> bool {
    words_of(bones).all(|word| {
        let is_number = word.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, 'T' | 'Z'));
        is_number || our_words().contains(&word.to_lowercase())
    })
}
