//! What the settings mean.

use super::kit::{org, record};
use crate::{
    plan::settings::{ChatSync, Create, Reopen, Shape},
    record::{Module, OrgProfile},
};

fn closed(statuses: &[&str]) -> ChatSync {
    let statuses = statuses.iter().map(|status| (*status).to_owned()).collect();
    ChatSync { closed_statuses: Some(statuses), ..ChatSync::default() }
}

#[test]
fn the_defaults_are_those_that_the_product_states() {
    let settings = ChatSync::default();
    assert_eq!(settings.shape, Shape::PerMessage, "real time");
    assert_eq!(settings.accounts, None, "every account");
    assert_eq!(settings.create, Create::Lead);
    assert_eq!(settings.reopen, Reopen::ToDefault);
    assert_eq!(settings.link_field, None, "the description takes the link");
    assert_eq!(settings.lead_source, "WhatsApp");
    assert!(!settings.use_assignment_rules, "our chain of owners is not overruled");
}

#[test]
fn settings_say_what_they_are_in_json_and_unknown_words_are_refused() {
    let json = r#"{"shape": "every_6_hours", "create": "off", "reopen": {"to": "Working"}}"#;
    let settings: ChatSync = serde_json::from_str(json).expect("settings");
    assert_eq!((settings.shape, settings.create), (Shape::SixHours, Create::Off));
    assert_eq!(settings.reopen, Reopen::To("Working".into()));
    let told = serde_json::to_string(&settings).expect("json");
    assert_eq!(serde_json::from_str::<ChatSync>(&told).expect("settings"), settings);
    assert!(serde_json::from_str::<ChatSync>(r#"{"shapes": "local_day"}"#).is_err());
    assert!(serde_json::from_str::<ChatSync>(r#"{"shape": "every_2_hours"}"#).is_err());
}

#[test]
fn the_frequencies_are_real_time_1_6_12_24_hours_and_the_local_day() {
    for (word, hours) in [
        ("per_message", None),
        ("every_1_hour", Some(1)),
        ("every_6_hours", Some(6)),
        ("every_12_hours", Some(12)),
        ("every_24_hours", Some(24)),
        ("local_day", None),
    ] {
        let shape: Shape = serde_json::from_value(word.into()).expect(word);
        assert_eq!(shape.window_hours(), hours, "{word}");
        assert_eq!(shape.is_grouped(), word != "per_message", "{word}");
    }
}

#[test]
fn which_stages_are_closed_is_read_from_the_org_unless_chosen() {
    let org = org();
    let by_default = |status| ChatSync::default().is_closed(status, &org);
    assert!(by_default("Closed - Lost") && by_default("closed - LOST") && !by_default("New"));
    assert!(!by_default("unheard of"));
    let chosen = closed(&["New"]);
    assert!(chosen.is_closed("new", &org) && !chosen.is_closed("Closed - Lost", &org));
    assert!(!closed(&[]).is_closed("Closed - Lost", &org), "choosing none means none");
}

#[test]
fn a_reopened_lead_never_gets_a_stage_that_is_closed_or_means_converted() {
    assert_eq!(ChatSync::default().reopened_status(&org()).as_deref(), Some("New"));
    assert_eq!(closed(&["New"]).reopened_status(&org()).as_deref(), Some("Working"), "the first open one");
    let all = closed(&["New", "Working", "Closed - Lost"]);
    assert_eq!(all.reopened_status(&org()), None, "what is left means converted");
    let none = OrgProfile { lead_statuses: Vec::new(), ..org() };
    assert_eq!(ChatSync::default().reopened_status(&none), None);
}

#[test]
fn every_account_is_synced_unless_some_are_chosen() {
    assert!(ChatSync::default().covers_account(1));
    let chosen = ChatSync { accounts: Some(vec![2]), ..ChatSync::default() };
    assert!(chosen.covers_account(2) && !chosen.covers_account(1));
    let none = ChatSync { accounts: Some(Vec::new()), ..ChatSync::default() };
    assert!(!none.covers_account(1), "choosing none means none");
}

#[test]
fn a_new_record_is_a_lead_a_contact_or_none() {
    let modules = [Create::Off, Create::Lead, Create::Contact].map(Create::module);
    assert_eq!(modules, [None, Some(Module::Lead), Some(Module::Contact)]);
    assert_eq!(record(Module::Lead, "x").module.name(), "lead");
}
