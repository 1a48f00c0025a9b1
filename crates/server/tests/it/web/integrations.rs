//! The catalogue, connecting, and a connection's page.

use axum::body::Body;
use causeway::{
    id,
    store::{
        connection::{self, Connection},
        panel,
    },
};
use causeway_core::rights::Role;
use causeway_simulator::whatsapp::Customer;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Site};
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    with_nothing_connected_the_catalogue_says_what_one_can_do,
    a_connection_names_org_user_environment_and_what_uses_it,
    the_login_is_chosen_and_other_hosts_are_refused_at_the_field,
    the_form_leads_to_a_plain_link_to_the_crm,
    disconnecting_says_first_what_stops_and_what_stays,
    the_page_says_when_the_crm_did_not_hear_of_a_disconnect,
    a_manager_leaves_alone_what_is_synchronised,
    a_permission_that_the_grant_lacks_asks_for_renewal,
    missing_rights_in_the_org_are_named_with_who_grants_them,
    the_fifth_grant_of_a_user_is_warned_of_and_names_nobody,
    connections_of_another_workspace_are_unknown,
    connecting_and_disconnecting_stand_in_the_audit_log,
    the_fields_of_a_panel_are_chosen_ordered_and_kept_from_roles,
    a_panel_that_somebody_else_changed_is_not_overwritten,
);

pub(super) fn says(answer: &Answer, all: &[&str]) {
    let text = answer.text();
    for one in all {
        assert!(text.contains(one), "\"{one}\" is not in {text}");
    }
}

fn page(site: &Site) -> String {
    format!("/integrations/connection/{}", site.connection())
}

async fn with_nothing_connected_the_catalogue_says_what_one_can_do(place: Place) {
    let site = Site::unconnected(place).await;
    let shown = site.page("manager", "/integrations").await;
    assert_eq!(shown.status, StatusCode::OK);
    says(&shown, &["Nothing is connected yet", "Connect Salesforce", "/integrations/salesforce/connect"]);
    assert_eq!(site.page("agent", "/integrations").await.status, StatusCode::FORBIDDEN);
}

async fn a_connection_names_org_user_environment_and_what_uses_it(place: Place) {
    let site = Site::new(place).await;
    site.world
        .post(vec![site.world.sender.text(
            &Customer::with_number("819012345678", "Ana"),
            "wamid.1",
            site.world.app.now() / 1_000_000,
            "Hello",
        )])
        .await;
    site.world.settle().await;
    let shown = site.page("admin", "/integrations").await;
    let chat_sync = format!("/integrations/chat-sync/{}", site.integration());
    says(
        &shown,
        &["Maya Lindqvist", "Connected", "Logs in at", "org.test", "Chat sync", &chat_sync, "Active"],
    );
    says(&shown, &["API calls of the org used", "New messages", "We made"]);
    let part = site.fragment("admin", "/integrations").await;
    assert!(part.text().starts_with("<section class=\"connections\" id=\"connections\""), "{}", part.text());
    let manager = site.page("manager", &page(&site)).await;
    assert_eq!(manager.status, StatusCode::OK);
    assert!(!manager.text().contains(&chat_sync), "settings of the sync are not a manager's");
}

async fn the_login_is_chosen_and_other_hosts_are_refused_at_the_field(place: Place) {
    let site = Site::unconnected(place).await;
    let path = "/integrations/salesforce/connect";
    let form = site.page("manager", path).await;
    says(&form, &["Production", "Sandbox", "My Domain", "What Salesforce will ask you", "API access"]);
    let refused = site.form("manager", path, "environment=own&host=evil.example%22").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&refused, &["is not a host of Salesforce", "value=\"evil.example&quot;\"", "field-host-error"]);
    let empty = site.form("manager", path, "environment=own&host=+").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&empty, &["Type the host"]);
    assert_eq!(site.page("owner", "/integrations/telegraph/connect").await.status, StatusCode::NOT_FOUND);
}

async fn the_form_leads_to_a_plain_link_to_the_crm(place: Place) {
    let site = Site::unconnected(place).await;
    for (form, host) in [
        ("environment=production", "https://login.salesforce.com/"),
        ("environment=sandbox", "https://test.salesforce.com/"),
        ("environment=own&host=acme.my.salesforce.com", "https://acme.my.salesforce.com/"),
        ("environment=own&host=org.test", "https://org.test/"),
    ] {
        let led = site.form("manager", "/integrations/salesforce/connect", form).await;
        assert_eq!(led.status, StatusCode::SEE_OTHER, "{}", led.text());
        assert!(led.header("content-security-policy").contains("form-action 'self'"));
        let page = site.page("manager", led.header("location")).await;
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        let link = text.split("href=\"/oauth/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert!(text.contains("target=\"_blank\" rel=\"noopener\""), "{text}");
        let started = site.get(&format!("/oauth/{link}")).await;
        assert!(started.header("location").starts_with(host), "{form}: {}", started.header("location"));
    }
    let odd = "/integrations/salesforce/connect/open?ticket=x%22%3E";
    assert_eq!(site.page("manager", odd).await.status, StatusCode::NOT_FOUND);
}

async fn disconnecting_says_first_what_stops_and_what_stays(place: Place) {
    let site = Site::new(place).await;
    let path = format!("{}/disconnect", page(&site));
    let question = site.page("admin", &path).await;
    says(
        &question,
        &["This stops:", "The chat sync", "beside conversations", "This stays", "nothing there is changed"],
    );
    let done = site.form("admin", &path, "").await;
    assert_eq!(
        (done.status, done.header("location")),
        (StatusCode::SEE_OTHER, &*format!("{}?done=revoked", page(&site)))
    );
    let shown = site.page("admin", done.header("location")).await;
    says(&shown, &["Salesforce confirmed that the access has ended", "Disconnected", "Reconnect"]);
}

async fn the_page_says_when_the_crm_did_not_hear_of_a_disconnect(place: Place) {
    let site = Site::new(place).await;
    site.world.fault(json!({ "kind": "cut_before", "path": "oauth2/revoke" })).await;
    let done = site.form("admin", &format!("{}/disconnect", page(&site)), "").await;
    assert!(done.header("location").ends_with("?done=erased"), "{}", done.header("location"));
    says(
        &site.page("admin", done.header("location")).await,
        &["could not be told", "administrator can revoke"],
    );
}

async fn a_manager_leaves_alone_what_is_synchronised(place: Place) {
    let site = Site::new(place).await;
    let renew = format!("{}/reconnect", page(&site));
    assert_eq!(site.page("manager", &renew).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.form("manager", &renew, "").await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        site.form("manager", &format!("{}/disconnect", page(&site)), "").await.status,
        StatusCode::FORBIDDEN
    );
    assert!(!site.page("manager", &page(&site)).await.text().contains("/reconnect\""));
    let asked = site.page("admin", &renew).await;
    says(&asked, &["Renew the connection to", "org.test", "stay as they are"]);
    let led = site.form("admin", &renew, "").await;
    assert_eq!(led.status, StatusCode::SEE_OTHER, "{}", led.text());
}

async fn stored(site: &Site) -> Connection {
    let id = site.world.connection_id;
    site.world.app.db.read(move |tx| Box::pin(connection::find(tx, id))).await.unwrap().unwrap()
}

async fn a_permission_that_the_grant_lacks_asks_for_renewal(place: Place) {
    let site = Site::new(place).await;
    assert!(stored(&site).await.scopes.contains(&"api".to_owned()), "what the grant allows is kept");
    assert!(!site.page("admin", &page(&site)).await.text().contains("needs renewal"));
    let connection = stored(&site).await;
    let fewer = connection::NewTokens {
        login_url: connection.login_url,
        access_token: connection.access_token.unwrap(),
        refresh_token: None,
        instance_url: connection.instance_url,
        user_id: connection.user_id,
        scopes: vec!["id".into(), "refresh_token".into()],
    };
    let id = site.world.connection_id;
    let put = site
        .world
        .app
        .db
        .write(move |tx| Box::pin(async move { connection::put_tokens(tx, id, &fewer).await }));
    put.await.unwrap();
    let shown = site.page("admin", &page(&site)).await;
    says(&shown, &["needs renewal: permission missing: api", "Renew"]);
}

async fn missing_rights_in_the_org_are_named_with_who_grants_them(place: Place) {
    let mut site = Site::unconnected(place).await;
    site.world.sim("POST", "permissions", json!({ "user": "*", "no_create": ["Lead"] })).await;
    let connected = site.world.connect().await.unwrap();
    let shown = site.page("admin", &page(&site)).await;
    assert!(!connected.warnings.is_empty());
    says(&shown, &["create Leads", "A Salesforce administrator has to grant Create"]);
}

async fn the_fifth_grant_of_a_user_is_warned_of_and_names_nobody(place: Place) {
    let mut site = Site::new(place).await;
    let mine = stored(&site).await;
    assert!(!site.page("admin", &page(&site)).await.text().contains("counting every workspace"));
    site.world
        .app
        .db
        .write(move |tx| {
            Box::pin(async move {
                for number in 1..=4 {
                    let other = Connection { workspace_id: 900 + number, id: 900 + number, ..mine.clone() };
                    connection::insert(tx, &other, 1, 0).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    let shown = site.page("admin", &page(&site)).await;
    says(&shown, &["Maya Lindqvist is connected 5 times", "one user hold 5 grants"]);
    assert!(!shown.text().contains("con_sc"), "no other workspace is named");
    let id = site.world.connection_id;
    let again = site.world.connect_as("maya.lindqvist@acme.example", Some(id)).await.unwrap();
    assert_eq!(again.grants, Some((5, 5)));
}

async fn connections_of_another_workspace_are_unknown(place: Place) {
    let site = Site::new(place).await;
    site.stranger().await;
    for end in ["", "/reconnect", "/disconnect"] {
        let answer = site.page("stranger", &format!("{}{end}", page(&site))).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{end}");
    }
    for end in ["/reconnect", "/disconnect", "/chat-sync"] {
        let answer = site.form("stranger", &format!("{}{end}", page(&site)), "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{end}");
    }
    assert!(!site.page("stranger", "/integrations").await.text().contains("Maya"));
}

pub(super) async fn deeds(site: &Site) -> Vec<(String, String)> {
    site.world.deeds().await
}

async fn connecting_and_disconnecting_stand_in_the_audit_log(place: Place) {
    let mut site = Site::new(place).await;
    let id = site.world.connection_id;
    site.world.connect_as("maya.lindqvist@acme.example", Some(id)).await.unwrap();
    site.form("admin", &format!("{}/disconnect", page(&site)), "").await;
    let subject = id::connection(id);
    let wanted = ["connection.connect", "connection.renew", "connection.disconnect"];
    let done: Vec<String> =
        deeds(&site).await.into_iter().filter(|(_, of)| *of == subject).map(|(deed, _)| deed).collect();
    assert_eq!(done, wanted);
}

async fn chosen(site: &Site) -> causeway_core::panel::settings::PanelSettings {
    let (workspace_id, id) = (site.world.workspace_id, site.world.connection_id);
    let found = site.world.app.db.read(move |tx| Box::pin(panel::find(tx, workspace_id, id)));
    found.await.unwrap().unwrap().settings
}

async fn the_fields_of_a_panel_are_chosen_ordered_and_kept_from_roles(place: Place) {
    let site = Site::new(place).await;
    let path = format!("/integrations/panel/{}", site.connection());
    assert_eq!(site.page("agent", &path).await.status, StatusCode::FORBIDDEN);
    let form = site.page("manager", &path).await;
    says(&form, &["value=\"contact:Email\"", "Managers and above", "Compare phone numbers letter by letter"]);
    let rows =
        "field=contact%3AEmail&roles=agent&field=contact%3ATitle&roles=admin&cache=30&on=on&literal=on";
    let saved = site.form("manager", &path, &format!("revision=0&{rows}&do=up%3A1")).await;
    assert_eq!(saved.header("location"), format!("{path}?done=saved"), "{}", saved.text());
    let settings = chosen(&site).await;
    let fields = settings.fields.clone().unwrap();
    let told: Vec<_> =
        fields.iter().map(|field| (field.name.as_str(), field.is_seen_by(Role::Agent))).collect();
    assert_eq!(told, [("Title", false), ("Email", true)]);
    assert!(fields[0].is_seen_by(Role::Admin) && !fields[0].is_seen_by(Role::Manager));
    assert_eq!((settings.cache_seconds, settings.literal), (30, true));
    for (deed, wanted) in [("add&add=lead%3ACompany", 3), ("remove%3A0", 1), ("save", 2)] {
        let revision = 1 + i64::from(wanted != 3) + i64::from(wanted == 2);
        site.form("manager", &path, &format!("revision={revision}&{rows}&do={deed}")).await;
        assert_eq!(chosen(&site).await.fields.unwrap().len(), wanted, "{deed}");
    }
    let wrong = site.form("manager", &path, &format!("revision=4&{}", rows.replace("=30", "=soon"))).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&wrong, &["whole number of seconds"]);
    let twice =
        site.form("manager", &path, &format!("revision=4&{rows}&field=contact%3AEmail&roles=agent")).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&twice, &["is chosen twice"]);
    site.form("manager", &path, &format!("revision=4&{rows}&do=usual")).await;
    assert_eq!(chosen(&site).await.fields, None);
    let deed = ("panel.change".to_owned(), site.connection());
    assert!(deeds(&site).await.contains(&deed));
}

async fn a_panel_that_somebody_else_changed_is_not_overwritten(place: Place) {
    let site = Site::new(place).await;
    let path = format!("/integrations/panel/{}", site.connection());
    site.form("manager", &path, "revision=0&cache=30&on=on").await;
    let late = site.form("admin", &path, "revision=0&cache=90&on=on").await;
    says(&site.page("admin", late.header("location")).await, &["Somebody else changed this meanwhile"]);
    assert_eq!(chosen(&site).await.cache_seconds, 30);
    site.stranger().await;
    assert_eq!(site.page("stranger", &path).await.status, StatusCode::NOT_FOUND);
    let theft = site.form("stranger", &path, "revision=1&cache=1").await;
    assert_eq!(theft.status, StatusCode::NOT_FOUND);
}

impl Site {
    /// A part of a page, as our script asks for it.
    pub(super) async fn fragment(&self, role: &str, path: &str) -> Answer {
        let request = Request::get(path).header("cookie", self.cookie(role).await).header("x-fragment", "1");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A form that our script sends.
    pub(super) async fn script(&self, role: &str, path: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header("cookie", self.cookie(role).await)
            .header("x-fragment", "1")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// The integration as the API shows it.
    pub(super) async fn shown(&self, integration: &str) -> Value {
        self.api("agent", "GET", &format!("integrations/{integration}"), Value::Null).await.json()
    }
}
