//! The form of a chat sync, read: what was typed becomes settings, as far as it can be read.

use causeway_core::{
    plan::settings::{ChatSync, Create, Reopen},
    time::{Timestamp, Zone},
};

use crate::id;

/// What was typed, field by field. A field may come several times.
pub(super) struct Given(pub(super) Vec<(String, String)>);

/// What of it could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Unread {
    /// The beginning, as typed.
    pub(super) since: Option<String>,
}

impl Given {
    fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A number that the form carries along.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.one(name)?.trim().parse().ok()
    }

    /// Users whose names the form carries along, so that nobody asks the CRM again with each change.
    pub(super) fn known_users(&self) -> Vec<(String, String, bool)> {
        let known = self.all("known_user").filter_map(|text| text.split_once(' '));
        known.map(|(id, name)| (id.to_owned(), name.to_owned(), true)).collect()
    }

    /// The settings that the form asks for. What it does not hold, or what cannot be read, stays as in `present`.
    pub(super) fn settings(&self, present: &ChatSync, zone: &Zone) -> (ChatSync, Unread) {
        let mut settings = present.clone();
        let mut unread = Unread::default();
        match self.one("accounts") {
            Some("all") => settings.accounts = None,
            Some("some") => {
                settings.accounts =
                    Some(self.all("account").filter_map(|text| id::read("acc", text)).collect());
            }
            _ => {}
        }
        if let Some(typed) = self.one("since") {
            match since(typed, present.since, zone) {
                Some(at) => settings.since = at,
                None => unread.since = Some(typed.to_owned()),
            }
        }
        if let Some(shape) = self.one("shape").and_then(word) {
            settings.shape = shape;
            // A box that is not ticked is not sent; it stands beside the shape.
            settings.group_when_short = self.one("group_when_short") == Some("on");
        }
        if let Some(kind) = self.one("entry").and_then(word) {
            settings.entry = kind;
        }
        if let Some(module) = self.one("module") {
            settings.module = if module.is_empty() { None } else { module.parse().ok().or(settings.module) };
        }
        if let Some(create) = self.one("create").and_then(word::<Create>) {
            settings.create = create;
        }
        match self.one("reopen") {
            Some("never") => settings.reopen = Reopen::Never,
            Some("default") => settings.reopen = Reopen::ToDefault,
            Some("to") => settings.reopen = Reopen::To(self.text("reopen_to").unwrap_or_default()),
            _ => {}
        }
        match self.one("closed") {
            Some("default") => settings.closed_statuses = None,
            Some("some") => {
                settings.closed_statuses = Some(self.all("closed_status").map(str::to_owned).collect());
            }
            _ => {}
        }
        self.texts(&mut settings);
        (settings, unread)
    }

    fn texts(&self, settings: &mut ChatSync) {
        let optional = |text: String| (!text.is_empty()).then_some(text);
        if let Some(owner) = self.text("default_owner") {
            settings.default_owner = optional(owner);
        }
        let ticks = [
            ("use_assignment_rules", &mut settings.use_assignment_rules),
            ("rename", &mut settings.rename),
            ("groups", &mut settings.groups),
            ("run_automation", &mut settings.run_automation),
        ];
        for (name, value) in ticks {
            // A box that is not ticked is not sent; `off` stands before it.
            if let Some(typed) = self.all(name).last() {
                *value = typed == "on";
            }
        }
        let fields = [
            ("link_field", &mut settings.link_field),
            ("phone_field", &mut settings.phone_field),
            ("name_field", &mut settings.name_field),
            ("source_field", &mut settings.source_field),
        ];
        for (name, value) in fields {
            if let Some(field) = self.text(name) {
                *value = optional(field);
            }
        }
        let plain = [
            ("title_template", &mut settings.title_template),
            ("lead_source", &mut settings.lead_source),
            ("company", &mut settings.company),
            ("name_template", &mut settings.name_template),
        ];
        for (name, value) in plain {
            if let Some(text) = self.text(name) {
                *value = text;
            }
        }
        if self.one("value_field").is_some() {
            let pairs = self.all("value_field").zip(self.all("value_text"));
            let pairs = pairs.map(|(field, value)| (field.trim().to_owned(), value.trim().to_owned()));
            settings.new_record_values = pairs.filter(|(field, _)| !field.is_empty()).collect();
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        self.one(name).map(|text| text.trim().to_owned())
    }
}

/// The value behind a word of the API.
fn word<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// The instant that was typed. The field shows minutes only: what was not touched stays to the microsecond.
fn since(typed: &str, present: i64, zone: &Zone) -> Option<i64> {
    if typed.trim().is_empty() {
        return Some(0);
    }
    if typed.trim() == Timestamp(present).local(zone) {
        return Some(present);
    }
    Timestamp::of_local(typed, zone).map(|at| at.0)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use causeway_core::{
        plan::settings::Shape,
        record::{EntryKind, Module},
    };

    use super::*;

    fn read(pairs: &[(&str, &str)], present: &ChatSync) -> (ChatSync, Unread) {
        let given = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Given(given).settings(present, &Zone::named("Asia/Tokyo").unwrap())
    }

    #[test]
    fn what_the_form_does_not_hold_or_what_cannot_be_read_stays() {
        let present = ChatSync { company: "Acme".into(), shape: Shape::Hour, ..ChatSync::default() };
        assert_eq!(read(&[], &present), (present.clone(), Unread::default()));
        let odd = [
            ("shape", "weekly"),
            ("create", "perhaps"),
            ("reopen", "x"),
            ("accounts", "x"),
            ("since", "soon"),
            ("entry", "poem"),
        ];
        let (settings, unread) = read(&odd, &present);
        assert_eq!((settings, unread.since.as_deref()), (present, Some("soon")));
    }

    #[test]
    fn choices_become_settings() {
        let account = id::account(7);
        let typed = [
            ("accounts", "some"),
            ("account", account.as_str()),
            ("shape", "local_day"),
            ("create", "contact"),
            ("entry", "note"),
            ("module", "Vendors"),
            ("title_template", " {name} "),
            ("phone_field", "Mobile"),
            ("name_field", ""),
            ("source_field", "Origin"),
            ("rename", "off"),
            ("use_assignment_rules", "off"),
            ("reopen", "to"),
            ("reopen_to", "Working"),
            ("closed", "some"),
            ("closed_status", "A"),
            ("closed_status", "B"),
            ("default_owner", " 005 "),
            ("use_assignment_rules", "on"),
            ("link_field", ""),
            ("company", " Acme "),
            ("value_field", "Rating"),
            ("value_text", "Hot"),
            ("value_field", ""),
            ("value_text", "lost"),
        ];
        let (settings, _) = read(&typed, &ChatSync::default());
        let wanted = ChatSync {
            accounts: Some(vec![7]),
            shape: Shape::LocalDay,
            create: Create::Contact,
            entry: EntryKind::Note,
            module: Module::other("Vendors"),
            title_template: "{name}".into(),
            phone_field: Some("Mobile".into()),
            source_field: Some("Origin".into()),
            rename: false,
            reopen: Reopen::To("Working".into()),
            closed_statuses: Some(vec!["A".into(), "B".into()]),
            default_owner: Some("005".into()),
            use_assignment_rules: true,
            company: "Acme".into(),
            new_record_values: [("Rating".into(), "Hot".into())].into(),
            ..ChatSync::default()
        };
        assert_eq!(settings, wanted);
    }

    #[test]
    fn an_empty_choice_of_a_module_is_the_usual_order_and_a_box_is_off_only_where_it_stood() {
        let present =
            ChatSync { module: Module::other("Vendors"), use_assignment_rules: true, ..ChatSync::default() };
        let (settings, _) = read(&[("module", ""), ("default_owner", "005"), ("rename", "off")], &present);
        assert_eq!((settings.module, settings.use_assignment_rules, settings.rename), (None, true, false));
        let (settings, _) = read(&[("rename", "off"), ("rename", "on")], &settings);
        assert!(settings.rename);
    }

    #[test]
    fn a_beginning_that_nobody_touched_stays_to_the_microsecond() {
        let present = ChatSync { since: 1_767_323_045_123_456, ..ChatSync::default() };
        assert_eq!(read(&[("since", "2026-01-02T12:04")], &present).0, present);
        assert_eq!(read(&[("since", "2026-01-02T12:05")], &present).0.since, 1_767_323_100_000_000);
        assert_eq!(read(&[("since", "")], &present).0.since, 0);
    }
}
