//! The form in which a workspace chooses what a panel shows: what was typed, what a button of it does, and the choice
//! that it stands for.

use std::collections::BTreeMap;

use causeway_core::{
    panel::{
        settings::{MODULES, PanelField, PanelSettings, is_showable, usual},
        show,
    },
    record::{FieldProfile, Module, OrgProfile},
    rights::{ROLES, Role},
};
use causeway_pages::panel::{FieldRow, Fields, ModuleFields, Org, PhoneField};

use crate::store::panel::{Chosen, Panel};

/// The form as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    is_on: bool,
    is_literal: bool,
    pub(super) cache_seconds: String,
    rows: Vec<(Module, String, Vec<Role>)>,
    phones: Vec<String>,
    pub(super) revision: i64,
}

impl Typed {
    /// As it is stored.
    pub(super) fn of(panel: &Panel, org: &OrgProfile) -> Self {
        let settings = &panel.settings;
        let rows = settings.fields_in(org).into_iter();
        Self {
            is_on: panel.is_on,
            is_literal: settings.literal,
            cache_seconds: settings.cache_seconds.to_string(),
            rows: rows
                .map(|field| (field.module, field.name, field.roles.unwrap_or_else(|| ROLES.to_vec())))
                .collect(),
            phones: phone_fields(org)
                .filter(|field| settings.searches(&field.name))
                .map(|f| f.name.clone())
                .collect(),
            revision: panel.revision,
        }
    }

    /// As it was sent, and after the button that was pressed. `false`: it was not the one that saves.
    pub(super) fn read(pairs: &[(String, String)]) -> (Self, bool) {
        let mut roles: BTreeMap<&str, Vec<Role>> = BTreeMap::new();
        let mut adds: BTreeMap<&str, &str> = BTreeMap::new();
        let mut typed = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "on" => typed.is_on = true,
                "literal" => typed.is_literal = true,
                "cache_seconds" => typed.cache_seconds.clone_from(value),
                "revision" => typed.revision = value.parse().unwrap_or(0),
                "phone" => typed.phones.push(value.clone()),
                "field" => {
                    typed.rows.extend(key(value).map(|(module, name)| (module, name.to_owned(), Vec::new())))
                }
                name => {
                    if let Some(key) = name.strip_prefix("roles.") {
                        roles.entry(key).or_default().extend(Role::named(value));
                    } else if let Some(module) = name.strip_prefix("add.") {
                        adds.insert(module, value);
                    }
                }
            }
        }
        for (module, name, seen_by) in &mut typed.rows {
            let ticked = roles.remove(format!("{}.{name}", module.name()).as_str()).unwrap_or_default();
            *seen_by = ROLES.iter().copied().filter(|role| ticked.contains(role)).collect();
        }
        let pressed =
            pairs.iter().find(|(name, _)| name == "do").and_then(|(_, value)| value.split_once(':'));
        if let Some((what, which)) = pressed {
            typed.press(what, which, &adds);
        }
        (typed, pressed.is_none())
    }

    fn press(&mut self, what: &str, which: &str, adds: &BTreeMap<&str, &str>) {
        if what == "add" {
            let module = MODULES.into_iter().find(|module| module.name() == which);
            let added = module.zip(adds.get(which).filter(|name| !name.is_empty()));
            self.rows.extend(added.map(|(module, name)| (module, (*name).to_owned(), ROLES.to_vec())));
            return;
        }
        let Some((module, name)) = key(which) else { return };
        let Some(at) = self.rows.iter().position(|row| row.0 == module && row.1 == name) else { return };
        let beside =
            |mut places: Box<dyn Iterator<Item = usize>>| places.find(|place| self.rows[*place].0 == module);
        let other = match what {
            "up" => beside(Box::new((0..at).rev())),
            "down" => beside(Box::new(at + 1..self.rows.len())),
            "drop" => {
                self.rows.remove(at);
                None
            }
            _ => None,
        };
        if let Some(other) = other {
            self.rows.swap(at, other);
        }
    }

    /// The choice; `None` when the seconds are no number. What is as it usually is follows the org from then on.
    pub(super) fn chosen(&self, org: &OrgProfile) -> Option<Chosen> {
        let fields: Vec<PanelField> = self
            .rows
            .iter()
            .map(|(module, name, roles)| PanelField {
                module: *module,
                name: name.clone(),
                roles: (roles.len() < ROLES.len()).then(|| roles.clone()),
            })
            .collect();
        let searches_all = phone_fields(org).all(|field| self.searches(field));
        let settings = PanelSettings {
            fields: (fields != usual(org)).then_some(fields),
            literal: self.is_literal,
            cache_seconds: self.cache_seconds.trim().parse().ok()?,
            phone_fields: (!searches_all).then(|| self.phones.clone()),
        };
        Some(Chosen { is_on: self.is_on, settings, revision: self.revision })
    }

    fn searches(&self, field: &FieldProfile) -> bool {
        self.phones.iter().any(|name| name.eq_ignore_ascii_case(&field.name))
    }

    /// As the page shows it.
    pub(super) fn shown(&self, shown: Org, org: &OrgProfile) -> Fields {
        let phones = phone_fields(org).map(|field| PhoneField {
            name: field.name.clone(),
            label: field.label.clone(),
            is_searched: self.searches(field),
        });
        Fields {
            org: shown,
            is_on: self.is_on,
            is_literal: self.is_literal,
            cache_seconds: self.cache_seconds.clone(),
            modules: MODULES.into_iter().map(|module| self.module(module, org)).collect(),
            phones: phones.collect(),
            revision: self.revision,
            ..Fields::default()
        }
    }

    fn module(&self, module: Module, org: &OrgProfile) -> ModuleFields {
        let profile = org.module(module);
        let chosen = || self.rows.iter().filter(move |row| row.0 == module);
        let rows = chosen().map(|(_, name, roles)| {
            let known = profile.field(name);
            FieldRow {
                name: name.clone(),
                label: known.map_or_else(|| name.clone(), show::label),
                // A path through a parent ("Account.Name") is no field of the module.
                is_missing: known.is_none() && !name.contains('.'),
                roles: roles.clone(),
            }
        });
        let is_other = |field: &&FieldProfile| {
            is_showable(field) && chosen().all(|(_, name, _)| !name.eq_ignore_ascii_case(&field.name))
        };
        let others = profile.fields.iter().filter(is_other);
        let mut others: Vec<_> = others.map(|field| (field.name.clone(), show::label(field))).collect();
        others.sort_by_key(|(_, label)| label.to_lowercase());
        ModuleFields { module, rows: rows.collect(), others }
    }
}

/// The module and the field that a name in the form stands for.
fn key(text: &str) -> Option<(Module, &str)> {
    let (module, name) = text.split_once('.')?;
    let module = MODULES.into_iter().find(|known| known.name() == module)?;
    (!name.is_empty()).then_some((module, name))
}

/// The phone fields of the org that can be searched, each name once.
fn phone_fields(org: &OrgProfile) -> impl Iterator<Item = &FieldProfile> {
    let all =
        MODULES.into_iter().filter_map(|module| org.modules.get(&module)).flat_map(|module| &module.fields);
    let mut seen: Vec<String> = Vec::new();
    all.filter(|field| field.kind == "phone" && field.is_filterable).filter(move |field| {
        let name = field.name.to_lowercase();
        let is_new = !seen.contains(&name);
        seen.push(name);
        is_new
    })
}
