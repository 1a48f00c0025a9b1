//! Asking for people by what they are reached at: first exactly, over everything that was ever written, then by digits.
//!
//! COQL compares what is stored and sees what was written a moment ago, but a phone field is free text: every spelling that
//! our phone module knows is asked for, over every phone field. A search finds other punctuation too; how it folds it is
//! undocumented and its index is minutes late. So a ladder of digits (with the country code, without it, the last nine) is
//! searched where no query brought the number, and adds candidates only. Nothing here decides.
//! <https://www.zoho.com/crm/developer/docs/api/v8/search-records.html>

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    coql, modules, person, verdict,
    wire::{self, Page},
};
use crate::{
    address::phone::{self, Phone, Strength},
    call::PanelFields,
    crm::{Org, Request, Response},
    lane::{HoldReason, Verdict, Who},
    record::{Module, ModuleProfile, PersonRecord},
};

/// How many digits at the end of a number the last rung of the ladder has.
const LAST: usize = 9;

/// The fewest digits that a search takes.
const FEWEST: usize = 3;

/// What to look for, and where.
pub(super) struct Search<'a> {
    pub(super) org: &'a Org,
    pub(super) modules: Vec<Module>,
    pub(super) phones: &'a [Phone],
    pub(super) emails: &'a [String],
    /// Texts that phone fields have exactly so.
    pub(super) texts: &'a [String],
    /// The phone fields to look in; `None`: all.
    pub(super) phone_fields: Option<&'a [String]>,
    /// Further fields to read.
    pub(super) extra: &'a PanelFields,
}

/// One request of a search.
pub(super) enum Ask {
    /// A query by this condition.
    Query(Module, String),
    /// A search for these digits of the phone at that place.
    Digits(Module, usize, String),
    /// A search for the address at that place.
    Email(Module, usize),
}

impl Ask {
    pub(super) fn module(&self) -> Module {
        match self {
            Self::Query(module, _) | Self::Digits(module, ..) | Self::Email(module, _) => *module,
        }
    }
}

impl<'a> Search<'a> {
    /// Every request that may be needed, in order.
    pub(super) fn asks(&self) -> Vec<Ask> {
        let places: Vec<_> = self
            .modules
            .iter()
            .filter_map(|module| Some((*module, person::profile(self.org, *module)?)))
            .collect();
        let mut asks = Vec::new();
        for (module, profile) in &places {
            let conditions = self.conditions(profile);
            let groups = conditions.chunks(coql::CONDITIONS);
            asks.extend(groups.map(|group| Ask::Query(*module, coql::any(group))));
        }
        for (place, phone) in self.phones.iter().enumerate() {
            for digits in rungs(phone) {
                let among = places.iter().filter(|(_, profile)| !self.phone_names(profile).is_empty());
                asks.extend(among.map(|(module, _)| Ask::Digits(*module, place, digits.clone())));
            }
        }
        for place in 0..self.emails.len() {
            let among =
                places.iter().filter(|(_, profile)| !person::fields_of_kind(profile, "email").is_empty());
            asks.extend(among.map(|(module, _)| Ask::Email(*module, place)));
        }
        asks
    }

    /// The first request at this step or behind it that what was found so far leaves necessary.
    pub(super) fn next<'p>(
        &self,
        step: u32,
        found: &(impl Iterator<Item = &'p PersonRecord> + Clone),
    ) -> Option<(u32, Ask)> {
        let steps = (0..).zip(self.asks()).skip(usize::try_from(step).unwrap_or(usize::MAX));
        steps.into_iter().find(|(_, ask)| self.is_needed(ask, found.clone()))
    }

    /// A search is not, where a query brought its number or address in the same module or in one that goes before it.
    fn is_needed<'p>(&self, ask: &Ask, mut found: impl Iterator<Item = &'p PersonRecord>) -> bool {
        let rank = |module: &Module| self.modules.iter().position(|known| known == module);
        let counts = |person: &PersonRecord| rank(&person.record.module) <= rank(&ask.module());
        let is_there = match ask {
            Ask::Query(..) => false,
            Ask::Digits(_, place, _) => self.phones.get(*place).is_some_and(|phone| {
                found.any(|person| {
                    counts(person) && person.phones.iter().any(|(_, theirs)| is_same(phone, theirs))
                })
            }),
            Ask::Email(_, place) => self.emails.get(*place).is_some_and(|email| {
                let is_same = |theirs: &String| theirs.trim().eq_ignore_ascii_case(email.trim());
                found.any(|person| counts(person) && person.emails.iter().any(is_same))
            }),
        };
        !is_there
    }

    pub(super) fn request(&self, ask: &Ask, from: usize) -> Request {
        let module = ask.module();
        let Some(profile) = person::profile(self.org, module) else { return wire::idle(self.org) };
        let fields = person::selected(profile, self.extra_of(module));
        let name = modules::api_name(&module);
        let search = |by: &str, value: &str| {
            let (fields, rows) = (fields.join(","), wire::ROWS.to_string());
            let query = [(by, value), ("fields", &fields), ("per_page", &rows)];
            wire::get(self.org, &format!("{name}/search"), &query)
        };
        match ask {
            Ask::Query(_, condition) => {
                let columns: Vec<_> =
                    fields.iter().filter(|name| can_be_queried(profile, name)).cloned().collect();
                coql::request(self.org, &coql::select(&columns, name, condition, from))
            }
            Ask::Digits(_, _, digits) => search("phone", digits),
            Ask::Email(_, place) => search("email", self.emails.get(*place).map_or("", String::as_str)),
        }
    }

    /// What an answer brought. A search that Zoho cannot make sense of adds nobody: a term that it dislikes must not keep
    /// everybody else from being found.
    pub(super) fn page(ask: &Ask, response: &Response) -> Result<Page, Verdict> {
        match (wire::page(response, "data"), ask) {
            (Ok(page), Ask::Query(..)) => Ok(page),
            (Ok(page), _) => Ok(Page { goes_on: false, ..page }),
            (Err(_), Ask::Digits(..) | Ask::Email(..)) if is_disliked(response) => Ok(Page::default()),
            (Err(verdict), _) => Err(verdict),
        }
    }

    pub(super) fn decode(&self, module: Module, rows: &[Value]) -> Vec<PersonRecord> {
        let Some(profile) = person::profile(self.org, module) else { return Vec::new() };
        rows.iter().filter_map(|row| person::decode(profile, module, row, &[])).collect()
    }

    pub(super) fn extra_of(&self, module: Module) -> &'a [String] {
        self.extra.get(&module).map(Vec::as_slice).unwrap_or_default()
    }

    fn phone_names<'p>(&self, profile: &'p ModuleProfile) -> Vec<&'p str> {
        let is_chosen = |field: &&str| {
            self.phone_fields.is_none_or(|names| names.iter().any(|name| name.eq_ignore_ascii_case(field)))
        };
        person::fields_of_kind(profile, "phone").into_iter().filter(is_chosen).collect()
    }

    /// Conditions over all spellings and addresses.
    fn conditions(&self, profile: &ModuleProfile) -> Vec<String> {
        let spellings = self.phones.iter().flat_map(phone::spellings).chain(self.texts.iter().cloned());
        let spellings: Vec<_> = distinct(spellings);
        let emails = distinct(self.emails.iter().cloned());
        let mut conditions = Vec::new();
        for (fields, values) in
            [(self.phone_names(profile), &spellings), (person::fields_of_kind(profile, "email"), &emails)]
        {
            conditions.extend(fields.into_iter().flat_map(|field| coql::among(field, values)));
        }
        conditions
    }
}

fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    values.filter(|value| !value.is_empty() && seen.insert(value.clone())).collect()
}

/// The digits to search for, one after the other; none where they are too few to say anything.
fn rungs(phone: &Phone) -> Vec<String> {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let Some(key) = phone.e164.as_ref().or_else(|| phone.match_keys.first()) else {
        let weak = phone
            .weak_digits
            .clone()
            .filter(|weak| weak.len() >= FEWEST && weak.bytes().all(|b| b.is_ascii_digit()));
        return weak.into_iter().collect();
    };
    let whole = digits(key);
    let last = whole.len().checked_sub(LAST).and_then(|from| whole.get(from..)).map(str::to_owned);
    let mut rungs: Vec<String> = Vec::new();
    for rung in [Some(whole), phone::national(key), last].into_iter().flatten() {
        if rung.len() >= FEWEST && !rungs.contains(&rung) {
            rungs.push(rung);
        }
    }
    // At home some numbers are dialled by other digits (an Argentine mobile by 15, a Brazilian one without its ninth).
    for dialled in phone::search_digits(phone) {
        if !rungs.iter().any(|rung| dialled.ends_with(rung.as_str())) {
            rungs.push(dialled[dialled.len().saturating_sub(LAST)..].to_owned());
        }
    }
    rungs
}

/// Can a query have it as a column? One that it cannot have (a subform, a file) would make it refuse the whole.
fn can_be_queried(profile: &ModuleProfile, name: &str) -> bool {
    const PLAIN: [&str; 16] = [
        "string",
        "textarea",
        "url",
        "email",
        "phone",
        "boolean",
        "int",
        "long",
        "double",
        "percent",
        "currency",
        "date",
        "datetime",
        "picklist",
        "multipicklist",
        "reference",
    ];
    profile.field(name).is_none_or(|field| PLAIN.contains(&field.kind.as_str()))
}

/// Is it surely that number?
fn is_same(phone: &Phone, theirs: &str) -> bool {
    phone::compare(phone, theirs, None, None).is_some_and(|strength| strength <= Strength::National)
}

pub(super) fn is_disliked(response: &Response) -> bool {
    const DISLIKED: [&str; 3] = ["INVALID_DATA", "INVALID_QUERY", "PATTERN_NOT_MATCHED"];
    wire::is_refused_with(response, &DISLIKED)
}

/// Nothing can be asked: the fields that would have to be compared are hidden.
pub(super) fn blind() -> Verdict {
    verdict::hold(
        HoldReason::NoPermission,
        Who::CrmAdmin,
        "The connected Zoho user sees no phone or e-mail field by which this person could be found. A Zoho CRM administrator \
         has to make them visible in the user's profile",
    )
}
