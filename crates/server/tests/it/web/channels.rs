//! Channels: endpoints made, shown, rotated and removed; what was posted to them, and replays.

use causeway::{
    id,
    intake::{self, Received},
    store::source,
};
use causeway_core::channels::RawRequest;
use causeway_simulator::whatsapp::{Customer, Sender};
use http::StatusCode;
use serde_json::{Value, json};

use super::Site;
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    an_endpoint_is_made_and_heard_of,
    mistakes_keep_what_was_typed,
    a_secret_is_rotated_while_both_are_accepted,
    a_request_is_shown_as_data_and_replayed_without_changing_anything,
    what_could_not_be_read_is_shown_with_its_reason,
    a_number_is_given_to_a_member,
    a_removed_endpoint_hears_nothing_and_what_came_stays,
    endpoints_of_another_workspace_are_nowhere,
    what_cannot_be_written_down_is_not_done,
    what_is_done_with_an_endpoint_stands_in_the_audit_log_whoever_does_it,
);

/// The provider posts to that endpoint, signed with that secret.
async fn post(site: &Site, key: &str, secret: &str, id: &str) -> Received {
    let sender = Sender { secret: secret.into(), ..site.world.sender.clone() };
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    let body = sender.wrap(vec![sender.text(&customer, id, site.world.app.now() / 1_000_000, "<script>hi")]);
    let headers = vec![("x-hub-signature-256".to_owned(), sender.sign(&body))];
    intake::receive(&site.world.app, "whatsapp", key, RawRequest { headers, body }).await
}

/// Makes an endpoint as an admin does; answers its key.
async fn add(site: &Site, form: &str) -> String {
    let answer = site.form("admin", "/channels/new", form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let place = answer.header("location").to_owned();
    place.strip_prefix("/channels/").unwrap().strip_suffix("?done=added").unwrap().to_owned()
}

async fn an_endpoint_is_made_and_heard_of(place: Place) {
    let site = Site::unconnected(place).await;
    let form = site.page("admin", "/channels/new").await.text();
    assert!(form.contains("name=\"token\"") && form.contains("App secret"), "{form}");
    let key = add(&site, "name=Shop+Osaka&secret=s3cret&token=word").await;
    let page = site.page("admin", &format!("/channels/{key}?done=added")).await.text();
    for said in [
        "Shop Osaka",
        &format!("value=\"http://causeway.test/hooks/whatsapp/{key}\""),
        "value=\"word\"",
        "Waiting for the first webhook",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("s3cret"), "a secret never comes out");
    assert_eq!(post(&site, &key, "s3cret", "wamid.1").await, Received::Kept);
    site.world.digest().await;
    let page = site.page("admin", &format!("/channels/{key}")).await.text();
    assert!(page.contains("Last request received") && page.contains("+81312345678"), "{page}");
    let list = site.page("admin", "/channels").await.text();
    assert!(list.contains("Shop Osaka") && list.contains("+81312345678"), "{list}");
    assert_eq!(site.page("manager", "/channels").await.status, StatusCode::FORBIDDEN);
}

async fn mistakes_keep_what_was_typed(place: Place) {
    let site = Site::unconnected(place).await;
    let wrong = site.form("admin", "/channels/new", "name=%22Tea%22&secret=&token=").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = wrong.text();
    for said in ["value=\"&quot;Tea&quot;\"", "Paste the app secret", "Write any text"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let wrong = site.form("admin", "/channels/main", "name=&token=changed").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Write a name") && wrong.text().contains("value=\"changed\""));
    let right = site.form("admin", "/channels/main", "name=Main&token=changed").await;
    assert_eq!(right.header("location"), "/channels/main?done=saved");
    let page = site.page("admin", "/channels/main").await.text();
    assert!(page.contains("value=\"Main\"") && page.contains("value=\"changed\""), "{page}");
    assert_eq!(post(&site, "main", "app_secret_123", "wamid.1").await, Received::Kept, "the secret stays");
}

async fn a_secret_is_rotated_while_both_are_accepted(place: Place) {
    let site = Site::unconnected(place).await;
    let key = add(&site, "name=Shop&secret=old&token=word").await;
    let page = format!("/channels/{key}");
    let secrets = format!("{page}/secrets");
    let known = site.form("admin", &secrets, "what=add&secret=old").await;
    assert_eq!(known.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(known.text().contains("active already"));
    site.form("admin", &secrets, "what=add&secret=new").await;
    assert!(site.page("admin", &page).await.text().contains("2 active"));
    for secret in ["old", "new"] {
        assert_eq!(post(&site, &key, secret, "wamid.1").await, Received::Kept, "{secret}");
    }
    site.form("admin", &secrets, "what=retire").await;
    assert!(matches!(post(&site, &key, "old", "wamid.2").await, Received::Refused(_)));
    assert_eq!(post(&site, &key, "new", "wamid.2").await, Received::Kept);
    // A second click finds nothing older, and takes nothing away.
    let again = site.form("admin", &secrets, "what=retire").await;
    assert_eq!(again.header("location"), page);
    assert_eq!(post(&site, &key, "new", "wamid.3").await, Received::Kept);
}

async fn a_request_is_shown_as_data_and_replayed_without_changing_anything(place: Place) {
    let site = Site::new(place).await;
    post(&site, "main", "app_secret_123", "wamid.1").await;
    let pending = site.page("admin", "/channels/main/requests").await.text();
    assert!(pending.contains("waiting to be read"), "{pending}");
    site.world.settle().await;
    let list = site.page("admin", "/channels/main/requests").await.text();
    assert!(list.contains("read: 1 event") && list.contains("1 new"), "{list}");
    let kept = site.api("admin", "GET", "sources/main/requests", Value::Null).await.json();
    let request = kept["requests"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/channels/main/requests/{request}");
    let shown = site.page("admin", &path).await.text();
    assert!(shown.contains("&lt;script&gt;hi") && !shown.contains("<script>hi"), "{shown}");
    let tasks = site.world.records("Task").await.len();
    let done = site.form("admin", &format!("{path}/replay"), "").await;
    assert_eq!(done.header("location"), "/channels/main/requests?done=replayed");
    site.world.settle().await;
    let list = site.page("admin", "/channels/main/requests").await.text();
    assert!(list.contains("1 known already") && !list.contains("1 new"), "{list}");
    assert_eq!(site.world.records("Task").await.len(), tasks);
    let other = site.form("admin", "/channels/main/requests/raw_1/replay", "").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    let refused = site.api("manager", "GET", "sources/main/requests", Value::Null).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "it holds what customers wrote");
    let replayed = site.api("admin", "POST", &format!("requests/{request}/replay"), Value::Null).await.json();
    assert_eq!(replayed["state"], "pending");
}

async fn what_could_not_be_read_is_shown_with_its_reason(place: Place) {
    let site = Site::unconnected(place).await;
    assert!(site.page("admin", "/quarantine").await.text().contains("Everything was read"));
    site.world.post_raw(b"{\"object\":\"whatsapp_business_account\",\"entry\":[\"<i>\"]}".to_vec()).await;
    site.world.digest().await;
    let page = site.page("admin", "/quarantine").await.text();
    assert!(page.contains("&lt;i&gt;") && !page.contains("<i>"), "{page}");
    assert!(site.page("admin", "/channels").await.text().contains("1 part of a request could not be read"));
    let list = site.page("admin", "/channels/main/requests").await.text();
    assert!(list.contains("1 not readable"), "{list}");
}

async fn a_number_is_given_to_a_member(place: Place) {
    let site = Site::unconnected(place).await;
    post(&site, "main", "app_secret_123", "wamid.1").await;
    site.world.digest().await;
    let workspace_id = site.world.workspace_id;
    let accounts =
        site.world.app.db.read(move |tx| Box::pin(source::accounts(tx, workspace_id))).await.unwrap();
    let account = id::account(accounts[0].id);
    let member = site.world.member("Ann Lee", "ann@acme.test").await;
    let path = format!("/channels/main/accounts/{account}");
    let done = site.form("admin", &path, &format!("owner={}", id::member(member))).await;
    assert_eq!(done.header("location"), "/channels/main?done=owner", "{}", done.text());
    let accounts =
        site.world.app.db.read(move |tx| Box::pin(source::accounts(tx, workspace_id))).await.unwrap();
    assert_eq!(accounts[0].owner_id, Some(member));
    for bad in ["owner=mem_1", "owner=x", "owner=&inbox=ibx_1"] {
        assert_eq!(site.form("admin", &path, bad).await.status, StatusCode::NOT_FOUND, "{bad}");
    }
    site.form("admin", &path, "owner=").await;
    let accounts =
        site.world.app.db.read(move |tx| Box::pin(source::accounts(tx, workspace_id))).await.unwrap();
    assert_eq!(accounts[0].owner_id, None);
}

async fn a_removed_endpoint_hears_nothing_and_what_came_stays(place: Place) {
    let site = Site::new(place).await;
    post(&site, "main", "app_secret_123", "wamid.1").await;
    site.world.settle().await;
    let question = site.page("admin", "/channels/main/remove").await.text();
    assert!(question.contains("What has arrived stays"), "{question}");
    let done = site.form("admin", "/channels/main/remove", "").await;
    assert_eq!(done.header("location"), "/channels?done=removed");
    assert_eq!(post(&site, "main", "app_secret_123", "wamid.2").await, Received::NoSource);
    assert!(site.page("admin", "/channels").await.text().contains("No channel yet"));
    assert_eq!(site.page("agent", "/receipts/wamid.1").await.status, StatusCode::OK);
}

async fn endpoints_of_another_workspace_are_nowhere(place: Place) {
    let site = Site::unconnected(place).await;
    site.stranger().await;
    for path in ["/channels/main", "/channels/main/requests", "/channels/main/remove"] {
        assert_eq!(site.page("stranger", path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/channels/main", "/channels/main/secrets", "/channels/main/remove"] {
        let answer = site.form("stranger", path, "name=x&token=y&what=add&secret=z").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(site.page("stranger", "/channels").await.text().contains("No channel yet"));
    let gone = site.api("stranger", "DELETE", "sources/main", Value::Null).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert_eq!(post(&site, "main", "app_secret_123", "wamid.1").await, Received::Kept);
}

/// Without its line in the audit log nothing of it holds.
async fn what_cannot_be_written_down_is_not_done(place: Place) {
    let site = Site::new(place).await;
    let key = add(&site, "name=Shop&secret=old&token=word").await;
    assert_eq!(post(&site, &key, "old", "wamid.1").await, Received::Kept);
    site.world.settle().await;
    let kept = site.api("admin", "GET", &format!("sources/{key}/requests"), Value::Null).await.json();
    let request = kept["requests"][0]["id"].as_str().unwrap().to_owned();
    let accounts = site.api("admin", "GET", "accounts", Value::Null).await.json();
    let account = accounts["accounts"][0]["id"].as_str().unwrap().to_owned();
    let member = id::member(site.world.member("Kenji", "kenji@acme.test").await);
    site.world.place.close_audit_log().await;
    let page = format!("/channels/{key}");
    for (to, form) in [
        ("/channels/new".to_owned(), "name=Other&secret=x&token=y".to_owned()),
        (page.clone(), "name=Renamed&token=changed".into()),
        (page.clone(), "name=Renamed&token=word".into()),
        (format!("{page}/secrets"), "what=add&secret=new".into()),
        (format!("{page}/accounts/{account}"), format!("owner={member}")),
        (format!("{page}/requests/{request}/replay"), String::new()),
        (format!("{page}/remove"), String::new()),
    ] {
        let failed = site.form("admin", &to, &form).await;
        assert!(failed.status.is_server_error(), "{to} {form}: {}", failed.text());
    }
    assert!(
        site.api("admin", "DELETE", &format!("sources/{key}"), Value::Null).await.status.is_server_error()
    );
    let sources = site.api("admin", "GET", "sources", Value::Null).await.json();
    let names: Vec<&Value> =
        sources["sources"].as_array().unwrap().iter().map(|known| &known["name"]).collect();
    assert!(names.contains(&&Value::from("Shop")) && names.len() == 2, "{names:?}");
    assert!(site.page("admin", &page).await.text().contains("value=\"word\""));
    assert!(matches!(post(&site, &key, "new", "wamid.2").await, Received::Refused(_)));
    assert_eq!(post(&site, &key, "old", "wamid.2").await, Received::Kept);
    let after = site.api("admin", "GET", "accounts", Value::Null).await.json();
    assert_eq!(after, accounts);
    let replayed = site.page("admin", &format!("{page}/requests/{request}")).await.text();
    assert!(!replayed.contains("waiting to be read"), "{replayed}");
}

async fn what_is_done_with_an_endpoint_stands_in_the_audit_log_whoever_does_it(place: Place) {
    let site = Site::unconnected(place).await;
    let key = add(&site, "name=Shop&secret=old&token=word").await;
    site.form("admin", &format!("/channels/{key}"), "name=Tea&token=word").await;
    site.form("admin", &format!("/channels/{key}/secrets"), "what=add&secret=new").await;
    site.form("admin", &format!("/channels/{key}/secrets"), "what=retire").await;
    site.form("admin", &format!("/channels/{key}/remove"), "").await;
    let wish =
        json!({ "channel": "whatsapp", "key": "api", "signing_secrets": ["one"], "verify_token": "word" });
    site.api("admin", "POST", "sources", wish).await;
    site.api("admin", "DELETE", "sources/api", Value::Null).await;
    site.api("admin", "DELETE", "sources/api", Value::Null).await;
    let shop =
        ["channel.add", "channel.change", "channel.secret_add", "channel.secret_retire", "channel.remove"];
    let api = ["channel.add", "channel.remove"];
    let wanted = shop.map(|deed| (deed, key.as_str())).into_iter().chain(api.map(|deed| (deed, "api")));
    let wanted: Vec<(String, String)> =
        wanted.map(|(deed, subject)| (deed.to_owned(), subject.to_owned())).collect();
    let done = site.world.deeds().await.into_iter().filter(|(deed, _)| deed != "sign_in");
    assert_eq!(done.collect::<Vec<_>>(), wanted);
}
