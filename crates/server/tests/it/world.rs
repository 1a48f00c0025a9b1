//! A whole world in one process: the server, a simulated org behind an in-process transport, a hand-set clock and
//! seeded randomness. Nothing sleeps; time moves when a test moves it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use causeway::{
    app::{App, Limits, Safety},
    cli::demo::browser::{Browser, query_value},
    clock::{HandClock, Nature, SeededEntropy},
    config::Config,
    crm::{self as grants, Callback},
    files::Shelf,
    http::{Access, Answering, Opened, Opening, Reach, Silence, Transport},
    intake::{self, Digested, Received, SealedSecrets},
    lane,
    seal::{Sealer, Secret},
    settings::{self, Wish, to_json},
    store::{
        audit,
        integration::{self, Integration, State},
        source::{self, Source},
        workspace::{self, Member, Workspace},
    },
};
use causeway_core::{
    channels::RawRequest,
    crm::{Request, Response},
    plan::settings::ChatSync,
    rights::Role,
    time::{Timestamp, Zone},
};
use causeway_simulator::whatsapp::{Sender, media::Provider};
use futures_util::{StreamExt as _, stream};
use serde_json::Value;

use self::{
    crm::{Crm, SALESFORCE, ZOHO},
    curtain::Curtain,
    org::{Cut, Org},
    provider::{PROVIDER_TOKEN, PROVIDER_URL},
};
use crate::store::engine::Place;

pub mod crm;
pub mod curtain;
mod log;
pub mod org;
pub mod provider;

pub use self::log::Log;

/// When every story begins: 2026-01-02 03:04:05 UTC.
pub const START: i64 = 1_767_323_045;

/// The app secret of the WhatsApp source.
pub const APP_SECRET: &str = "app_secret_123";

/// The key of the WhatsApp source.
pub const SOURCE: &str = "main";

/// Where the server and the org say they are when neither is on a socket.
const ADDRESSES: [&str; 2] = ["http://causeway.test", "http://org.test"];

/// Where an org of that CRM is that stands beside the first.
fn host_beside(crm: &dyn Crm) -> String {
    format!("{}.test", crm.name())
}

/// The transport: requests go to the org in this process.
pub struct InProcess {
    org: Mutex<Org>,
    beside: Mutex<BTreeMap<String, Org>>,
    /// Whoever has the files of messages.
    pub provider: Provider,
}

impl InProcess {
    /// To that org.
    pub fn to(org: &Org) -> Arc<Self> {
        let provider = Provider::new(PROVIDER_TOKEN, PROVIDER_URL);
        Arc::new(Self { org: Mutex::new(org.clone()), beside: Mutex::default(), provider })
    }

    /// Whoever asks this host is led to that org.
    pub fn lead_beside(&self, host: &str, org: &Org) {
        self.beside.lock().unwrap().insert(host.to_owned(), org.clone());
    }

    fn org_at(&self, url: &str) -> Org {
        let host = url.split('/').nth(2).unwrap_or_default();
        let beside = self.beside.lock().unwrap().get(host).cloned();
        beside.unwrap_or_else(|| self.org.lock().unwrap().clone())
    }

    /// From now on to that org.
    pub fn lead_to(&self, org: &Org) {
        *self.org.lock().unwrap() = org.clone();
    }
}

impl Transport for InProcess {
    fn send<'a>(
        &'a self,
        request: &'a Request,
        access: Option<Access<'a>>,
        _limit: Duration,
    ) -> Answering<'a> {
        let org = self.org_at(&request.url);
        Box::pin(async move {
            let mut asked = http::Request::builder().method(request.method).uri(&request.url);
            for (name, value) in &request.headers {
                asked = asked.header(*name, value);
            }
            if let Some(access) = access {
                asked = asked.header("authorization", access.header());
            }
            let asked = asked.body(Bytes::from(request.body.clone())).unwrap();
            match org.handle(asked).await {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    let headers = answer.headers().iter();
                    let headers = headers
                        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                        .collect();
                    Ok(Response { status, headers, body: answer.into_body().to_vec() })
                }
                Err(Cut::BeforeWork | Cut::AfterCommit) => {
                    Err(Silence { sent: true, what: "the connection was cut".into() })
                }
            }
        })
    }

    fn open<'a>(
        &'a self,
        request: &'a Request,
        access: Option<Access<'a>>,
        reach: Reach,
        limit: Duration,
    ) -> Opening<'a> {
        let Some(path) = request.url.strip_prefix(PROVIDER_URL) else {
            return Box::pin(async move {
                assert_eq!(reach, Reach::Anywhere, "nothing public is reached from here");
                let Response { status, headers, body } = self.send(request, access, limit).await?;
                let body = stream::once(async move { Ok(Bytes::from(body)) }).boxed();
                Ok(Opened { head: Response { status, headers, body: Vec::new() }, body })
            });
        };
        let authorization = access.map(|access| access.header());
        let reply = self.provider.answer(request.method, path, authorization.as_deref());
        Box::pin(async move { provider::opened(reply) })
    }
}

/// The world.
pub struct World {
    /// The server.
    pub app: App,
    /// Its clock; the org's is kept at the same time, but for `skew`.
    pub clock: HandClock,
    /// How far the server's clock is ahead of the org's, in microseconds.
    pub skew: AtomicI64,
    /// The org.
    pub org: Org,
    /// The way to the orgs in this process.
    pub road: Arc<InProcess>,
    /// The provider.
    pub sender: Sender,
    /// The workspace.
    pub workspace_id: i64,
    /// The connection, once made.
    pub connection_id: i64,
    /// The integration, once made.
    pub integration_id: i64,
    /// Where the database is; it goes with the world.
    pub place: Place,
    /// The org's host, which is what a member enters when they connect it.
    pub org_host: String,
    /// Further orgs that conversations go to.
    pub beside: Vec<Beside>,
}

/// An org beside the world's first one.
pub struct Beside {
    /// The org behind the curtain.
    pub curtain: Curtain,
    /// The connection.
    pub connection_id: i64,
}

/// How a world is made.
pub struct Setting {
    /// The CRM.
    pub crm: &'static dyn Crm,
    /// The seed of every chance.
    pub seed: u64,
    /// The org has an external-id field for our keys.
    pub has_external_id: bool,
    /// The workspace's zone.
    pub zone: &'static str,
    /// Safety devices.
    pub safety: Safety,
    /// What the workspace chose.
    pub settings: ChatSync,
    /// What the server calls itself.
    pub site_url: String,
    /// What the org calls itself.
    pub org_url: String,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            crm: SALESFORCE,
            seed: 7,
            has_external_id: false,
            zone: "Asia/Tokyo",
            safety: Safety::default(),
            settings: ChatSync::default(),
            site_url: ADDRESSES[0].into(),
            org_url: ADDRESSES[1].into(),
        }
    }
}

impl Setting {
    /// A world with that CRM, set as a new chat sync is there.
    pub fn of(crm: &'static dyn Crm) -> Self {
        Self { crm, settings: crm.usual(), ..Self::default() }
    }

    /// A world with a Zoho org.
    pub fn zoho() -> Self {
        Self::of(ZOHO)
    }
}

impl World {
    /// A connected world with default settings.
    pub async fn new(place: Place) -> Self {
        Self::with(place, Setting::default()).await
    }

    /// A connected world.
    pub async fn with(place: Place, setting: Setting) -> Self {
        let settings = setting.settings.clone();
        let mut world = Self::unconnected(place, setting).await;
        world.connect().await.unwrap();
        world.integrate(settings).await;
        world
    }

    /// A world without a connection.
    pub async fn unconnected(place: Place, setting: Setting) -> Self {
        let zone = setting.zone;
        let mut world = Self::empty(place, setting).await;
        world.found(zone).await;
        world
    }

    /// A world where nothing is set up yet.
    pub async fn empty(place: Place, setting: Setting) -> Self {
        let clock = HandClock::at(Timestamp::from_seconds(START));
        let nature = Nature::new(Arc::new(clock.clone()), Arc::new(SeededEntropy::new(setting.seed)));
        let org = setting.crm.open(&setting.org_url, &setting);
        org.set_clock(START * 1_000_000);
        let mut config = Config::defaults();
        let org_host = setting.org_url.trim_start_matches("http://").to_owned();
        config.public_url = setting.site_url;
        config.simulate_channel("whatsapp", PROVIDER_URL);
        for crm in [SALESFORCE, ZOHO] {
            let (client, secret) = crm.app();
            let hosts = [org_host.clone(), host_beside(crm)];
            config.simulate(crm.name(), &hosts, client, &Secret::new(secret));
        }
        let road = InProcess::to(&org);
        let app = App {
            db: place.open().await.unwrap(),
            http: road.clone(),
            files: Arc::new(Shelf::in_memory()),
            sealer: Sealer::new(&[9; 32], nature.clone()),
            nature,
            config: Arc::new(config),
            bells: Arc::default(),
            live: Arc::default(),
            panel: Arc::default(),
            endpoints: Arc::default(),
            in_flight: Arc::default(),
            metrics: Arc::default(),
            limits: Limits::default(),
            node: "node-1".into(),
            safety: setting.safety,
        };
        Self {
            app,
            clock,
            skew: AtomicI64::new(0),
            org,
            road,
            sender: Sender {
                secret: APP_SECRET.into(),
                waba_id: "102290129340398".into(),
                phone_number_id: "106540352242922".into(),
                display_number: "81312345678".into(),
            },
            workspace_id: 0,
            connection_id: 0,
            integration_id: 0,
            place,
            org_host,
            beside: Vec::new(),
        }
    }

    /// Another world that is as this one is now; `place` holds a copy of its database.
    pub async fn fork(&self, place: Place, seed: u64) -> Self {
        let clock = HandClock::at(self.app.nature.now());
        let nature = Nature::new(Arc::new(clock.clone()), Arc::new(SeededEntropy::new(seed)));
        let org = self.org.fork();
        let road = InProcess::to(&org);
        let app = App {
            db: place.open_small().await.unwrap(),
            http: road.clone(),
            sealer: Sealer::new(&[9; 32], nature.clone()),
            nature,
            bells: Arc::default(),
            live: Arc::default(),
            panel: Arc::default(),
            endpoints: Arc::default(),
            ..self.app.clone()
        };
        let (sender, org_host) = (self.sender.clone(), self.org_host.clone());
        let skew = AtomicI64::new(self.skew.load(Ordering::SeqCst));
        assert!(self.beside.is_empty(), "nobody has needed a copy of two orgs");
        let beside = Vec::new();
        Self { app, clock, skew, org, road, sender, place, org_host, beside, ..*self }
    }

    /// Makes the workspace, its owner and its WhatsApp source.
    async fn found(&mut self, zone: &'static str) {
        let (id, now) = (self.app.nature.id(), self.app.now());
        let workspace = Workspace {
            id,
            name: "Acme".into(),
            zone: Zone::named(zone).unwrap(),
            region: "JP".parse().ok(),
        };
        let member_id = self.app.nature.id();
        let owner = Member {
            id: member_id,
            name: "Owner".into(),
            email: "owner@acme.test".into(),
            role: Role::Owner,
        };
        let secrets = SealedSecrets {
            signing: vec![APP_SECRET.into()],
            verify_token: "verify".into(),
            access_token: None,
        };
        let source = Source {
            key: SOURCE.into(),
            workspace_id: id,
            channel: "whatsapp".into(),
            secrets: self
                .app
                .sealer
                .seal(&intake::seal_place(SOURCE), &serde_json::to_string(&secrets).unwrap()),
        };
        self.app
            .db
            .write(move |tx| {
                Box::pin(async move {
                    workspace::create(tx, &workspace, zone, now).await?;
                    workspace::put_member(tx, id, &owner, now).await?;
                    source::put(tx, &source, now).await
                })
            })
            .await
            .unwrap();
        self.workspace_id = id;
    }

    /// Adds a member whose API token is `token`.
    pub async fn member_with_token(&self, token: &'static str, mut member: Member) -> Member {
        let (workspace_id, now) = (self.workspace_id, self.app.now());
        let made = member.clone();
        let writing = self.app.db.write(move |tx| {
            let member = made.clone();
            Box::pin(async move {
                let id = workspace::put_member(tx, workspace_id, &member, now).await?;
                workspace::put_token(tx, token, workspace_id, id, now).await?;
                Ok(id)
            })
        });
        member.id = writing.await.unwrap();
        member
    }

    /// Adds a member.
    pub async fn member(&self, name: &str, email: &str) -> i64 {
        let (workspace_id, now) = (self.workspace_id, self.app.now());
        let member =
            Member { id: self.app.nature.id(), name: name.into(), email: email.into(), role: Role::Agent };
        self.app
            .db
            .write(move |tx| {
                Box::pin(async move { workspace::put_member(tx, workspace_id, &member, now).await })
            })
            .await
            .unwrap()
    }

    /// Connects as `maya.lindqvist`, through the org's own pages.
    pub async fn connect(&mut self) -> Result<grants::Connected, grants::ConnectError> {
        self.connect_as("maya.lindqvist@acme.example", None).await
    }

    /// Connects as that user; `connection` is renewed.
    pub async fn connect_as(
        &mut self,
        username: &str,
        connection: Option<i64>,
    ) -> Result<grants::Connected, grants::ConnectError> {
        let connected = self.browse(username, connection, "allow").await?;
        self.connection_id = connected.connection_id;
        Ok(connected)
    }

    /// Goes through the org's pages with that decision on the consent page.
    pub async fn browse(
        &self,
        username: &str,
        connection: Option<i64>,
        decision: &str,
    ) -> Result<grants::Connected, grants::ConnectError> {
        grants::finish(&self.app, self.come_back(username, connection, decision).await?).await
    }

    /// Goes through the org's pages; answers what the browser brings back.
    pub async fn come_back(
        &self,
        username: &str,
        connection: Option<i64>,
        decision: &str,
    ) -> Result<Callback, grants::ConnectError> {
        self.come_back_from((self.org.crm(), &self.org_host), username, connection, decision).await
    }

    /// The same, from the pages of the org at that host.
    async fn come_back_from(
        &self,
        (crm, host): (&dyn Crm, &str),
        username: &str,
        connection: Option<i64>,
        decision: &str,
    ) -> Result<Callback, grants::ConnectError> {
        let begun = grants::begin(&self.app, (self.workspace_id, 1), crm.name(), host, connection).await?;
        let ticket = query_value(&begun.open, "ticket").unwrap();
        let (address, cookie) = grants::start(&self.app, &ticket).await?;
        let mut browser = Browser::new(self.app.http.clone());
        let home = format!("{}/", self.app.config.public_url);
        let back = |url: &str| url.starts_with(&home);
        let login = browser.open(&address, back).await.unwrap();
        let consent = browser
            .submit(&login, "login", &[("username", username), ("password", "sim")], back)
            .await
            .unwrap();
        let done = browser.submit(&consent, "consent", &[("decision", decision)], back).await.unwrap();
        let brought = |name: &str| Some((name.to_owned(), query_value(&done.url, name)?));
        let told = ["code", "error", "state", "location", "accounts-server"];
        Ok(Callback { query: told.into_iter().filter_map(brought).collect(), browser: Some(cookie) })
    }

    /// Another org that says it is where the world's is.
    pub fn another_org(&self) -> Org {
        let org = self.org.crm().open(ADDRESSES[1], &Setting { seed: 99, ..Setting::default() });
        org.set_clock(self.app.now());
        org
    }

    /// Lets conversations go to an org of that CRM too.
    pub async fn put_beside(&mut self, crm: &'static dyn Crm, settings: ChatSync) {
        let host = host_beside(crm);
        let org = crm.open(&format!("http://{host}"), &Setting::of(crm));
        org.set_clock(self.app.now());
        self.road.lead_beside(&host, &org);
        let brought = self.come_back_from((crm, &host), "maya.lindqvist@acme.example", None, "allow").await;
        let connected = grants::finish(&self.app, brought.unwrap()).await.unwrap();
        let connection_id = connected.connection_id;
        self.integrate_with(connection_id, settings).await;
        self.beside.push(Beside { curtain: Curtain::of(&org), connection_id });
    }

    /// Makes the chat-sync integration.
    pub async fn integrate(&mut self, settings: ChatSync) {
        self.integration_id = self.integrate_with(self.connection_id, settings).await;
    }

    async fn integrate_with(&self, connection_id: i64, settings: ChatSync) -> i64 {
        let integration = Integration {
            workspace_id: self.workspace_id,
            id: self.app.nature.id(),
            connection_id,
            state: State::Active,
            settings,
            revision: 1,
        };
        let (id, now) = (integration.id, self.app.now());
        self.app
            .db
            .write(move |tx| Box::pin(async move { integration::insert(tx, &integration, now).await }))
            .await
            .unwrap();
        id
    }

    /// Changes settings as an administrator does.
    pub async fn change_settings(&self, settings: ChatSync) {
        let (workspace_id, id) = (self.workspace_id, self.integration_id);
        let present = self
            .app
            .db
            .read(move |tx| Box::pin(integration::find(tx, workspace_id, id)))
            .await
            .unwrap()
            .unwrap();
        let wish = Wish { settings: to_json(&settings), revision: present.revision, ..Wish::default() };
        settings::change(&self.app, workspace_id, id, wish).await.unwrap();
    }

    /// What stands in the audit log, the oldest first: what was done, and to what.
    pub async fn deeds(&self) -> Vec<(String, String)> {
        let workspace_id = self.workspace_id;
        let page = self.app.db.read(move |tx| Box::pin(audit::page(tx, workspace_id, None))).await;
        page.unwrap().rows.into_iter().rev().map(|line| (line.action, line.subject)).collect()
    }

    /// The provider posts these changes; the answer is what our endpoint says.
    pub async fn post(&self, changes: Vec<Value>) -> Received {
        self.post_raw(self.sender.wrap(changes)).await
    }

    /// The provider posts this body, signed.
    pub async fn post_raw(&self, body: Vec<u8>) -> Received {
        let headers = vec![("x-hub-signature-256".to_owned(), self.sender.sign(&body))];
        intake::receive(&self.app, "whatsapp", SOURCE, RawRequest { headers, body }).await
    }

    /// Reads what was kept, and nothing more.
    pub async fn digest(&self) -> Digested {
        intake::drain(&self.app).await.unwrap()
    }

    /// Everything that is due at this instant is done.
    pub async fn settle(&self) {
        self.digest().await;
        self.come_to_rest(self.connection_id).await;
        for beside in &self.beside {
            self.come_to_rest(beside.connection_id).await;
        }
    }

    async fn come_to_rest(&self, connection_id: i64) {
        for _ in 0..100 {
            let passed = lane::pass(&self.app, connection_id).await.unwrap();
            if passed.is_idle || passed.batches == 0 {
                return;
            }
        }
        panic!("the lane does not come to rest");
    }

    /// The orgs' clocks show what ours shows, but for the skew.
    pub fn tell_the_time(&self) {
        let now = self.app.now() - self.skew.load(Ordering::SeqCst);
        self.org.set_clock(now);
        self.beside.iter().for_each(|beside| beside.curtain.org.set_clock(now));
    }

    /// Moves both clocks, then does what is due.
    pub async fn after(&self, by: Duration) {
        self.clock.advance(by);
        self.tell_the_time();
        self.settle().await;
    }

    /// Lets time pass in steps, until nothing is due within `limit`.
    pub async fn rest(&self, step: Duration, limit: Duration) {
        let mut passed = Duration::ZERO;
        while passed < limit {
            self.after(step).await;
            passed += step;
        }
    }
}
