//! What the governor says to those who ask why something waits.

use super::{Because, Rules, Standing};
use crate::call::Usage;

/// Why there is no call, with the numbers that it follows from.
pub fn why(because: Because, standing: Standing, rules: Rules) -> String {
    let Usage { used, limit } = standing.usage.unwrap_or(Usage { used: 0, limit: 0 });
    let ours = standing.ours.min(used);
    let part = |calls: u64| percent(calls, limit);
    let spent = format!("others used {} and Causeway {}", part(used - ours), part(ours));
    let limit = grouped(limit);
    match because {
        Because::Limit => format!("the org allows {limit} calls a day; {spent}"),
        Because::Reserve => {
            let kept = rules.reserve_percent;
            format!("the org allows {limit} calls a day; {spent}, and {kept} % is left to others")
        }
        Because::Share => {
            let share = rules.share_percent;
            format!("Causeway may spend {share} % of the org's {limit} calls a day, and has; {spent}")
        }
    }
}

/// Why messages were put together although they are not to be as a rule.
pub const WIDENED: &str = "put together with others, because API calls ran short when it came";

fn percent(calls: u64, limit: u64) -> String {
    let tenths = calls.saturating_mul(1000).checked_div(limit).unwrap_or(0);
    match (tenths, calls) {
        (0, 0) => "nothing".into(),
        (0, _) => "less than 0.1 %".into(),
        (1..100, _) if !tenths.is_multiple_of(10) => format!("{}.{} %", tenths / 10, tenths % 10),
        _ => format!("{} %", (tenths + 5) / 10),
    }
}

/// A number in groups of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
