//! Where a schedule is played: a world that is forked from a connected one, two nodes with a clock each, and the org.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use causeway::{
    app::{App, Safety},
    clock::{Entropy, HandClock, Nature, SeededEntropy},
    intake::{self, Received},
    store::workspace::{self, Workspace},
};
use causeway_core::{
    channels::RawRequest,
    plan::settings::ChatSync,
    record::{EntryKind, Module},
    time::{Timestamp, Zone},
};
use serde_json::{Value, json};

use super::{
    script::{Known, Schedule, Thing},
    told::Told,
};
use crate::{
    failures::story::number,
    store::engine::Place,
    world::{SOURCE, Setting, World, crm::Crm, curtain::Curtain},
};

/// The field of the org's own that takes the chat link, where that is chosen.
pub const LINK_FIELD: &str = "Chat_Link";

/// The field of the org's own that new records demand once somebody demands it.
pub const DEMANDED_FIELD: &str = "Demanded";

/// One engine's connected worlds with one CRM, with the external-id field and without, to fork from.
pub struct Arena {
    pub crm: &'static dyn Crm,
    engine: fn() -> Opening,
    templates: BTreeMap<bool, World>,
}

type Opening = std::pin::Pin<Box<dyn Future<Output = Place>>>;

impl Arena {
    /// Of SQLite.
    pub fn sqlite(crm: &'static dyn Crm) -> Self {
        Self { crm, engine: || Box::pin(async { Place::sqlite() }), templates: BTreeMap::new() }
    }

    /// Of PostgreSQL.
    pub fn postgres(crm: &'static dyn Crm) -> Self {
        Self { crm, engine: || Box::pin(Place::postgres()), templates: BTreeMap::new() }
    }

    /// A place of that engine, for a tally's name.
    pub async fn place(&self) -> Place {
        (self.engine)().await
    }

    /// A world as the connecting member leaves it.
    async fn template(&mut self, has_field: bool) -> &World {
        if !self.templates.contains_key(&has_field) {
            let setting = Setting { has_external_id: has_field, ..Setting::of(self.crm) };
            let mut world = World::unconnected((self.engine)().await, setting).await;
            for object in self.crm.people() {
                let name = self.crm.own_field(LINK_FIELD);
                let field = json!({"object": object, "name": name, "label": "Chat", "length": 255});
                world.sim("POST", "fields", field).await;
            }
            world.connect().await.unwrap();
            world.place.close().await;
            self.templates.insert(has_field, world);
        }
        &self.templates[&has_field]
    }
}

/// A node: a process over the database, with a clock of its own.
pub struct Node {
    pub app: App,
    pub clock: HandClock,
    pub entropy: Arc<dyn Entropy>,
    pub skew: i64,
}

/// The stage.
pub struct Stage {
    pub world: World,
    pub nodes: [Node; 2],
    /// The org's own name of the module of entries.
    entries: &'static str,
    /// Where new records demand a further field once somebody demands it.
    pub demanding: Thing,
    /// What was said.
    pub told: Told,
    /// Requests that are late, and those that have come.
    pub late: Vec<Vec<u8>>,
    pub come: Vec<Vec<u8>>,
    /// What people did in the org.
    pub done: Done,
    /// The right time, in seconds.
    pub now: i64,
    /// By what a clock of a node showed: the number of the step.
    pub moments: BTreeMap<i64, i64>,
    pub step: i64,
    /// What happened, in words, if somebody listens.
    pub diary: Option<Vec<String>>,
    heard: u64,
}

/// What people did in the org, as far as it decides what is right.
#[derive(Default)]
pub struct Done {
    /// Records of people that were made by hand, or by converting.
    pub by_hand: BTreeSet<String>,
    /// Records of people that were deleted, by customer.
    pub deleted: Vec<(usize, String)>,
    /// Leads that were converted, by customer, each with the number of the step.
    pub converted: Vec<(usize, String, i64)>,
    /// Entries that were edited or deleted.
    pub entries: BTreeSet<String>,
    /// The record that the rules choose for a customer whom the org knew from the beginning.
    pub homes: BTreeMap<usize, String>,
    /// Customers whose records somebody made, converted, merged or deleted.
    pub touched: BTreeSet<usize>,
    /// The acting user's rights as they are.
    pub withdrawn: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// New records demand a further field.
    pub demands: bool,
    /// What was done, by kind: for the tally.
    pub counts: BTreeMap<String, u64>,
}

/// Does the whole connection rest because the acting user lacks a right that somebody took away?
pub fn rests_truly(reason: Option<&str>, done: &Done) -> bool {
    reason == Some("no_permission") && !done.withdrawn.is_empty()
}

impl Stage {
    /// Sets it up for a schedule.
    pub async fn set(arena: &mut Arena, schedule: &Schedule, safety: Safety) -> Self {
        let variant = &schedule.variant;
        let template = arena.template(variant.has_field).await;
        let place = template.place.copy().await;
        let mut world = template.fork(place, schedule.seed).await;
        world.app.safety = safety;
        let second = world.place.open_small().await.unwrap();
        let node = |name: &str, db, seed: u64| {
            let clock = HandClock::at(Timestamp::from_seconds(variant.starts_at));
            let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(seed));
            let nature = Nature::new(Arc::new(clock.clone()), entropy.clone());
            let app = App { db, nature, node: name.into(), ..world.app.clone() };
            let app = App { bells: Arc::default(), live: Arc::default(), ..app };
            let app = App { panel: Arc::default(), endpoints: Arc::default(), ..app };
            Node { app, clock, entropy, skew: 0 }
        };
        let seed = schedule.seed.wrapping_mul(1_000_003);
        let nodes = [node("node-1", world.app.db.clone(), seed + 1), node("node-2", second, seed + 2)];
        world.app = nodes[0].app.clone();
        world.clock = nodes[0].clock.clone();
        let entries = match (world.org.crm().entries(), variant.settings.entry) {
            ([of_notes, _], EntryKind::Note) => of_notes,
            ([_, of_tasks], EntryKind::Task) => of_tasks,
            (all, _) => all[0],
        };
        let mut stage = Self {
            told: Told::new(schedule.seed),
            late: Vec::new(),
            come: Vec::new(),
            done: Done::default(),
            now: variant.starts_at,
            moments: BTreeMap::new(),
            step: 0,
            diary: None,
            heard: 0,
            world,
            nodes,
            entries,
            demanding: if variant.settings.module == Some(Module::Contact) {
                Thing::Contact
            } else {
                Thing::Lead
            },
        };
        stage.tick();
        stage.furnish(schedule).await;
        stage
    }

    async fn furnish(&mut self, schedule: &Schedule) {
        let variant = &schedule.variant;
        let zone = variant.zone;
        let workspace = Workspace {
            id: self.world.workspace_id,
            name: "Acme".into(),
            zone: Zone::named(zone).unwrap(),
            region: "JP".parse().ok(),
        };
        let changing = self
            .world
            .app
            .db
            .write(move |tx| Box::pin(async move { workspace::change(tx, &workspace, zone).await }));
        changing.await.unwrap();
        let mut settings = variant.settings.clone();
        if schedule.seed.is_multiple_of(3) {
            settings.default_owner = Some(self.world.user("jonas").await);
        }
        self.world.integrate(settings).await;
        let mut options = self.crm().options(variant.rotates, variant.session_seconds, variant.search_delay);
        options.as_object_mut().unwrap().extend(variant.switches.clone());
        self.world.sim("POST", "options", options).await;
        let modules = settings_modules(&variant.settings);
        for (customer, known) in variant.known.iter().enumerate() {
            self.introduce(customer, *known, &modules).await;
        }
        // Whom the org knows, it has known for a while.
        self.now += variant.search_delay + 1;
        self.tick();
    }

    /// The org knows a customer so; what the rules choose among several is the customer's home.
    async fn introduce(&mut self, customer: usize, known: Known, modules: &[Thing]) {
        let crm = self.crm();
        let ([_, last, phone, ..], [stage, open, closed]) = (crm.person_fields(), crm.stages());
        let person = |more: Value| {
            let mut all =
                json!({(last): format!("Person {customer}"), (phone): format!("+{}", number(customer))});
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            all
        };
        let lead = |at: &str| person(json!({"Company": "Acme", (stage): at}));
        let changed = |when: &str| {
            let fields = crm.changed().iter().map(|field| ((*field).to_owned(), json!(when)));
            person(Value::Object(fields.collect()))
        };
        let made: &[(Thing, Value)] = &match known {
            Known::Nobody => vec![],
            Known::Contact => vec![(Thing::Contact, person(json!({})))],
            Known::OpenLead => vec![(Thing::Lead, lead(open))],
            Known::ClosedLead => vec![(Thing::Lead, lead(closed))],
            Known::ContactAndLead => {
                vec![(Thing::Lead, lead(open)), (Thing::Contact, person(json!({})))]
            }
            Known::TwoContacts => {
                vec![
                    (Thing::Contact, changed("2025-01-01T00:00:00Z")),
                    (Thing::Contact, changed("2025-06-01T00:00:00Z")),
                ]
            }
        };
        for (thing, record) in made {
            let id = self.world.seed(self.module(*thing), record.clone()).await;
            self.done.by_hand.insert(id.clone());
            // The last of each list is the one that the rules choose, of those in whose modules they look.
            if modules.contains(thing) {
                self.done.homes.insert(customer, id);
            }
        }
    }

    /// The CRM.
    pub fn crm(&self) -> &'static dyn Crm {
        self.world.org.crm()
    }

    /// The org behind the curtain.
    pub fn curtain(&self) -> Curtain {
        self.world.curtain()
    }

    /// The org's own name of the module of these.
    pub fn module(&self, thing: Thing) -> &'static str {
        let [contacts, leads] = self.crm().people();
        match thing {
            Thing::Contact => contacts,
            Thing::Lead => leads,
            Thing::Entry => self.entries,
        }
    }

    /// The next moment: no node's clock shows the same twice, so that what is stored tells when it was.
    pub fn tick(&mut self) {
        self.step += 1;
        self.world.org.set_clock(self.now * 1_000_000);
        for node in &self.nodes {
            let mut at = (self.now + node.skew) * 1_000_000 + self.step % 1_000 * 1_000;
            while self.moments.get(&at).is_some_and(|step| *step != self.step) {
                at += 1_000;
            }
            self.moments.insert(at, self.step);
            node.clock.set(Timestamp(at));
        }
    }

    /// The provider posts this body until it is kept.
    pub async fn post(&mut self, body: Vec<u8>) {
        self.tick();
        let headers = vec![("x-hub-signature-256".to_owned(), self.world.sender.sign(&body))];
        let request = RawRequest { headers, body: body.clone() };
        let received = intake::receive(&self.nodes[0].app, "whatsapp", SOURCE, request).await;
        assert_eq!(received, Received::Kept);
        self.come.push(body);
    }

    /// Counts something that was done.
    pub fn count(&mut self, what: &str, times: u64) {
        *self.done.counts.entry(what.to_owned()).or_default() += times;
    }

    /// Notes what happens, and what the org has been asked since, if somebody listens.
    pub async fn note(&mut self, what: String) {
        if self.diary.is_none() {
            return;
        }
        let requests = self.world.sim("GET", "requests?last=5000", Value::Null).await;
        let mut lines = Vec::new();
        for request in requests["requests"].as_array().unwrap() {
            let number = request["number"].as_u64().unwrap();
            if number > self.heard {
                self.heard = number;
                let target: String = request["target"].as_str().unwrap().chars().take(150).collect();
                let fault = request["fault"].as_str().map(|fault| format!(" [{fault}]")).unwrap_or_default();
                lines.push(format!(
                    "      {} {target} → {}{fault}",
                    request["method"].as_str().unwrap(),
                    request["status"]
                ));
            }
        }
        let at = Timestamp::from_seconds(self.now);
        let diary = self.diary.as_mut().unwrap();
        diary.push(format!("{} {what}", at.in_zone(&Zone::utc()).strftime("%d. %H:%M:%S")));
        diary.append(&mut lines);
    }

    /// Everything that the org holds of entries and people, deleted ones too.
    pub async fn everything(&self) -> Vec<Vec<Value>> {
        let mut all = Vec::new();
        for module in self.crm().entries().iter().copied().chain(self.crm().people()) {
            all.push(self.curtain().all_records(module).await);
        }
        all
    }
}

/// In which modules people are looked for by these settings.
pub fn settings_modules(settings: &ChatSync) -> Vec<Thing> {
    let thing = |module: &Module| match module {
        Module::Lead => Thing::Lead,
        _ => Thing::Contact,
    };
    settings.modules().iter().map(thing).collect()
}
