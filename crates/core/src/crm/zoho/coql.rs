//! COQL: conditions that values cannot break out of, within its limits.
//!
//! It compares texts as they are stored and sees what was written a moment ago, which searches do not. Conditions beyond two
//! stand in parentheses by pairs; a query takes 25 of them, a list 50 values, an answer 200 rows for one credit.
//! <https://www.zoho.com/crm/developer/docs/api/v8/COQL-Overview.html>

use serde_json::json;

use super::wire;
use crate::{
    crm::{Org, Request},
    time::Timestamp,
};

/// Most conditions of a query.
pub(super) const CONDITIONS: usize = 25;

/// Most values of a list.
pub(super) const VALUES: usize = 50;

/// Most columns of a query.
pub(super) const COLUMNS: usize = 50;

/// A text in quotes. What could end it or means something to the parser is escaped; line breaks are none of a value that is
/// compared.
pub(super) fn literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for letter in text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }) {
        if matches!(letter, '\'' | '\\') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted.push('\'');
    quoted
}

/// An instant, as an offset from Greenwich of none.
pub(super) fn instant(at: Timestamp) -> String {
    literal(&wire::instant(at))
}

/// One condition for each list of values that a field may have.
pub(super) fn among<'a>(field: &'a str, values: &'a [String]) -> impl Iterator<Item = String> + 'a {
    values.chunks(VALUES).map(move |values| {
        let values: Vec<_> = values.iter().map(|value| literal(value)).collect();
        format!("{field} in ({})", values.join(", "))
    })
}

/// Conditions of which one must hold, in parentheses by pairs.
pub(super) fn any(conditions: &[String]) -> String {
    let mut conditions = conditions.iter();
    let first = conditions.next().cloned().unwrap_or_default();
    conditions.fold(first, |left, right| format!("({left} or {right})"))
}

/// A whole query; the newest first, so that what an end cuts off is the oldest.
pub(super) fn select(columns: &[String], module: &str, condition: &str, from: usize) -> String {
    let rows = wire::ROWS;
    let columns = columns.iter().take(COLUMNS).map(String::as_str).collect::<Vec<_>>().join(", ");
    format!(
        "select {columns} from {module} where {condition} order by Modified_Time desc limit {from}, {rows}"
    )
}

/// The request for a query's rows.
pub(super) fn request(org: &Org, query: &str) -> Request {
    wire::send("POST", org, "coql", &[], &json!({"select_query": query}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_a_value() {
        assert_eq!(literal("O'Neil \\ x\ny"), "'O\\'Neil \\\\ x y'");
        assert_eq!(literal("' or id is not null"), "'\\' or id is not null'");
    }

    #[test]
    fn conditions_stand_in_parentheses_by_pairs() {
        let some = |count: usize| (0..count).map(|n| format!("c{n}")).collect::<Vec<_>>();
        assert_eq!(any(&some(1)), "c0");
        assert_eq!(any(&some(2)), "(c0 or c1)");
        assert_eq!(any(&some(3)), "((c0 or c1) or c2)");
    }

    #[test]
    fn a_list_holds_fifty_values() {
        let values: Vec<_> = (0..120).map(|n| n.to_string()).collect();
        let conditions: Vec<_> = among("Phone", &values).collect();
        assert_eq!(conditions.len(), 3);
        assert_eq!(conditions[0].matches('\'').count(), 100);
    }

    #[test]
    fn an_instant_has_its_offset_and_no_fraction() {
        assert_eq!(
            instant(Timestamp::parse("2026-01-02T03:04:05.678Z").expect("a time")),
            "'2026-01-02T03:04:05+00:00'"
        );
    }
}
