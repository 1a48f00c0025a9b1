//! The real server is killed at random instants while thousands of messages come in over sockets.
//!
//! Each kill comes after headway: the server is ready, has taken messages, and has asked the org some more. So the number of
//! kills does not depend on how fast the machine is, and no server is killed before it has done anything.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use causeway::{
    cli::demo::browser::Browser,
    clock::Nature,
    http::{Sockets, Transport},
    store::{Location, lease},
};
use causeway_simulator::whatsapp::{Customer, Sender};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{
    is_wanted,
    process::{Process, ask, free_port, json, pass},
};
use crate::{
    failures::{
        story::Findings,
        tally::{Chapter, Tally},
    },
    store::engine::{Folder, Place},
};

const MESSAGES: usize = 5_000;
const CUSTOMERS: usize = 50;
const KILLS: usize = 20;

/// The longest that headway is waited for: where everybody waits for lost answers to settle, the org is asked seldom.
const PATIENCE: Duration = Duration::from_secs(90);

/// What the server says once it listens.
const READY: &str = "Causeway listens on";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_twenty_times_with_a_field_the_server_loses_and_repeats_nothing() {
    if is_wanted() {
        kill(None, true).await;
    }
}

/// Without the field, what was not there after a kill is believed not to be there after ten minutes: it may last.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_twenty_times_with_a_token_the_server_loses_and_repeats_nothing() {
    if is_wanted() {
        kill(None, false).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_twenty_times_over_postgres_with_a_field_the_server_loses_and_repeats_nothing() {
    if is_wanted() {
        kill(Some(Place::postgres().await), true).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_twenty_times_over_postgres_with_a_token_the_server_loses_and_repeats_nothing() {
    if is_wanted() {
        kill(Some(Place::postgres().await), false).await;
    }
}

async fn kill(database: Option<Place>, has_external_id: bool) {
    let nature = Nature::system();
    let folder = Folder::new();
    let mut stage = Stage::set(&folder, database, has_external_id).await;
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let allowed = Arc::new(AtomicUsize::new(0));
    let (url, acknowledged_by_all) = (stage.webhook.clone(), acknowledged.clone());
    let provider = Arc::new(Provider { url, acknowledged: acknowledged_by_all, allowed: allowed.clone() });
    let mut writers = JoinSet::new();
    for place in 0..10 {
        let provider = provider.clone();
        let customers: Vec<usize> = (0..CUSTOMERS).filter(|customer| customer % 10 == place).collect();
        writers.spawn(async move { provider.tell(&customers).await });
    }
    let mut told: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for kill in 0..KILLS {
        // Each kill has its own stretch of messages, and falls somewhere in it or a moment after it.
        let from = MESSAGES * kill / (KILLS + 1);
        allowed.store(MESSAGES * (kill + 1) / (KILLS + 1), Ordering::SeqCst);
        let asked = stage.asked().await;
        let more = 1 + nature.id().unsigned_abs() % 6;
        let mut waited = Duration::ZERO;
        while acknowledged.load(Ordering::SeqCst) <= from
            || (stage.asked().await < asked + more && waited < PATIENCE)
        {
            waited += Duration::from_millis(20);
            pass(Duration::from_millis(20)).await;
        }
        pass(Duration::from_secs_f64(nature.roll() * 0.4)).await;
        stage.kill_and_start().await;
    }
    allowed.store(MESSAGES, Ordering::SeqCst);
    while let Some(done) = writers.join_next().await {
        told.extend(done.unwrap());
    }
    assert_eq!(told.values().map(Vec::len).sum::<usize>(), MESSAGES);
    // A last one, when everything is acknowledged and much still waits. What it leaves reserved ends by itself.
    stage.server.kill_and_start(READY);
    let findings = stage.findings_at_rest(&told).await;
    let keying = if has_external_id { "with-a-field" } else { "with-a-token" };
    let place = stage.database.unwrap_or_else(Place::sqlite);
    let mut tally = Tally::open(&format!("kills-{keying}"), Chapter::Kills, &place);
    let kills = u64::try_from(KILLS + 1).unwrap();
    tally.note(
        ("kill -9 of the server", &format!("anywhere, {}", keying.replace('-', " "))),
        kills,
        &findings,
        0,
    );
    tally.end();
}

/// The org, the server, and the connection between them.
struct Stage {
    _org: Process,
    /// The database, where it is not in the server's own folder.
    database: Option<Place>,
    server: Process,
    http: Arc<Sockets>,
    org_url: String,
    webhook: String,
}

impl Stage {
    async fn set(folder: &Folder, database: Option<Place>, has_external_id: bool) -> Self {
        let (org_port, port) = (free_port(), free_port());
        let org_host = format!("127.0.0.1:{org_port}");
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let field = if has_external_id { " --external-id-field Causeway_Key__c" } else { "" };
        let sim = words(&format!("sim salesforce --listen {org_host} --data org --latency 20{field}"));
        let org = Process::start(&folder.0, &sim, &[], "listens on");
        let environment: Vec<(String, String)> = [
            ("CAUSEWAY_SALESFORCE__EXTRA_HOSTS", org_host.as_str()),
            ("CAUSEWAY_SALESFORCE__CLIENT_ID", "causeway-sim"),
            ("CAUSEWAY_SALESFORCE__CLIENT_SECRET", "causeway-sim-secret"),
            ("CAUSEWAY_LOG", "error"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let address = match database.as_ref().map(Place::location) {
            Some(Location::Postgres(url)) => format!(" --database-url {url}"),
            _ => String::new(),
        };
        let first = "--zone Asia/Tokyo --region JP";
        let serve = words(&format!("serve --listen 127.0.0.1:{port} --data server {first}{address}"));
        let server = Process::start(&folder.0, &serve, &environment, READY);
        let token = server.said.split_once("shown this once: ").unwrap().1;
        let token = token.split_whitespace().next().unwrap().to_owned();
        let http = Arc::new(Sockets::new().unwrap());
        let api = format!("http://127.0.0.1:{port}/api/v1");
        let source = json!({"channel": "whatsapp", "signing_secrets": ["secret"], "verify_token": "verify"});
        let source = json(&http, "POST", &format!("{api}/sources"), Some(&token), &source).await;
        let key = source["key"].as_str().unwrap();
        let webhook = format!("http://127.0.0.1:{port}/hooks/whatsapp/{key}");
        let org_url = format!("http://{org_host}");
        for customer in (0..CUSTOMERS).filter(|customer| customer % 5 > 0) {
            let contact =
                json!({"LastName": format!("Person {customer}"), "Phone": format!("+{}", number(customer))});
            let body = json!({"object": "Contact", "records": [contact]});
            json(&http, "POST", &format!("{org_url}/_sim/records"), None, &body).await;
        }
        connect(http.clone(), &api, &token, &org_host).await;
        Self { _org: org, database, server, http, org_url, webhook }
    }

    /// How often the org was asked.
    async fn asked(&self) -> u64 {
        let counters = format!("{}/_sim/counters", self.org_url);
        json(&self.http, "GET", &counters, None, &Value::Null).await["api_calls"].as_u64().unwrap()
    }

    /// Kills the server and starts it again. Over an embedded database it knows that its predecessor is gone; here we
    /// do, and save the minutes for which its leases would last.
    async fn kill_and_start(&mut self) {
        self.server.kill();
        if let Some(database) = &self.database {
            let db = database.open_small().await.unwrap();
            db.write(|tx| Box::pin(lease::end_all_of(tx, "serve-"))).await.unwrap();
        }
        self.server.start_again(READY);
    }

    /// Waits until every message is in the org, or nothing has come for longer than settling takes.
    async fn findings_at_rest(&self, told: &BTreeMap<usize, Vec<String>>) -> Findings {
        const STEP: Duration = Duration::from_secs(2);
        let mut quiet = Duration::ZERO;
        let mut held = 0;
        while held < MESSAGES && quiet < Duration::from_mins(12) {
            let tasks = format!("{}/_sim/records?object=Task&limit=1", self.org_url);
            let now = json(&self.http, "GET", &tasks, None, &Value::Null).await["total"].as_u64().unwrap();
            let now = usize::try_from(now).unwrap();
            quiet = if now > held { Duration::ZERO } else { quiet + STEP };
            held = now;
            pass(STEP).await;
        }
        // One more look, at what should not come any more.
        pass(Duration::from_secs(20)).await;
        self.findings(told).await
    }

    async fn findings(&self, told: &BTreeMap<usize, Vec<String>>) -> Findings {
        let mut findings = Findings::default();
        let mut people = BTreeMap::new();
        for object in ["Contact", "Lead"] {
            for person in self.records(object).await {
                people.insert(text(&person, "Id"), text(&person, "Phone"));
            }
        }
        let mut tasks = self.records("Task").await;
        tasks.sort_by_key(|task| (text(task, "CreatedDate"), text(task, "Id")));
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, task) in tasks.iter().enumerate() {
            places
                .entry(text(task, "Description").lines().next().unwrap_or_default().to_owned())
                .or_default()
                .push(place);
        }
        for (customer, texts) in told {
            let mut last = 0;
            for text_told in texts {
                let Some(found) = places.get(text_told) else {
                    findings.missing.push(text_told.clone());
                    continue;
                };
                if found.len() > 1 {
                    findings.doubled.push(text_told.clone());
                }
                if found[0] < last {
                    findings.disordered.push(text_told.clone());
                }
                last = found[0];
                let who = people.get(&text(&tasks[found[0]], "WhoId"));
                if who != Some(&format!("+{}", number(*customer))) {
                    findings.misplaced.push(text_told.clone());
                }
            }
        }
        // A second record of a person would take their messages from the first.
        for customer in told.keys() {
            let number = format!("+{}", number(*customer));
            if people.values().filter(|phone| **phone == number).count() != 1 {
                findings.people_doubled.push(number);
            }
        }
        findings
    }

    async fn records(&self, object: &str) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let page =
                format!("{}/_sim/records?object={object}&offset={}&limit=1000", self.org_url, all.len());
            let page = json(&self.http, "GET", &page, None, &Value::Null).await;
            let rows = page["records"].as_array().cloned().unwrap();
            if rows.is_empty() {
                return all;
            }
            all.extend(rows);
        }
    }
}

/// Through the API and the org's own pages, as a person does it.
async fn connect(http: Arc<Sockets>, api: &str, token: &str, org_host: &str) {
    let wish = json!({"crm": "salesforce", "environment": org_host});
    let begun = json(&http, "POST", &format!("{api}/connections"), Some(token), &wish).await;
    let transport: Arc<dyn Transport> = http.clone();
    let mut browser = Browser::new(transport);
    let login = browser.open(begun["open"].as_str().unwrap(), |_| false).await.unwrap();
    let user = [("username", "maya.lindqvist@acme.example"), ("password", "sim")];
    let consent = browser.submit(&login, "login", &user, |_| false).await.unwrap();
    let done = browser.submit(&consent, "consent", &[("decision", "allow")], |_| false).await.unwrap();
    assert_eq!(done.status, 200, "{}", done.text);
    let connections = json(&http, "GET", &format!("{api}/connections"), Some(token), &Value::Null).await;
    let wish = json!({"connection": connections["connections"][0]["id"], "settings": {"since": 0}});
    json(&http, "POST", &format!("{api}/integrations"), Some(token), &wish).await;
}

fn text(record: &Value, field: &str) -> String {
    record[field].as_str().unwrap_or_default().to_owned()
}

fn number(customer: usize) -> String {
    format!("8190{}", 10_000_000 + customer)
}

/// The provider: each customer's messages in their order, each until it is accepted, some twice, and no more than are
/// allowed by now.
struct Provider {
    url: String,
    acknowledged: Arc<AtomicUsize>,
    allowed: Arc<AtomicUsize>,
}

impl Provider {
    /// Tells all messages of these customers. Answers what was told, by customer.
    async fn tell(&self, customers: &[usize]) -> BTreeMap<usize, Vec<String>> {
        let http = Sockets::new().unwrap();
        let sender = Sender {
            secret: "secret".into(),
            waba_id: "102290129340398".into(),
            phone_number_id: "106540352242922".into(),
            display_number: "81312345678".into(),
        };
        let mut told: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for round in 0..MESSAGES / CUSTOMERS / 4 {
            for customer in customers {
                while self.acknowledged.load(Ordering::SeqCst) >= self.allowed.load(Ordering::SeqCst) {
                    pass(Duration::from_millis(10)).await;
                }
                let who = Customer::with_number(&number(*customer), &format!("Person {customer}"));
                let mut changes = Vec::new();
                for place in 0..4 {
                    let text = format!("message {customer}.{round}.{place};");
                    let second = 1_767_323_045 + i64::try_from(round).unwrap();
                    changes.push(sender.text(
                        &who,
                        &format!("wamid.{customer}.{round}.{place}"),
                        second,
                        &text,
                    ));
                    told.entry(*customer).or_default().push(text);
                }
                let body = sender.wrap(changes);
                self.post(&http, &sender, &body).await;
                self.acknowledged.fetch_add(4, Ordering::SeqCst);
                if round % 10 == 3 {
                    self.post(&http, &sender, &body).await;
                }
            }
        }
        told
    }

    /// Until it is accepted.
    async fn post(&self, http: &Sockets, sender: &Sender, body: &[u8]) {
        for _ in 0..2_000 {
            let headers = vec![("x-hub-signature-256", sender.sign(body))];
            if ask(http, "POST", &self.url, headers, body.to_vec()).await.is_some_and(|it| it.status < 300) {
                return;
            }
            pass(Duration::from_millis(30)).await;
        }
        panic!("nobody accepts");
    }
}
