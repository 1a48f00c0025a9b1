//! Can the org do what the settings ask? Decided before they are stored, setting by setting.

use causeway_core::{
    plan::{
        places,
        settings::{ChatSync, Create, Reopen},
    },
    record::{LeadStatus, Module, ModuleProfile, OrgProfile},
};

use super::{Problem, destination};
use crate::{config, id};

/// What an org and a workspace cannot do of these settings.
pub(super) fn check(settings: &ChatSync, org: &OrgProfile, accounts: &[i64]) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(unknown_accounts(settings, accounts));
    if places::has_leads(settings) {
        problems.extend(statuses(settings, org));
    }
    problems.extend(making(settings, org));
    problems.extend(settings.link_field.as_ref().and_then(|field| link_field(field, settings, org)));
    problems.extend(destination::check(settings, org));
    problems.extend(values(settings, org));
    problems.extend(name_template(&settings.name_template));
    if settings.default_owner.as_ref().is_some_and(|owner| owner.trim().is_empty()) {
        problems.push(Problem::new("default_owner", "an empty id names no user; send null for nobody"));
    }
    problems
}

fn unknown_accounts(settings: &ChatSync, accounts: &[i64]) -> Vec<Problem> {
    let chosen = settings.accounts.iter().flatten().filter(|chosen| !accounts.contains(chosen));
    chosen
        .map(|chosen| Problem::new("accounts", format!("there is no account {}", id::account(*chosen))))
        .collect()
}

fn find<'a>(org: &'a OrgProfile, status: &str) -> Option<&'a LeadStatus> {
    org.lead_statuses.iter().find(|known| known.value.eq_ignore_ascii_case(status))
}

fn statuses(settings: &ChatSync, org: &OrgProfile) -> Vec<Problem> {
    let known: Vec<&str> = org.lead_statuses.iter().map(|status| status.value.as_str()).collect();
    let unknown = |field: &str, status: &str| {
        let what = format!("the org has no lead status \"{status}\"; it has: {}", known.join(", "));
        Problem::new(field, what)
    };
    let mut problems: Vec<Problem> = settings
        .closed_statuses
        .iter()
        .flatten()
        .filter(|status| find(org, status).is_none())
        .map(|status| unknown("closed_statuses", status))
        .collect();
    let Reopen::To(status) = &settings.reopen else { return problems };
    match find(org, status) {
        None => problems.push(unknown("reopen", status)),
        Some(found) if found.is_converted => {
            let what = format!("\"{status}\" is set by conversion alone; choose another status");
            problems.push(Problem::new("reopen", what));
        }
        Some(_) if settings.is_closed(status, org) => {
            let what = format!("\"{status}\" counts as closed here; a lead reopened to it would stay closed");
            problems.push(Problem::new("reopen", what));
        }
        Some(_) => {}
    }
    problems
}

fn making(settings: &ChatSync, org: &OrgProfile) -> Option<Problem> {
    let module = settings.new_module()?;
    (!org.module(module).is_createable).then(|| {
        let what = format!(
            "the acting user may not create a {}; grant it in the CRM, or choose another kind",
            module.name()
        );
        Problem::new("create", what)
    })
}

/// The link goes on whichever record the person has, so the field must be on every module that is searched.
fn link_field(field: &str, settings: &ChatSync, org: &OrgProfile) -> Option<Problem> {
    settings.modules().into_iter().find_map(|module| {
        let profile = org.module(module);
        let what = match profile.field(field) {
            None => format!("the {} has no field `{field}` that the acting user sees", module.name()),
            Some(found) if !found.is_updateable => {
                format!("the acting user may not change `{field}` on a {}", module.name())
            }
            Some(found) if !found.takes_address() => format!(
                "`{field}` on the {} is of the kind {}; the chat link needs a text, URL or text area",
                module.name(),
                found.kind
            ),
            Some(_) => return None,
        };
        Some(Problem::new("link_field", what))
    })
}

fn values(settings: &ChatSync, org: &OrgProfile) -> Vec<Problem> {
    let module = settings.new_module().unwrap_or_else(|| Create::default().module().unwrap_or(Module::Lead));
    let profile = org.module(module);
    settings
        .new_record_values
        .iter()
        .filter_map(|(field, value)| value_problem(&profile, module, field, value))
        .map(|what| Problem::new("new_record_values", what))
        .collect()
}

fn value_problem(profile: &ModuleProfile, module: Module, field: &str, value: &str) -> Option<String> {
    let Some(found) = profile.field(field) else {
        let names: Vec<String> = profile.fields.iter().map(|known| known.name.clone()).collect();
        let near = config::nearest(field, names.iter());
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Some(format!("the {} has no field `{field}` that the acting user sees{hint}", module.name()));
    };
    let is_choice = found.choices.is_empty() || found.choices.iter().any(|choice| choice == value);
    let length = usize::try_from(found.length).unwrap_or(usize::MAX);
    if !found.is_createable {
        Some(format!("the acting user may not set `{field}` on a new {}", module.name()))
    } else if found.is_restricted && !is_choice {
        Some(format!("`{field}` takes one of: {}", found.choices.join(", ")))
    } else if length > 0 && value.chars().count() > length {
        Some(format!("`{field}` takes at most {length} characters"))
    } else {
        None
    }
}

fn name_template(template: &str) -> Option<Problem> {
    let rest = template.replace("{phone}", "").replace("{channel}", "");
    let what = if template.trim().is_empty() {
        "a new record needs a last name; `{channel} {phone}` is the default"
    } else if rest.contains(['{', '}']) {
        "only `{phone}` and `{channel}` are filled in"
    } else {
        return None;
    };
    Some(Problem::new("name_template", what))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use causeway_core::record::{CrmUser, FieldProfile};

    use super::*;

    fn status(value: &str, is_closed: bool, is_converted: bool) -> LeadStatus {
        LeadStatus {
            value: value.into(),
            is_default: value == "Open",
            is_converted,
            is_closed_by_default: is_closed,
        }
    }

    fn field(name: &str, kind: &str) -> FieldProfile {
        FieldProfile {
            name: name.into(),
            kind: kind.into(),
            is_updateable: true,
            is_createable: true,
            length: 80,
            ..FieldProfile::default()
        }
    }

    fn org() -> OrgProfile {
        let mut rating = field("Rating", "picklist");
        rating.is_restricted = true;
        rating.choices = vec!["Hot".into(), "Cold".into()];
        let lead = vec![field("Chat__c", "url"), field("Only__c", "string"), field("Fax", "phone"), rating];
        let contact = vec![field("Chat__c", "url"), field("Fax", "phone")];
        let module = |fields| ModuleProfile { is_createable: true, fields, ..ModuleProfile::default() };
        OrgProfile {
            org_id: "00D".into(),
            org_name: "Acme".into(),
            is_sandbox: false,
            acting_user: CrmUser {
                id: "005".into(),
                email: String::new(),
                name: String::new(),
                is_active: true,
            },
            modules: BTreeMap::from([(Module::Lead, module(lead)), (Module::Contact, module(contact))]),
            lead_statuses: vec![
                status("Open", false, false),
                status("Closed", true, false),
                status("Converted", true, true),
            ],
            ..OrgProfile::default()
        }
    }

    fn problems(settings: &ChatSync) -> Vec<(String, String)> {
        let found = check(settings, &org(), &[1]);
        found.into_iter().map(|problem| (problem.field, problem.what)).collect()
    }

    #[test]
    fn the_defaults_fit_every_org() {
        assert_eq!(problems(&ChatSync::default()), []);
    }

    #[test]
    fn statuses_that_the_org_does_not_have_are_refused_with_those_that_it_has() {
        let found = problems(&ChatSync {
            closed_statuses: Some(vec!["closed".into(), "Dead".into()]),
            ..ChatSync::default()
        });
        let said = "the org has no lead status \"Dead\"; it has: Open, Closed, Converted";
        assert_eq!(found, [("closed_statuses".to_owned(), said.to_owned())]);
        for (to, word) in [("Dead", "no lead status"), ("Converted", "conversion"), ("Closed", "stay closed")]
        {
            let found = problems(&ChatSync { reopen: Reopen::To(to.into()), ..ChatSync::default() });
            assert!(found[0].0 == "reopen" && found[0].1.contains(word), "{found:?}");
        }
        assert_eq!(problems(&ChatSync { reopen: Reopen::To("open".into()), ..ChatSync::default() }), []);
    }

    #[test]
    fn the_link_field_is_a_text_on_both_modules() {
        for (name, fits) in [("Chat__c", true), ("Only__c", false), ("Fax", false), ("None__c", false)] {
            let found = problems(&ChatSync { link_field: Some(name.into()), ..ChatSync::default() });
            assert_eq!(found.is_empty(), fits, "{name}: {found:?}");
        }
    }

    #[test]
    fn values_of_new_records_fit_their_fields() {
        let with = |field: &str, value: &str| {
            let values = BTreeMap::from([(field.to_owned(), value.to_owned())]);
            problems(&ChatSync { new_record_values: values, ..ChatSync::default() })
        };
        assert_eq!(with("Rating", "Hot"), []);
        assert!(with("Rating", "Warm")[0].1.contains("Hot, Cold"));
        assert!(with("Ratin", "Hot")[0].1.contains("did you mean `Rating`?"));
        assert!(with("Only__c", &"x".repeat(81))[0].1.contains("80"));
    }

    #[test]
    fn accounts_and_templates_are_known() {
        let found = problems(&ChatSync { accounts: Some(vec![1, 2]), ..ChatSync::default() });
        assert_eq!(found.len(), 1);
        let found = problems(&ChatSync { name_template: "{name}".into(), ..ChatSync::default() });
        assert_eq!(found[0].0, "name_template");
    }
}
