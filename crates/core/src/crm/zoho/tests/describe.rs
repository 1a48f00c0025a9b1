//! The org as described.

use super::{Zoho, answer, describe, described, fixture, patients, undescribed};
use crate::{
    crm::{Answer, Call, Crm, DescribeFlow},
    lane::{HoldReason, Verdict, Who},
    record::{EntryKeying, EntryKind, Module, OrgProfile, PersonField},
};

fn plain() -> OrgProfile {
    described(|_, answer| answer)
}

fn refusal(profile: &OrgProfile, module: Module) -> Option<String> {
    let found = profile.destinations.iter().find(|known| known.module == module);
    found.unwrap_or_else(|| panic!("{module} is shown")).refusal.clone()
}

#[test]
fn the_org_goes_by_the_id_in_its_addresses_and_tells_its_credits() {
    let profile = plain();
    assert_eq!((profile.org_id.as_str(), profile.org_name.as_str()), ("808123456", "Acme GmbH"));
    assert_eq!(profile.calls_limit, Some(60_000));
    assert_eq!(profile.acting_user.email, "integration@acme.example");
    assert!(profile.acting_user.is_active && !profile.is_sandbox);
    assert!(profile.missing.is_empty(), "{:?}", profile.missing);
    let sandbox = described(|path, (status, body)| match path {
        "org" => (status, body.replace("production", "sandbox").replace("enterprise", "newest")),
        _ => (status, body),
    });
    assert!(sandbox.is_sandbox);
    assert_eq!(sandbox.calls_limit, None, "of an edition that is not known nothing is made up");
}

#[test]
fn a_module_that_cannot_take_conversations_is_shown_with_the_reason() {
    let profile = plain();
    let labels: Vec<_> = profile.destinations.iter().map(|known| known.label.as_str()).collect();
    assert_eq!(
        labels,
        ["Leads", "Kontakte", "Deals", "Tasks", "Calls", "Vendors", "Cases", "Solutions", "Patients"]
    );
    assert_eq!(refusal(&profile, Module::Contact), None);
    assert_eq!(refusal(&profile, Module::Lead), None);
    for (module, reason) in [
        ("Deals", "no phone field"),
        ("Calls", "what is done with people"),
        ("Vendors", "hidden"),
        ("Cases", "may not make and change"),
        ("Solutions", "may not see it"),
        ("Patients", "no notes"),
    ] {
        let refusal = refusal(&profile, Module::other(module).expect("a name")).expect(module);
        assert!(refusal.contains(reason), "{module}: {refusal}");
    }
    assert!(refusal(&profile, Module::Task).is_some());
}

#[test]
fn leads_that_may_be_seen_and_not_changed_are_searched_all_the_same() {
    let profile = described(|path, (status, body)| {
        if path != "settings/modules" {
            return (status, body);
        }
        let mut body: serde_json::Value = serde_json::from_str(&body).expect("a fixture");
        for module in body["modules"].as_array_mut().expect("modules") {
            if module["api_name"] == "Leads" {
                module["editable"] = false.into();
            }
        }
        (status, body.to_string())
    });
    assert!(
        profile.module(Module::Lead).holding(&PersonField::Phone).is_some(),
        "else they would be made again"
    );
    let refusal = refusal(&profile, Module::Lead).expect("new conversations cannot go there");
    assert!(refusal.contains("may not make and change"), "{refusal}");
}

#[test]
fn a_module_of_the_customers_own_can_take_conversations() {
    let profile = described(|path, answer| match path {
        "settings/related_lists?module=Patients" => (200, fixture!("related_lists.json").to_owned()),
        _ => answer,
    });
    assert_eq!(refusal(&profile, patients()), None);
    let module = profile.module(patients());
    let name = |value: &PersonField| module.holding(value).map(|field| field.name.as_str());
    assert_eq!(name(&PersonField::LastName), Some("Name"));
    assert_eq!(name(&PersonField::Phone), Some("Ward_Phone"), "its first phone is the main one");
    assert_eq!(profile.tabs[&patients()], "CustomModule3");
    assert_eq!(profile.tabs[&Module::other("Deals").expect("a name")], "Potentials");
    assert!(!profile.tabs.contains_key(&Module::Contact));
}

#[test]
fn a_field_can_be_set_if_its_operations_say_so_and_not_if_it_is_called_read_only() {
    let contact = plain().module(Module::Contact);
    let field = |name: &str| contact.field(name).expect(name);
    assert!(field("Owner").is_createable && field("Owner").is_updateable);
    assert!(!field("Full_Name").is_createable && field("Full_Name").holds.is_none());
    assert!(contact.field("Secret").is_none(), "hidden fields are listed, and not ours to see");
    let required: Vec<_> =
        contact.fields.iter().filter(|field| field.is_required).map(|field| &field.name).collect();
    assert_eq!(required, ["Last_Name"]);
    assert_eq!(field("Last_Name").holds, Some(PersonField::LastName));
    assert_eq!((field("Phone").length, field("Chat_Link").length), (30, 450));
}

#[test]
fn types_are_told_in_the_words_of_every_crm() {
    let contact = plain().module(Module::Contact);
    let kinds = [
        ("Last_Name", "string"),
        ("Description", "textarea"),
        ("Phone", "phone"),
        ("Email", "email"),
        ("Lead_Source", "picklist"),
        ("Chat_Link", "url"),
        ("VIP", "boolean"),
        ("Visits", "int"),
        ("Tags_Picked", "multipicklist"),
        ("Account_Name", "reference"),
        ("Owner", "reference"),
        ("Score", "double"),
        ("Created_Time", "datetime"),
    ];
    for (name, kind) in kinds {
        assert_eq!(contact.field(name).expect(name).kind, kind, "{name}");
    }
    let lead_source = contact.field("Lead_Source").expect("it is there");
    assert_eq!(lead_source.choices, ["Advertisement", "Cold Call"]);
    assert!(!lead_source.is_restricted, "Zoho takes new values");
}

#[test]
fn stages_are_closed_by_the_names_that_zoho_comes_with() {
    let closed: Vec<_> =
        plain().lead_statuses.into_iter().map(|stage| (stage.value, stage.is_closed_by_default)).collect();
    let closed: Vec<_> = closed.iter().map(|(stage, is_closed)| (stage.as_str(), *is_closed)).collect();
    assert_eq!(
        closed,
        [
            ("Not Contacted", false),
            ("Contacted", false),
            ("Junk Lead", true),
            ("Lost Lead", true),
            ("Not Qualified", true)
        ]
    );
}

#[test]
fn notes_and_tasks_can_be_written_and_carry_their_keys_in_their_texts() {
    let profile = plain();
    let note = &profile.entries[&EntryKind::Note];
    assert_eq!((note.subject_length, note.body_length), (120, 32_000));
    let task = &profile.entries[&EntryKind::Task];
    assert_eq!((task.subject_length, task.done_status.as_deref()), (255, Some("Completed")));
    for kind in [EntryKind::Note, EntryKind::Task] {
        assert_eq!(profile.keying(kind), Some(&EntryKeying::Text));
    }
    let without = described(|path, answer| match path {
        "settings/fields?module=Tasks" => (204, String::new()),
        _ => answer,
    });
    assert_eq!(without.keying(EntryKind::Task), None);
}

#[test]
fn what_a_profile_may_not_do_is_named_with_who_can_allow_it() {
    let profile = described(|path, (status, body)| match path {
        "settings/modules" => (status, body.replace("\"creatable\": true", "\"creatable\": false")),
        _ => (status, body),
    });
    let fatal: Vec<_> = profile.missing.iter().filter(|missing| missing.is_fatal).collect();
    assert_eq!(fatal.len(), 1);
    assert!(fatal[0].action.contains("Zoho CRM administrator"), "{fatal:?}");
    let what: Vec<_> = profile.missing.iter().map(|missing| missing.what.as_str()).collect();
    assert!(what.contains(&"create Contacts") && what.contains(&"create Leads"), "{what:?}");

    let hidden = described(|path, answer| match path {
        "settings/fields?module=Leads" => (
            403,
            r#"{"code":"NO_PERMISSION","details":{},"message":"permission denied","status":"error"}"#
                .to_owned(),
        ),
        _ => answer,
    });
    assert!(refusal(&hidden, Module::Lead).is_some_and(|reason| reason.contains("may not see its fields")));
}

#[test]
fn a_missing_scope_and_a_user_without_the_api_end_the_describing_each_with_its_own_words() {
    let first = |status: u16, body: &str| describe(|_, _| (status, body.to_owned())).expect_err("a verdict");
    let scope =
        r#"{"code":"OAUTH_SCOPE_MISMATCH","details":{},"message":"invalid oauth scope","status":"error"}"#;
    let Verdict::Hold { reason: HoldReason::NoPermission, who: Who::WorkspaceAdmin, detail } =
        first(401, scope)
    else {
        panic!("held for the workspace's admin")
    };
    assert!(detail.contains("Connect Zoho CRM again"), "{detail}");
    let Verdict::Hold { reason: HoldReason::NoApiForUser, who: Who::CrmAdmin, detail } =
        first(403, fixture!("no_permission.json"))
    else {
        panic!("held for the CRM's admin")
    };
    assert!(detail.contains("API Access"), "{detail}");
    assert_eq!(first(401, fixture!("invalid_token.json")), Verdict::Renew);
    let version = r#"{"code":"API_NOT_SUPPORTED","details":{},"message":"not supported","status":"error"}"#;
    assert!(matches!(
        first(400, version),
        Verdict::Hold { reason: HoldReason::Unexpected, who: Who::Operator, .. }
    ));
}

#[test]
fn a_flow_that_was_damaged_comes_to_its_end() {
    let flow = DescribeFlow { step: 7, rest: vec!["fields:../x".to_owned()], found: None };
    let call = Call::Describe { user_id: "1".to_owned(), flow };
    let reply = Zoho.reply(&undescribed(), &call, &answer(200, "{}"));
    assert!(matches!(reply.result, Ok(Answer::Profile(_))));
}

#[test]
fn an_organization_of_a_bundle_is_one_like_any_other() {
    for bundle in ["crmplus", "zohoone", "a bundle of tomorrow"] {
        let profile = described(|path, (status, body)| {
            let body =
                if path == "org" { body.replace("\"enterprise\"", &format!("\"{bundle}\"")) } else { body };
            (status, body)
        });
        assert_eq!(profile.calls_limit, None, "{bundle}: no limit is made up");
        assert!(
            profile.missing.is_empty() && profile.destinations.iter().any(|known| known.refusal.is_none())
        );
    }
}
