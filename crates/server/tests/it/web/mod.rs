//! The router, in process: requests in, answers out.

mod api;
mod calls;
mod channels;
mod chat_sync;
mod connecting;
mod contacts;
mod deliveries;
mod files;
mod help;
mod hooks;
mod inbox;
mod inbox_page;
mod integrations;
mod live;
mod pages;
mod panel;
mod panel_pages;
mod people;
mod probes;
mod rights;
mod security;
mod settings;
mod setup;
mod sign_in;

use axum::body::{Body, to_bytes};
use causeway::{
    id,
    people::Actor,
    sign_in as entrance,
    store::workspace::{self, Member, Workspace},
    web,
};
use causeway_core::{rights::Role, time::Zone};
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{
    store::engine::Place,
    world::{Setting, World},
};

/// A world with its router and a token for each role.
pub struct Site {
    pub world: World,
    router: axum::Router,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The word and the sentence of a refusal.
    pub fn refusal(&self) -> (String, String) {
        let error = &self.json()["error"];
        assert!(!error["action"].as_str().unwrap().is_empty(), "{error}");
        (error["code"].as_str().unwrap().to_owned(), error["message"].as_str().unwrap().to_owned())
    }
}

impl Site {
    /// A site without a connection.
    pub async fn unconnected(place: Place) -> Self {
        Self::of(World::unconnected(place, Setting::default()).await).await
    }

    /// A site that is connected and syncs.
    pub async fn new(place: Place) -> Self {
        Self::of(World::new(place).await).await
    }

    /// A site where nothing is set up yet.
    pub async fn empty(place: Place) -> Self {
        let world = World::empty(place, Setting::default()).await;
        Self { router: web::router(world.app.clone()), world }
    }

    /// A site over that world.
    pub async fn of(world: World) -> Self {
        let site = Self { router: web::router(world.app.clone()), world };
        for role in ["owner", "admin", "manager", "agent"] {
            site.token(role).await;
        }
        site
    }

    /// A member of that role, whose token is the role's name.
    async fn token(&self, role: &'static str) {
        let member = Member {
            id: self.world.app.nature.id(),
            name: role.to_uppercase(),
            email: format!("{role}@acme.test"),
            role: Role::named(role).unwrap(),
        };
        self.world.member_with_token(role, member).await;
    }

    /// The owner of another workspace, whose token is `stranger`.
    pub async fn stranger(&self) {
        let (id, member_id, now) =
            (self.world.app.nature.id(), self.world.app.nature.id(), self.world.app.now());
        self.world
            .app
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let other = Workspace { id, name: "Other".into(), zone: Zone::utc(), region: None };
                    workspace::create(tx, &other, "UTC", now).await?;
                    let member = Member {
                        id: member_id,
                        name: "Stranger".into(),
                        email: "stranger@other.test".into(),
                        role: Role::Owner,
                    };
                    workspace::put_member(tx, id, &member, now).await?;
                    workspace::put_token(tx, "stranger", id, member_id, now).await
                })
            })
            .await
            .unwrap();
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// An API request with the token of that role; `Null` sends no body.
    pub async fn api(&self, role: &str, method: &str, path: &str, body: Value) -> Answer {
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1/{path}"))
            .header("authorization", format!("Bearer {role}"))
            .header("content-type", "application/json");
        self.send(request.body(body).unwrap()).await
    }

    /// A page as the member of that role sees it, signed in.
    pub async fn page(&self, role: &str, path: &str) -> Answer {
        let request = Request::get(path).header("cookie", self.cookie(role).await);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A form that the member of that role sends: `a=1&b=2`, encoded as a browser does.
    pub async fn form(&self, role: &str, path: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header("cookie", self.cookie(role).await)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// A request of the member of that role, signed in.
    pub async fn send_as(&self, role: &str, mut request: Request<Body>) -> Answer {
        request.headers_mut().insert("cookie", self.cookie(role).await.parse().unwrap());
        self.send(request).await
    }

    /// The status of a page, without reading what follows (a stream does not end).
    pub async fn head(&self, role: &str, path: &str) -> StatusCode {
        let request = Request::get(path).header("cookie", self.cookie(role).await);
        let request = request.body(Body::empty()).unwrap();
        self.router.clone().oneshot(request).await.unwrap().status()
    }

    /// The member of that role, as whoever does something.
    async fn actor(&self, role: &str) -> Actor {
        let (app, token) = (&self.world.app, role.to_owned());
        let holder = app.db.read(|tx| Box::pin(async move { workspace::token_holder(tx, &token).await }));
        let (workspace_id, member) = holder.await.unwrap().unwrap();
        Actor { workspace_id, member }
    }

    /// The cookie of a fresh session of the member of that role.
    async fn cookie(&self, role: &str) -> String {
        let Actor { workspace_id, member } = self.actor(role).await;
        let entered = entrance::begin(&self.world.app, workspace_id, member, "a test").await.unwrap();
        format!("causeway_session={}", entered.token)
    }

    pub fn integration(&self) -> String {
        id::integration(self.world.integration_id)
    }

    pub fn connection(&self) -> String {
        id::connection(self.world.connection_id)
    }
}
