//! What was read for a contact, before anybody's role: kept for a while, and shown to each by their own.

use std::collections::BTreeMap;

use super::{
    matching::{How, NearReason, Searched},
    settings::{PanelSettings, is_showable},
    show::{self, Choice},
    view::{Age, Because, Candidate, Matched, Named, Near, NoMatch, Several, Stale, View},
};
use crate::{
    call::{PanelFields, PanelRecord},
    record::{FieldProfile, Module, ModuleProfile, OrgProfile, PersonField, RecordRef},
    rights::Role,
    time::Timestamp,
};

/// Most records that are offered for choosing.
const MOST_CANDIDATES: usize = 10;

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// When.
    pub read_at: Timestamp,
    /// What.
    pub content: Content,
    /// The record that the contact was linked to, if it is gone and was searched anew.
    pub lost_link: Option<RecordRef>,
}

/// The content of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// One record.
    One(Box<One>),
    /// Several, and how many more there are.
    Several(Vec<Candidate>, usize),
    /// None.
    None(Vec<Searched>, Vec<Near>),
}

/// One record, with the fields of all roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct One {
    /// Which.
    pub record: RecordRef,
    name: String,
    url: String,
    choices: Vec<Choice>,
    account: Option<Named>,
    owner: Option<Named>,
    how: How,
    conflict: Vec<Candidate>,
}

/// The records that were read, with what it takes to show them.
#[derive(Clone, Copy)]
pub struct Showcase<'a> {
    /// The choices of the workspace.
    pub settings: &'a PanelSettings,
    /// The org.
    pub org: &'a OrgProfile,
    /// The records by what they are.
    pub records: &'a BTreeMap<RecordRef, PanelRecord>,
    /// Where a person looks at a record.
    pub url: &'a dyn Fn(&RecordRef) -> String,
}

/// The fields to read of each kind of record: the chosen ones, and those that tell company and owner.
pub fn fields(settings: &PanelSettings, org: &OrgProfile) -> PanelFields {
    let mut fields = PanelFields::new();
    for module in super::settings::MODULES {
        let profile = org.module(module);
        let always = [account_field(&profile), profile.holding(&PersonField::Owner)];
        let names: Vec<String> = always.into_iter().flatten().map(|field| field.name.clone()).collect();
        fields.insert(module, names);
    }
    for chosen in settings.fields_in(org) {
        let field = org.module(chosen.module).field(&chosen.name).cloned();
        if field.is_some_and(|field| !is_showable(&field)) {
            continue;
        }
        let names = fields.entry(chosen.module).or_default();
        if names.iter().all(|name| !name.eq_ignore_ascii_case(&chosen.name)) {
            names.push(chosen.name);
        }
    }
    fields
}

fn account_field(profile: &ModuleProfile) -> Option<&FieldProfile> {
    profile.holding(&PersonField::Account).or_else(|| profile.holding(&PersonField::Company))
}

impl Showcase<'_> {
    /// One record; `None` if it is not among those that were read.
    pub fn one(&self, record: &RecordRef, how: How, conflict: &[(RecordRef, How)]) -> Option<Content> {
        let found = self.records.get(record)?;
        let profile = self.org.module(record.module);
        Some(Content::One(Box::new(One {
            record: record.clone(),
            name: found.person.name.clone(),
            url: (self.url)(record),
            choices: show::choices(self.settings, self.org, found),
            account: self.beside(account_field(&profile), found),
            owner: self.beside(profile.holding(&PersonField::Owner), found),
            how,
            conflict: conflict.iter().filter_map(|(record, how)| self.candidate(record, how)).collect(),
        })))
    }

    /// Several records, the one changed last first.
    pub fn several(&self, matches: &[(RecordRef, How)]) -> Content {
        let mut all: Vec<_> =
            matches.iter().filter_map(|(record, how)| self.candidate(record, how)).collect();
        all.sort_by(|a, b| b.modified_at.cmp(&a.modified_at).then_with(|| a.record.cmp(&b.record)));
        let more = all.len().saturating_sub(MOST_CANDIDATES);
        all.truncate(MOST_CANDIDATES);
        Content::Several(all, more)
    }

    /// None, and what comes near.
    pub fn none(&self, searched: Vec<Searched>, near: Vec<(RecordRef, NearReason)>) -> Content {
        let near = near.into_iter().filter_map(|(record, reason)| {
            let name = self.records.get(&record)?.person.name.clone();
            Some(Near { url: (self.url)(&record), record, name, reason })
        });
        Content::None(searched, near.collect())
    }

    fn candidate(&self, record: &RecordRef, how: &How) -> Option<Candidate> {
        let found = self.records.get(record)?;
        let profile = self.org.module(record.module);
        let name_in = |field| value_of(field, found).map(|named| named.name);
        Some(Candidate {
            record: record.clone(),
            name: found.person.name.clone(),
            url: (self.url)(record),
            account: name_in(account_field(&profile)),
            owner: name_in(profile.holding(&PersonField::Owner)),
            modified_at: found.person.modified_at,
            how: how.clone(),
        })
    }

    /// A value beside the chosen fields; none if it is one of them, whoever sees it.
    fn beside(&self, field: Option<&FieldProfile>, found: &PanelRecord) -> Option<Named> {
        let module: Module = found.person.record.module;
        let is_chosen = |name: &str| {
            let mut chosen = self.settings.fields_in(self.org).into_iter();
            chosen.any(|chosen| chosen.module == module && chosen.name.eq_ignore_ascii_case(name))
        };
        value_of(field.filter(|field| !is_chosen(&field.name)), found)
    }
}

fn value_of(field: Option<&FieldProfile>, found: &PanelRecord) -> Option<Named> {
    let field = field?;
    let shown = show::shown(&field.kind, found.values.get(&field.name)?, None)?;
    Some(Named { label: show::label(field), name: shown.text() })
}

impl Loaded {
    /// The panel for a role.
    pub fn view(&self, role: Role, now: Timestamp, cache_seconds: u32) -> View {
        let age = self.age(now, cache_seconds);
        let lost_link = self.lost_link.clone();
        match &self.content {
            Content::One(one) => View::Matched(one.matched(role, age, lost_link)),
            Content::Several(candidates, more) => {
                View::Several(Several { candidates: candidates.clone(), more: *more, lost_link, age })
            }
            Content::None(searched, near) => {
                View::NoMatch(NoMatch { searched: searched.clone(), near: near.clone(), lost_link, age })
            }
        }
    }

    /// What was last read, when nothing newer can be had; `None` unless it was one record.
    pub fn stale(&self, role: Role, now: Timestamp, because: Because) -> Option<View> {
        let Content::One(one) = &self.content else { return None };
        let last = one.matched(role, self.age(now, 0), self.lost_link.clone());
        Some(View::Stale(Stale { last, because }))
    }

    fn age(&self, now: Timestamp, cache_seconds: u32) -> Age {
        let seconds = now.since(self.read_at).as_secs();
        Age { read_at: self.read_at, seconds, fresh_for: u64::from(cache_seconds).saturating_sub(seconds) }
    }
}

impl One {
    fn matched(&self, role: Role, age: Age, lost_link: Option<RecordRef>) -> Matched {
        Matched {
            record: self.record.clone(),
            name: self.name.clone(),
            url: self.url.clone(),
            fields: show::visible(&self.choices, role),
            account: self.account.clone(),
            owner: self.owner.clone(),
            how: self.how.clone(),
            conflict: self.conflict.clone(),
            lost_link,
            age,
        }
    }
}
