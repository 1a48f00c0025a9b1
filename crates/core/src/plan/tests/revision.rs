//! How settings differ, and how a draft is laid over what was applied meanwhile.

use std::collections::BTreeMap;

use crate::{
    plan::{
        revision::{SETTINGS, Setting, changed, rebase},
        settings::{ChatSync, Create, Reopen, Shape},
    },
    record::{EntryKind, Module},
};

/// Different from the default in every setting.
fn other() -> ChatSync {
    ChatSync {
        accounts: Some(vec![1]),
        groups: true,
        run_automation: true,
        group_when_short: true,
        shape: Shape::LocalDay,
        entry: EntryKind::Note,
        title_template: "{name}".into(),
        module: Some(Module::Contact),
        phone_field: Some("Mobile".into()),
        name_field: Some("Nickname".into()),
        source_field: Some("Origin".into()),
        rename: false,
        create: Create::Off,
        reopen: Reopen::Never,
        closed_statuses: Some(vec!["Closed".into()]),
        default_owner: Some("005".into()),
        use_assignment_rules: true,
        lead_source: "Chat".into(),
        company: "Acme".into(),
        name_template: "{phone}".into(),
        link_field: Some("Chat__c".into()),
        new_record_values: BTreeMap::from([("Rating".into(), "Hot".into())]),
        since: 1,
    }
}

#[test]
fn every_setting_is_compared_and_copied_by_the_name_under_which_it_is_stored() {
    assert_eq!(changed(&ChatSync::default(), &other()), SETTINGS);
    assert_eq!(changed(&other(), &other()), []);
    let stored = serde_json::to_value(ChatSync::default()).expect("JSON");
    assert_eq!(stored.as_object().expect("an object").len(), SETTINGS.len());
    for setting in SETTINGS {
        let mut moved = ChatSync::default();
        setting.copy(&mut moved, &other());
        assert_eq!(changed(&ChatSync::default(), &moved), [*setting]);
        let moved = serde_json::to_value(moved).expect("JSON");
        assert_ne!(moved[setting.name()], stored[setting.name()], "{setting:?}");
    }
}

#[test]
fn a_draft_keeps_what_it_changed_and_takes_what_others_changed_meanwhile() {
    let base = ChatSync::default();
    let draft = ChatSync { company: "Mine".into(), shape: Shape::Hour, ..base.clone() };
    let present = ChatSync { company: "Theirs".into(), create: Create::Off, ..base.clone() };
    let laid = rebase(&base, &draft, &present);
    assert_eq!((laid.company.as_str(), laid.shape, laid.create), ("Mine", Shape::Hour, Create::Off));
    assert_eq!(changed(&present, &laid), [Setting::Shape, Setting::Company]);
    assert_eq!(rebase(&base, &base, &present), present);
}
