//! Where what chat sync writes can go in an org, and what the org has to be given first.

use crate::{
    plan::{settings::ChatSync, wording},
    record::{EntryKind, FieldProfile, Module, ModuleProfile, OrgProfile, PersonField},
};

/// What people call the field for the link where we make it (R4.17).
pub const LINK_LABEL: &str = "Chat link";

/// Can the number of a new record go there (R4.13)?
pub fn takes_number(field: &FieldProfile) -> bool {
    field.is_createable && field.kind == "phone"
}

/// Can the whole name of a new record go there (R4.14)?
pub fn takes_name(field: &FieldProfile) -> bool {
    field.is_createable && is_text(field)
}

/// Can the lead source of a new record go there (R4.18)?
pub fn takes_source(field: &FieldProfile) -> bool {
    field.is_createable && (is_text(field) || is_list(field))
}

/// Can the link to a conversation go there, without overwriting what says who somebody is (R4.15)?
pub fn takes_link(field: &FieldProfile) -> bool {
    field.is_updateable && field.takes_address() && field.holds.is_none()
}

fn is_text(field: &FieldProfile) -> bool {
    ["string", "text"].contains(&field.kind.as_str())
}

fn is_list(field: &FieldProfile) -> bool {
    field.kind == "picklist"
}

/// The module whose fields a new record fills; where none is made, the one in which it would be.
pub fn new_module(settings: &ChatSync) -> Module {
    settings.new_module().or(settings.module).unwrap_or(Module::Lead)
}

/// Are there leads among the records to which conversations go? Only those are closed, reopened and assigned by rules.
pub fn has_leads(settings: &ChatSync) -> bool {
    settings.modules().contains(&Module::Lead)
}

/// The kinds of entries that the org takes. Nobody knows of others before it is described.
pub fn kinds(org: Option<&OrgProfile>) -> Vec<EntryKind> {
    org.map(|org| org.entries.keys().copied().collect()).unwrap_or_default()
}

/// The modules whose records a person may be linked to by hand, with what people call them.
pub fn linkable(org: Option<&OrgProfile>) -> Vec<(Module, String)> {
    let destinations = org.map_or(&[][..], |org| org.destinations.as_slice());
    let usual = [Module::Contact, Module::Lead].into_iter();
    let usual = usual.filter(|module| destinations.iter().all(|known| known.module != *module));
    let usual = usual
        .filter(|module| org.is_none_or(|org| org.modules.is_empty() || org.modules.contains_key(module)));
    let usual = usual.map(|module| (module, label_of_one(module, org)));
    let chosen = destinations.iter().filter(|known| known.refusal.is_none());
    usual.chain(chosen.map(|known| (known.module, label_of_one(known.module, org)))).collect()
}

/// What people of this org call the records of a module.
pub fn label(module: Module, org: Option<&OrgProfile>) -> String {
    let destination = org.and_then(|org| org.destinations.iter().find(|known| known.module == module));
    let told = destination.map(|known| known.label.clone()).filter(|label| !label.is_empty());
    told.unwrap_or_else(|| label_of_one(module, org))
}

/// What they call one of them.
pub fn label_of_one(module: Module, org: Option<&OrgProfile>) -> String {
    let told = org.and_then(|org| org.modules.get(&module)?.label.clone());
    told.filter(|label| !label.is_empty()).unwrap_or_else(|| {
        let known = org.and_then(|org| org.destinations.iter().find(|known| known.module == module));
        known.map_or_else(|| wording::module(&module).to_owned(), |known| known.label.clone())
    })
}

/// The fields that take the link on every module that is searched, by the first of them.
pub fn link_fields(settings: &ChatSync, org: &OrgProfile) -> Vec<FieldProfile> {
    let mut profiles = settings.modules().into_iter().map(|module| org.module(module));
    let Some(first) = profiles.next() else { return Vec::new() };
    let others: Vec<ModuleProfile> = profiles.collect();
    let is_on_all =
        |field: &FieldProfile| others.iter().all(|other| other.field(&field.name).is_some_and(takes_link));
    first.fields.into_iter().filter(|field| takes_link(field) && is_on_all(field)).collect()
}

/// The field in which new records say where they came from.
pub fn source_field(settings: &ChatSync, org: &OrgProfile) -> Option<FieldProfile> {
    let profile = org.module(new_module(settings));
    let found = match &settings.source_field {
        Some(name) => profile.field(name),
        None => profile.holding(&PersonField::LeadSource),
    };
    found.cloned()
}

/// How the chosen lead source stands in the org (R4.19).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nothing is written, or there is no such field.
    Nothing,
    /// It is among the choices, or any text will do.
    Fits,
    /// It becomes a choice on activation.
    Added,
    /// It is written all the same, without being a choice.
    Raw,
    /// The field takes its choices only: it stays empty.
    LeftOut,
}

/// How the chosen lead source stands in the org. `adds_fields`: choices can be added over the API.
pub fn source(settings: &ChatSync, org: &OrgProfile, adds_fields: bool) -> Source {
    let field = source_field(settings, org);
    let Some(field) = field.filter(|_| !settings.lead_source.trim().is_empty()) else {
        return Source::Nothing;
    };
    let is_choice = field.choices.iter().any(|choice| choice.eq_ignore_ascii_case(&settings.lead_source));
    if is_choice || !is_list(&field) {
        Source::Fits
    } else if adds_fields {
        Source::Added
    } else if field.is_restricted {
        Source::LeftOut
    } else {
        Source::Raw
    }
}

/// What an org has to be given before settings can hold as they are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// A choice in a list.
    Choice {
        /// The module.
        module: Module,
        /// The field, by the CRM's own name.
        field: String,
        /// The choice.
        choice: String,
    },
}

/// What the org has to be given, as far as that can be done over the API.
pub fn needs(settings: &ChatSync, org: &OrgProfile, adds_fields: bool) -> Vec<Need> {
    let Some(module) = settings.new_module() else { return Vec::new() };
    let is_missing = source(settings, org, adds_fields) == Source::Added;
    let field = source_field(settings, org).filter(|_| is_missing);
    let choice = |field: FieldProfile| Need::Choice {
        module,
        field: field.name,
        choice: settings.lead_source.clone(),
    };
    field.map(choice).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Destination;

    fn field(name: &str, kind: &str) -> FieldProfile {
        FieldProfile {
            name: name.into(),
            kind: kind.into(),
            is_createable: true,
            is_updateable: true,
            ..FieldProfile::default()
        }
    }

    fn org() -> OrgProfile {
        let source = FieldProfile {
            holds: Some(PersonField::LeadSource),
            choices: vec!["Web".into()],
            ..field("Lead_Source", "picklist")
        };
        let fields = vec![source, field("Phone", "phone"), field("Chat", "url"), field("Origin", "string")];
        let contact = ModuleProfile { fields: fields.clone(), ..ModuleProfile::default() };
        let lead =
            ModuleProfile { label: Some("Prospect".into()), fields: fields[..2].to_vec(), ..contact.clone() };
        let destination = |module, refusal: Option<&str>| Destination {
            module,
            label: format!("{module}s"),
            refusal: refusal.map(str::to_owned),
        };
        let vendors = Module::other("Vendor").expect("a name");
        OrgProfile {
            modules: [(Module::Contact, contact.clone()), (Module::Lead, lead), (vendors, contact)].into(),
            destinations: vec![
                destination(vendors, None),
                destination(Module::other("Deal").expect("a name"), Some("it has no phone field")),
            ],
            ..OrgProfile::default()
        }
    }

    #[test]
    fn a_lead_source_that_is_no_choice_is_made_one_where_the_crm_can() {
        let new = ChatSync { lead_source: "Causeway".into(), ..ChatSync::default() };
        let known = ChatSync { lead_source: "WEB".into(), ..ChatSync::default() };
        let need =
            Need::Choice { module: Module::Lead, field: "Lead_Source".into(), choice: "Causeway".into() };
        assert_eq!((source(&new, &org(), true), needs(&new, &org(), true)), (Source::Added, vec![need]));
        assert_eq!((source(&known, &org(), true), needs(&known, &org(), true)), (Source::Fits, vec![]));
        assert_eq!((source(&new, &org(), false), needs(&new, &org(), false)), (Source::Raw, vec![]));
        let mut strict = org();
        strict.modules.get_mut(&Module::Lead).expect("leads").fields[0].is_restricted = true;
        assert_eq!(source(&new, &strict, false), Source::LeftOut);
        assert_eq!(source(&new, &strict, true), Source::Added);
    }

    #[test]
    fn a_text_takes_any_lead_source_and_nothing_needs_to_be_made_for_nobody() {
        let text = ChatSync {
            module: Module::other("Vendor"),
            source_field: Some("Origin".into()),
            ..ChatSync::default()
        };
        assert_eq!(source(&text, &org(), true), Source::Fits);
        let off = ChatSync { create: crate::plan::settings::Create::Off, ..ChatSync::default() };
        assert_eq!(needs(&off, &org(), true), vec![]);
        let blank = ChatSync { lead_source: " ".into(), ..ChatSync::default() };
        assert_eq!(source(&blank, &org(), true), Source::Nothing);
    }

    #[test]
    fn a_link_goes_into_fields_that_every_searched_module_has() {
        let names = |settings: &ChatSync| -> Vec<String> {
            link_fields(settings, &org()).into_iter().map(|field| field.name).collect()
        };
        assert_eq!(names(&ChatSync::default()), Vec::<String>::new(), "leads lack it");
        let vendors = ChatSync { module: Module::other("Vendor"), ..ChatSync::default() };
        assert_eq!(names(&vendors), ["Chat", "Origin"]);
    }

    #[test]
    fn people_are_linked_to_records_of_every_module_that_can_take_conversations() {
        let names: Vec<String> = linkable(Some(&org())).into_iter().map(|(_, label)| label).collect();
        assert_eq!(names, ["Contact", "Prospect", "Vendors"]);
        let unknown: Vec<Module> = linkable(None).into_iter().map(|(module, _)| module).collect();
        assert_eq!(unknown, [Module::Contact, Module::Lead]);
    }
}
