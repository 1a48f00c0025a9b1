//! The settings as a form. Each setting stands in a slot of its own, which is put in place again when it is kept.

use std::collections::BTreeMap;

use causeway_core::{
    plan::{
        places,
        revision::Setting,
        settings::{ChatSync, Create, Reopen, Shape},
    },
    record::{FieldProfile, Module},
};
use maud::{Markup, html};

use super::{Facts, spell};
use crate::{Words, form::Field};

/// What is wrong, by the setting's name; and what was typed there, where it could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldFaults {
    /// What is wrong.
    pub errors: BTreeMap<String, String>,
    /// What was typed as the beginning, where that is no instant.
    pub since: Option<String>,
}

impl FieldFaults {
    pub(super) fn is_wrong(&self, setting: Setting) -> bool {
        self.errors.contains_key(setting.name())
    }

    pub(super) fn of(&self, setting: Setting) -> Option<String> {
        self.errors.get(setting.name()).cloned()
    }
}

/// Empty rows for further values.
const SPARE: usize = 2;

/// The form's groups: heading, and the slots below it.
const GROUPS: &[(&str, &[Setting])] = &[
    ("group-which", &[Setting::Accounts, Setting::Since, Setting::Groups]),
    ("group-where", &[Setting::Module]),
    ("group-shape", &[Setting::Entry, Setting::Shape, Setting::TitleTemplate, Setting::GroupWhenShort]),
    (
        "group-create",
        &[
            Setting::Create,
            Setting::PhoneField,
            Setting::NameField,
            Setting::NameTemplate,
            Setting::Rename,
            Setting::Company,
            Setting::SourceField,
            Setting::LeadSource,
            Setting::RunAutomation,
            Setting::NewRecordValues,
        ],
    ),
    ("group-owner", &[Setting::DefaultOwner, Setting::UseAssignmentRules]),
    ("group-closed", &[Setting::Reopen, Setting::ClosedStatuses]),
    ("group-link", &[Setting::LinkField]),
];

/// What the slots show.
pub(super) struct Shown<'a> {
    pub(super) words: &'a Words,
    pub(super) facts: &'a Facts,
    pub(super) settings: &'a ChatSync,
    pub(super) faults: &'a FieldFaults,
    /// The page's address, without an end.
    pub(super) address: &'a str,
}

/// Where a setting stands on the page.
pub(super) fn slot_id(setting: &str) -> String {
    format!("slot-{setting}")
}

impl Shown<'_> {
    /// Every slot, one after the other: what a fragment holds.
    pub(super) fn slots(&self) -> Markup {
        html! { @for (_, group) in GROUPS { @for setting in *group { (self.slot(*setting)) } } }
    }

    /// Every group with its heading.
    pub(super) fn groups(&self) -> Markup {
        html! {
            // words: group-*
            @for (heading, group) in GROUPS {
                fieldset.panel-box.group {
                    legend.group__title { (self.words.say(heading)) }
                    @for setting in *group { (self.slot(*setting)) }
                }
            }
        }
    }

    fn slot(&self, setting: Setting) -> Markup {
        let is_shown = self.is_shown(setting);
        html! {
            div.slot id=(slot_id(setting.name())) { @if is_shown { (self.control(setting)) } }
            // What is said of a field while one types in it stands outside: the slot waits until one is done.
            @if matches!(setting, Setting::TitleTemplate | Setting::LeadSource) {
                div.slot__more id=(format!("beside-{}", setting.name())) { @if is_shown { (self.beside(setting)) } }
            }
        }
    }

    fn beside(&self, setting: Setting) -> Markup {
        match setting {
            Setting::TitleTemplate => self.title_example(),
            _ => self.source_stands(),
        }
    }

    /// Does the setting mean anything here? What is wrong is shown in any case.
    fn is_shown(&self, setting: Setting) -> bool {
        let (settings, org) = (self.settings, self.facts.org.as_ref());
        let fits = match setting {
            Setting::Module => org.is_some_and(|org| !org.destinations.is_empty()),
            Setting::Entry => places::kinds(org).len() > 1,
            Setting::TitleTemplate => settings.shape.is_grouped() || settings.group_when_short,
            Setting::PhoneField | Setting::NameField | Setting::SourceField => org.is_some(),
            Setting::Company => places::new_module(settings) == Module::Lead,
            Setting::RunAutomation => self.facts.holds_automation_back,
            Setting::UseAssignmentRules | Setting::Reopen | Setting::ClosedStatuses => {
                places::has_leads(settings)
            }
            _ => true,
        };
        fits || self.faults.of(setting).is_some()
    }

    pub(super) fn field(&self, setting: Setting, name: &'static str) -> Field {
        let hint = format!("setting-{}-hint", setting.name());
        let field = Field::new(name, spell::label(self.words, setting)).error(self.faults.of(setting));
        if self.words.has(&hint) { field.hint(self.words.say(&hint)) } else { field }
    }

    fn control(&self, setting: Setting) -> Markup {
        let settings = self.settings;
        match setting {
            Setting::Accounts => self.accounts(),
            Setting::Since => {
                let typed = self.faults.since.clone();
                let value = typed.unwrap_or_else(|| local(self.facts, settings.since));
                self.field(setting, "since").value(value).line("datetime-local", "off")
            }
            Setting::Shape => self.shape(),
            Setting::Entry => self.entry(),
            Setting::TitleTemplate => self.title(),
            Setting::Module => self.module(),
            Setting::PhoneField => self.phone_field(),
            Setting::NameField => self.name_field(),
            Setting::SourceField => self.source_field(),
            Setting::Groups => self.tick(setting, "groups", settings.groups),
            Setting::Rename => self.tick(setting, "rename", settings.rename),
            Setting::GroupWhenShort => {
                let value = if settings.group_when_short { "on" } else { "" };
                self.field(setting, "group_when_short").value(value).tick()
            }
            Setting::Create => self.create(),
            Setting::Reopen => self.reopen(),
            Setting::ClosedStatuses => self.closed(),
            Setting::DefaultOwner => self.owner(),
            Setting::UseAssignmentRules => {
                self.tick(setting, "use_assignment_rules", settings.use_assignment_rules)
            }
            Setting::RunAutomation => self.tick(setting, "run_automation", settings.run_automation),
            Setting::LeadSource => self.lead_source(),
            Setting::Company => self.field(setting, "company").value(&settings.company).line("text", "off"),
            Setting::NameTemplate => {
                self.field(setting, "name_template").value(&settings.name_template).line("text", "off")
            }
            Setting::LinkField => self.link(),
            Setting::NewRecordValues => self.values(),
        }
    }

    /// A box: one that is not ticked is not sent, so what stands before it says that it was there.
    fn tick(&self, setting: Setting, name: &'static str, is_on: bool) -> Markup {
        html! {
            input type="hidden" name=(name) value="off";
            (self.field(setting, name).value(if is_on { "on" } else { "" }).tick())
        }
    }

    fn option(&self, value: &str, key: &str) -> (String, String, String) {
        let hint = format!("{key}-hint");
        let hint = if self.words.has(&hint) { self.words.say(&hint) } else { String::new() };
        (value.to_owned(), self.words.say(key), hint)
    }

    fn accounts(&self) -> Markup {
        // words: accounts-*
        let chosen = self.settings.accounts.as_ref();
        let value = if chosen.is_none() { "all" } else { "some" };
        let options = [self.option("all", "accounts-all"), self.option("some", "accounts-some")];
        html! {
            (self.field(Setting::Accounts, "accounts").value(value).radios(&options))
            @if self.facts.accounts.is_empty() { p.quiet.small { (self.words.say("accounts-none-yet")) } }
            div.ticks role="group" aria-label=(self.words.say("accounts-some")) {
                @for account in &self.facts.accounts {
                    @let is_chosen = chosen.is_none_or(|chosen| chosen.contains(&account.id));
                    label.ticks__one {
                        input type="checkbox" name="account" value=(account.key) checked[is_chosen];
                        span { (account.label) }
                    }
                }
            }
        }
    }

    fn shape(&self) -> Markup {
        // words: shape-*
        let all = [
            Shape::PerMessage,
            Shape::LocalDay,
            Shape::Hour,
            Shape::SixHours,
            Shape::TwelveHours,
            Shape::TwentyFourHours,
        ];
        let options = all.map(|shape| {
            let hint = match shape {
                Shape::PerMessage => self.words.say("shape-message-hint"),
                Shape::LocalDay => self.words.say("shape-day-hint"),
                _ => String::new(),
            };
            (shape_word(shape), spell::shape(self.words, shape), hint)
        });
        self.field(Setting::Shape, "shape").value(shape_word(self.settings.shape)).radios(&options)
    }

    fn create(&self) -> Markup {
        // words: create-*
        let value = match self.settings.create {
            Create::Lead => "lead",
            Create::Contact => "contact",
            Create::Off => "off",
        };
        let options = match self.settings.module {
            None => vec![
                self.option("lead", "create-lead"),
                self.option("contact", "create-contact"),
                self.option("off", "create-off"),
            ],
            Some(module) => {
                let label = self
                    .words
                    .with("create-record", crate::args!["module" => self.facts.destination(module)]);
                let kind = if value == "off" { "lead" } else { value };
                vec![(kind.to_owned(), label, String::new()), self.option("off", "create-off")]
            }
        };
        self.field(Setting::Create, "create").value(value).radios(&options)
    }

    fn statuses(&self) -> Vec<(String, bool)> {
        let org = self.facts.org.as_ref();
        let known =
            org.map(|org| org.lead_statuses.iter().map(|status| (status.value.clone(), status.is_converted)));
        known.map(Iterator::collect).unwrap_or_default()
    }

    fn reopen(&self) -> Markup {
        // words: reopen-*
        let (value, to) = match &self.settings.reopen {
            Reopen::ToDefault => ("default", ""),
            Reopen::To(status) => ("to", status.as_str()),
            Reopen::Never => ("never", ""),
        };
        let options = [
            self.option("default", "reopen-default"),
            self.option("to", "reopen-to"),
            self.option("never", "reopen-never"),
        ];
        let mut statuses: Vec<(String, String)> = self
            .statuses()
            .into_iter()
            .filter(|(_, is_converted)| !is_converted)
            .map(|(value, _)| (value.clone(), value))
            .collect();
        keep_present(&mut statuses, to);
        html! {
            (self.field(Setting::Reopen, "reopen").value(value).radios(&options))
            (Field::new("reopen_to", self.words.say("reopen-to-label")).value(to).choice(&statuses))
        }
    }

    fn closed(&self) -> Markup {
        // words: closed-*
        let chosen = self.settings.closed_statuses.as_ref();
        let value = if chosen.is_none() { "default" } else { "some" };
        let options = [self.option("default", "closed-default"), self.option("some", "closed-some")];
        let mut all: Vec<String> = self.statuses().into_iter().map(|(status, _)| status).collect();
        let unknown =
            chosen.into_iter().flatten().filter(|status| !all.contains(status)).cloned().collect::<Vec<_>>();
        all.extend(unknown);
        let is_closed = |status: &str| match &self.facts.org {
            Some(org) => self.settings.is_closed(status, org),
            None => chosen.is_some_and(|chosen| chosen.iter().any(|one| one == status)),
        };
        html! {
            (self.field(Setting::ClosedStatuses, "closed").value(value).radios(&options))
            div.ticks role="group" aria-label=(self.words.say("closed-some")) {
                @for status in &all {
                    label.ticks__one {
                        input type="checkbox" name="closed_status" value=(status) checked[is_closed(status)];
                        span { (status) }
                    }
                }
            }
        }
    }

    fn owner(&self) -> Markup {
        let nobody = self.words.with("owner-nobody", crate::args!["name" => self.facts.acting()]);
        let mut options = vec![(String::new(), nobody)];
        let active = self.facts.users.iter().filter(|(_, _, is_active)| *is_active);
        options.extend(active.map(|(id, name, _)| (id.clone(), name.clone())));
        let present = self.settings.default_owner.as_deref().unwrap_or_default();
        if !options.iter().any(|(id, _)| id == present) {
            options.push((present.to_owned(), self.facts.user(present)));
        }
        html! {
            (self.field(Setting::DefaultOwner, "default_owner").value(present).choice(&options))
            @for (id, name, _) in &self.facts.users { input type="hidden" name="known_user" value=(format!("{id} {name}")); }
        }
    }

    /// Rows of a field and its value; the last ones are empty, for more.
    fn values(&self) -> Markup {
        let module = places::new_module(self.settings);
        let mut options = vec![(String::new(), self.words.say("values-choose"))];
        let profile = self.facts.org.as_ref().map(|org| org.module(module)).unwrap_or_default();
        options.extend(profile.fields.iter().filter(|field| field.is_createable).map(named));
        let rows =
            self.settings.new_record_values.iter().map(|(field, value)| (field.as_str(), value.as_str()));
        let rows = rows.chain([("", ""); SPARE]);
        let setting = Setting::NewRecordValues;
        let error = self.faults.of(setting);
        html! {
            fieldset.field data-bad[error.is_some()] aria-describedby="values-hint" {
                legend.field__label { (spell::label(self.words, setting)) }
                p.field__hint #values-hint { (self.words.say("setting-new_record_values-hint")) }
                @for (place, (field, value)) in rows.enumerate() {
                    @let options = with_present(&options, field);
                    div.pair {
                        select.input name="value_field" id=(format!("value-field-{place}")) aria-label=(self.words.with("values-field", crate::args!["row" => place + 1])) {
                            @for (name, label) in &options { option value=(name) selected[name == field] { (label) } }
                        }
                        input.input name="value_text" id=(format!("value-text-{place}")) value=(value) autocomplete="off"
                            aria-label=(self.words.with("values-value", crate::args!["row" => place + 1]));
                    }
                }
                @if let Some(error) = error { p.field__error { (error) } }
            }
        }
    }
}

/// The same, with what stands there.
fn with_present(options: &[(String, String)], present: &str) -> Vec<(String, String)> {
    let mut options = options.to_vec();
    keep_present(&mut options, present);
    options
}

/// What stands in the settings is offered even where the org does not know it (any more).
pub(super) fn keep_present(options: &mut Vec<(String, String)>, present: &str) {
    if !present.is_empty() && !options.iter().any(|(value, _)| value == present) {
        options.push((present.to_owned(), present.to_owned()));
    }
}

pub(super) fn named(field: &FieldProfile) -> (String, String) {
    (
        field.name.clone(),
        if field.label.is_empty() { field.name.clone() } else { format!("{} ({})", field.label, field.name) },
    )
}

/// A shape's word in forms and in the API.
fn shape_word(shape: Shape) -> String {
    match serde_json::to_value(shape) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// An instant as a field of the browser has it, in the workspace's zone.
fn local(facts: &Facts, at: i64) -> String {
    if at == 0 { String::new() } else { causeway_core::time::Timestamp(at).local(&facts.zone) }
}
