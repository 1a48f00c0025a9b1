//! What holds for every input: canonical forms are fixed points, equality has no direction, nothing panics.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType};

use super::region;
use crate::address::{
    Address,
    phone::{
        Phone, Region, Strength, compare, linkable, parse, parse_all, parse_international, search_digits,
        spellings,
    },
};

/// A valid number of every type in every country, as the library's metadata gives them.
fn examples() -> Vec<(String, String)> {
    let kinds = [
        PhoneNumberType::FixedLine,
        PhoneNumberType::Mobile,
        PhoneNumberType::TollFree,
        PhoneNumberType::VoIP,
    ];
    let of_region = |code| {
        kinds
            .map(|kind| PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(code, kind).ok())
            .into_iter()
            .flatten()
    };
    let format = |number: rlibphonenumber::PhoneNumber| {
        let international = number.format_as(PhoneNumberFormat::International).into_owned();
        (number.format_as(PhoneNumberFormat::E164).into_owned(), international)
    };
    let examples: Vec<_> =
        PHONE_NUMBER_UTIL.get_supported_regions().flat_map(of_region).map(format).collect();
    assert!(examples.len() > 500, "only {} examples", examples.len());
    examples
}

#[test]
fn canonical_addresses_are_fixed_points() {
    for (e164, _) in examples() {
        let once = parse(&e164, None).e164.unwrap_or_else(|| panic!("{e164} has no canonical form"));
        assert_eq!(parse(&once, None).e164, Some(once.clone()), "{e164}");
        assert_eq!(parse_international(&once).e164, Some(once.clone()), "{e164}");
        assert_eq!(
            parse(&once, region("JP")),
            parse(&once, None),
            "{e164}: a region changes nothing behind a plus"
        );
        let address = Address::phone_from_international(&once).unwrap();
        assert_eq!(address.value, once);
        assert_eq!(parse(&once, None).match_keys.first(), Some(&once), "the canonical key comes first");
    }
}

#[test]
fn only_brazil_and_mexico_change_a_valid_number() {
    for (e164, _) in examples() {
        let canonical = parse(&e164, None).e164.unwrap();
        assert!(
            canonical == e164 || e164.starts_with("+55") || e164.starts_with("+52"),
            "{e164} became {canonical}"
        );
    }
}

#[test]
fn every_number_is_equal_to_each_of_its_spellings_that_names_the_country() {
    for (e164, international) in examples() {
        let phone = parse(&e164, None);
        assert_eq!(compare(&phone, &international, None, None), Some(Strength::Exact), "{international}");
        for spelling in spellings(&phone).iter().filter(|spelling| spelling.starts_with('+')) {
            let strength = compare(&phone, spelling, None, None);
            assert!(
                strength <= Some(Strength::Variant) && strength.is_some(),
                "{e164} as {spelling}: {strength:?}"
            );
        }
    }
}

#[test]
fn every_number_is_equal_to_its_national_spelling_in_its_region() {
    let mut misses = Vec::new();
    for (e164, _) in examples() {
        let phone = parse(&e164, None);
        let Some(home) = Region::of_number(&e164) else { continue };
        let national = spellings(&phone).into_iter().filter(|spelling| !spelling.starts_with('+')).take(2);
        for spelling in national {
            if compare(&phone, &spelling, Some(home), None).is_none() {
                misses.push(format!("{e164} as {spelling} in {home}"));
            }
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

#[test]
fn equality_of_numbers_with_a_country_has_no_direction() {
    let examples = examples();
    for pair in examples.windows(2) {
        let (left, right) = (&pair[0].0, &pair[1].0);
        let forth = compare(&parse(left, None), right, None, None);
        let back = compare(&parse(right, None), left, None, None);
        assert_eq!(forth, back, "{left} and {right}");
    }
}

/// Pseudo-random numbers, the same in every run (the constants of Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.roll(choices.len())]
    }

    fn character(&mut self) -> char {
        let code = u32::try_from(self.roll(0x11_0000)).unwrap();
        char::from_u32(code).unwrap_or('\u{FFFD}')
    }
}

const PIECES: &[&str] = &[
    "+",
    "++",
    "00",
    "0",
    "010",
    "184",
    "186",
    "+81",
    "+52",
    "521",
    "+55",
    "54",
    "9",
    "15",
    "225",
    "229",
    "1",
    "+1",
    "090-1234-5678",
    "5512345678",
    "８１",
    "٠٩٠",
    "०९०",
    "๐๙",
    "-",
    "ー",
    "―",
    "ｰ",
    "(",
    ")",
    "（",
    "）",
    " ",
    "\u{3000}",
    ".",
    "/",
    "//",
    ";",
    ",",
    " or ",
    "\n",
    "\r\n",
    "、",
    "|",
    "x",
    "X",
    "х",
    "#",
    "*",
    "ext",
    "ext.",
    ";ext=",
    "内線",
    "内",
    "доб.",
    "ramal",
    "int.",
    "Durchwahl",
    ";phone-context=",
    "tel:",
    "whatsapp:",
    "sms:",
    "?",
    "@",
    "@s.whatsapp.net",
    "@c.us",
    "@lid",
    "@g.us",
    ":12",
    "FLOWERS",
    "flowers",
    "anonymous",
    "İ",
    "ß",
    "ﬁ",
    "ﷺ",
    "\u{202A}",
    "\u{202C}",
    "\u{FEFF}",
    "\u{0301}",
    "👩‍👩‍👧",
    "½",
    "①",
    "²",
    "\0",
    "\u{10FFFF}",
    "12345678901234567890",
    "000000000",
    "US.134",
    "<",
    ">",
    "mailto:",
];

#[test]
fn no_input_panics() {
    let mut dice = Dice(20);
    let regions = ["", "JP", "US", "MX", "BR", "AR", "CI", "BJ", "IT", "DE", "GB", "RU"].map(region);
    let mut previous = Phone::default();
    for _ in 0..4_000 {
        let mut text = String::new();
        for _ in 0..dice.roll(12) {
            match dice.roll(6) {
                0 => text.push(dice.character()),
                1 => text.push_str(&dice.roll(100_000).to_string()),
                _ => text.push_str(dice.pick(PIECES)),
            }
        }
        let here = regions[dice.roll(regions.len())];
        let phone = parse(&text, here);
        assert_eq!(phone.raw, text);
        for phone in parse_all(&text, here).into_iter().chain([phone, parse_international(&text)]) {
            assert_is_sound(&phone);
            let strength = compare(&previous, &text, here, None);
            assert!(strength.is_none() || previous != Phone::default(), "{text:?} matches nothing");
            previous = phone;
        }
        if let Some(address) = Address::email(&text) {
            assert_eq!(Address::email(&address.value).unwrap().value, address.value, "{text:?}");
        }
        let _ = text.parse::<Region>();
    }
}

/// What is true of every phone, whatever it was read from.
fn assert_is_sound(phone: &Phone) {
    let is_e164 = |text: &String| {
        let digits = text.strip_prefix('+').unwrap_or_default();
        (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    assert!(phone.match_keys.iter().all(is_e164), "{phone:?}");
    if let Some(e164) = &phone.e164 {
        assert_eq!(phone.match_keys.first(), Some(e164), "{phone:?}");
        assert_eq!(parse_international(e164).e164.as_ref(), Some(e164), "not a fixed point: {phone:?}");
    }
    assert!(!linkable(phone) || phone.e164.is_some(), "{phone:?}");
    assert!(phone.ext.as_ref().is_none_or(|ext| ext.bytes().all(|byte| byte.is_ascii_digit())), "{phone:?}");
    assert!(spellings(phone).len() <= 24, "{phone:?}");
    assert!(search_digits(phone).iter().all(|digits| digits.len() >= 7), "{phone:?}");
}

#[test]
fn a_digit_that_a_plan_takes_for_a_prefix_is_settled_in_the_canonical_form() {
    // Found by the fuzzer: read once it kept a zero that reading it again takes for Brazil's trunk prefix.
    // So may zeros be that stand behind each other.
    for text in ["5) 500-23455-672", "4900-000512=589", "+4900000512589", "+49000000512589"] {
        let Some(read) = parse_international(text).e164 else { continue };
        assert_eq!(parse_international(&read).e164, Some(read), "{text}");
    }
    assert!(parse_international("+4900000512589").e164.is_some());
}

#[test]
fn a_number_dialled_at_home_is_settled_in_the_canonical_form_too() {
    // Found by the fuzzer: at home it kept eight digits, and read again it got the ninth of a Brazilian mobile.
    let apart = "\u{fffd}\0\0\0\0\0\0\0\0\u{fffd}";
    let text = format!("U\u{1}0 01\u{fffd}\u{4}79{apart}518788");
    let numbers = parse_all(&text, "BR".parse().ok());
    let read: Vec<String> = numbers.into_iter().filter_map(|number| number.e164).collect();
    assert!(!read.is_empty());
    for number in read {
        assert_eq!(parse_international(&number).e164, Some(number));
    }
}
