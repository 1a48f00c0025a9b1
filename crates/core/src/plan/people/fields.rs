//! What a new record says: a name within the org's lengths, the addresses, the values that the settings give, and
//! the chat link.

use super::{Input, PersonState, chat_link, search};
use crate::{
    address::phone,
    plan::{text, wording},
    record::{FieldProfile, Module, ModuleProfile, OrgProfile, PersonField, PersonFields},
};

/// The values of a new record, and what the trace should say about them.
pub(super) struct NewPerson {
    pub(super) fields: PersonFields,
    pub(super) notes: Vec<String>,
}

/// The length of a name where the CRM does not tell one.
const USUAL_LENGTH: usize = 80;

pub(super) fn new_person(person: &PersonState, module: Module, input: &Input<'_>) -> NewPerson {
    let (settings, profile) = (input.settings, input.org.module(module));
    let mut new = NewPerson { fields: PersonFields::new(), notes: Vec::new() };
    let number = search::phones(person).into_iter().filter(phone::linkable).find_map(|phone| phone.e164);
    let email = search::emails(person).into_iter().next();
    let shown = number.clone().or_else(|| email.clone()).unwrap_or_default();
    let name = person.name.as_deref().map(one_line).unwrap_or_default();
    if is_a_name(&name) {
        let (first, last) = split_name(&name);
        new.put(PersonField::FirstName, text::shorten(first, length(&profile, &PersonField::FirstName)));
        new.put(PersonField::LastName, text::shorten(last, length(&profile, &PersonField::LastName)));
    } else {
        let channel = &person.conversation.channel;
        let made = one_line(&settings.name_template.replace("{phone}", &shown).replace("{channel}", channel));
        let made = if made.is_empty() { shown } else { made };
        new.put(PersonField::LastName, text::shorten(&made, length(&profile, &PersonField::LastName)));
        new.notes.push("the name is made from the template: the profile has none".into());
    }
    new.put(PersonField::Phone, number.unwrap_or_default());
    new.put(PersonField::Email, email.unwrap_or_default());
    if module == Module::Lead {
        let most = length(&profile, &PersonField::Company);
        new.put(PersonField::Company, text::shorten(&settings.company, most));
    }
    new.lead_source(&settings.lead_source, &profile);
    for (name, value) in &settings.new_record_values {
        let field = meaning(name, &profile);
        if !says_who(&field) || !new.fields.contains_key(&field) {
            new.put(field, value.clone());
        }
    }
    new.describe(person, &name, &profile, input);
    new
}

impl NewPerson {
    /// Sets a value; what is blank is left to the CRM.
    fn put(&mut self, field: PersonField, value: String) {
        if !value.trim().is_empty() {
            self.fields.insert(field, value);
        }
    }

    fn lead_source(&mut self, source: &str, profile: &ModuleProfile) {
        let is_refused = profile.holding(&PersonField::LeadSource).is_some_and(|field| {
            field.is_restricted && !field.choices.iter().any(|choice| choice.eq_ignore_ascii_case(source))
        });
        if is_refused {
            self.notes.push(format!("no lead source: \"{source}\" is not among the CRM's choices"));
        } else {
            self.put(PersonField::LeadSource, source.to_owned());
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
    let told = profile.holding(field).map(|field| field.length as usize);
    told.filter(|length| *length > 0).unwrap_or(USUAL_LENGTH)
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

/// A profile "name" of signs, emoji or digits only, or a phone number, tells nobody who this is.
fn is_a_name(name: &str) -> bool {
    name.chars().any(char::is_alphabetic)
}

/// Without line ends, control characters and doubled blanks.
fn one_line(text: &str) -> String {
    let visible: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// First words as the given name, the last word as the family name; one word alone is the family name.
fn split_name(name: &str) -> (&str, &str) {
    name.rsplit_once(' ').unwrap_or(("", name))
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
