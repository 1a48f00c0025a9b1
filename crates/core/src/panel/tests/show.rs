//! Values by type, and who sees them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{contact, org};
use crate::{
    call::{PanelRecord, PanelValue},
    panel::{
        loaded::{Content, Loaded, Showcase},
        matching::How,
        settings::{PanelField, PanelSettings},
        show::{self, Shown, shown},
        view::{Because, View},
    },
    record::{Module, RecordRef},
    rights::Role,
    time::Timestamp,
};

fn value(value: Value) -> PanelValue {
    PanelValue { value, name: None }
}

fn show(kind: &str, plain: Value) -> Option<Shown> {
    shown(kind, &value(plain), Some("JPY"))
}

#[test]
fn each_value_is_shown_by_its_type() {
    let text = |text: &str| text.to_owned();
    for (kind, plain, expected) in [
        ("string", json!("a <b>"), Shown::Text(text("a <b>"))),
        ("textarea", json!("a\nb"), Shown::Text(text("a\nb"))),
        ("int", json!(12), Shown::Number(text("12"))),
        ("double", json!(1e20), Shown::Number(text("100000000000000000000"))),
        ("percent", json!(12.5), Shown::Percent(text("12.5"))),
        ("currency", json!(1200.5), Shown::Money { amount: text("1200.5"), currency: Some(text("JPY")) }),
        ("date", json!("2026-01-02"), Shown::Date(text("2026-01-02"))),
        ("date", json!("2026-13-02"), Shown::Text(text("2026-13-02"))),
        (
            "datetime",
            json!("2026-01-02T03:04:05.000+0000"),
            Shown::Datetime(Timestamp::parse("2026-01-02T03:04:05Z").expect("an instant")),
        ),
        ("time", json!("09:30:00.000Z"), Shown::Time(text("09:30"))),
        ("boolean", json!(false), Shown::Boolean(false)),
        ("picklist", json!("Hot"), Shown::Choice(text("Hot"))),
        ("multipicklist", json!("A; B;;"), Shown::Choices(vec![text("A"), text("B")])),
        ("email", json!("a@b.test"), Shown::Email(text("a@b.test"))),
        ("phone", json!("12 3"), Shown::Phone(text("12 3"))),
        ("unheard_of", json!("x"), Shown::Text(text("x"))),
    ] {
        assert_eq!(show(kind, plain.clone()), Some(expected), "{kind} {plain}");
    }
    let owner = PanelValue { value: json!("005"), name: Some(text("Maya")) };
    let expected = Shown::Reference { id: text("005"), name: Some(text("Maya")) };
    assert_eq!(shown("reference", &owner, None), Some(expected));
}

#[test]
fn a_blank_value_is_none() {
    for (kind, plain) in
        [("string", json!("")), ("string", json!("  ")), ("date", Value::Null), ("string", json!([1]))]
    {
        assert_eq!(show(kind, plain), None, "{kind}");
    }
}

#[test]
fn a_link_leads_to_pages_of_the_web_and_nowhere_else() {
    for (text, leads_to) in [
        ("https://acme.test/a?b", Some("https://acme.test/a?b")),
        ("HTTP://acme.test", Some("HTTP://acme.test")),
        ("www.acme.test/x", Some("https://www.acme.test/x")),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.test", None),
        ("java\tscript:alert(1)", None),
        ("nothing", None),
    ] {
        let Some(Shown::Url { href, text: kept }) = show("url", json!(text)) else { panic!("{text}") };
        assert_eq!((href.as_deref(), kept.as_str()), (leads_to, text));
    }
}

fn loaded(roles: Option<Vec<Role>>) -> Loaded {
    let field = |name: &str, roles| PanelField { module: Module::Contact, name: name.into(), roles };
    let fields = vec![
        field("Title", roles),
        field("Gone__c", None),
        field("email", None),
        field("Photo", None),
        field("Account.Website", None),
    ];
    let settings = PanelSettings { fields: Some(fields), ..PanelSettings::default() };
    let person = contact("A");
    let record = person.record.clone();
    let account = PanelValue { value: json!("001"), name: Some("Acme".into()) };
    let values = [
        ("Title", value(json!("Boss"))),
        ("email", value(json!("a@b.test"))),
        ("AccountId", account),
        ("Account.Website", value(json!("acme.test"))),
    ];
    let values: BTreeMap<_, _> = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let records = BTreeMap::from([(record.clone(), PanelRecord { person, values, currency: None })]);
    let url = |record: &RecordRef| format!("https://crm.test/{}", record.id);
    let org = org();
    let showcase = Showcase { settings: &settings, org: &org, records: &records, url: &url };
    let how = How::Email { address: "a@b.test".into() };
    let content = showcase.one(&record, how, &[]).expect("it was read");
    Loaded { read_at: Timestamp::from_seconds(100), content, lost_link: None }
}

#[test]
fn a_record_is_shown_with_its_chosen_fields_in_their_order_and_company_beside_them() {
    let View::Matched(shown) = loaded(None).view(Role::Agent, Timestamp::from_seconds(130), 60) else {
        panic!("a record")
    };
    let fields: Vec<_> =
        shown.fields.iter().map(|field| (field.name.as_str(), field.label.as_str())).collect();
    let expected = [("Title", "The Title"), ("Email", "The Email"), ("Account.Website", "Account.Website")];
    assert_eq!(fields, expected, "what the org does not have or nobody can show is left out");
    assert_eq!(shown.url, "https://crm.test/A");
    assert_eq!(
        shown.account.map(|account| (account.label, account.name)),
        Some(("The AccountId".into(), "Acme".into()))
    );
    assert_eq!((shown.age.seconds, shown.age.fresh_for), (30, 30));
}

#[test]
fn a_field_of_other_roles_is_not_there() {
    let loaded = loaded(Some(vec![Role::Manager]));
    for (role, count) in [(Role::Manager, 3), (Role::Agent, 2), (Role::Owner, 2)] {
        let View::Matched(shown) = loaded.view(role, Timestamp::from_seconds(100), 60) else {
            panic!("a record")
        };
        assert_eq!(shown.fields.len(), count, "{role:?}");
        let because = Because::Failed { detail: "silence".into() };
        let Some(View::Stale(stale)) = loaded.stale(role, Timestamp::from_seconds(200), because) else {
            panic!("a record")
        };
        assert_eq!(stale.last.fields.len(), count, "what is old is no more open than what is new");
        assert_eq!((stale.last.age.seconds, stale.last.age.fresh_for), (100, 0));
    }
}

#[test]
fn only_a_record_is_shown_when_nothing_newer_can_be_had() {
    let nobody = Loaded { content: Content::None(Vec::new(), Vec::new()), ..loaded(None) };
    let because = Because::LimitReached { until: None };
    assert_eq!(nobody.stale(Role::Agent, Timestamp::from_seconds(200), because), None);
}

#[test]
fn a_view_is_plain_data_that_says_its_state() {
    let view = loaded(None).view(Role::Agent, Timestamp::from_seconds(130), 60);
    let json = serde_json::to_value(&view).expect("JSON");
    assert_eq!(json["state"], "matched");
    assert_eq!(json["how"]["by"], "email");
    assert_eq!(json["fields"][1]["value"], json!({"type": "email", "value": "a@b.test"}));
}

#[test]
fn a_field_that_is_shown_by_a_name_is_not_called_an_id() {
    let called = |kind: &str, label: &str| {
        show::label(&crate::record::FieldProfile {
            kind: kind.into(),
            label: label.into(),
            ..Default::default()
        })
    };
    assert_eq!(called("reference", "Owner ID"), "Owner");
    assert_eq!(called("reference", "Account-ID"), "Account");
    assert_eq!(called("string", "Tax ID"), "Tax ID");
    assert_eq!(called("reference", " ID"), " ID");
}
