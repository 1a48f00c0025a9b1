//! Every page and every address of the API as every role, as nobody, and as somebody of another workspace: the table of
//! rights alone decides.

use causeway::{
    id,
    inbox::set_up,
    people,
    store::{
        member,
        pin::{self, Pin},
    },
    web,
};
use causeway_core::rights::{ROLES, Role};
use causeway_simulator::whatsapp::{Customer, media::File};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Site};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{SOURCE, provider::PROVIDER_TOKEN},
};

on_both_engines!(
    the_table_of_rights_alone_decides_who_sees_a_page,
    the_table_of_rights_alone_decides_what_a_token_may_do,
    whoever_is_not_signed_in_comes_back_to_the_same_place,
    what_belongs_to_another_workspace_is_not_there,
);

/// An address of that page, with ids of nothing.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "cnv_1" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

async fn the_table_of_rights_alone_decides_who_sees_a_page(place: Place) {
    let site = Site::new(place).await;
    for (method, path, right) in web::access(site.world.app.clone()) {
        for role in ROLES {
            // A stream does not end; that it is let through is seen by its head.
            let answer = if method == Method::GET {
                site.head(role.word(), &filled(path)).await
            } else {
                site.form(role.word(), &filled(path), "").await.status
            };
            let is_refused = answer == StatusCode::FORBIDDEN;
            assert_eq!(is_refused, !role.has(right), "{method} {path} as {role:?}: {answer}");
        }
    }
}

async fn the_table_of_rights_alone_decides_what_a_token_may_do(place: Place) {
    let site = Site::unconnected(place).await;
    for (method, path, right) in web::api_access(site.world.app.clone()) {
        let path = filled(path).trim_start_matches('/').to_owned();
        for role in ROLES {
            // Nothing that these bodies ask for can be done; whoever may ask hears why.
            let answer = site.api(role.word(), method.as_str(), &path, Value::Null).await;
            let is_refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(is_refused, !role.has(right), "{method} {path} as {role:?}: {}", answer.text());
            if is_refused {
                let (code, message) = answer.refusal();
                assert_eq!(code, "forbidden");
                assert!(message.contains(right.word()), "{message}");
            }
        }
        let nobody = site.api("nobody", method.as_str(), &path, Value::Null).await;
        assert_eq!((nobody.status, nobody.refusal().0.as_str()), (StatusCode::UNAUTHORIZED, "unauthorized"));
    }
}

async fn whoever_is_not_signed_in_comes_back_to_the_same_place(place: Place) {
    let site = Site::unconnected(place).await;
    for (method, path, _) in web::access(site.world.app.clone()) {
        if method == Method::GET {
            let answer = site.get(&format!("{}?x=1", filled(path))).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            let next = format!("/sign-in?next={}%3Fx%3D1", filled(path));
            assert_eq!(answer.header("location"), next);
        }
    }
}

/// Parts of addresses that name no thing of a workspace: a CRM that can be connected, a page of the help.
const NO_THINGS: &[&str] = &["{crm}", "{topic}"];

fn names_a_thing(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('{') && !NO_THINGS.contains(&part))
}

/// One of everything that an address names, in the workspace of the site.
struct Things {
    /// By the part of an address that stands before the id.
    ids: Vec<(&'static str, String)>,
}

impl Things {
    async fn of(site: &Site) -> Self {
        let sender = &site.world.sender;
        let ana = Customer::with_number("819012345678", "Ana");
        site.world.post(vec![sender.text(&ana, "wamid.1", site.world.app.now() / 1_000_000, "Hello")]).await;
        site.world.settle().await;
        let receipt = site.api("agent", "GET", "trace/wamid.1", Value::Null).await.json();
        let receipt = &receipt["receipts"][0];
        let accounts = site.api("agent", "GET", "accounts", Value::Null).await.json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let owner = site.actor("owner").await;
        let inbox = set_up::make(&site.world.app, &owner, "Sales".into()).await.unwrap();
        let app = &site.world.app;
        people::invite(app, &owner, "new@acme.test", Role::Agent).await.unwrap();
        site.form("agent", "/settings/tokens", "name=Export").await;
        let (workspace_id, agent, now) = (owner.workspace_id, site.actor("agent").await.member.id, app.now());
        let requests = site.api("owner", "GET", "sources/main/requests", Value::Null).await.json();
        let request = text(&requests["requests"][0]["id"]);
        let conversation = text(&receipt["conversation"]);
        let pinned = Pin {
            id: app.nature.id(),
            connection_id: site.world.connection_id,
            module: "Opportunity".into(),
            record_id: "006000000000001AAA".into(),
            label: "Big deal".into(),
            created_by: agent,
            created_at: now,
        };
        let (pin, place) = (id::pin(pinned.id), id::read("cnv", &conversation).unwrap());
        let pinning =
            app.db.write(move |tx| Box::pin(async move { pin::add(tx, workspace_id, place, &pinned).await }));
        assert!(pinning.await.unwrap());
        let (invitation, token, away) = app
            .db
            .read(move |tx| {
                Box::pin(async move {
                    let pending = causeway::store::ticket::invitations(tx, workspace_id, now).await?;
                    let tokens = causeway::store::api_token::of_member(tx, workspace_id, agent).await?;
                    let members = member::all(tx, workspace_id).await?;
                    Ok((pending[0].digest.clone(), tokens[0].digest.clone(), members[0].member.id))
                })
            })
            .await
            .unwrap();
        let entry = text(&receipt["deliveries"][0]["entry"]);
        site.world.let_in(PROVIDER_TOKEN).await;
        site.world.send_picture(&ana, "wamid.2", "m1", File::of("image/jpeg", &b"\xff\xd8\xff"[..])).await;
        site.world.fetch().await;
        let file = id::attachment(site.world.files().await[0].id);
        assert_eq!(site.page("agent", &format!("/files/{file}")).await.status, StatusCode::OK);
        Self {
            ids: vec![
                ("trace", "wamid.1".into()),
                ("conversations", conversation.clone()),
                ("inbox", conversation),
                ("contacts", text(&receipt["contact"])),
                ("entries", entry.clone()),
                ("deliveries", entry),
                ("accounts", text(&accounts["accounts"][0]["id"])),
                ("connections", site.connection()),
                ("integrations", site.integration()),
                ("receipts", "wamid.1".into()),
                ("connection", site.connection()),
                ("panel", site.connection()),
                ("chat-sync", site.integration()),
                ("versions", "1".into()),
                ("sources", SOURCE.into()),
                ("channels", SOURCE.into()),
                ("requests", request),
                ("pins", pin),
                ("inboxes", id::inbox(inbox)),
                ("invitations", invitation),
                ("tokens", token),
                ("people", id::member(away)),
                ("files", file),
            ],
        }
    }

    /// The address with these ids, and with ids that nobody has.
    fn fill(&self, path: &str) -> (String, String) {
        let (mut real, mut invented) = (Vec::new(), Vec::new());
        let mut before = "";
        for part in path.split('/') {
            if part.starts_with('{') {
                let (_, id) = self.ids.iter().find(|(known, _)| *known == before).unwrap_or_else(|| {
                    panic!("{path}: add one of these of the site's workspace to `Things`, behind `{before}`")
                });
                real.push(id.clone());
                invented.push(match id.split_once('_') {
                    Some((prefix, _)) => format!("{prefix}_1"),
                    None => "nobody".to_owned(),
                });
            } else {
                real.push(part.to_owned());
                invented.push(part.to_owned());
            }
            before = part;
        }
        (real.join("/"), invented.join("/"))
    }
}

/// A body with which the address does its work for whoever it belongs to.
fn body(site: &Site, path: &str) -> Value {
    match path {
        "/conversations/{id}" => json!({ "assignee": null }),
        "/conversations/{id}/memos" => json!({ "text": "Hello" }),
        "/accounts/{id}" => json!({ "owner": null }),
        "/integrations/{id}" => json!({ "revision": 1, "settings": {} }),
        "/contacts/{id}/link" => {
            json!({ "connection": site.connection(), "module": "contact", "record": "003000000000000AAA" })
        }
        _ => Value::Null,
    }
}

/// Fields with which the forms of pages do their work.
const FIELDS: &str = "role=agent&text=Hello&status=open&assignee=&name=X&member=mem_1&account=acc_1";

async fn what_belongs_to_another_workspace_is_not_there(place: Place) {
    let site = Site::new(place).await;
    let things = Things::of(&site).await;
    site.stranger().await;
    let alike = |path: &str, theirs: &Answer, nobodys: &Answer| {
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{path}: {}", theirs.text());
        assert_eq!(nobodys.status, StatusCode::NOT_FOUND, "{path}: {}", nobodys.text());
    };
    for (method, path, _) in web::api_access(site.world.app.clone()) {
        if names_a_thing(path) {
            let (real, invented) = things.fill(path);
            let ask = |to: String| {
                let (site, method) = (&site, method.clone());
                let body = body(site, path);
                async move { site.api("stranger", method.as_str(), to.trim_start_matches('/'), body).await }
            };
            let (theirs, nobodys) = (ask(real).await, ask(invented).await);
            alike(path, &theirs, &nobodys);
            assert_eq!(theirs.text().replace("wamid.1", "nobody"), nobodys.text(), "{method} {path}");
        }
    }
    for (method, path, _) in web::access(site.world.app.clone()) {
        if names_a_thing(path) {
            let (real, invented) = things.fill(path);
            let ask = |to: String| {
                let (site, is_form) = (&site, method == Method::POST);
                async move {
                    if is_form {
                        site.form("stranger", &to, FIELDS).await
                    } else {
                        site.page("stranger", &to).await
                    }
                }
            };
            let (theirs, nobodys) = (ask(real).await, ask(invented).await);
            alike(path, &theirs, &nobodys);
            assert_eq!(theirs.text(), nobodys.text(), "{method} {path}");
        }
    }
}
