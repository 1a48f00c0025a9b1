//! Where conversations go, as what, and into which fields: can the org do it?

use causeway_core::{
    plan::{
        compose::title,
        places::{self, takes_name, takes_number, takes_source},
        settings::ChatSync,
    },
    record::{FieldProfile, OrgProfile, PersonField},
};

use super::Problem;

/// What the org cannot do of the chosen module, kind, title and fields.
pub(super) fn check(settings: &ChatSync, org: &OrgProfile) -> Vec<Problem> {
    let fields = [
        ("phone_field", &settings.phone_field, takes_number as fn(&FieldProfile) -> bool, "a phone field"),
        ("name_field", &settings.name_field, takes_name, "a text field"),
        ("source_field", &settings.source_field, takes_source, "a text or a list to choose from"),
    ];
    let fields = fields.into_iter().filter_map(|(setting, chosen, fits, wanted)| {
        let what = field_problem(chosen.as_deref()?, settings, org, fits, wanted)?;
        Some(Problem::new(setting, what))
    });
    module(settings, org)
        .into_iter()
        .chain(kind(settings, org))
        .chain(title(settings))
        .chain(number(settings, org))
        .chain(source(settings, org))
        .chain(fields)
        .collect()
}

fn module(settings: &ChatSync, org: &OrgProfile) -> Option<Problem> {
    let module = settings.module?;
    let found = org.destinations.iter().find(|known| known.module == module);
    let module = places::label(module, Some(org));
    let what = match found.map(|known| &known.refusal) {
        Some(None) => return None,
        Some(Some(refusal)) => format!("conversations cannot go to {module}: {refusal}"),
        None => format!("the org has no module {module} that conversations could go to"),
    };
    Some(Problem::new("module", what))
}

fn kind(settings: &ChatSync, org: &OrgProfile) -> Option<Problem> {
    let is_known = org.entries.is_empty() || org.entries.contains_key(&settings.entry);
    (!is_known).then(|| {
        Problem::new("entry", format!("the CRM does not take conversations as {}s", settings.entry.module()))
    })
}

fn title(settings: &ChatSync) -> Option<Problem> {
    let unknown = title::unknown(&settings.title_template);
    let names = title::NAMES.map(|name| format!("{{{name}}}")).join(", ");
    (!unknown.is_empty()).then(|| {
        let what = format!(
            "nothing fills in {}; known are {names} and the day, as in {{DD/MM/YYYY}}",
            unknown.join(", ")
        );
        Problem::new("title_template", what)
    })
}

/// Nothing is cut: a lead source that is too long would be refused with every new record.
fn source(settings: &ChatSync, org: &OrgProfile) -> Option<Problem> {
    settings.new_module()?;
    let field = places::source_field(settings, org).filter(|field| field.length > 0)?;
    let (length, most) = (settings.lead_source.chars().count(), field.length as usize);
    (length > most).then(|| {
        let what = format!("`{}` takes at most {most} characters; this has {length}", field.name);
        Problem::new("lead_source", what)
    })
}

/// New records are made in one module, and the fields must be there.
fn field_problem(
    name: &str,
    settings: &ChatSync,
    org: &OrgProfile,
    fits: fn(&FieldProfile) -> bool,
    wanted: &str,
) -> Option<String> {
    let module = settings.new_module()?;
    let (profile, module) = (org.module(module), places::label(module, Some(org)));
    match profile.field(name) {
        None => Some(format!("there is no field `{name}` on {module} that the acting user sees")),
        Some(found) if !found.is_createable => {
            Some(format!("the acting user may not set `{name}` on a new {module}"))
        }
        Some(found) if !fits(found) => {
            Some(format!("`{name}` on the {module} is of the kind {}; it has to be {wanted}", found.kind))
        }
        Some(_) => None,
    }
}

/// Where the module has no usual field for the number, one has to be chosen: nobody is found without it.
fn number(settings: &ChatSync, org: &OrgProfile) -> Option<Problem> {
    let module = settings.module.filter(|_| settings.phone_field.is_none())?;
    let profile = org.modules.get(&module).filter(|_| settings.new_module().is_some())?;
    let has_usual = profile.holding(&PersonField::Phone).is_some();
    let names: Vec<&str> =
        profile.fields.iter().filter(|field| takes_number(field)).map(|field| field.name.as_str()).collect();
    (!has_usual && !names.is_empty()).then(|| {
        let what = format!("choose the field of the {module} that takes the number: {}", names.join(", "));
        Problem::new("phone_field", what)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use causeway_core::record::{Destination, EntryKind, EntryProfile, Module, ModuleProfile};

    use super::*;

    fn org() -> OrgProfile {
        let field = |name: &str, kind: &str| FieldProfile {
            name: name.into(),
            kind: kind.into(),
            is_createable: true,
            ..FieldProfile::default()
        };
        let usual = FieldProfile { holds: Some(PersonField::Phone), ..field("Phone", "phone") };
        let fields =
            vec![usual, field("Mobile", "phone"), field("Nickname", "string"), field("Origin", "picklist")];
        let destination = |name: &str, refusal: Option<&str>| Destination {
            module: Module::other(name).expect("a name"),
            label: name.into(),
            refusal: refusal.map(str::to_owned),
        };
        OrgProfile {
            modules: BTreeMap::from([(
                Module::other("Vendors").expect("a name"),
                ModuleProfile { fields, ..ModuleProfile::default() },
            )]),
            entries: BTreeMap::from([(EntryKind::Note, EntryProfile::default())]),
            destinations: vec![
                destination("Vendors", None),
                destination("Deals", Some("it has no phone field")),
            ],
            ..OrgProfile::default()
        }
    }

    fn chosen() -> ChatSync {
        ChatSync { module: Module::other("Vendors"), entry: EntryKind::Note, ..ChatSync::default() }
    }

    fn problems(settings: &ChatSync) -> Vec<(String, String)> {
        check(settings, &org()).into_iter().map(|problem| (problem.field, problem.what)).collect()
    }

    #[test]
    fn a_module_that_cannot_take_conversations_is_refused_with_the_reason() {
        assert_eq!(problems(&chosen()), []);
        for (name, said) in [("Deals", "no phone field"), ("Nothing", "has no module Nothing")] {
            let found = problems(&ChatSync { module: Module::other(name), ..chosen() });
            assert!(found[0].0 == "module" && found[0].1.contains(said), "{found:?}");
        }
    }

    #[test]
    fn a_kind_that_the_crm_does_not_take_and_an_unknown_name_in_the_title_are_refused() {
        assert_eq!(problems(&ChatSync { entry: EntryKind::Task, ..chosen() })[0].0, "entry");
        let found = problems(&ChatSync { title_template: "{nmae}".into(), ..chosen() });
        assert!(found[0].0 == "title_template" && found[0].1.contains("{nmae}"), "{found:?}");
    }

    #[test]
    fn each_field_is_of_its_kind() {
        let fitting = ChatSync {
            phone_field: Some("Mobile".into()),
            name_field: Some("Nickname".into()),
            source_field: Some("Origin".into()),
            ..chosen()
        };
        assert_eq!(problems(&fitting), []);
        let odd = ChatSync {
            phone_field: Some("Origin".into()),
            name_field: Some("Mobile".into()),
            source_field: Some("Mobile".into()),
            ..chosen()
        };
        let fields: Vec<String> = problems(&odd).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["phone_field", "name_field", "source_field"]);
        assert!(
            problems(&ChatSync { phone_field: Some("Fax".into()), ..chosen() })[0].1.contains("no field")
        );
    }

    #[test]
    fn a_lead_source_longer_than_its_field_is_refused_with_both_lengths() {
        let mut org = org();
        let vendors = org.modules.get_mut(&Module::other("Vendors").expect("a name")).expect("vendors");
        vendors.fields[3].length = 12;
        let of = |lead_source: &str| {
            let source_field = Some("Origin".into());
            check(&ChatSync { lead_source: lead_source.into(), source_field, ..chosen() }, &org)
        };
        assert_eq!(of("twelve marks"), []);
        let found = of("thirteen mark");
        assert_eq!((found[0].field.as_str(), found.len()), ("lead_source", 1));
        assert!(found[0].what.contains("at most 12 characters; this has 13"), "{found:?}");
    }

    #[test]
    fn without_a_usual_field_for_the_number_one_is_to_be_chosen() {
        let mut org = org();
        org.modules.get_mut(&Module::other("Vendors").expect("a name")).expect("vendors").fields.remove(0);
        let found = check(&chosen(), &org);
        assert!(found[0].field == "phone_field" && found[0].what.contains("number: Mobile"), "{found:?}");
        assert_eq!(check(&ChatSync { phone_field: Some("Mobile".into()), ..chosen() }, &org), []);
    }
}
