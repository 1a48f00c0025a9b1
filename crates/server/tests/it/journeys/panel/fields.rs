//! What a panel shows of a record, and to whom.

use causeway::panel::{self, Ask, ChangeRefused, Freshness};
use causeway::store::panel::Chosen;
use causeway_core::{
    panel::{
        settings::{PanelField, PanelSettings},
        show::Shown,
        view::View,
    },
    record::Module,
    rights::Role,
};
use serde_json::json;

use super::{matched, number, world};
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    without_a_choice_the_usual_fields_are_shown,
    chosen_fields_are_shown_in_their_order_each_by_its_type,
    a_role_sees_only_its_fields,
    a_field_that_the_org_lacks_cannot_be_chosen,
    a_field_that_vanishes_from_the_org_takes_nothing_else_along,
    somebody_elses_choice_is_not_overwritten,
);

fn field(module: Module, name: &str) -> PanelField {
    PanelField { module, name: name.into(), roles: None }
}

/// R1.16, R1.44
async fn without_a_choice_the_usual_fields_are_shown(place: Place) {
    let world = world(place).await;
    let account = world.seed("Account", json!({"Name": "Acme <b>"})).await;
    let contact = json!({"LastName": "Sato", "AccountId": account, "Phone": "+819012345678",
        "Email": "sato@example.jp", "LeadSource": "Web"});
    world.seed("Contact", contact).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    let shown = world.matched(sato).await;
    let names: Vec<_> = shown.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names[..3], ["AccountId", "Email", "Phone"]);
    assert_eq!(names[names.len() - 2..], ["LeadSource", "OwnerId"]);
    assert_eq!(super::said(&shown, "AccountId").as_deref(), Some("Acme <b>"));
    assert_eq!(shown.fields[1].value, Some(Shown::Email("sato@example.jp".into())));
    assert_eq!((shown.account, shown.owner), (None, None), "they are among the fields");
}

/// R1.44
async fn chosen_fields_are_shown_in_their_order_each_by_its_type(place: Place) {
    let world = world(place).await;
    let lead = json!({"LastName": "Sato", "Company": "Acme", "Phone": "+819012345678", "AnnualRevenue": 1_200_000.5,
        "NumberOfEmployees": 12, "Website": "javascript:alert(1)", "Status": "Working - Contacted",
        "DoNotCall": true, "Description": "two\nlines"});
    world.seed("Lead", lead).await;
    let names = [
        "Description",
        "AnnualRevenue",
        "NumberOfEmployees",
        "Website",
        "Status",
        "DoNotCall",
        "CreatedDate",
        "Rating",
    ];
    let fields = names.map(|name| field(Module::Lead, name)).to_vec();
    world.choose(PanelSettings { fields: Some(fields), ..PanelSettings::default() }).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    let shown = world.matched(sato).await;
    let values: Vec<_> = shown.fields.iter().map(|field| field.value.clone()).collect();
    assert_eq!(shown.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), names);
    assert_eq!(values[0], Some(Shown::Text("two\nlines".into())));
    assert_eq!(values[1], Some(Shown::Money { amount: "1200000.5".into(), currency: None }));
    assert_eq!(values[2], Some(Shown::Number("12".into())));
    assert_eq!(values[3], Some(Shown::Url { text: "javascript:alert(1)".into(), href: None }));
    assert_eq!(values[4], Some(Shown::Choice("Working - Contacted".into())));
    assert_eq!(values[5], Some(Shown::Boolean(true)));
    assert!(matches!(values[6], Some(Shown::Datetime(_))));
    assert_eq!(values[7], None, "blank");
    assert_eq!(shown.account.unwrap().name, "Acme", "beside the chosen fields");
    assert!(shown.owner.is_some());
}

/// R1.42
async fn a_role_sees_only_its_fields(place: Place) {
    let world = world(place).await;
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678", "Title": "Boss"})).await;
    let title =
        PanelField { roles: Some(vec![Role::Owner, Role::Manager]), ..field(Module::Contact, "Title") };
    let fields = vec![field(Module::Contact, "Phone"), title];
    world.choose(PanelSettings { fields: Some(fields), ..PanelSettings::default() }).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    let before = world.api_calls().await;
    for (role, expected) in
        [(Role::Agent, 1), (Role::Manager, 2), (Role::Admin, 1), (Role::Owner, 2), (Role::Agent, 1)]
    {
        let ask = Ask { role, ..world.ask(sato) };
        let shown = matched(panel::view(&world.app, ask, Freshness::Cached).await.unwrap());
        assert_eq!(shown.fields.len(), expected, "{role:?}");
    }
    assert!(world.api_calls().await - before <= 3, "one reading for all roles");
}

/// R1.44
async fn a_field_that_the_org_lacks_cannot_be_chosen(place: Place) {
    let world = world(place).await;
    let fields = vec![field(Module::Contact, "Titel"), field(Module::Task, "Subject")];
    let settings = PanelSettings {
        fields: Some(fields),
        phone_fields: Some(vec!["Email".into()]),
        cache_seconds: 9_999,
        ..PanelSettings::default()
    };
    let chosen = Chosen { is_on: true, settings, revision: 0 };
    let refused = panel::change(&world.app, world.workspace_id, world.connection_id, None, chosen).await;
    let Err(ChangeRefused::Problems(problems)) = refused else { panic!("{refused:?}") };
    let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["cache_seconds", "fields", "fields", "phone_fields"]);
    assert!(problems[1].what.contains("no field `Titel`"), "{problems:?}");
}

/// R1.44
async fn a_field_that_vanishes_from_the_org_takes_nothing_else_along(place: Place) {
    let world = world(place).await;
    world.sim("POST", "fields", json!({"object": "Contact", "name": "Vip__c"})).await;
    let line = causeway::crm::Line::open(&world.app, world.connection_id).await.unwrap();
    line.unwrap().describe().await.unwrap();
    world.seed("Contact", json!({"LastName": "Sato", "Phone": "+819012345678", "Vip__c": "gold"})).await;
    let fields = vec![field(Module::Contact, "Vip__c"), field(Module::Contact, "Phone")];
    world.choose(PanelSettings { fields: Some(fields), ..PanelSettings::default() }).await;
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    assert_eq!(world.matched(sato).await.fields.len(), 2);
    let maya = world.user("maya").await;
    world.sim("POST", "permissions", json!({"user": maya, "hidden_fields": ["Contact.Vip__c"]})).await;
    assert_eq!(matched(world.refreshed(sato).await).fields.len(), 1);
}

/// R1.44
async fn somebody_elses_choice_is_not_overwritten(place: Place) {
    let world = world(place).await;
    world.choose(PanelSettings { literal: true, ..PanelSettings::default() }).await;
    let late = Chosen { is_on: true, settings: PanelSettings::default(), revision: 0 };
    let refused = panel::change(&world.app, world.workspace_id, world.connection_id, None, late).await;
    assert!(matches!(refused, Err(ChangeRefused::Conflict(1))), "{refused:?}");
    let off = Chosen { is_on: false, settings: PanelSettings::default(), revision: 1 };
    panel::change(&world.app, world.workspace_id, world.connection_id, None, off).await.unwrap();
    assert!(panel::connections(&world.app, world.workspace_id).await.unwrap().is_empty());
    let sato = world.contact("Hana", vec![number("819012345678")]).await;
    assert_eq!(world.panel(sato).await, View::NotConnected);
}
