//! A setting's value as a person reads it, and what differs between two.

use causeway_core::plan::{
    revision::{Setting, changed},
    settings::{ChatSync, Create, Reopen, Shape},
};
use maud::{Markup, html};

use super::{Facts, explain::instant};
use crate::{Words, args, part::unseen};

/// What people call a setting.
pub(super) fn label(words: &Words, setting: Setting) -> String {
    // words: setting-*
    words.say(&format!("setting-{}", setting.name()))
}

/// What a shape is called.
pub(super) fn shape(words: &Words, shape: Shape) -> String {
    match shape {
        Shape::PerMessage => words.say("shape-message"),
        Shape::LocalDay => words.say("shape-day"),
        Shape::Hour | Shape::SixHours | Shape::TwelveHours | Shape::TwentyFourHours => {
            words.with("shape-hours", args!["hours" => shape.window_hours().unwrap_or(0)])
        }
    }
}

/// The value of a setting.
pub(super) fn value(words: &Words, facts: &Facts, setting: Setting, settings: &ChatSync) -> String {
    let text = |text: &str| if text.is_empty() { words.say("value-empty") } else { text.to_owned() };
    let list =
        |values: Vec<String>| if values.is_empty() { words.say("value-none") } else { values.join(", ") };
    let optional = |field: &Option<String>, usual: &str| {
        field.as_ref().map_or_else(|| words.say(usual), |name| facts.field(settings, name))
    };
    match setting {
        Setting::Accounts => match &settings.accounts {
            None => words.say("accounts-all"),
            Some(chosen) => list(chosen.iter().map(|account| facts.account(*account)).collect()),
        },
        Setting::Since if settings.since == 0 => words.say("value-ever"),
        Setting::Since => instant(facts, settings.since),
        Setting::Shape => shape(words, settings.shape),
        // words: entry-*
        Setting::Entry => words.say(&format!("entry-{}", settings.entry.module().name())),
        Setting::TitleTemplate if settings.title_template.is_empty() => words.say("title-usual"),
        Setting::TitleTemplate => settings.title_template.clone(),
        Setting::Module => match &settings.module {
            None => words.say("module-usual"),
            Some(module) => facts.destination(*module),
        },
        Setting::PhoneField => optional(&settings.phone_field, "phone-usual"),
        Setting::NameField => optional(&settings.name_field, "name-usual"),
        Setting::SourceField => optional(&settings.source_field, "source-usual"),
        Setting::Rename => words.say(if settings.rename { "value-on" } else { "value-off" }),
        Setting::RunAutomation => words.say(if settings.run_automation { "value-on" } else { "value-off" }),
        Setting::Groups => words.say(if settings.groups { "value-on" } else { "value-off" }),
        Setting::GroupWhenShort => {
            words.say(if settings.group_when_short { "value-on" } else { "value-off" })
        }
        Setting::Create => create(words, facts, settings),
        Setting::Reopen => match &settings.reopen {
            Reopen::Never => words.say("reopen-never"),
            Reopen::ToDefault => words.say("reopen-default"),
            Reopen::To(status) => status.clone(),
        },
        Setting::ClosedStatuses => match &settings.closed_statuses {
            None => words.say("closed-default"),
            Some(chosen) => list(chosen.clone()),
        },
        Setting::DefaultOwner => match &settings.default_owner {
            None => words.with("owner-nobody", args!["name" => facts.acting()]),
            Some(owner) => facts.user(owner),
        },
        Setting::UseAssignmentRules => {
            words.say(if settings.use_assignment_rules { "value-on" } else { "value-off" })
        }
        Setting::LeadSource => text(&settings.lead_source),
        Setting::Company => text(&settings.company),
        Setting::NameTemplate => text(&settings.name_template),
        Setting::LinkField => optional(&settings.link_field, "link-description"),
        Setting::NewRecordValues => list(
            settings.new_record_values.iter().map(|(field, value)| format!("{field}: {value}")).collect(),
        ),
    }
}

/// What is made of strangers.
fn create(words: &Words, facts: &Facts, settings: &ChatSync) -> String {
    match (settings.create, settings.module) {
        (Create::Off, _) => words.say("create-off"),
        (_, Some(module)) => words.with("create-record", args!["module" => facts.destination(module)]),
        (Create::Lead, None) => words.say("create-lead"),
        (Create::Contact, None) => words.say("create-contact"),
    }
}

/// What differs: for each setting, what it was and what it is. Nothing where nothing does.
pub(super) fn difference(words: &Words, facts: &Facts, before: &ChatSync, after: &ChatSync) -> Markup {
    let moved = changed(before, after);
    html! {
        @if !moved.is_empty() {
            dl.differs {
                @for setting in moved {
                    div {
                        dt { (label(words, setting)) }
                        dd {
                            (unseen(&words.say("differs-before"))) del { (value(words, facts, setting, before)) }
                            " " (unseen(&words.say("differs-after"))) ins { (value(words, facts, setting, after)) }
                        }
                    }
                }
            }
        }
    }
}
