//! What people do in the org meanwhile, each as they do it in the browser.

use std::collections::BTreeSet;

use causeway::crm::ConnectError;
use serde_json::json;

use super::{
    script::{Hand, Thing},
    stage::{DEMANDED_FIELD, Stage},
};
use crate::{failures::story::number, world::crm::Person};

/// The modules of people, in the order in which somebody looks through them.
const PEOPLE: [Thing; 2] = [Thing::Contact, Thing::Lead];

/// The user through whom everything is written.
const ACTING: &str = "maya.lindqvist@acme.example";

/// The user who owns what is new, where that is chosen.
const OWNER: &str = "jonas.okafor@acme.example";

impl Stage {
    /// Somebody does that, if there is anything to do it to.
    pub async fn lend(&mut self, hand: &Hand) {
        let what = match hand {
            Hand::Make { customer, thing } => {
                self.make(*customer, *thing).await.map(|_| "a record is made by hand")
            }
            Hand::Convert { customer } => self.convert(*customer).await,
            Hand::Merge { customer, keeps_new } => self.merge(*customer, *keeps_new).await,
            Hand::Delete { customer } => self.delete(*customer).await,
            Hand::EditEntry(which) => self.touch(*which, false).await,
            Hand::DeleteEntry(which) => self.touch(*which, true).await,
            Hand::Withdraw { right, thing } => self.withdraw(right, *thing).await,
            Hand::GiveBack => {
                self.give_back().await;
                None
            }
            Hand::Deactivate => self.set_active(false).await,
            Hand::Activate => self.set_active(true).await,
            Hand::Demand => self.demand(true).await,
            Hand::ExpireSessions => {
                self.world.sim("POST", "tokens", json!({"expire_sessions": true})).await;
                Some("every session ends")
            }
            Hand::RevokeGrant => {
                self.world.sim("POST", "tokens", json!({"revoke_all": true})).await;
                Some("the grant is revoked")
            }
            Hand::UseUp => {
                self.world.sim("POST", "usage", json!({"used": 100_000})).await;
                Some("others use the limit up")
            }
        };
        if let Some(what) = what {
            self.count(what, 1);
        }
    }

    /// Live records of a customer in the module of these, leads that were converted left out, in the order in which they
    /// were made.
    pub async fn records_of(&self, customer: usize, thing: Thing) -> Vec<Person> {
        let (module, phone) = (self.module(thing), format!("+{}", number(customer)));
        let mut people = self.curtain().people().await;
        people.retain(|person| person.module == module && person.phone == phone && person.is_there);
        people
    }

    async fn make(&mut self, customer: usize, thing: Thing) -> Option<String> {
        // Beside a record that is there, another would make the rules choose anew.
        for thing in PEOPLE {
            if !self.records_of(customer, thing).await.is_empty() {
                return None;
            }
        }
        Some(self.make_another(customer, thing).await)
    }

    async fn make_another(&mut self, customer: usize, thing: Thing) -> String {
        let [_, last, phone, ..] = self.crm().person_fields();
        let [stage, open, _] = self.crm().stages();
        let mut record =
            json!({(last): format!("Person {customer}"), (phone): format!("+{}", number(customer))});
        if thing == Thing::Lead {
            record["Company"] = json!("Acme");
            record[stage] = json!(open);
        }
        let id = self.world.seed(self.module(thing), record).await;
        self.done.by_hand.insert(id.clone());
        self.done.touched.insert(customer);
        id
    }

    async fn convert(&mut self, customer: usize) -> Option<&'static str> {
        let lead = self.records_of(customer, Thing::Lead).await.first()?.id.clone();
        let done = self.world.sim("POST", "convert", json!({"lead": lead})).await;
        let contact = done["contact"].as_str().unwrap().to_owned();
        self.done.touched.insert(customer);
        self.done.converted.push((customer, lead, self.step));
        self.done.by_hand.insert(contact);
        Some("a lead is converted")
    }

    async fn merge(&mut self, customer: usize, keeps_new: bool) -> Option<&'static str> {
        for thing in PEOPLE {
            let found = self.records_of(customer, thing).await;
            let Some(old) = found.first().map(|person| person.id.clone()) else { continue };
            let new = match found.get(1) {
                Some(new) => new.id.clone(),
                None => self.make_another(customer, thing).await,
            };
            self.done.touched.insert(customer);
            let (winner, loser) = if keeps_new { (new, old) } else { (old, new) };
            self.world.sim("POST", "merge", json!({"winner": winner, "loser": loser})).await;
            return Some("two records are merged");
        }
        None
    }

    async fn delete(&mut self, customer: usize) -> Option<&'static str> {
        for thing in PEOPLE {
            let found = self.records_of(customer, thing).await;
            if let Some(Person { module, id, .. }) = found.into_iter().next() {
                let before = self.curtain().entries().await;
                self.curtain().delete(module, &id).await;
                // What hangs on a record may go with it.
                let after: Vec<String> =
                    self.curtain().entries().await.into_iter().map(|entry| entry.id).collect();
                let gone = before.into_iter().map(|entry| entry.id).filter(|id| !after.contains(id));
                self.done.entries.extend(gone);
                self.done.deleted.push((customer, id));
                self.done.touched.insert(customer);
                return Some("a person's record is deleted");
            }
        }
        None
    }

    async fn touch(&mut self, which: usize, deletes: bool) -> Option<&'static str> {
        let mut entries = self.curtain().entries().await;
        let entry = entries.swap_remove(which.checked_rem(entries.len())?);
        if deletes {
            self.curtain().delete(entry.module, &entry.id).await;
        } else {
            let [_, body, _] = self.crm().entry_fields(entry.module);
            let longer = json!({(body): format!("{}\nCalled back.", entry.body)});
            self.curtain().edit(entry.module, &entry.id, longer).await;
        }
        self.done.entries.insert(entry.id);
        Some(if deletes { "an entry is deleted" } else { "an entry is edited" })
    }

    async fn withdraw(&mut self, right: &'static str, thing: Option<Thing>) -> Option<&'static str> {
        let module = thing.map(|thing| self.module(thing)).unwrap_or_default();
        self.done.withdrawn.entry(right).or_default().insert(module);
        self.permit().await;
        Some("a right is withdrawn")
    }

    /// The acting user may do what is not withdrawn.
    async fn permit(&self) {
        let mut rights = json!({"user": ACTING});
        for (right, modules) in &self.done.withdrawn {
            rights[*right] = if *right == "api_disabled" { json!(true) } else { json!(modules) };
        }
        self.world.sim("POST", "permissions", rights).await;
    }

    /// Every right is given back, and nothing more is demanded.
    pub async fn give_back(&mut self) {
        self.done.withdrawn.clear();
        self.permit().await;
        if self.done.demands {
            self.demand(false).await;
        }
    }

    async fn set_active(&self, is_active: bool) -> Option<&'static str> {
        let owner = self.world.user(OWNER).await;
        self.world.sim("POST", "users", json!({"id": owner, "active": is_active})).await;
        (!is_active).then_some("the owner is deactivated")
    }

    async fn demand(&mut self, is_required: bool) -> Option<&'static str> {
        let field = json!({
            "object": self.module(self.demanding),
            "name": self.crm().own_field(DEMANDED_FIELD),
            "label": "Demanded",
            "length": 20,
            "required": is_required,
        });
        self.world.sim("POST", "fields", field).await;
        self.done.demands = is_required;
        is_required.then_some("a further field is demanded")
    }

    /// What stops the whole connection is put right: API access, the limit, the grant, a pause.
    pub async fn reopen_doors(&mut self) {
        if self.done.withdrawn.remove("api_disabled").is_some() {
            self.permit().await;
        }
        self.world.sim("POST", "usage", json!({"used": 0})).await;
        let used: BTreeSet<&str> = self.done.counts.keys().map(String::as_str).collect();
        if used.contains("the grant is revoked") || self.is_lost().await {
            self.connect_again().await;
        }
        self.choose(&super::script::Choice::Resume).await;
    }

    /// Somebody connects again. If the grant is refused because a right is missing, an administrator of the CRM grants it
    /// first, as the refusal asks, and what was held for the want of it is tried again.
    async fn connect_again(&mut self) {
        let connection = Some(self.world.connection_id);
        self.tick();
        match self.world.connect_as(ACTING, connection).await {
            Err(ConnectError::Missing(_)) => {
                let entries = self.module(Thing::Entry);
                self.done.withdrawn.retain(|_, objects| {
                    objects.remove(entries);
                    !objects.is_empty()
                });
                self.permit().await;
                self.tick();
                self.world.connect_as(ACTING, connection).await.unwrap();
                self.retry().await;
            }
            connected => _ = connected.unwrap(),
        }
    }

    pub async fn is_lost(&self) -> bool {
        use causeway::store::connection::{State, find};
        let id = self.world.connection_id;
        let found = self.world.app.db.read(move |tx| Box::pin(find(tx, id))).await.unwrap();
        found.is_some_and(|connection| connection.state != State::Connected)
    }
}
