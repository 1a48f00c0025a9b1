//! Customers who write, and what must have come of it in the end.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use causeway::{
    app::App,
    intake::{self, Received},
    lane,
    store::{entry, receipt},
};
use causeway_core::time::Timestamp;
use causeway_simulator::whatsapp::Customer;
use serde_json::Value;

use crate::world::{World, crm::Entry};

/// One message that was acknowledged.
#[derive(Clone, Debug)]
pub struct Told {
    /// The provider's id.
    pub id: String,
    /// Who wrote it: a place among the customers.
    pub customer: usize,
    /// What it says, and no other message does.
    pub text: String,
}

/// Everything that was written, in the order in which it was written.
#[derive(Default)]
pub struct Story {
    told: Vec<Told>,
    last_second: i64,
    may_swap_within_a_request: bool,
    taken_away: BTreeSet<String>,
    /// One entry holds several messages.
    pub is_grouped: bool,
}

/// Where a message stands: the place of its entry among all, and its place in the text.
type Place = (usize, usize);

/// What is wrong in the org; empty is right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Acknowledged, and neither written nor held.
    pub missing: Vec<String>,
    /// Written more than once.
    pub doubled: Vec<String>,
    /// Written before one that was to be written earlier.
    pub disordered: Vec<String>,
    /// Written on somebody else.
    pub misplaced: Vec<String>,
    /// People of whom the org has two records.
    pub people_doubled: Vec<String>,
}

/// The number of a customer.
pub fn number(customer: usize) -> String {
    format!("8190{}", 10_000_000 + customer)
}

impl Story {
    /// One in which entries of one request may change places, because the org takes some of them later.
    pub fn with_row_troubles() -> Self {
        Self { may_swap_within_a_request: true, ..Self::default() }
    }

    /// The same, where one entry holds several messages or does not.
    pub fn grouped(self, is_grouped: bool) -> Self {
        Self { is_grouped, ..self }
    }

    /// The customer in that place.
    pub fn customer(place: usize) -> Customer {
        Customer::with_number(&number(place), &format!("Person {place}"))
    }

    /// The org knows this customer as a contact.
    pub async fn know(world: &World, customer: usize) -> String {
        world.know(&format!("Person {customer}"), &format!("+{}", number(customer))).await
    }

    /// How many messages were told.
    pub fn len(&self) -> usize {
        self.told.len()
    }

    /// What was told, in order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.told.iter().map(|told| told.text.as_str())
    }

    /// These customers write, one after the other; the provider tells it in one request.
    pub async fn tell(&mut self, world: &World, writers: &[usize]) {
        let (body, told) = self.compose(world, writers);
        assert_eq!(world.post_raw(body).await, Received::Kept);
        self.take(told);
    }

    /// The request in which the provider would tell it.
    pub fn compose(&mut self, world: &World, writers: &[usize]) -> (Vec<u8>, Vec<Told>) {
        let second = (world.app.now() / 1_000_000).max(self.last_second + 1);
        self.last_second = second;
        let mut changes = Vec::new();
        let mut all = Vec::new();
        for (place, customer) in writers.iter().enumerate() {
            let count = self.told.len() + place + 1;
            let told =
                Told { id: format!("wamid.{count}"), customer: *customer, text: format!("message {count};") };
            changes.push(world.sender.text(&Self::customer(*customer), &told.id, second, &told.text));
            all.push(told);
        }
        (world.sender.wrap(changes), all)
    }

    /// These were acknowledged.
    pub fn take(&mut self, told: Vec<Told>) {
        self.told.extend(told);
    }

    /// Somebody took this entry out of the org: it need not be there any more.
    pub fn take_away(&mut self, body: &str) {
        self.taken_away.extend(messages(body).into_iter().map(|(id, _)| id));
    }

    /// Somebody took everything out of the org that this customer has said.
    pub fn take_away_all_of(&mut self, customer: usize) {
        let said = self.told.iter().filter(|told| told.customer == customer);
        self.taken_away.extend(said.map(|told| told.id.clone()));
    }

    /// The customer says it differently.
    pub async fn edit(&mut self, world: &World, place: usize) {
        let Some(told) = self.told.get(place).cloned() else { return };
        let second = (world.app.now() / 1_000_000).max(self.last_second + 1);
        self.last_second = second;
        let text = format!("{} again;", told.text.trim_end_matches(';'));
        let edit = world.sender.edit(
            &Self::customer(told.customer),
            &format!("wamid.edit.{place}.{second}"),
            second,
            &told.id,
            &text,
        );
        assert_eq!(world.post(vec![edit]).await, Received::Kept);
        self.told[place].text = text;
    }

    /// What the org has, against what was told.
    pub async fn findings(&self, world: &World) -> Findings {
        let mut findings = Findings::default();
        let mut all = world.entries().await;
        all.sort_by_key(|entry| (entry.created.clone(), entry.id.len(), entry.id.clone()));
        let people = people(world, &mut findings).await;
        let mut by_message: BTreeMap<String, Vec<(Place, &Entry)>> = BTreeMap::new();
        for (place, entry) in all.iter().enumerate() {
            for (id, offset) in messages(&entry.body) {
                by_message.entry(id).or_default().push(((place, offset), entry));
            }
        }
        let mut last: BTreeMap<usize, (Place, &Told)> = BTreeMap::new();
        for told in &self.told {
            let mut places = by_message.get(&told.id).into_iter().flatten().copied();
            let Some((place, entry)) = places.next().filter(|(_, entry)| entry.body.contains(&told.text))
            else {
                if !self.taken_away.contains(&told.id) && !is_held(world, told).await {
                    findings.missing.push(told.text.clone());
                }
                continue;
            };
            if places.next().is_some() {
                findings.doubled.push(told.text.clone());
            }
            if people.get(&entry.on) != Some(&number(told.customer)) {
                findings.misplaced.push(told.text.clone());
            }
            let before = last.insert(told.customer, (place, told));
            if let Some((_, before)) = before.filter(|(before, _)| *before > place)
                && !(self.may_swap_within_a_request && are_of_one_request(world, before, told).await)
            {
                findings.disordered.push(told.text.clone());
            }
        }
        findings
    }

    /// Nothing is missing, doubled, out of order or on the wrong record.
    pub async fn check(&self, world: &World, when: &str) {
        let findings = self.findings(world).await;
        assert_eq!(findings, Findings::default(), "{when}");
    }

    /// Nothing waits either.
    pub async fn check_all_written(&self, world: &World, when: &str) {
        self.check(world, when).await;
        let states = states(world).await;
        let written =
            if self.is_grouped { states.values().sum() } else { i64::try_from(self.told.len()).unwrap() };
        assert_eq!(states, [(("written".to_owned(), String::new()), written)].into(), "{when}");
    }
}

/// The messages that an entry tells, each with its place in the text: "message 7;" or, edited, "message 7 again;".
fn messages(body: &str) -> Vec<(String, usize)> {
    let told = body.match_indices("message ").filter_map(|(place, word)| {
        let said = &body[place + word.len()..];
        let number: String = said.chars().take_while(char::is_ascii_digit).collect();
        let is_one = !number.is_empty() && said[number.len()..].starts_with([';', ' ']);
        is_one.then(|| (format!("wamid.{number}"), place))
    });
    told.collect()
}

/// Numbers by record, of everybody whom the org knows or knew: entries of before stay on a record that was deleted.
async fn people(world: &World, findings: &mut Findings) -> BTreeMap<String, String> {
    let mut people = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for person in world.curtain().people().await {
        let number = person.phone.trim_start_matches('+').to_owned();
        if person.is_there && !number.is_empty() && !seen.insert(number.clone()) {
            findings.people_doubled.push(number.clone());
        }
        people.insert(person.id, number);
    }
    people
}

/// Entries by state and reason.
pub async fn states(world: &World) -> BTreeMap<(String, String), i64> {
    let id = world.connection_id;
    let counts = world.app.db.read(move |tx| Box::pin(entry::counts(tx, id))).await.unwrap();
    counts.into_iter().map(|(state, reason, count)| ((state, reason), count)).collect()
}

/// A message that is held has a reason.
async fn is_held(world: &World, told: &Told) -> bool {
    entries(world, told).await.iter().any(|entry| entry.state == "held" && entry.hold.is_some())
}

async fn entries(world: &World, told: &Told) -> Vec<receipt::Covering> {
    let (workspace_id, id) = (world.workspace_id, told.id.clone());
    let found = world.app.db.read(move |tx| {
        Box::pin(async move {
            let messages = receipt::messages(tx, Some(workspace_id), &id, 0).await?;
            let Some(message) = messages.first() else { return Ok(Vec::new()) };
            receipt::covering(tx, workspace_id, message.id).await
        })
    });
    found.await.unwrap()
}

async fn are_of_one_request(world: &World, one: &Told, other: &Told) -> bool {
    first_attempt(world, one).await == first_attempt(world, other).await
}

async fn first_attempt(world: &World, told: &Told) -> i64 {
    let Some(entry) = entries(world, told).await.into_iter().next() else { return 0 };
    let workspace_id = world.workspace_id;
    let read = world.app.db.read(move |tx| Box::pin(receipt::attempts(tx, workspace_id, entry.id)));
    read.await.unwrap().first().map_or(0, |attempt| attempt.sent_at.0)
}

/// Both clocks show that instant, but for what they are apart.
pub fn set_clocks(world: &World, now: i64) {
    world.clock.set(Timestamp(now));
    world.tell_the_time();
}

/// Lets time pass from one thing that is due to the next, until nothing is or `limit` is over.
pub async fn calm(world: &World, app: &App, limit: Duration) {
    const SECOND: i64 = 1_000_000;
    let end = app.now() + i64::try_from(limit.as_micros()).unwrap();
    for _ in 0..5_000 {
        let read = intake::drain(app).await.unwrap();
        let passed = lane::pass(app, world.connection_id).await.unwrap();
        if passed.batches > 0 && !passed.is_idle {
            // A worker goes on at once; a moment has passed all the same.
            set_clocks(world, app.now() + 1_000);
            continue;
        }
        let next = match passed.next {
            Some(next) => next.max(app.now() + SECOND),
            // Another node may have died as it read: its lease ends by itself.
            None if read.is_elsewhere => app.now() + SECOND,
            None if states(world).await.keys().any(|(state, _)| state == "due") => app.now() + SECOND,
            None => return,
        };
        if next > end {
            return;
        }
        set_clocks(world, next);
    }
    panic!("the lane does not come to rest");
}

/// How many answers the org has cut.
pub async fn cuts(world: &World) -> u64 {
    world.sim("GET", "counters", Value::Null).await["cuts"].as_u64().unwrap()
}
