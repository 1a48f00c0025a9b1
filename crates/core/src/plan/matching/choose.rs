//! Which of several equals: owner rule, then newest change, then equal name, then id (R2.11 to R2.15, R2.18, R2.19,
//! R2.21).

use unicode_normalization::UnicodeNormalization;

use super::{Question, Trace};
use crate::record::PersonRecord;

/// The one of these people, and in the trace each rule that was needed. `None` only when there are none.
pub(super) fn choose<'a>(
    question: &Question<'_>,
    trace: &mut Trace,
    mut people: Vec<&'a PersonRecord>,
) -> Option<&'a PersonRecord> {
    if people.len() > 1 {
        trace.rules.push(owner_rule(question.owner_id, &mut people));
    }
    if people.len() > 1 {
        trace.rules.push(newest_rule(&mut people));
    }
    if people.len() > 1 {
        let ours = question.name.map(plain).filter(|name| !name.is_empty());
        let same_name = |person: &&PersonRecord| ours.as_deref() == Some(plain(&person.name).as_str());
        if people.iter().any(same_name) {
            people.retain(same_name);
            trace.rules.push("the one of equal name".into());
        }
    }
    if people.len() > 1 {
        trace.rules.push("the lowest id".into());
    }
    people.into_iter().min_by(|a, b| a.record.cmp(&b.record))
}

fn owner_rule(owner_id: Option<&str>, people: &mut Vec<&PersonRecord>) -> String {
    let Some(owner_id) = owner_id else {
        return "nobody in the CRM corresponds to the chat's owner".into();
    };
    let owned = |person: &&PersonRecord| person.owner_id == owner_id;
    if people.iter().any(owned) {
        people.retain(owned);
        "owned by the user who corresponds to the chat's owner".into()
    } else {
        "none belongs to the user who corresponds to the chat's owner".into()
    }
}

fn newest_rule(people: &mut Vec<&PersonRecord>) -> String {
    let newest = people.iter().map(|person| person.modified_at.seconds()).max();
    let all = people.len();
    people.retain(|person| Some(person.modified_at.seconds()) == newest);
    match people.len() {
        1 => "the one changed last".into(),
        left if left == all => "all were changed at the same time".into(),
        left => format!("the {left} changed last"),
    }
}

/// A name as it is compared: without regard to case, width, composition and the number of blanks.
fn plain(name: &str) -> String {
    let folded: String = name.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
