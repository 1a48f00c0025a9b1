//! Sets the stage: the simulated orgs and the server on their sockets, a workspace, connections, integrations.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context, Result, bail};
use causeway_core::{rights::Role, time::Zone};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};

use super::{
    Options,
    api::Api,
    browser::{Browser, visible},
    dialect::{Dialect, SALESFORCE, ZOHO},
    org::Curtain,
    provider::{Provider, SOURCE},
    sample::Sample,
    table::{self, Line},
};
use crate::{
    app::{App, Limits, Safety},
    clock::Nature,
    config::Config,
    http::{Sockets, Transport},
    intake::{SealedSecrets, seal_place},
    seal::{Sealer, Secret},
    serve, sign_in,
    store::{
        Db, Location,
        source::{self, Source},
        workspace::{self, Member, Workspace},
    },
};

/// The app secret that signs the demo's webhooks.
const APP_SECRET: &str = "demo-app-secret";

/// The token of the demo's own calls to the API.
const API_TOKEN: &str = "demo-api-token";

/// Everything that plays.
pub struct Stage {
    /// The server's API.
    pub api: Api,
    /// The provider.
    pub provider: Provider,
    app: App,
    names: Names,
    server_url: String,
    orgs: Vec<OnStage>,
    stop: Arc<Notify>,
    has_stopped: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<()>>,
}

/// An org that is connected.
pub struct OnStage {
    /// The org behind the curtain.
    pub curtain: Curtain,
    /// The integration, as the API names it.
    pub integration: String,
}

/// Which record of an org a sample means by which name; kept, so that a second run means the same.
#[derive(Clone)]
struct Names(std::path::PathBuf);

impl Names {
    fn read(&self) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
        match std::fs::read_to_string(&self.0) {
            Ok(text) => {
                serde_json::from_str(&text).with_context(|| format!("{} is damaged", self.0.display()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(error).with_context(|| format!("reading {}", self.0.display())),
        }
    }

    fn write(&self, names: &BTreeMap<String, BTreeMap<String, String>>) -> Result<()> {
        let fresh = self.0.with_extension("new");
        std::fs::write(&fresh, serde_json::to_vec_pretty(names)?)
            .and_then(|()| std::fs::rename(&fresh, &self.0))
            .with_context(|| format!("writing {}", self.0.display()))
    }
}

impl Stage {
    /// Starts everything, and connects.
    pub async fn set(options: &Options) -> Result<Self> {
        std::fs::create_dir_all(&options.data).with_context(|| {
            format!("the folder {} cannot be made; choose another with --data", options.data.display())
        })?;
        let server = bind(options.listen, "--listen").await?;
        let server_url = format!("http://{}", server.local_addr()?);
        let stop = Arc::new(Notify::new());
        let has_stopped = Arc::new(AtomicBool::new(false));
        let mut tasks = Vec::new();
        let mut hosts = Vec::new();
        for (dialect, address, option) in [
            (&SALESFORCE, options.salesforce_sim, "--salesforce-sim"),
            (&ZOHO, options.zoho_sim, "--zoho-sim"),
        ] {
            let listener = bind(address, option).await?;
            hosts.push((dialect, listener.local_addr()?.to_string()));
            let data = options.data.join(dialect.crm);
            tasks.push(dialect.start(listener, data, stopped(&stop, &has_stopped))?);
        }
        let app = open(options, &server_url, &hosts).await?;
        found(&app).await?;
        let serving = app.clone();
        let server_stop = stopped(&stop, &has_stopped);
        tasks.push(tokio::spawn(async move {
            if let Err(error) = serve::until(serving, server, server_stop).await {
                eprintln!("the server stopped: {error}");
            }
        }));
        let http = app.http.clone();
        let mut stage = Self {
            api: Api::new(http.clone(), server_url.clone(), API_TOKEN.into()),
            provider: Provider::new(http.clone(), server_url.clone(), APP_SECRET),
            app: app.clone(),
            names: Names(options.data.join("demo-names.json")),
            server_url,
            orgs: Vec::new(),
            stop,
            has_stopped,
            tasks,
        };
        eprintln!("The server listens at {}.", stage.server_url);
        for (dialect, host) in hosts {
            eprintln!("The simulated {} org listens at http://{host}.", dialect.title);
            let integration = stage.connect(http.clone(), dialect, &host).await?;
            let curtain = Curtain::new(dialect, http.clone(), format!("http://{host}"));
            stage.orgs.push(OnStage { curtain, integration });
        }
        Ok(stage)
    }

    /// Connects through the org's own login and consent pages, and makes the integration. Once; answers which it is.
    async fn connect(&self, http: Arc<dyn Transport>, dialect: &Dialect, org_host: &str) -> Result<String> {
        let connected = |present: &Value| {
            let all = present["connections"].as_array().cloned().unwrap_or_default();
            let is_it =
                |connection: &Value| connection["crm"] == dialect.crm && connection["state"] == "connected";
            all.into_iter().find(is_it)
        };
        let present = self.api.ask("GET", "connections", &Value::Null).await?;
        if connected(&present).is_none() {
            let wish = json!({"crm": dialect.crm, "environment": org_host});
            let begun = self.api.ask("POST", "connections", &wish).await?;
            let open = begun["open"].as_str().context("the server names no address to open")?;
            let mut browser = Browser::new(http);
            let login = browser.open(open, |_| false).await?;
            let user = [("username", "maya.lindqvist@acme.example"), ("password", "sim")];
            let consent = browser.submit(&login, "login", &user, |_| false).await?;
            let done = browser.submit(&consent, "consent", &[("decision", "allow")], |_| false).await?;
            if done.status != 200 {
                bail!("connecting {} failed: {}", dialect.title, visible(&done.text));
            }
            eprintln!("Connected through OAuth: {}", visible(&done.text));
        }
        let present = self.api.ask("GET", "connections", &Value::Null).await?;
        let connection = connected(&present).context("the org is not connected")?;
        let integrations = self.api.ask("GET", "integrations", &Value::Null).await?;
        let all = integrations["integrations"].as_array().cloned().unwrap_or_default();
        let present = all.into_iter().find(|integration| integration["connection"] == connection["id"]);
        let integration = if let Some(integration) = present {
            integration
        } else {
            // The samples bear dates of the past; by default only what comes from now on is synced.
            let wish = json!({"connection": connection["id"], "settings": {"since": 0}});
            self.api.ask("POST", "integrations", &wish).await?
        };
        Ok(integration["id"].as_str().context("the integration has no id")?.to_owned())
    }

    /// The orgs, in the order of their CRMs' names.
    pub fn orgs(&self) -> &[OnStage] {
        &self.orgs
    }

    /// What people call their CRMs, in the same order.
    pub fn crms(&self) -> Vec<&'static str> {
        self.orgs.iter().map(|org| org.curtain.dialect.title).collect()
    }

    /// An address that signs one in as the owner, once.
    pub async fn sign_in_link(&self) -> Result<String> {
        let owner =
            self.app.db.read(|tx| Box::pin(async move { workspace::token_holder(tx, API_TOKEN).await }));
        let (workspace_id, owner) = owner.await?.context("the demo has no owner")?;
        let token = sign_in::link_for(&self.app, workspace_id, owner.id, None).await?;
        Ok(format!("{}/enter/{token}", self.server_url))
    }

    /// Puts a sample's records into the orgs (once) and posts its webhooks (each time).
    pub async fn play(&self, sample: &Sample) -> Result<()> {
        let mut names = self.names.read()?;
        for OnStage { curtain, .. } in &self.orgs {
            let name = kept_name(curtain.dialect.crm, sample);
            let Some(side) = sample.orgs.get(curtain.dialect.crm).filter(|_| !names.contains_key(&name))
            else {
                continue;
            };
            let users = curtain.users().await?;
            names.insert(name, curtain.seed(side, &users).await?);
            self.names.write(&names)?;
        }
        for post in &sample.posts {
            for _ in 0..post.times {
                self.provider.post(post.bytes()).await?;
            }
        }
        Ok(())
    }

    /// The records of a CRM's org that a sample means by its names.
    pub fn names(&self, crm: &str, sample: &Sample) -> Result<BTreeMap<String, String>> {
        Ok(self.names.read()?.remove(&kept_name(crm, sample)).unwrap_or_default())
    }

    /// Was something seeded under that name before? If not, it is from now on.
    pub fn is_first(&self, name: &str) -> Result<bool> {
        let mut names = self.names.read()?;
        let is_first = names.insert(name.to_owned(), BTreeMap::new()).is_none();
        self.names.write(&names)?;
        Ok(is_first)
    }

    /// Is every kept request in the timeline?
    pub async fn is_read(&self) -> Result<bool> {
        let status = self.api.ask("GET", "status", &Value::Null).await?;
        Ok(status["intake"]["waiting"] == 0)
    }

    /// One message's line of the table.
    pub async fn receipt(&self, name: &str, sample: &Sample, message: &str, expected: &str) -> Result<Line> {
        let found = self.api.find(&format!("trace/{message}")).await?;
        let title = format!("{}: {}", sample.title, sample.what);
        Ok(table::line((name, &title), message, expected, &self.crms(), found.as_ref()))
    }

    /// Where the server is.
    pub fn server_url(&self) -> &str {
        &self.server_url
    }

    /// Stops everything in order.
    pub async fn stop(self) {
        self.has_stopped.store(true, Ordering::SeqCst);
        self.stop.notify_waiters();
        for task in self.tasks {
            // A task that panicked has said so.
            let _ = task.await;
        }
    }
}

fn kept_name(crm: &str, sample: &Sample) -> String {
    format!("{crm}: {}", sample.title)
}

/// Done when the stage is told to stop.
fn stopped(stop: &Arc<Notify>, has_stopped: &Arc<AtomicBool>) -> impl Future<Output = ()> + Send + 'static {
    let (stop, has_stopped) = (stop.clone(), has_stopped.clone());
    async move {
        loop {
            let rung = stop.notified();
            if has_stopped.load(Ordering::SeqCst) {
                return;
            }
            rung.await;
        }
    }
}

async fn bind(address: std::net::SocketAddr, option: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen at {address}; stop what listens there, or choose another with {option}")
    })
}

async fn open(options: &Options, server_url: &str, hosts: &[(&Dialect, String)]) -> Result<App> {
    let nature = Nature::system();
    let mut config = Config::defaults();
    config.listen = options.listen;
    server_url.clone_into(&mut config.public_url);
    config.data.clone_from(&options.data);
    config.secret_key_file = options.data.join("secret.key");
    for (dialect, host) in hosts {
        let (client, secret) = dialect.app;
        config.simulate(dialect.crm, std::slice::from_ref(host), client, &Secret::new(secret));
    }
    let location = Location::Sqlite(database(&options.data));
    let db = Db::open(&location, crate::store::Options::default(), nature.now().0).await?;
    Ok(App {
        db,
        http: Arc::new(Sockets::new().context("the HTTP client does not start")?),
        files: Arc::new(crate::files::Shelf::in_folder(config.files_folder())?),
        sealer: Sealer::from_file(&config.secret_key_file, nature.clone())?,
        config: Arc::new(config),
        bells: Arc::default(),
        live: Arc::default(),
        panel: Arc::default(),
        endpoints: Arc::default(),
        in_flight: Arc::default(),
        metrics: Arc::default(),
        limits: Limits::default(),
        node: format!("demo-{}", nature.id()).into(),
        nature,
        safety: Safety::default(),
    })
}

fn database(data: &Path) -> std::path::PathBuf {
    data.join("causeway.db")
}

/// Makes the workspace, its members, the source, and the account with its owner. Once.
async fn found(app: &App) -> Result<()> {
    let present = app.db.read(|tx| Box::pin(workspace::first(tx))).await?;
    if present.is_some() {
        return Ok(());
    }
    let (id, now) = (app.nature.id(), app.now());
    let workspace = Workspace { id, name: "Demo".into(), zone: Zone::utc(), region: None };
    let member = |name: &str, email: &str, role: Role| Member {
        id: app.nature.id(),
        name: name.into(),
        email: email.into(),
        role,
    };
    let owner = member("Demo owner", "owner@demo.example", Role::Owner);
    // Corresponds to the org's user of the same address: who owns the account owns what comes through it.
    let jonas = member("Jonas Okafor", "jonas.okafor@acme.example", Role::Agent);
    let secrets = SealedSecrets {
        signing: vec![APP_SECRET.into()],
        verify_token: "demo-verify".into(),
        access_token: None,
    };
    let source = Source {
        key: SOURCE.into(),
        workspace_id: id,
        channel: "whatsapp".into(),
        secrets: app.sealer.seal(&seal_place(SOURCE), &serde_json::to_string(&secrets)?),
    };
    let account_id = app.nature.id();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                workspace::create(tx, &workspace, "America/Los_Angeles", now).await?;
                let owner_id = workspace::put_member(tx, id, &owner, now).await?;
                let jonas_id = workspace::put_member(tx, id, &jonas, now).await?;
                workspace::put_token(tx, API_TOKEN, id, owner_id, now).await?;
                source::put(tx, &source, now).await?;
                let number = "106540352242922";
                let account =
                    source::ensure_account(tx, &source, number, Some("15550783881"), account_id, now).await?;
                source::set_account_owner(tx, id, account.id, Some(jonas_id)).await?;
                Ok(())
            })
        })
        .await?;
    Ok(())
}
