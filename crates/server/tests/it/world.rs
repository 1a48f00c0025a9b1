//! A whole world in one process: the server, a simulated org behind an in-process transport, a hand-set clock and
//! seeded randomness. Nothing sleeps; time moves when a test moves it.

use std::{
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
    crm::{self, Callback},
    http::{Access, Answering, Silence, Transport},
    intake::{self, Digested, Received, SealedSecrets},
    lane,
    seal::{Sealer, Secret},
    settings::{self, Wish, to_json},
    store::{
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
use causeway_simulator::{
    salesforce::{Cut, Options, Org},
    whatsapp::Sender,
};
use serde_json::{Value, json};

use crate::store::engine::Place;

/// When every story begins: 2026-01-02 03:04:05 UTC.
pub const START: i64 = 1_767_323_045;

/// The app secret of the WhatsApp source.
pub const APP_SECRET: &str = "app_secret_123";

/// The key of the WhatsApp source.
pub const SOURCE: &str = "main";

/// Where the server and the org say they are when neither is on a socket.
const ADDRESSES: [&str; 2] = ["http://causeway.test", "http://org.test"];

/// The transport: requests go to the org in this process.
pub struct InProcess {
    org: Mutex<Org>,
}

impl InProcess {
    /// To that org.
    pub fn to(org: &Org) -> Arc<Self> {
        Arc::new(Self { org: Mutex::new(org.clone()) })
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
        let org = self.org.lock().unwrap().clone();
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
}

/// How a world is made.
pub struct Setting {
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
        let org = Org::open(Options {
            public_url: Some(setting.org_url.clone()),
            seed: setting.seed,
            external_id_field: setting.has_external_id.then(|| "Causeway_Key__c".to_owned()),
            ..Options::default()
        })
        .unwrap();
        org.set_clock(START * 1_000_000);
        let mut config = Config::defaults();
        let org_host = setting.org_url.trim_start_matches("http://").to_owned();
        config.public_url = setting.site_url;
        let secret = Secret::new("causeway-sim-secret");
        config.simulate("salesforce", std::slice::from_ref(&org_host), "causeway-sim", &secret);
        let app = App {
            db: place.open().await.unwrap(),
            http: InProcess::to(&org),
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
        }
    }

    /// Another world that is as this one is now; `place` holds a copy of its database.
    pub async fn fork(&self, place: Place, seed: u64) -> Self {
        let clock = HandClock::at(self.app.nature.now());
        let nature = Nature::new(Arc::new(clock.clone()), Arc::new(SeededEntropy::new(seed)));
        let org = self.org.fork();
        let app = App {
            db: place.open_small().await.unwrap(),
            http: InProcess::to(&org),
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
        Self { app, clock, skew, org, sender, place, org_host, ..*self }
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
        let secrets = SealedSecrets { signing: vec![APP_SECRET.into()], verify_token: "verify".into() };
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
    pub async fn connect(&mut self) -> Result<crm::Connected, crm::ConnectError> {
        self.connect_as("maya.lindqvist@acme.example", None).await
    }

    /// Connects as that user; `connection` is renewed.
    pub async fn connect_as(
        &mut self,
        username: &str,
        connection: Option<i64>,
    ) -> Result<crm::Connected, crm::ConnectError> {
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
    ) -> Result<crm::Connected, crm::ConnectError> {
        crm::finish(&self.app, self.come_back(username, connection, decision).await?).await
    }

    /// Goes through the org's pages; answers what the browser brings back.
    pub async fn come_back(
        &self,
        username: &str,
        connection: Option<i64>,
        decision: &str,
    ) -> Result<Callback, crm::ConnectError> {
        let begun =
            crm::begin(&self.app, (self.workspace_id, 1), "salesforce", &self.org_host, connection).await?;
        let ticket = query_value(&begun.open, "ticket").unwrap();
        let (address, cookie) = crm::start(&self.app, &ticket).await?;
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
        let query = ["code", "error", "state"].into_iter().filter_map(brought).collect();
        Ok(Callback { query, browser: Some(cookie) })
    }

    /// Makes the chat-sync integration.
    pub async fn integrate(&mut self, settings: ChatSync) {
        let integration = Integration {
            workspace_id: self.workspace_id,
            id: self.app.nature.id(),
            connection_id: self.connection_id,
            state: State::Active,
            settings,
            revision: 1,
        };
        self.integration_id = integration.id;
        let now = self.app.now();
        self.app
            .db
            .write(move |tx| Box::pin(async move { integration::insert(tx, &integration, now).await }))
            .await
            .unwrap();
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
        for _ in 0..100 {
            let passed = lane::pass(&self.app, self.connection_id).await.unwrap();
            if passed.is_idle || passed.batches == 0 {
                return;
            }
        }
        panic!("the lane does not come to rest");
    }

    /// Moves both clocks, then does what is due.
    pub async fn after(&self, by: Duration) {
        self.clock.advance(by);
        self.org.set_clock(self.app.now() - self.skew.load(Ordering::SeqCst));
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

    /// Asks the org behind the curtain.
    pub async fn sim(&self, method: &str, path: &str, body: Value) -> Value {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("http://org.test/_sim/{path}"))
            .body(Bytes::from(if body.is_null() { Vec::new() } else { body.to_string().into_bytes() }))
            .unwrap();
        let answer = self.org.handle(request).await.unwrap();
        assert!(answer.status().is_success(), "{path}: {:?}", answer.body());
        serde_json::from_slice(answer.body()).unwrap_or(Value::Null)
    }

    /// Records of the org that are not deleted, in the order in which they were made.
    pub async fn records(&self, object: &str) -> Vec<Value> {
        let mut all = self.all_records(object).await;
        all.retain(|row| row["IsDeleted"] != json!(true));
        all
    }

    /// Records of the org, deleted ones too.
    pub async fn all_records(&self, object: &str) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let path = format!("records?object={object}&offset={}&limit=1000", all.len());
            let page = self.sim("GET", &path, Value::Null).await;
            let rows = page["records"].as_array().cloned().unwrap_or_default();
            if rows.is_empty() {
                break;
            }
            all.extend(rows);
        }
        all
    }

    /// Puts a record into the org; answers its id.
    pub async fn seed(&self, object: &str, record: Value) -> String {
        let made = self.sim("POST", "records", json!({"object": object, "records": [record]})).await;
        made["ids"][0].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
    }

    /// Id of the org's user of that name before the at sign.
    pub async fn user(&self, name: &str) -> String {
        let users = self.records("User").await;
        let found = users.iter().find(|user| user["Username"].as_str().unwrap().starts_with(name)).unwrap();
        found["Id"].as_str().unwrap().to_owned()
    }
}
