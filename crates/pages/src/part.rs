//! Small parts that many pages share: badges, empty states, notices, people.

use std::fmt::Write as _;

use maud::{Markup, html};

use crate::{Words, args, icon::icon};

/// The colour of a statement. The words beside it always say the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// On its way.
    Busy,
    /// Somebody should look at it.
    Warning,
    /// Something is wrong.
    Bad,
}

impl Tone {
    /// The word in the style sheet.
    pub fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Busy => "busy",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }
}

/// A short statement in a pill.
pub fn badge(tone: Tone, text: &str) -> Markup {
    html! { span.badge data-tone=(tone.word()) { (text) } }
}

/// What stands where nothing is: why, and what to do.
pub fn empty(picture: &str, title: &str, text: &str, action: Option<(&str, &str)>) -> Markup {
    html! {
        div.empty {
            (icon(picture))
            h2.empty__title { (title) }
            p.empty__text { (text) }
            @if let Some((address, label)) = action { a.button href=(address) { (label) } }
        }
    }
}

/// A statement across the page, with an action.
pub fn notice(tone: Tone, text: &str, action: Option<(&str, &str)>) -> Markup {
    let picture = match tone {
        Tone::Good => "check",
        Tone::Warning | Tone::Bad => "alert",
        Tone::Plain | Tone::Busy => "info",
    };
    html! {
        div.notice data-tone=(tone.word()) role=[matches!(tone, Tone::Bad | Tone::Warning).then_some("alert")] {
            (icon(picture))
            p.notice__text { (text) }
            @if let Some((address, label)) = action { a.notice__action href=(address) { (label) } }
        }
    }
}

/// A person's initials in a circle whose colour follows from the name.
pub fn avatar(name: &str) -> Markup {
    let initials: String = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()))
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    let hue = name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 8;
    html! { span.avatar data-hue=(hue) aria-hidden="true" { (if initials.is_empty() { "?" } else { &initials }) } }
}

/// A text for screen readers only.
pub fn unseen(text: &str) -> Markup {
    html! { span.unseen { (text) } }
}

/// A link out of Causeway, in a new tab.
pub fn outward(address: &str, label: &str) -> Markup {
    html! {
        a.outward href=(address) target="_blank" rel="noopener noreferrer" { (label) (icon("external")) }
    }
}

/// How large a file is, as people say it.
pub fn size(words: &Words, bytes: u64) -> String {
    let (key, divisor) = match bytes {
        0..1_000 => ("size-bytes", 1),
        1_000..1_000_000 => ("size-kb", 1_000),
        _ => ("size-mb", 1_000_000),
    };
    // One decimal where it says something: 1.4 MB, 304 kB.
    let tenths = bytes * 10 / divisor;
    let text = if divisor == 1 || tenths >= 100 {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    words.with(key, args!["size" => text])
}

/// Where one may turn the page of a list: the addresses of what comes before and after, where there is something.
pub fn pager(label: &str, newer: Option<(&str, &str)>, older: Option<(&str, &str)>) -> Markup {
    html! {
        @if newer.is_some() || older.is_some() {
            nav.pager aria-label=(label) {
                @if let Some((address, text)) = newer { a.button.button--quiet href=(address) rel="prev" { (text) } }
                @if let Some((address, text)) = older { a.button.button--quiet href=(address) rel="next" { (text) } }
            }
        }
    }
}

/// An address that a CRM or a person gave, if a browser may safely follow it.
pub fn safe_address(address: &str) -> Option<&str> {
    let scheme = address.split(':').next()?.to_ascii_lowercase();
    let is_known = ["http", "https", "mailto", "tel"].contains(&scheme.as_str()) && address.contains(':');
    (is_known && !address.chars().any(char::is_control)).then_some(address)
}

/// A text as it may stand as a value in an address of ours.
pub fn in_address(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // A string takes everything.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_schemes_become_links() {
        for good in ["https://example.com/a", "tel:+49123", "mailto:a@b.example", "HTTP://x"] {
            assert_eq!(safe_address(good), Some(good));
        }
        for bad in ["javascript:alert(1)", "data:text/html,x", "java\nscript:x", "example.com", "", "https"] {
            assert_eq!(safe_address(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_name_is_never_markup() {
        assert!(!avatar("<script>").into_string().contains("<script"));
        assert!(badge(Tone::Good, "<b>").into_string().contains("&lt;b&gt;"));
    }
}
