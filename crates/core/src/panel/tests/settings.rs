//! What a workspace chooses.

use super::org;
use crate::{
    panel::{
        loaded,
        settings::{PanelField, PanelSettings, usual},
    },
    record::Module,
    rights::Role,
};

fn names(fields: &[PanelField], module: Module) -> Vec<&str> {
    fields.iter().filter(|field| field.module == module).map(|field| field.name.as_str()).collect()
}

#[test]
fn the_defaults_are_tolerant_and_keep_for_a_minute() {
    let settings: PanelSettings = serde_json::from_str("{}").expect("everything has a default");
    assert_eq!(settings, PanelSettings::default());
    assert_eq!((settings.literal, settings.cache_seconds), (false, 60));
    assert!(settings.fields.is_none() && settings.searches("AnyPhone__c"));
}

#[test]
fn the_usual_fields_are_those_that_the_org_has_each_once() {
    let fields = usual(&org());
    assert_eq!(
        names(&fields, Module::Contact),
        ["AccountId", "Email", "Phone", "Fax", "LeadSource", "OwnerId"]
    );
    assert_eq!(
        names(&fields, Module::Lead),
        ["Company", "Email", "Phone", "Fax", "Status", "LeadSource", "OwnerId"]
    );
    let mut hidden = org();
    hidden.modules.get_mut(&Module::Lead).expect("leads").is_readable = false;
    assert!(names(&usual(&hidden), Module::Lead).is_empty());
}

#[test]
fn settings_read_back_as_they_were_chosen() {
    let chosen = PanelSettings {
        fields: Some(vec![
            PanelField { module: Module::Lead, name: "Title".into(), roles: Some(vec![Role::Manager]) },
            PanelField { module: Module::Contact, name: "Account.Name".into(), roles: None },
        ]),
        literal: true,
        cache_seconds: 5,
        phone_fields: Some(vec!["Phone".into()]),
    };
    let text = serde_json::to_string(&chosen).expect("text");
    assert_eq!(serde_json::from_str::<PanelSettings>(&text).expect("readable"), chosen);
    assert!(chosen.searches("phone") && !chosen.searches("Fax"));
}

#[test]
fn a_field_is_seen_by_all_roles_unless_some_are_named() {
    let mut field = PanelField { module: Module::Lead, name: "Title".into(), roles: None };
    assert!(field.is_seen_by(Role::Agent));
    field.roles = Some(vec![Role::Owner]);
    assert!(field.is_seen_by(Role::Owner) && !field.is_seen_by(Role::Agent));
}

#[test]
fn company_and_owner_are_read_whatever_is_chosen_and_what_cannot_be_shown_is_not() {
    let field = |name: &str| PanelField { module: Module::Contact, name: name.into(), roles: None };
    let fields = Some(vec![field("Title"), field("Photo"), field("ownerid")]);
    let settings = PanelSettings { fields, ..PanelSettings::default() };
    let asked = loaded::fields(&settings, &org());
    assert_eq!(asked[&Module::Contact], ["AccountId", "OwnerId", "Title"]);
    assert_eq!(asked[&Module::Lead], ["Company", "OwnerId"]);
}
