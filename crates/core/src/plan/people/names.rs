//! The name on a record: what the channel tells, else a text made from the template; and following a name that changes,
//! as long as the one on the record is ours (R4.36, R4.37, X9).

use super::{Input, PersonState, Written, fields};
use crate::{
    plan::text,
    record::{Module, ModuleProfile, PersonField, PersonFields, PersonRecord},
};

/// The length of a name where the CRM does not tell one.
const USUAL_LENGTH: usize = 80;

/// The name values of a new record, and whether they had to be made from the template.
pub(super) fn of_new(
    person: &PersonState,
    module: Module,
    input: &Input<'_>,
    shown: &str,
) -> (PersonFields, bool) {
    let told = told(person);
    if is_a_name(&told) {
        return (laid_out(&told, module, input), false);
    }
    let channel = &person.conversation.channel;
    let made =
        one_line(&input.settings.name_template.replace("{phone}", shown).replace("{channel}", channel));
    let made = if made.is_empty() { shown } else { &made };
    let profile = input.org.module(module);
    (whole(made, &profile, &name_field(&profile, input)), true)
}

/// What the record should be called by now, if it is to be called otherwise than we called it.
pub(super) fn wanted(
    person: &PersonState,
    written: &Written,
    module: Module,
    input: &Input<'_>,
) -> Option<PersonFields> {
    let told = told(person);
    if !input.settings.rename || !written.is_ours || written.name.is_empty() || !is_a_name(&told) {
        return None;
    }
    let mut wanted = laid_out(&told, module, input);
    // What the new name leaves blank must not keep a piece of the old one.
    for field in written.name.keys() {
        wanted.entry(field.clone()).or_default();
    }
    let is_blank =
        |fields: &PersonFields, field: &PersonField| fields.get(field).is_none_or(String::is_empty);
    let differs = |(field, value): (&PersonField, &String)| {
        written.name.get(field) != Some(value) && !(value.is_empty() && is_blank(&written.name, field))
    };
    wanted.iter().any(differs).then_some(wanted)
}

/// Does the name on the record still say what we wrote, in every field that is to be written too? What we left blank is
/// somebody else's as soon as it is not.
pub(super) fn is_ours(found: &PersonRecord, written: &Written, wanted: &PersonFields) -> bool {
    written.name.keys().chain(wanted.keys()).all(|field| {
        let ours = written.name.get(field).map_or("", String::as_str);
        let theirs = match field {
            PersonField::FirstName => Some(&found.first_name),
            PersonField::LastName => Some(&found.last_name),
            PersonField::Custom(name) => found.extra.get(name),
            _ => None,
        };
        theirs.map_or("", |theirs| theirs.trim()) == ours.trim()
    })
}

/// The name that the channel tells, on one line.
pub(super) fn told(person: &PersonState) -> String {
    person.name.as_deref().map(one_line).unwrap_or_default()
}

fn laid_out(name: &str, module: Module, input: &Input<'_>) -> PersonFields {
    let profile = input.org.module(module);
    let field = name_field(&profile, input);
    if field != PersonField::LastName || profile.holding(&PersonField::FirstName).is_none() {
        return whole(name, &profile, &field);
    }
    let (first, last) = split_name(name);
    let values = [(PersonField::FirstName, first), (PersonField::LastName, last)];
    let shortened = values
        .map(|(field, value)| (field.clone(), text::shorten(value, length(&profile, &field))))
        .into_iter();
    shortened.filter(|(_, value)| !value.is_empty()).collect()
}

/// A name in one field. A record that cannot be without a family name has it there too.
fn whole(name: &str, profile: &ModuleProfile, field: &PersonField) -> PersonFields {
    let needs_last = profile.holding(&PersonField::LastName).is_some_and(|field| field.is_required);
    let mut fields = vec![field.clone()];
    if needs_last && *field != PersonField::LastName {
        fields.push(PersonField::LastName);
    }
    fields.into_iter().map(|field| (field.clone(), text::shorten(name, length(profile, &field)))).collect()
}

fn name_field(profile: &ModuleProfile, input: &Input<'_>) -> PersonField {
    fields::chosen(PersonField::LastName, input.settings.name_field.as_deref(), profile)
}

fn length(profile: &ModuleProfile, field: &PersonField) -> usize {
    let told = match field {
        PersonField::Custom(name) => profile.field(name),
        generic => profile.holding(generic),
    };
    told.map(|field| field.length as usize).filter(|length| *length > 0).unwrap_or(USUAL_LENGTH)
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
