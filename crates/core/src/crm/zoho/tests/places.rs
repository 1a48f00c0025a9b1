//! Where people look, and what they paste.

use std::collections::BTreeMap;

use super::{CONTACT, LEAD, NOTE, ORG, Zoho, patients, record};
use crate::{
    crm::{Crm, Place, Pointer, PointerRefused},
    record::{EntryKind, Module},
};

fn with<T>(instance_url: &str, ask: impl FnOnce(Place<'_>) -> T) -> T {
    let deals = Module::other("Deals").expect("a name");
    let tabs = BTreeMap::from([(patients(), "CustomModule3".to_owned()), (deals, "Potentials".to_owned())]);
    ask(Place { instance_url, org_id: ORG, tabs: &tabs })
}

#[test]
fn a_record_has_a_page_in_its_data_centre_under_the_word_for_its_module() {
    for (instance, module, page) in [
        ("https://www.zohoapis.com", Module::Contact, "https://crm.zoho.com/crm/org808123456/tab/Contacts/1"),
        ("https://www.zohoapis.ca", Module::Lead, "https://crm.zohocloud.ca/crm/org808123456/tab/Leads/1"),
        (
            "https://sandbox.zohoapis.eu",
            patients(),
            "https://crmsandbox.zoho.eu/crm/org808123456/tab/CustomModule3/1",
        ),
        ("http://127.0.0.1:8091", Module::Contact, "http://127.0.0.1:8091/crm/org808123456/tab/Contacts/1"),
    ] {
        assert_eq!(with(instance, |place| Zoho.record_url(place, &record(module, "1"))), page);
    }
}

#[test]
fn a_note_is_looked_at_on_its_record() {
    with("https://www.zohoapis.eu", |place| {
        let on = record(Module::Lead, LEAD);
        let page = format!("https://crm.zoho.eu/crm/org808123456/tab/Leads/{LEAD}");
        assert_eq!(Zoho.entry_url(place, EntryKind::Note, NOTE, Some(&on)), page);
        assert!(Zoho.entry_url(place, EntryKind::Note, NOTE, None).ends_with("/tab/Home"));
        assert!(
            Zoho.entry_url(place, EntryKind::Task, NOTE, Some(&on)).ends_with(&format!("/tab/Tasks/{NOTE}"))
        );
    });
}

#[test]
fn a_record_is_read_from_its_id_and_from_every_address_of_it() {
    with("https://www.zohoapis.eu", |place| {
        for (text, kind) in [
            (format!(" {CONTACT} "), ""),
            (format!("https://crm.zoho.eu/crm/org{ORG}/tab/Contacts/{CONTACT}"), "Contacts"),
            (format!("https://CRM.zoho.eu/crm/tab/Contacts/{CONTACT}/?x=1#top"), "Contacts"),
            (format!("https://crm.zoho.eu/crm/acme/tab/Potentials/{CONTACT}"), "Deals"),
            (format!("https://crm.zoho.eu/crm/org{ORG}/tab/CustomModule3/{CONTACT}"), "Patients"),
        ] {
            let found = Zoho.pointer(place, &text);
            assert_eq!(found, Ok(Pointer { kind: kind.to_owned(), id: CONTACT.to_owned() }), "{text}");
        }
        let deal = Pointer { kind: "Deals".to_owned(), id: CONTACT.to_owned() };
        let page = Zoho.pointer_url(place, &deal);
        assert_eq!(page, format!("https://crm.zoho.eu/crm/org{ORG}/tab/Potentials/{CONTACT}"));
        assert_eq!(Zoho.module_named("Contacts"), Some(Module::Contact));
        assert_eq!(Zoho.module_named("Patients"), Some(patients()));
    });
}

#[test]
fn what_points_at_no_record_of_this_org_is_refused_with_the_reason() {
    with("https://www.zohoapis.eu", |place| {
        for text in [
            "",
            "Maria",
            "+49 30 123456",
            "819012345678",
            "https://crm.zoho.eu/crm/org808123456/tab/Home/begin",
            "https://crm.zoho.eu/crm/org808123456/tab/Contacts",
            "javascript:6044000000524157",
            "ftp://crm.zoho.eu/crm/tab/Contacts/6044000000524157",
        ] {
            assert_eq!(Zoho.pointer(place, text), Err(PointerRefused::NoRecord), "{text}");
        }
        for text in [
            format!("https://crm.zoho.com/crm/org{ORG}/tab/Contacts/{CONTACT}"),
            format!("https://crm.zoho.eu/crm/org999/tab/Contacts/{CONTACT}"),
            format!("https://crmsandbox.zoho.eu/crm/org{ORG}/tab/Contacts/{CONTACT}"),
            format!("https://evil.test/crm/org{ORG}/tab/Contacts/{CONTACT}"),
        ] {
            assert_eq!(Zoho.pointer(place, &text), Err(PointerRefused::OtherOrg), "{text}");
        }
    });
}
