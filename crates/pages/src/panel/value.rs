//! One value, by its type. Text from a CRM is text: what becomes a link is checked here once more.

use causeway_core::panel::show::Shown;
use maud::{Markup, html};

use crate::{
    Words, args,
    icon::icon,
    part::{outward, safe_address, unseen},
    when::Clock,
};

/// A value; blank ones too.
pub(super) fn value(clock: &Clock<'_>, value: Option<&Shown>) -> Markup {
    let words = clock.words;
    let Some(value) = value else { return blank(words) };
    match value {
        Shown::Text(text) => html! { span.crm__text { (text) } },
        Shown::Number(digits) => html! { (grouped(words, digits)) },
        Shown::Percent(digits) => {
            html! { (words.with("panel-percent", args!["number" => grouped(words, digits)])) }
        }
        Shown::Money { amount, currency } => money(words, amount, currency.as_deref()),
        Shown::Date(day) => html! { time datetime=(day) { (clock.calendar_day(day)) } },
        Shown::Datetime(at) => html! {
            time datetime=(at.rfc3339()) title=(clock.full(*at)) { (clock.moment(*at)) }
        },
        Shown::Time(time) => html! { (time) },
        Shown::Boolean(flag) => boolean(words, *flag),
        Shown::Choice(choice) => html! { (choice) },
        Shown::Choices(choices) => html! {
            ul.chips { @for choice in choices { li { (choice) } } }
        },
        Shown::Url { text, href } => {
            let plain = html! { (text) };
            href.as_deref().and_then(safe_address).map_or(plain, |href| outward(href, text))
        }
        Shown::Email(text) => email(text),
        Shown::Phone(text) => phone(text),
        Shown::Reference { id, name } => html! { (name.as_deref().unwrap_or(id)) },
    }
}

fn blank(words: &Words) -> Markup {
    html! { span.quiet aria-hidden="true" { "–" } (unseen(&words.say("panel-blank"))) }
}

fn boolean(words: &Words, flag: bool) -> Markup {
    html! {
        span.crm__flag data-is[flag] {
            (icon(if flag { "check" } else { "close" }))
            (words.say(if flag { "yes" } else { "no" }))
        }
    }
}

fn money(words: &Words, amount: &str, currency: Option<&str>) -> Markup {
    let amount = grouped(words, amount);
    let text = match currency {
        Some(currency) => words.with("panel-money", args!["amount" => amount, "currency" => currency]),
        None => amount,
    };
    html! { (text) }
}

fn email(text: &str) -> Markup {
    let is_plain = |letter: char| letter.is_alphanumeric() || "@.+-_".contains(letter);
    html! {
        @if text.contains('@') && text.chars().all(is_plain) { a href=(format!("mailto:{text}")) { (text) } }
        @else { (text) }
    }
}

fn phone(text: &str) -> Markup {
    let digits: String = text.chars().filter(|letter| letter.is_ascii_digit() || *letter == '+').collect();
    let is_one = digits.chars().filter(char::is_ascii_digit).count() >= 3
        && text.chars().all(|letter| letter.is_ascii_digit() || "+-()./ \u{a0}".contains(letter));
    html! { @if is_one { a href=(format!("tel:{digits}")) { (text) } } @else { (text) } }
}

/// Digits in groups, as the language writes them: `1,234,567.5`.
fn grouped(words: &Words, digits: &str) -> String {
    let (sign, rest) = digits.strip_prefix('-').map_or(("", digits), |rest| ("\u{2212}", rest));
    let (whole, part) = rest.split_once('.').map_or((rest, None), |(whole, part)| (whole, Some(part)));
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.to_owned();
    }
    let group = words.say("number-group");
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push_str(&group);
        }
        text.push(digit);
    }
    let part = part.map(|part| format!("{}{part}", words.say("number-point"))).unwrap_or_default();
    format!("{sign}{text}{part}")
}

#[cfg(test)]
mod tests {
    use causeway_core::time::{Timestamp, Zone};

    use super::*;

    fn shown(value: &Shown) -> String {
        let zone = Zone::named("Asia/Tokyo").expect("a zone");
        let now = Timestamp::parse("2026-03-01T00:00:00Z").expect("an instant");
        let clock = Clock { words: Words::english(), zone: &zone, now };
        super::value(&clock, Some(value)).into_string()
    }

    #[test]
    fn numbers_money_and_parts_of_a_hundred_are_written_in_groups() {
        for (digits, text) in
            [("1234567.5", "1,234,567.5"), ("-1234", "\u{2212}1,234"), ("12", "12"), ("0.5", "0.5")]
        {
            assert_eq!(shown(&Shown::Number(digits.into())), text);
        }
        let money = |currency: Option<&str>| Shown::Money {
            amount: "50000".into(),
            currency: currency.map(Into::into),
        };
        assert_eq!(shown(&money(Some("EUR"))), "50,000 EUR");
        assert_eq!(shown(&money(None)), "50,000");
        assert_eq!(shown(&Shown::Percent("12.5".into())), "12.5%");
    }

    #[test]
    fn a_day_is_no_instant_and_an_instant_is_read_in_the_workspaces_zone() {
        let day = shown(&Shown::Date("2026-01-02".into()));
        assert!(day.contains("2 January") && day.contains("datetime=\"2026-01-02\""), "{day}");
        let at = Timestamp::parse("2026-02-20T20:30:00Z").expect("an instant");
        assert!(
            shown(&Shown::Datetime(at)).contains("21 February, 05:30"),
            "{}",
            shown(&Shown::Datetime(at))
        );
    }

    #[test]
    fn yes_and_no_are_words_and_what_is_blank_says_so() {
        assert!(shown(&Shown::Boolean(true)).contains("Yes") && shown(&Shown::Boolean(false)).contains("No"));
        let zone = Zone::utc();
        let clock = Clock { words: Words::english(), zone: &zone, now: Timestamp(0) };
        let blank = super::value(&clock, None).into_string();
        assert!(blank.contains("aria-hidden=\"true\">–<") && blank.contains("blank"), "{blank}");
    }

    #[test]
    fn links_lead_to_pages_mail_and_phones_and_nowhere_else() {
        let url = |href: Option<&str>| Shown::Url { text: "x".into(), href: href.map(Into::into) };
        assert!(shown(&url(Some("https://a.example/"))).contains("href=\"https://a.example/\""));
        assert_eq!(shown(&url(Some("javascript:alert(1)"))), "x");
        assert_eq!(shown(&url(None)), "x");
        assert!(shown(&Shown::Email("a@b.example".into())).contains("href=\"mailto:a@b.example\""));
        assert_eq!(shown(&Shown::Email("a@b.example?bcc=c@d".into())), "a@b.example?bcc=c@d");
        assert!(shown(&Shown::Phone("(415) 555-0123".into())).contains("href=\"tel:4155550123\""));
        assert_eq!(shown(&Shown::Phone("ask Ann 123".into())), "ask Ann 123");
        assert_eq!(shown(&Shown::Text("<b>".into())), "<span class=\"crm__text\">&lt;b&gt;</span>");
    }
}
