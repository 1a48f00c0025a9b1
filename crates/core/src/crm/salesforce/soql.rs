//! Pieces of SOQL: literals that cannot break out, and lists that fit into a statement.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm>

use std::fmt::Write as _;

use crate::time::Timestamp;

/// Most characters of a statement that we send. The limit is 100,000.
pub(super) const STATEMENT: usize = 90_000;

/// Most characters of a text in a condition; a longer one could not be stored in the fields that we ask for.
const LITERAL: usize = 255;

/// A text as a literal. The backslash comes first, then the quote, then what a line cannot hold.
pub(super) fn literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for letter in text.chars() {
        match letter {
            '\\' => quoted.push_str("\\\\"),
            '\'' => quoted.push_str("\\'"),
            '"' => quoted.push_str("\\\""),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('\'');
    quoted
}

/// An instant as a literal, to the second: the resolution of the system fields.
pub(super) fn instant(at: Timestamp) -> String {
    at.rfc3339()
}

/// `Field IN (…)`, or the same over several fields: mixing `OR` into a wider condition needs the parentheses.
pub(super) fn among(fields: &[&str], literals: &[String]) -> String {
    let list = literals.join(",");
    let tests: Vec<_> = fields.iter().map(|field| format!("{field} IN ({list})")).collect();
    if tests.len() == 1 { tests.concat() } else { format!("({})", tests.join(" OR ")) }
}

/// The texts as literals, in lists that fit into a statement in which each list stands `times` times
/// beside `around` other characters. Blank and impossible texts are left out, repeated ones are said once.
pub(super) fn lists<'a>(
    texts: impl IntoIterator<Item = &'a str>,
    times: usize,
    around: usize,
) -> Vec<Vec<String>> {
    let room = STATEMENT.saturating_sub(around) / times.max(1);
    let mut seen = std::collections::HashSet::new();
    let mut lists: Vec<Vec<String>> = Vec::new();
    let mut used = usize::MAX;
    for text in texts {
        if text.trim().is_empty() || text.chars().count() > LITERAL || !seen.insert(text) {
            continue;
        }
        let literal = literal(text);
        // Counted in bytes: never fewer than characters.
        let size = literal.len() + 1;
        match lists.last_mut() {
            Some(list) if used.saturating_add(size) <= room => {
                used += size;
                list.push(literal);
            }
            _ => {
                used = size;
                lists.push(vec![literal]);
            }
        }
    }
    lists
}

/// Whether a name can be a field's API name: settings and describes bring names into statements.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= 80
        && name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_or_a_backslash_cannot_end_a_literal() {
        assert_eq!(literal("O'Neil"), r"'O\'Neil'");
        assert_eq!(literal(r"\' OR Name != '"), r"'\\\' OR Name != \''");
        assert_eq!(literal("a\nb\u{1}\"é"), "'a\\nb\\u0001\\\"é'");
    }

    #[test]
    fn every_text_stands_in_exactly_one_list_that_fits() {
        let texts: Vec<_> = (0..20_000).map(|n| format!("+8190{n:08}")).collect();
        let lists = lists(texts.iter().map(String::as_str), 6, 1_000);
        assert_eq!(lists.iter().map(Vec::len).sum::<usize>(), texts.len());
        for list in &lists {
            assert!(among(&["A", "B", "C", "D", "E", "F"], list).len() + 1_000 < 100_000);
        }
    }

    #[test]
    fn blanks_and_repetitions_are_not_asked_for() {
        assert_eq!(lists(["a", "", " ", "a"], 1, 0), [["'a'"]]);
        assert!(lists([""], 1, 0).is_empty());
    }

    #[test]
    fn a_field_name_cannot_carry_syntax() {
        assert!(is_name("Region__c"));
        for name in ["", "Name FROM User", "A,B", "1x", "A.B"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
