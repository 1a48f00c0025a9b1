//! Numbers and addresses as people and providers write them: the canonical form of a canonical form is itself, and
//! equality does not depend on who is asked.
#![no_main]

use causeway_core::address::{
    Address,
    phone::{self, Region},
};
use causeway_fuzz::choice;
use libfuzzer_sys::fuzz_target;

const REGIONS: [Option<&str>; 8] =
    [None, Some("JP"), Some("DE"), Some("BR"), Some("MX"), Some("AR"), Some("US"), Some("CI")];

fuzz_target!(|data: &[u8]| {
    let (which, rest) = choice(data);
    let text = String::from_utf8_lossy(rest);
    let region: Option<Region> =
        REGIONS[usize::from(which) % REGIONS.len()].and_then(|name| name.parse().ok());
    if let Some(mail) = Address::email(&text) {
        let again = Address::email(&mail.value).expect("a canonical address is an address");
        assert_eq!(again.value, mail.value, "the canonical form changes");
        assert!(!mail.value.contains(char::is_whitespace) && !mail.value.contains(char::is_control));
    }
    let numbers = phone::parse_all(&text, region);
    for number in numbers.iter().chain([&phone::parse_international(&text)]) {
        if let Some(e164) = &number.e164 {
            assert!(e164.len() <= 16 && e164.starts_with('+'), "{e164}");
            assert!(e164[1..].bytes().all(|byte| byte.is_ascii_digit()), "{e164}");
            assert_eq!(
                phone::parse_international(e164).e164.as_ref(),
                Some(e164),
                "the canonical form changes"
            );
            assert_eq!(number.match_keys.first(), Some(e164));
        }
        for spelling in phone::spellings(number) {
            assert!(!spelling.is_empty());
        }
        for digits in phone::search_digits(number) {
            assert!(digits.bytes().all(|byte| byte.is_ascii_digit()), "{digits}");
        }
    }
    // A number that a person typed is itself, wherever it is written down again.
    for number in numbers.iter().filter(|number| number.e164.is_some() && number.ext.is_none()) {
        let again = number.e164.clone().unwrap_or_default();
        assert!(phone::compare(number, &again, region, None).is_some(), "{number:?} is not itself");
    }
    if let Some(address) = Address::phone_from_international(&text) {
        assert_eq!(address.raw, text);
    }
});
