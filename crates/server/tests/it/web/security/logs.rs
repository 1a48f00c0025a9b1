//! The log of a whole day's work, with everything logged that can be: nobody's name, number, words, address, password or
//! token stands in it.
//!
//! Everything runs on the test's own thread, whose log this is; the store's threads log nothing.

use std::time::Duration;

use causeway::{
    crm::{self, Callback},
    lane,
    panel::{self, Ask, Freshness},
    people, serve, sign_in as entrance,
    store::{connection, sign_in as passwords, workspace::Member},
};
use causeway_core::{plan::settings::ChatSync, rights::Role};
use causeway_simulator::whatsapp::Customer;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot};

use super::{super::Site, request};
use crate::{
    store::engine::Place,
    world::{APP_SECRET, Log, Setting, World},
};

/// Words that stand nowhere in our own house.
const NAME: &str = "Quillonara Vexmoor";
const NUMBER: &str = "819012345678";
const WORDS: &str = "brimstone marmalade";
const MEMO: &str = "gossamer anvil";
const PASSWORD: &str = "tungsten lullaby 7";
const MAIL: &str = "quillonara@vexmoor.example";
const TOKEN: &str = "planted-api-token-of-an-agent";

/// The lines in which one of these stands, in any case.
fn lines_with<'a>(log: &'a str, secrets: &[String]) -> Vec<&'a str> {
    let secrets: Vec<String> = secrets.iter().map(|secret| secret.to_lowercase()).collect();
    log.lines()
        .filter(|line| secrets.iter().any(|secret| line.to_lowercase().contains(secret.as_str())))
        .collect()
}

#[tokio::test]
async fn on_sqlite_nothing_of_anybody_stands_in_the_log() {
    nothing_of_anybody_stands_in_the_log(Place::sqlite()).await;
}

#[tokio::test]
async fn on_postgres_nothing_of_anybody_stands_in_the_log() {
    nothing_of_anybody_stands_in_the_log(Place::postgres().await).await;
}

async fn nothing_of_anybody_stands_in_the_log(place: Place) {
    let (log, _guard) = Log::begin();
    let mut secrets: Vec<String> = [
        NAME,
        "Vexmoor",
        NUMBER,
        &NUMBER[2..],
        WORDS,
        MEMO,
        PASSWORD,
        MAIL,
        TOKEN,
        APP_SECRET,
        "causeway-sim-secret",
        "acme.test",
    ]
    .map(str::to_owned)
    .to_vec();
    let mut world = World::unconnected(place, Setting::default()).await;
    secrets.extend(connected(&mut world).await);
    world.integrate(ChatSync::default()).await;
    let site = Site::of(world).await;
    secrets.extend(signed_in(&site).await);
    messages(&site).await;
    looked_at(&site).await;
    refused(&site).await;
    served(&site).await;
    // The check can fail: what it looks for is found when it is there.
    let before = log.text();
    for name in ["crm.call", "intake.request", "lane.judged", "panel.shown", "sign_in", "lane.rest"] {
        assert!(before.contains(name), "{name} was not logged, so this is not the log");
    }
    assert_eq!(lines_with(&before, &secrets), Vec::<&str>::new(), "of {} lines", before.lines().count());
    tracing::trace!(planted = NAME, "a line that should not be");
    assert_eq!(lines_with(&log.text(), &secrets).len(), 1);
}

/// Connects; answers every secret that passed by.
async fn connected(world: &mut World) -> Vec<String> {
    let callback = world.come_back("maya.lindqvist@acme.example", None, "allow").await.unwrap();
    let brought = |callback: &Callback| callback.query.iter().map(|(_, value)| value.clone()).collect();
    let mut secrets: Vec<String> = brought(&callback);
    assert_eq!(secrets.len(), 2, "code and state");
    secrets.push(callback.browser.clone().unwrap());
    let connected = crm::finish(&world.app, callback).await.unwrap();
    world.connection_id = connected.connection_id;
    let id = connected.connection_id;
    let found = world.app.db.read(move |tx| Box::pin(connection::find(tx, id))).await.unwrap().unwrap();
    for (what, sealed) in [("access_token", found.access_token), ("refresh_token", found.refresh_token)] {
        let opened = world.app.sealer.open(&connection::seal_place(id, what), &sealed.unwrap()).unwrap();
        secrets.push(opened.expose().to_owned());
    }
    // A login that fails says why, and not with what.
    let denied = world.come_back("maya.lindqvist@acme.example", None, "deny").await.unwrap();
    secrets.extend(denied.query.iter().filter(|(name, _)| name == "state").map(|(_, value)| value.clone()));
    assert!(crm::finish(&world.app, denied).await.is_err());
    secrets
}

/// Signs in rightly and wrongly, invites, and is let in by a link; answers the secrets.
async fn signed_in(site: &Site) -> Vec<String> {
    let app = &site.world.app;
    let agent = Member { id: app.nature.id(), name: NAME.into(), email: MAIL.into(), role: Role::Agent };
    let agent = site.world.member_with_token(TOKEN, agent).await;
    let hash = entrance::hash(&app.nature, PASSWORD).await.unwrap();
    let (workspace_id, member_id) = (site.world.workspace_id, agent.id);
    app.db
        .write(move |tx| {
            Box::pin(async move { passwords::put_password(tx, workspace_id, member_id, &hash).await })
        })
        .await
        .unwrap();
    let mut secrets = Vec::new();
    for (password, status) in [("wrong+tungsten+lullaby", 422), ("tungsten+lullaby+7", 303)] {
        let fields = format!("email={}&password={password}", MAIL.replace('@', "%40"));
        let headers =
            [("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")];
        let answer = site.send(request("POST", "/sign-in", &headers, fields)).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
        let cookie = answer.header("set-cookie").split(';').next().and_then(|cookie| cookie.split_once('='));
        secrets.extend(cookie.map(|(_, token)| token.to_owned()));
    }
    secrets.push("wrong tungsten lullaby".into());
    let owner = site.actor("owner").await;
    secrets.push(people::invite(app, &owner, "new@vexmoor.example", Role::Agent).await.unwrap());
    let link = entrance::link_for(app, workspace_id, member_id, None).await.unwrap();
    let followed = site.get(&format!("/enter/{link}")).await;
    assert_eq!(followed.status.as_u16(), 200);
    secrets.push(link);
    secrets.push("new@vexmoor.example".into());
    secrets
}

/// Messages come, from the provider and from somebody who is not; one cannot be read.
async fn messages(site: &Site) {
    let sender = &site.world.sender;
    let customer = Customer::with_number(NUMBER, NAME);
    let now = site.world.app.now() / 1_000_000;
    let body = sender.wrap(vec![sender.text(&customer, "wamid.1", now, WORDS)]);
    for (secret, status) in [(APP_SECRET, 200), ("another", 401)] {
        let sender = causeway_simulator::whatsapp::Sender { secret: secret.into(), ..sender.clone() };
        let sent = sender.request("/hooks/whatsapp/main", body.clone()).map(axum::body::Body::from);
        assert_eq!(site.send(sent).await.status.as_u16(), status);
    }
    site.world.post_raw(format!("{{\"entry\":[{{\"changes\":\"{WORDS} {NUMBER}\"}}]}}").into_bytes()).await;
    let wrong =
        format!("/hooks/whatsapp/main?hub.mode=subscribe&hub.verify_token={}", WORDS.replace(' ', "+"));
    site.get(&wrong).await;
    site.world.settle().await;
}

/// A member reads, writes a memo, searches, looks at the panel, and makes a test record.
async fn looked_at(site: &Site) {
    let app = &site.world.app;
    let receipt = site.api(TOKEN, "GET", "trace/wamid.1", Value::Null).await.json();
    let receipt = &receipt["receipts"][0];
    let (conversation, contact) =
        (receipt["conversation"].as_str().unwrap(), receipt["contact"].as_str().unwrap());
    let memos = format!("conversations/{conversation}/memos");
    let memo = site.api(TOKEN, "POST", &memos, json!({ "text": MEMO })).await;
    assert!(memo.status.is_success(), "{}", memo.text());
    for path in [
        "conversations?search=Vexmoor".to_owned(),
        format!("contacts?search={NUMBER}"),
        format!("contacts/{contact}/panel"),
    ] {
        site.api(TOKEN, "GET", &path, Value::Null).await;
    }
    for path in [format!("/inbox/{conversation}"), format!("/contacts?q={NUMBER}"), "/deliveries".to_owned()]
    {
        site.page("owner", &path).await;
    }
    let ask = Ask {
        workspace_id: site.world.workspace_id,
        contact_id: causeway::id::read("ctc", contact).unwrap(),
        connection_id: site.world.connection_id,
        role: Role::Agent,
    };
    panel::view(app, ask, Freshness::Fresh).await.unwrap();
    let settings = ChatSync { company: NAME.into(), ..ChatSync::default() };
    lane::test_record(app, site.world.connection_id, &settings).await.unwrap();
}

/// The CRM refuses, breaks off and is at its limit, each with what strangers wrote in its hands.
async fn refused(site: &Site) {
    let (world, sender) = (&site.world, &site.world.sender);
    for (number, kind) in [
        "unavailable",
        "cut_before",
        "commit_then_cut",
        "session_expired",
        "row_lock",
        "half_collection",
        "limit_exhausted",
    ]
    .into_iter()
    .enumerate()
    {
        let fault = json!({ "kind": kind, "path": "", "times": 3, "every": 1 });
        world.sim("POST", "faults", fault).await;
        let customer = Customer::with_number(&format!("8190123456{number:02}"), NAME);
        let id = format!("wamid.refused.{number}");
        world.post(vec![sender.text(&customer, &id, world.app.now() / 1_000_000, WORDS)]).await;
        world.rest(Duration::from_mins(2), Duration::from_mins(10)).await;
        world.sim("DELETE", "faults", Value::Null).await;
        world.after(Duration::from_mins(20)).await;
    }
    let nobody = json!({ "user": "*", "no_create": ["Lead", "Task"] });
    world.sim("POST", "permissions", nobody).await;
    let customer = Customer::with_number("819012345690", NAME);
    world.post(vec![sender.text(&customer, "wamid.denied", world.app.now() / 1_000_000, WORDS)]).await;
    world.after(Duration::from_mins(2)).await;
}

/// Over a socket: what the server logs of connections, and of requests that break off.
async fn served(site: &Site) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut app = site.world.app.clone();
    app.limits.head = Duration::from_millis(200);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve::until(app, listener, async { drop(stopped.await) }));
    for asked in [
        format!("GET /contacts?q={NUMBER} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"),
        format!(
            "GET /api/v1/contacts?search={NUMBER} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
        ),
        format!("NONSENSE {NAME}\r\n\r\n"),
        format!("POST /sign-in HTTP/1.1\r\nHost: x\r\nX-A: {PASSWORD}"),
    ] {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(asked.as_bytes()).await.unwrap();
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said).await;
    }
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
}
