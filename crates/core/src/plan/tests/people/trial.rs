//! The record that tries out settings is one as a stranger's would be.

use super::super::kit::{contact, field, org};
use crate::{
    plan::{
        people::Trial,
        settings::{ChatSync, Create, Shape},
    },
    record::{FieldProfile, Module, PersonField, PersonRecord},
};

const URL: &str = "https://inbox.example/c/1";

#[test]
fn a_test_record_has_number_name_source_and_link_in_the_chosen_fields_of_the_chosen_module() {
    let vendors = Module::other("Vendors").expect("a name");
    let mut org = org();
    let mut profile = org.module(Module::Contact);
    profile.fields = ["Mobile", "Nickname", "Origin", "Chat"].map(|name| field(name, None, 100)).to_vec();
    profile
        .fields
        .push(FieldProfile { is_required: true, ..field("Vendor_Name", Some(PersonField::LastName), 80) });
    org.modules.insert(vendors, profile);
    let settings = ChatSync {
        module: Some(vendors),
        phone_field: Some("Mobile".into()),
        name_field: Some("Nickname".into()),
        source_field: Some("Origin".into()),
        link_field: Some("Chat".into()),
        ..ChatSync::default()
    };
    let write = Trial(7).write(&settings, &org, "WhatsApp", URL);
    let own = |name: &str| write.fields[&PersonField::Custom(name.into())].as_str();
    assert_eq!((write.module, write.id.as_ref(), write.allow_duplicate), (vendors, None, true));
    assert_eq!(own("Mobile"), "+12025550123");
    assert_eq!((own("Nickname"), own("Origin"), own("Chat")), ("Causeway test 7", "WhatsApp", URL));
    assert_eq!(write.fields[&PersonField::LastName], "Causeway test 7", "what is required is not left out");
    assert_eq!(write.fields[&PersonField::Owner], "admin");
    assert!(!write.fields.contains_key(&PersonField::Email), "the module has none");
}

#[test]
fn a_test_record_is_known_again_by_its_name_or_its_address() {
    let found = |last_name: &str, email: &str| PersonRecord {
        last_name: last_name.into(),
        emails: vec![email.into()],
        ..contact("c")
    };
    assert!(Trial(7).is(&found("Causeway test 7", "")));
    assert!(Trial(7).is(&found("7", "")));
    assert!(Trial(7).is(&found("", &Trial(7).email().to_uppercase())));
    assert!(!Trial(7).is(&found("Causeway test 77", &Trial(77).email())));
    assert!(!Trial(7).is(&found("Causeway test 7", "").deleted()));
    let query = Trial(7).query(Module::Contact);
    assert_eq!((query.modules, query.emails.len(), query.phones.len()), (vec![Module::Contact], 1, 1));
}

#[test]
fn settings_are_tried_out_once_new_records_are_made_and_whenever_they_are_made_otherwise() {
    let off = ChatSync { create: Create::Off, ..ChatSync::default() };
    assert!(Trial::is_due(None, &ChatSync::default()));
    assert!(!Trial::is_due(None, &off), "nobody is made");
    assert!(!Trial::is_due(Some(&ChatSync::default()), &off));
    assert!(Trial::is_due(Some(&off), &ChatSync::default()));
    let due = |change: fn(&mut ChatSync)| {
        let mut settings = ChatSync::default();
        change(&mut settings);
        Trial::is_due(Some(&ChatSync::default()), &settings)
    };
    let otherwise: [fn(&mut ChatSync); 9] = [
        |settings| settings.module = Module::other("Vendors"),
        |settings| settings.create = Create::Contact,
        |settings| settings.phone_field = Some("Fax".into()),
        |settings| settings.name_field = Some("Title".into()),
        |settings| settings.source_field = Some("Origin".into()),
        |settings| settings.link_field = Some("Chat".into()),
        |settings| settings.lead_source = "Chat".into(),
        |settings| settings.company = "Acme".into(),
        |settings| settings.new_record_values = [("Region".into(), "North".into())].into(),
    ];
    for (place, change) in otherwise.into_iter().enumerate() {
        assert!(due(change), "{place}");
    }
    let alike: [fn(&mut ChatSync); 5] = [
        |_| {},
        |settings| settings.accounts = Some(vec![1]),
        |settings| settings.shape = Shape::LocalDay,
        |settings| settings.rename = false,
        |settings| settings.since = 5,
    ];
    for (place, change) in alike.into_iter().enumerate() {
        assert!(!due(change), "{place}");
    }
}
