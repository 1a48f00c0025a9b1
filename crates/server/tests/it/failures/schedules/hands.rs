//! What people do in the org meanwhile, each as they do it in the browser.

use std::collections::BTreeSet;

use causeway::crm::ConnectError;
use serde_json::{Value, json};

use super::{
    script::Hand,
    stage::{DEMANDED_FIELD, Stage},
};
use crate::failures::story::number;

/// The user through whom everything is written.
const ACTING: &str = "maya.lindqvist@acme.example";

/// The user who owns what is new, where that is chosen.
const OWNER: &str = "jonas.okafor@acme.example";

impl Stage {
    /// Somebody does that, if there is anything to do it to.
    pub async fn lend(&mut self, hand: &Hand) {
        let what = match hand {
            Hand::Make { customer, object } => {
                self.make(*customer, object).await.map(|_| "a record is made by hand")
            }
            Hand::Convert { customer } => self.convert(*customer).await,
            Hand::Merge { customer, keeps_new } => self.merge(*customer, *keeps_new).await,
            Hand::Delete { customer } => self.delete(*customer).await,
            Hand::EditTask(which) => self.touch(*which, false).await,
            Hand::DeleteTask(which) => self.touch(*which, true).await,
            Hand::Withdraw { right, object } => self.withdraw(right, object).await,
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

    /// Live records of a customer, leads that were converted left out, by id.
    pub async fn records_of(&self, customer: usize, object: &str) -> Vec<Value> {
        let mut found = self.all(object).await;
        found.retain(|row| {
            row["Phone"] == json!(format!("+{}", number(customer)))
                && row["IsDeleted"] != json!(true)
                && row["IsConverted"] != json!(true)
        });
        found
    }

    async fn make(&mut self, customer: usize, object: &str) -> Option<String> {
        // Beside a record that is there, another would make the rules choose anew.
        if object.is_empty()
            || !self.records_of(customer, "Lead").await.is_empty()
            || !self.records_of(customer, "Contact").await.is_empty()
        {
            return None;
        }
        Some(self.make_another(customer, object).await)
    }

    async fn make_another(&mut self, customer: usize, object: &str) -> String {
        let mut record =
            json!({"LastName": format!("Person {customer}"), "Phone": format!("+{}", number(customer))});
        if object == "Lead" {
            record["Company"] = json!("Acme");
            record["Status"] = json!("Open - Not Contacted");
        }
        let id = self.world.seed(object, record).await;
        self.done.by_hand.insert(id.clone());
        self.done.touched.insert(customer);
        id
    }

    async fn convert(&mut self, customer: usize) -> Option<&'static str> {
        let lead = id(self.records_of(customer, "Lead").await.first()?);
        let done = self.world.sim("POST", "convert", json!({"lead": lead})).await;
        let contact = done["contact"].as_str().unwrap().to_owned();
        self.done.touched.insert(customer);
        self.done.by_hand.insert(contact);
        Some("a lead is converted")
    }

    async fn merge(&mut self, customer: usize, keeps_new: bool) -> Option<&'static str> {
        for object in ["Contact", "Lead"] {
            let found = self.records_of(customer, object).await;
            let Some(old) = found.first().map(id) else { continue };
            let new = match found.get(1) {
                Some(new) => id(new),
                None => self.make_another(customer, object).await,
            };
            self.done.touched.insert(customer);
            let (winner, loser) = if keeps_new { (new, old) } else { (old, new) };
            self.world.sim("POST", "merge", json!({"winner": winner, "loser": loser})).await;
            return Some("two records are merged");
        }
        None
    }

    async fn delete(&mut self, customer: usize) -> Option<&'static str> {
        for object in ["Contact", "Lead"] {
            if let Some(record) = self.records_of(customer, object).await.first().map(id) {
                self.edit(object, &record, json!({"IsDeleted": true})).await;
                self.done.deleted.push((customer, record));
                self.done.touched.insert(customer);
                return Some("a person's record is deleted");
            }
        }
        None
    }

    async fn touch(&mut self, which: usize, deletes: bool) -> Option<&'static str> {
        let tasks = self.world.records("Task").await;
        let task = &tasks[which.checked_rem(tasks.len())?];
        let record = id(task);
        let body = task["Description"].as_str().unwrap_or_default();
        let fields = if deletes {
            json!({"IsDeleted": true})
        } else {
            json!({"Description": format!("{body}\nCalled back.")})
        };
        self.edit("Task", &record, fields).await;
        self.done.tasks.insert(record);
        Some(if deletes { "an entry is deleted" } else { "an entry is edited" })
    }

    async fn edit(&self, object: &str, id: &str, mut fields: Value) {
        let now = self.world.sim("GET", "clock", Value::Null).await["now"].clone();
        fields["Id"] = json!(id);
        fields["LastModifiedDate"] = now.clone();
        fields["SystemModstamp"] = now;
        self.world.seed(object, fields).await;
    }

    async fn withdraw(&mut self, right: &'static str, object: &'static str) -> Option<&'static str> {
        self.done.withdrawn.entry(right).or_default().insert(object);
        self.permit().await;
        Some("a right is withdrawn")
    }

    /// The acting user may do what is not withdrawn.
    async fn permit(&self) {
        let mut rights = json!({"user": ACTING});
        for (right, objects) in &self.done.withdrawn {
            rights[*right] = if *right == "api_disabled" { json!(true) } else { json!(objects) };
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
        self.world.sim("POST", "users", json!({"username": OWNER, "active": is_active})).await;
        (!is_active).then_some("the owner is deactivated")
    }

    async fn demand(&mut self, is_required: bool) -> Option<&'static str> {
        let field = json!({
            "object": "Lead", "name": DEMANDED_FIELD, "label": "Demanded", "length": 20, "required": is_required,
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
                self.done.withdrawn.retain(|_, objects| {
                    objects.remove("Task");
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

fn id(record: &Value) -> String {
    record["Id"].as_str().unwrap().to_owned()
}
