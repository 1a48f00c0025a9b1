//! What a new record says: a name within the org's lengths, the addresses, the values that the settings give, and
//! the chat link.

use super::{Input, PersonState, chat_link, names, search};
use crate::{
    address::phone,
    plan::{settings::ChatSync, text, wording},
    record::{FieldProfile, Module, ModuleProfile, OrgProfile, PersonField, PersonFields},
};

/// The values of a new record, and what the trace should say about them.
pub(super) struct NewPerson {
    pub(super) fields: PersonFields,
    /// Those of them that are the name.
    pub(super) name: PersonFields,
    pub(super) notes: Vec<String>,
}

pub(super) fn new_person(person: &PersonState, module: Module, input: &Input<'_>) -> NewPerson {
    let (settings, profile) = (input.settings, input.org.module(module));
    let mut new = NewPerson { fields: PersonFields::new(), name: PersonFields::new(), notes: Vec::new() };
    let number = search::phones(person).into_iter().filter(phone::linkable).find_map(|phone| phone.e164);
    let email = search::emails(person).into_iter().next();
    let shown = number.clone().or_else(|| email.clone()).unwrap_or_default();
    let (name, is_made) = names::of_new(person, module, input, &shown);
    for (field, value) in &name {
        new.put(field.clone(), value.clone());
    }
    if is_made {
        new.notes.push("the name is made from the template: the profile has none".into());
    }
    new.name = name;
    let phone = chosen(PersonField::Phone, settings.phone_field.as_deref(), &profile);
    new.put(phone, number.unwrap_or_default());
    new.put(PersonField::Email, email.unwrap_or_default());
    if module == Module::Lead {
        let most = length(&profile, &PersonField::Company);
        new.put(PersonField::Company, text::shorten(&settings.company, most));
    }
    new.lead_source(settings, &profile);
    for (name, value) in &settings.new_record_values {
        let field = meaning(name, &profile);
        if !says_who(&field) || !new.fields.contains_key(&field) {
            new.put(field, value.clone());
        }
    }
    new.describe(person, &names::told(person), &profile, input);
    new
}

impl NewPerson {
    /// Sets a value; what is blank is left to the CRM.
    fn put(&mut self, field: PersonField, value: String) {
        if !value.trim().is_empty() {
            self.fields.insert(field, value);
        }
    }

    fn lead_source(&mut self, settings: &ChatSync, profile: &ModuleProfile) {
        let source = &settings.lead_source;
        let place = chosen(PersonField::LeadSource, settings.source_field.as_deref(), profile);
        let is_refused = described(&place, profile).is_some_and(|field| {
            field.is_restricted && !field.choices.iter().any(|choice| choice.eq_ignore_ascii_case(source))
        });
        if is_refused {
            self.notes.push(format!("no lead source: \"{source}\" is not among the CRM's choices"));
        } else {
            self.put(place, source.clone());
        }
    }

    /// The chat link where it belongs; and a name that does not stand whole in its fields stands in the description.
    fn describe(&mut self, person: &PersonState, name: &str, profile: &ModuleProfile, input: &Input<'_>) {
        let url = &person.conversation.chat_url;
        let link = wording::chat_link(&person.conversation.channel, url);
        let mut lines: Vec<String> =
            self.fields.get(&PersonField::Description).cloned().into_iter().collect();
        match &input.settings.link_field {
            Some(field) if chat_link::holds_link(profile, field, url, |field| field.is_createable) => {
                self.put(PersonField::Custom(field.clone()), url.clone());
            }
            Some(field) => self.notes.push(format!("no chat link: {field} cannot take it")),
            None => lines.push(link),
        }
        let value = |field| self.fields.get(field).map_or("", String::as_str);
        let written = format!("{} {}", value(&PersonField::FirstName), value(&PersonField::LastName));
        if !name.is_empty() && written.trim() != name {
            lines.push(format!("Name: {name}"));
        }
        let most =
            profile.holding(&PersonField::Description).map_or(usize::MAX, |field| field.length as usize);
        while text::units(&lines.join("\n")) > most && lines.pop().is_some() {}
        self.put(PersonField::Description, lines.join("\n"));
    }
}

fn length(profile: &ModuleProfile, field: &PersonField) -> usize {
    profile
        .holding(field)
        .map(|field| field.length as usize)
        .filter(|length| *length > 0)
        .unwrap_or(usize::MAX)
}

/// Where a value goes: the field that was chosen for it, or the usual one.
pub(super) fn chosen(usual: PersonField, name: Option<&str>, profile: &ModuleProfile) -> PersonField {
    name.map_or(usual, |name| meaning(name, profile))
}

fn described<'a>(field: &PersonField, profile: &'a ModuleProfile) -> Option<&'a FieldProfile> {
    match field {
        PersonField::Custom(name) => profile.field(name),
        generic => profile.holding(generic),
    }
}

/// What says who the person is comes from the channel; a setting only fills a gap.
fn says_who(field: &PersonField) -> bool {
    use PersonField::{Email, FirstName, LastName, Phone};
    matches!(field, FirstName | LastName | Phone | Email)
}

/// Which of a person's values the CRM's field holds.
fn meaning(name: &str, profile: &ModuleProfile) -> PersonField {
    let known = profile.field(name).and_then(|field| field.holds.clone());
    known.unwrap_or_else(|| PersonField::Custom(name.to_owned()))
}

/// Labels of required fields that would be left without a value.
pub(super) fn missing(fields: &PersonFields, module: Module, org: &OrgProfile) -> Vec<String> {
    let given = |field: &FieldProfile| {
        fields.iter().filter(|(_, value)| !value.trim().is_empty()).any(|(key, _)| match key {
            PersonField::Custom(name) => name.eq_ignore_ascii_case(&field.name),
            generic => field.holds.as_ref() == Some(generic),
        })
    };
    let profile = org.module(module);
    let required = profile.fields.iter().filter(|field| field.is_required && field.is_createable);
    required.filter(|field| !given(field)).map(|field| field.label.clone()).collect()
}
