//! What settings do, in a few sentences: the same values that decide, read aloud.

use causeway_core::{
    channels,
    plan::settings::{ChatSync, Create, Reopen, Shape},
    time::Timestamp,
};

use super::Facts;
use crate::{Words, args};

/// What these settings do, sentence by sentence.
pub fn explain(words: &Words, facts: &Facts, settings: &ChatSync) -> Vec<String> {
    let mut said =
        vec![which(words, facts, settings), from(words, facts, settings), shape(words, settings.shape)];
    if settings.group_when_short {
        said.push(match settings.shape.wider() {
            wider if wider == settings.shape => words.say("explain-short-same"),
            wider => words.with("explain-short", args!["hours" => wider.window_hours().unwrap_or(0)]),
        });
    }
    said.push(words.say("explain-known"));
    said.extend(strangers(words, facts, settings));
    said.push(reopen(words, facts, settings));
    said.push(match &settings.link_field {
        Some(field) => words.with("explain-link-field", args!["field" => field.as_str()]),
        None => words.say("explain-link-description"),
    });
    said
}

fn which(words: &Words, facts: &Facts, settings: &ChatSync) -> String {
    match &settings.accounts {
        None => words.say("explain-accounts-all"),
        Some(chosen) if chosen.is_empty() => words.say("explain-accounts-none"),
        Some(chosen) => {
            let names: Vec<String> = chosen.iter().map(|account| facts.account(*account)).collect();
            words.with("explain-accounts-some", args!["accounts" => names.join(", ")])
        }
    }
}

fn from(words: &Words, facts: &Facts, settings: &ChatSync) -> String {
    if settings.since == 0 {
        return words.say("explain-since-ever");
    }
    words.with("explain-since", args!["time" => instant(facts, settings.since)])
}

/// An instant in the workspace's zone.
pub(super) fn instant(facts: &Facts, at: i64) -> String {
    Timestamp(at).in_zone(&facts.zone).strftime("%-d %B %Y, %H:%M").to_string()
}

fn shape(words: &Words, shape: Shape) -> String {
    match shape {
        Shape::PerMessage => words.say("explain-shape-message"),
        Shape::LocalDay => words.say("explain-shape-day"),
        Shape::Hour | Shape::SixHours | Shape::TwelveHours | Shape::TwentyFourHours => {
            words.with("explain-shape-hours", args!["hours" => shape.window_hours().unwrap_or(0)])
        }
    }
}

/// The channel of an example: the first there is.
fn example_channel() -> &'static str {
    channels::ALL.first().map_or("", |channel| channel.title())
}

fn strangers(words: &Words, facts: &Facts, settings: &ChatSync) -> Vec<String> {
    if settings.create == Create::Off {
        return vec![words.say("explain-create-off")];
    }
    let is_lead = settings.create == Create::Lead;
    let name =
        settings.name_template.replace("{channel}", example_channel()).replace("{phone}", "+1 415 555 0123");
    let made = if is_lead { "explain-create-lead" } else { "explain-create-contact" };
    let mut said =
        vec![words.with(made, args!["name" => name.as_str(), "company" => settings.company.as_str()])];
    let mut values: Vec<(String, String)> = Vec::new();
    if !settings.lead_source.is_empty() {
        values.push((words.say("setting-lead_source"), settings.lead_source.clone()));
    }
    values.extend(settings.new_record_values.clone());
    if !values.is_empty() {
        let values: Vec<String> = values.iter().map(|(field, value)| format!("{field}: {value}")).collect();
        said.push(words.with("explain-values", args!["values" => values.join("; ")]));
    }
    let acting = facts.acting();
    said.push(match (&settings.default_owner, settings.use_assignment_rules && is_lead) {
        (_, true) => words.with("explain-owner-rules", args!["crm" => facts.crm.as_str()]),
        (Some(owner), false) => words.with("explain-owner-default", args!["owner" => facts.user(owner)]),
        (None, false) => words.with("explain-owner-acting", args!["owner" => acting.as_str()]),
    });
    said
}

fn reopen(words: &Words, facts: &Facts, settings: &ChatSync) -> String {
    let closed: Vec<String> = facts.org.as_ref().map_or_else(Vec::new, |org| {
        let closed = org.lead_statuses.iter().filter(|status| settings.is_closed(&status.value, org));
        closed.map(|status| status.value.clone()).collect()
    });
    let closed = if closed.is_empty() { words.say("explain-closed-nothing") } else { closed.join(", ") };
    let to = match (&settings.reopen, &facts.org) {
        (Reopen::Never, _) => None,
        (Reopen::To(status), _) => Some(status.clone()),
        (Reopen::ToDefault, Some(org)) => settings.reopened_status(org),
        (Reopen::ToDefault, None) => Some(words.say("explain-reopen-usual")),
    };
    match to {
        Some(status) => words.with("explain-reopen", args!["status" => status, "closed" => closed]),
        None => words.with("explain-reopen-never", args!["closed" => closed]),
    }
}

#[cfg(test)]
mod tests {
    use causeway_core::time::Zone;

    use super::*;
    use crate::chat_sync::Account;

    fn facts() -> Facts {
        Facts {
            crm: "Salesforce".into(),
            org: None,
            accounts: vec![Account { id: 7, key: "acc_7".into(), label: "Sales".into() }],
            users: vec![("005".into(), "Maya Lindqvist".into(), true)],
            zone: Zone::utc(),
        }
    }

    fn said(settings: &ChatSync) -> String {
        explain(Words::english(), &facts(), settings).join(" ")
    }

    #[test]
    fn each_choice_changes_what_is_said() {
        let default = said(&ChatSync::default());
        let others = [
            ChatSync { accounts: Some(vec![7]), ..ChatSync::default() },
            ChatSync { accounts: Some(vec![]), ..ChatSync::default() },
            ChatSync { shape: Shape::LocalDay, ..ChatSync::default() },
            ChatSync { shape: Shape::SixHours, ..ChatSync::default() },
            ChatSync { group_when_short: true, ..ChatSync::default() },
            ChatSync { create: Create::Off, ..ChatSync::default() },
            ChatSync { create: Create::Contact, ..ChatSync::default() },
            ChatSync { reopen: Reopen::Never, ..ChatSync::default() },
            ChatSync { reopen: Reopen::To("Working".into()), ..ChatSync::default() },
            ChatSync { default_owner: Some("005".into()), ..ChatSync::default() },
            ChatSync { use_assignment_rules: true, ..ChatSync::default() },
            ChatSync { lead_source: "Chat".into(), ..ChatSync::default() },
            ChatSync { company: "Acme".into(), ..ChatSync::default() },
            ChatSync { name_template: "Caller {phone}".into(), ..ChatSync::default() },
            ChatSync { link_field: Some("Chat__c".into()), ..ChatSync::default() },
            ChatSync { new_record_values: [("Rating".into(), "Hot".into())].into(), ..ChatSync::default() },
            ChatSync { since: 1_767_323_045_000_000, ..ChatSync::default() },
        ];
        for other in others {
            assert_ne!(said(&other), default, "{other:?}");
        }
        assert!(
            said(&ChatSync { default_owner: Some("005".into()), ..ChatSync::default() })
                .contains("Maya Lindqvist")
        );
        assert!(said(&ChatSync { accounts: Some(vec![7]), ..ChatSync::default() }).contains("Sales"));
    }
}
