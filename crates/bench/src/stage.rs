//! A server over SQLite in a folder of its own, a member who is signed in, and the provider of a number.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context as _, Result, ensure};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use causeway::{
    app::{App, Limits, Safety},
    cli::demo::browser::Browser,
    clock::Nature,
    config::Config,
    crm as connecting,
    http::Sockets,
    intake::{SealedSecrets, seal_place},
    seal::{Sealer, Secret},
    sign_in,
    store::{
        Db, Location, Options, connection,
        source::{self, Source},
        workspace::{self, Member, Workspace},
    },
    web,
};
use causeway_core::{rights::Role, time::Zone};
use causeway_simulator::whatsapp::Sender;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::provider;

/// The key of the source.
pub const SOURCE: &str = "bench";

/// The stage. Its folder goes with it.
pub struct Stage {
    pub app: App,
    pub router: Router,
    pub workspace: Workspace,
    pub member: Member,
    pub source: Source,
    pub sender: Sender,
    cookie: String,
    folder: PathBuf,
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Stage {
    /// Sets it, with the simulated org at that host if there is one.
    pub async fn set(name: &str, org_host: Option<&str>) -> Result<Self> {
        Self::set_at(name, "http://127.0.0.1:1", org_host).await
    }

    /// Sets it for a server that will be reached at that address.
    pub async fn set_at(name: &str, url: &str, org_host: Option<&str>) -> Result<Self> {
        let nature = Nature::system();
        let folder = std::env::temp_dir().join(format!("causeway-bench-{name}-{}", nature.id()));
        std::fs::create_dir_all(&folder)?;
        let mut config = Config::defaults();
        config.public_url = url.into();
        config.data.clone_from(&folder);
        config.secret_key_file = folder.join("secret.key");
        let hosts: Vec<String> = org_host.map(str::to_owned).into_iter().collect();
        for (crm, client) in [("salesforce", "causeway-sim"), ("zoho", "1000.CAUSEWAYSIM")] {
            config.simulate(crm, &hosts, client, &Secret::new("causeway-sim-secret"));
        }
        let db =
            Db::open(&Location::Sqlite(folder.join("bench.db")), Options::default(), nature.now().0).await?;
        let app = App {
            db,
            http: Arc::new(Sockets::new().context("the HTTP client")?),
            files: Arc::new(causeway::files::Shelf::in_memory()),
            sealer: Sealer::from_file(&config.secret_key_file, nature.clone())?,
            config: Arc::new(config),
            bells: Arc::default(),
            live: Arc::default(),
            panel: Arc::default(),
            endpoints: Arc::default(),
            in_flight: Arc::default(),
            metrics: Arc::default(),
            limits: Limits::default(),
            node: "bench".into(),
            nature,
            safety: Safety::default(),
        };
        let workspace =
            Workspace { id: app.nature.id(), name: "Bench".into(), zone: Zone::utc(), region: None };
        let member = Member {
            id: app.nature.id(),
            name: "Bench owner".into(),
            email: "owner@bench.example".into(),
            role: Role::Owner,
        };
        let secrets = SealedSecrets {
            signing: vec![provider::SECRET.into()],
            verify_token: "verify".into(),
            access_token: None,
        };
        let source = Source {
            key: SOURCE.into(),
            workspace_id: workspace.id,
            channel: "whatsapp".into(),
            secrets: app.sealer.seal(&seal_place(SOURCE), &serde_json::to_string(&secrets)?),
        };
        let (founded, owner, endpoint, now) = (workspace.clone(), member.clone(), source.clone(), app.now());
        app.db
            .write(move |tx| {
                Box::pin(async move {
                    workspace::create(tx, &founded, "UTC", now).await?;
                    workspace::put_member(tx, founded.id, &owner, now).await?;
                    source::put(tx, &endpoint, now).await
                })
            })
            .await?;
        let entered = sign_in::begin(&app, workspace.id, member.clone(), "bench").await?;
        Ok(Self {
            router: web::router(app.clone()),
            cookie: format!("causeway_session={}", entered.token),
            sender: provider::sender(),
            app,
            workspace,
            member,
            source,
            folder,
        })
    }

    /// The file of its database.
    pub fn database(&self) -> PathBuf {
        self.folder.join("bench.db")
    }

    /// Connects the org through its own pages. The server must be serving by now.
    pub async fn connect(&self, crm: &str, org_host: &str) -> Result<i64> {
        let by = (self.workspace.id, self.member.id);
        let begun = connecting::begin(&self.app, by, crm, org_host, None).await?;
        let mut browser = Browser::new(self.app.http.clone());
        let open = format!("{}{}", self.app.config.public_url, begun.open);
        let login = browser.open(&open, |_| false).await?;
        let user = [("username", "maya.lindqvist@acme.example"), ("password", "sim")];
        let consent = browser.submit(&login, "login", &user, |_| false).await?;
        let done = browser.submit(&consent, "consent", &[("decision", "allow")], |_| false).await?;
        ensure!(done.status == 200, "connecting failed: {}", done.text);
        let all = self.app.db.read(|tx| Box::pin(connection::all(tx, None))).await?;
        Ok(all.first().context("no connection")?.id)
    }

    /// The cookie of the member who is signed in.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// A page, as the server answers it: status and bytes.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Result<(StatusCode, Vec<u8>)> {
        let mut request = Request::get(path).header("cookie", &self.cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(Body::empty())?).await?;
        let status = response.status();
        Ok((status, response.into_body().collect().await?.to_bytes().to_vec()))
    }

    /// A webhook, signed.
    pub async fn post(&self, body: Vec<u8>) -> Result<StatusCode> {
        let request = Request::post(format!("/hooks/whatsapp/{SOURCE}"))
            .header("content-type", "application/json")
            .header("x-hub-signature-256", self.sender.sign(&body))
            .body(Body::from(body))?;
        Ok(self.router.clone().oneshot(request).await?.status())
    }
}
