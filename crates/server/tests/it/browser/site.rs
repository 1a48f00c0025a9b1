//! A server and a simulated org, each on a socket of its own, with a member of every role. The clock is set by hand;
//! reading and writing run by themselves as they do in the real program.

use std::{sync::Arc, time::Duration};

use causeway::{app::App, http::Sockets, serve, store::workspace::Member};
use causeway_core::{plan::settings::ChatSync, rights::Role};
use causeway_simulator::whatsapp::{media::Provider, serve_media};
use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::{SemaphorePermit, oneshot},
    task::{JoinHandle, JoinSet},
};

use super::{browser::Browser, driver, patience::eventually};
use crate::{
    long::process,
    store::engine::Place,
    world::{Setting, World, provider::PROVIDER_TOKEN},
};

/// Who works here: role, which is their API token too, and name.
const STAFF: &[(&str, &str)] =
    &[("owner", "Nora Falk"), ("admin", "Adam Reyes"), ("manager", "Mina Sato"), ("agent", "Aiko Tan")];

/// The server: how it is told to stop, and how it ends.
struct Serving {
    stop: Option<oneshot::Sender<()>>,
    ends: JoinHandle<()>,
}

impl Serving {
    fn begin(app: App, listener: TcpListener) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let ends = tokio::spawn(async move {
            let stop = async { drop(stopped.await) };
            serve::until(app, listener, stop).await.unwrap();
        });
        Self { stop: Some(stop), ends }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.ends.abort();
    }
}

/// A running server beside a running org.
pub struct Site {
    /// What stands behind both.
    pub world: World,
    /// Where the server is, without a slash at the end.
    pub url: String,
    /// Where the org is.
    pub org_url: String,
    /// Whoever has the files of messages.
    pub provider: Provider,
    staff: Vec<Member>,
    serving: Serving,
    _running: JoinSet<()>,
    _turn: SemaphorePermit<'static>,
}

impl Site {
    /// A site that is connected and syncs.
    pub async fn new() -> Self {
        let mut site = Self::unconnected().await;
        site.world.connect().await.unwrap();
        site.world.integrate(ChatSync::default()).await;
        site
    }

    /// A site without a connection.
    pub async fn unconnected() -> Self {
        Self::begun(true, Setting::default()).await
    }

    /// The same, with a Zoho org.
    pub async fn zoho() -> Self {
        Self::begun(true, Setting::zoho()).await
    }

    /// A site where nothing is set up yet.
    pub async fn empty() -> Self {
        Self::begun(false, Setting::default()).await
    }

    async fn begun(is_set_up: bool, setting: Setting) -> Self {
        let turn = driver::turn().await;
        let (listener, url) = socket().await;
        let (org_listener, org_url) = socket().await;
        let setting = Setting { site_url: url.clone(), org_url: org_url.clone(), ..setting };
        let mut world = if is_set_up {
            World::unconnected(Place::sqlite(), setting).await
        } else {
            World::empty(Place::sqlite(), setting).await
        };
        world.app.http = Arc::new(Sockets::new().unwrap());
        let (files_listener, files_url) = socket().await;
        let mut config = (*world.app.config).clone();
        config.simulate_channel("whatsapp", &files_url);
        world.app.config = Arc::new(config);
        let provider = Provider::new(PROVIDER_TOKEN, &files_url);
        let mut running = JoinSet::new();
        let files = serve_media(provider.clone(), files_listener, std::future::pending());
        running.spawn(async move { files.await.unwrap() });
        let org = world.org.clone();
        running.spawn(org.serve(org_listener));
        let serving = Serving::begin(world.app.clone(), listener);
        let mut staff = Vec::new();
        for (role, name) in STAFF.iter().filter(|_| is_set_up) {
            let member = Member {
                id: world.app.nature.id(),
                name: (*name).to_owned(),
                email: format!("{role}@acme.test"),
                role: Role::named(role).unwrap(),
            };
            staff.push(world.member_with_token(role, member).await);
        }
        Self { world, url, org_url, provider, staff, serving, _running: running, _turn: turn }
    }

    /// The member of that role.
    pub fn member(&self, role: Role) -> &Member {
        self.staff.iter().find(|member| member.role == role).unwrap()
    }

    /// A browser of its own: no cookie, no cache, desktop size, light.
    pub async fn browser(&self) -> Browser {
        Browser::open_at(&self.url, &self.org_url).await
    }

    /// A browser in which that member is signed in.
    pub async fn browser_of(&self, role: Role) -> Browser {
        let browser = self.browser().await;
        browser.sign_in(self, self.member(role)).await;
        browser
    }

    /// An API request of the member of that role, which must go well; `Null` sends no body.
    pub async fn api(&self, role: Role, method: &'static str, path: &str, body: &Value) -> Value {
        let url = format!("{}/api/v1/{path}", self.url);
        process::json(&Sockets::new().unwrap(), method, &url, Some(role.word()), body).await
    }

    /// Records of that object in the org, once there are so many: the lane writes them by itself.
    pub async fn records(&self, object: &str, count: usize) -> Vec<Value> {
        let records = eventually(async || {
            let records = self.world.records(object).await;
            if records.len() == count { Ok(records) } else { Err(format!("there are {}", records.len())) }
        });
        records.await.unwrap_or_else(|why| panic!("{count} records of {object}: {why}"))
    }

    /// Stops the server, as an operator does, and waits for its end.
    pub async fn stop(&mut self) {
        self.serving.stop.take().unwrap().send(()).unwrap();
        (&mut self.serving.ends).await.unwrap();
    }

    /// Starts the server again where it was: another process over the same data.
    pub async fn start(&mut self) {
        let address = self.url.trim_start_matches("http://");
        let listener = TcpListener::bind(address).await.unwrap();
        self.world.app.live = Arc::default();
        self.world.app.node = "node-2".into();
        self.serving = Serving::begin(self.world.app.clone(), listener);
    }

    /// Lets time pass, for the server and the org alike, and wakes who waits for it.
    pub fn advance(&self, by: Duration) {
        self.world.clock.advance(by);
        self.world.org.set_clock(self.world.app.now());
        self.world.app.bells.intake.notify_one();
        self.world.app.bells.lanes.notify_one();
    }
}

async fn socket() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}
