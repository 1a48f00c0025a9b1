//! What settings do, in a few sentences: the same values that decide, read aloud.

use causeway_core::{
    plan::{
        places::{self, Source},
        settings::{ChatSync, Create, Reopen, Shape},
    },
    record::Module,
    time::Timestamp,
};

use super::{Facts, fields};
use crate::{Words, args};

/// What these settings do, sentence by sentence.
pub fn explain(words: &Words, facts: &Facts, settings: &ChatSync) -> Vec<String> {
    let groups = words.say(if settings.groups { "explain-groups" } else { "explain-groups-not" });
    let mut said =
        vec![which(words, facts, settings), from(words, facts, settings), groups, shape(words, settings)];
    if settings.shape.is_grouped() || settings.group_when_short {
        let line = fields::example(words, facts, settings);
        said.push(words.with("explain-title-line", args!["line" => line]));
    }
    if settings.group_when_short {
        said.push(match settings.shape.wider() {
            wider if wider == settings.shape => words.say("explain-short-same"),
            wider => words.with("explain-short", args!["hours" => wider.window_hours().unwrap_or(0)]),
        });
    }
    said.push(match settings.module {
        None => words.say("explain-known"),
        Some(module) => words.with("explain-known-in", args!["module" => facts.destination(module)]),
    });
    said.extend(strangers(words, facts, settings));
    if places::has_leads(settings) {
        said.push(reopen(words, facts, settings));
    }
    let kind = settings.entry.module();
    said.push(match &settings.link_field {
        Some(field) => {
            let field = facts.field(settings, field);
            words.with("explain-link-field", args!["field" => field, "kind" => kind.name()])
        }
        None => words.with("explain-link-description", args!["kind" => kind.name()]),
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

fn shape(words: &Words, settings: &ChatSync) -> String {
    let (shape, module) = (settings.shape, settings.entry.module());
    let kind = module.name();
    match shape {
        Shape::PerMessage => words.with("explain-shape-message", args!["kind" => kind]),
        Shape::LocalDay => words.with("explain-shape-day", args!["kind" => kind]),
        Shape::Hour | Shape::SixHours | Shape::TwelveHours | Shape::TwentyFourHours => {
            let hours = shape.window_hours().unwrap_or(0);
            words.with("explain-shape-hours", args!["hours" => hours, "kind" => kind])
        }
    }
}

/// What becomes of a person whom the CRM does not know.
fn strangers(words: &Words, facts: &Facts, settings: &ChatSync) -> Vec<String> {
    if settings.create == Create::Off {
        return vec![words.say("explain-create-off")];
    }
    let mut said = vec![made(words, facts, settings)];
    let field = settings.phone_field.as_ref().map(|name| facts.field(settings, name));
    said.push(match field {
        Some(field) => words.with("explain-number-field", args!["field" => field]),
        None => words.say("explain-number"),
    });
    if let Some(name) = &settings.name_field {
        said.push(words.with("explain-name-field", args!["field" => facts.field(settings, name)]));
    }
    said.push(words.say(if settings.rename { "explain-rename" } else { "explain-rename-not" }));
    said.extend(values(words, facts, settings));
    if facts.holds_automation_back {
        let key = if settings.run_automation { "explain-automation" } else { "explain-automation-not" };
        said.push(words.with(key, args!["crm" => facts.crm.as_str()]));
    }
    let is_lead = settings.new_module() == Some(Module::Lead);
    said.push(match (&settings.default_owner, settings.use_assignment_rules && is_lead) {
        (_, true) => words.with("explain-owner-rules", args!["crm" => facts.crm.as_str()]),
        (Some(owner), false) => words.with("explain-owner-default", args!["owner" => facts.user(owner)]),
        (None, false) => words.with("explain-owner-acting", args!["owner" => facts.acting()]),
    });
    said
}

/// The record that a stranger gets.
fn made(words: &Words, facts: &Facts, settings: &ChatSync) -> String {
    let template = settings.name_template.replace("{channel}", fields::example_channel());
    let name = template.replace("{phone}", fields::EXAMPLE_NUMBER);
    let (name, company) = (name.as_str(), settings.company.as_str());
    match (settings.module, settings.create) {
        (Some(module), _) if module != Module::Lead => {
            words.with("explain-create-record", args!["name" => name, "module" => facts.destination(module)])
        }
        (None, Create::Contact) => words.with("explain-create-contact", args!["name" => name]),
        _ => words.with("explain-create-lead", args!["name" => name, "company" => company]),
    }
}

/// The values that a new record gets, and what has to be done for the lead source.
fn values(words: &Words, facts: &Facts, settings: &ChatSync) -> Vec<String> {
    let mut said = Vec::new();
    let mut values: Vec<(String, String)> = Vec::new();
    if !settings.lead_source.is_empty() {
        let usual = || words.say("setting-lead_source");
        let field = settings.source_field.as_ref().map_or_else(usual, |name| facts.field(settings, name));
        values.push((field, settings.lead_source.clone()));
    }
    let further = settings.new_record_values.iter();
    values.extend(further.map(|(field, value)| (facts.field(settings, field), value.clone())));
    if !values.is_empty() {
        let values: Vec<String> = values.iter().map(|(field, value)| format!("{field}: {value}")).collect();
        said.push(words.with("explain-values", args!["values" => values.join("; ")]));
    }
    let stands = facts.org.as_ref().map(|org| places::source(settings, org, facts.adds_fields));
    if stands == Some(Source::Added) {
        said.push(words.with("explain-source-added", args!["value" => settings.lead_source.as_str()]));
    }
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
    use causeway_core::{record::EntryKind, time::Zone};

    use super::*;
    use crate::chat_sync::Account;

    fn facts() -> Facts {
        Facts {
            crm: "Salesforce".into(),
            org: None,
            holds_automation_back: true,
            adds_fields: false,
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
            ChatSync { groups: true, ..ChatSync::default() },
            ChatSync { run_automation: true, ..ChatSync::default() },
            ChatSync { entry: EntryKind::Note, ..ChatSync::default() },
            ChatSync { module: Some(Module::Contact), ..ChatSync::default() },
            ChatSync { phone_field: Some("Mobile".into()), ..ChatSync::default() },
            ChatSync { name_field: Some("Nickname".into()), ..ChatSync::default() },
            ChatSync { source_field: Some("Origin".into()), ..ChatSync::default() },
            ChatSync { rename: false, ..ChatSync::default() },
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

    #[test]
    fn the_first_line_is_shown_as_it_will_read() {
        let day = ChatSync { shape: Shape::LocalDay, ..ChatSync::default() };
        let named =
            ChatSync { title_template: "{channel} chat with {name} ({DD/MM/YYYY})".into(), ..day.clone() };
        assert!(said(&named).contains("“WhatsApp chat with Maria Costa (31/01/2026)”"), "{}", said(&named));
        assert!(said(&day).contains("“WhatsApp chat with Maria Costa · 2026-01-31"), "{}", said(&day));
        let odd = ChatSync { shape: Shape::PerMessage, ..named };
        assert!(!said(&odd).contains("31/01/2026"), "one message has a first line of its own");
    }

    #[test]
    fn notes_are_called_notes_and_tasks_tasks() {
        for shape in [Shape::PerMessage, Shape::LocalDay, Shape::SixHours] {
            let notes = said(&ChatSync { shape, entry: EntryKind::Note, ..ChatSync::default() });
            let tasks = said(&ChatSync { shape, ..ChatSync::default() });
            assert!(notes.contains("note") && !notes.contains("task"), "{notes}");
            assert!(tasks.contains("task") && !tasks.contains("note"), "{tasks}");
        }
    }
}
