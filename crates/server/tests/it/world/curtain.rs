//! Behind the curtain: what an org really holds, whichever CRM it is, and what people do there.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{
    World,
    crm::{Asking, Crm, Entry, Person},
    org::Org,
};

/// An org behind the curtain.
#[derive(Clone)]
pub struct Curtain {
    pub org: Org,
    pub crm: &'static dyn Crm,
}

fn text(record: &Value, field: &str) -> String {
    let value = &record[field];
    value.as_str().or_else(|| value["id"].as_str()).unwrap_or_default().to_owned()
}

impl Curtain {
    /// Of that org.
    pub fn of(org: &Org) -> Self {
        Self { org: org.clone(), crm: org.crm() }
    }

    /// Asks.
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

    /// Records of a module that are not deleted, in the order in which they were made.
    pub async fn records(&self, module: &str) -> Vec<Value> {
        let mut all = self.all_records(module).await;
        all.retain(|row| !self.crm.is_deleted(row));
        all
    }

    /// Records of a module, deleted ones too.
    pub async fn all_records(&self, module: &str) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let path = format!("records?object={module}&offset={}&limit=1000", all.len());
            let page = self.sim("GET", &path, Value::Null).await;
            let rows = page["records"].as_array().cloned().unwrap_or_default();
            if rows.is_empty() {
                return all;
            }
            all.extend(rows);
        }
    }

    /// Puts a record into the org; answers its id.
    pub async fn seed(&self, module: &str, record: Value) -> String {
        let made = self.sim("POST", "records", json!({"object": module, "records": [record]})).await;
        made["ids"][0].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
    }

    /// A contact of that family name and number; answers its id.
    pub async fn know(&self, last: &str, phone: &str) -> String {
        let [_, last_field, phone_field, ..] = self.crm.person_fields();
        self.seed(self.crm.people()[0], json!({(last_field): last, (phone_field): phone})).await
    }

    /// Somebody edits a record in the browser.
    pub async fn edit(&self, module: &str, id: &str, mut fields: Value) {
        let now = self.sim("GET", "clock", Value::Null).await["now"].clone();
        fields[self.crm.id()] = json!(id);
        for field in self.crm.changed() {
            fields[*field] = now.clone();
        }
        self.seed(module, fields).await;
    }

    /// Everybody in the org, deleted ones too, in the order in which they were made.
    pub async fn people(&self) -> Vec<Person> {
        let mut people = Vec::new();
        for module in self.crm.people() {
            let [first, last, phone, mobile, owner, source, description] = self.crm.person_fields();
            let [stage, ..] = self.crm.stages();
            people.extend(self.all_records(module).await.into_iter().map(|row| Person {
                module,
                id: text(&row, self.crm.id()),
                first: text(&row, first),
                last: text(&row, last),
                phone: text(&row, phone),
                mobile: text(&row, mobile),
                owner: text(&row, owner),
                source: text(&row, source),
                description: text(&row, description),
                stage: text(&row, stage),
                is_deleted: self.crm.is_deleted(&row),
                is_converted: self.crm.is_converted(&row),
                is_there: !self.crm.is_deleted(&row) && !self.crm.is_converted(&row),
                row,
            }));
        }
        people
    }

    /// The entries that are in the org, in the order in which they were made.
    pub async fn entries(&self) -> Vec<Entry> {
        let mut entries = self.all_entries().await;
        entries.retain(|entry| entry.is_there);
        entries
    }

    /// Every entry, deleted ones too, in the order in which they were made.
    pub async fn all_entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for module in self.crm.entries() {
            let [subject, body, created] = self.crm.entry_fields(module);
            entries.extend(self.all_records(module).await.iter().map(|row| Entry {
                module,
                id: text(row, self.crm.id()),
                subject: text(row, subject),
                body: text(row, body),
                on: self.crm.on(row),
                created: text(row, created),
                is_there: !self.crm.is_deleted(row),
            }));
        }
        entries
    }

    /// Id and address of the org's users.
    pub async fn users(&self) -> Vec<(String, String)> {
        let rows = self.records(self.crm.users()).await;
        rows.iter().map(|row| (text(row, self.crm.id()), text(row, self.crm.email()))).collect()
    }

    /// Somebody deletes a record in the browser.
    pub async fn delete(&self, module: &str, id: &str) {
        match self.crm.name() {
            "salesforce" => self.edit(module, id, json!({"IsDeleted": true})).await,
            _ => drop(self.sim("POST", "delete", json!({"id": id})).await),
        }
    }

    /// A scripted fault that strikes these requests.
    pub async fn strike(&self, fault: Value, asking: Asking) {
        self.strike_at(fault, self.crm.strikes(asking)).await;
    }

    /// A scripted fault that strikes requests that write records of that module.
    pub async fn strike_writing(&self, fault: Value, module: &str) {
        self.strike_at(fault, self.crm.strikes_writing(module)).await;
    }

    async fn strike_at(&self, mut fault: Value, seen: Value) {
        let Value::Object(seen) = seen else { panic!("{seen}") };
        fault.as_object_mut().unwrap().extend(seen);
        self.sim("POST", "faults", fault).await;
    }
}

impl World {
    /// The world's org behind the curtain.
    pub fn curtain(&self) -> Curtain {
        Curtain::of(&self.org)
    }

    /// Asks the org behind the curtain.
    pub async fn sim(&self, method: &str, path: &str, body: Value) -> Value {
        self.curtain().sim(method, path, body).await
    }

    /// Records of the org that are not deleted, in the order in which they were made.
    pub async fn records(&self, module: &str) -> Vec<Value> {
        self.curtain().records(module).await
    }

    /// Puts a record into the org; answers its id.
    pub async fn seed(&self, module: &str, record: Value) -> String {
        self.curtain().seed(module, record).await
    }

    /// A contact of that family name and number; answers its id.
    pub async fn know(&self, last: &str, phone: &str) -> String {
        self.curtain().know(last, phone).await
    }

    /// Everybody who is in the org.
    pub async fn people(&self) -> Vec<Person> {
        let mut people = self.curtain().people().await;
        people.retain(|person| person.is_there);
        people
    }

    /// The entries that are in the org, in the order in which they were made.
    pub async fn entries(&self) -> Vec<Entry> {
        self.curtain().entries().await
    }

    /// Id of the org's user whose address begins so.
    pub async fn user(&self, name: &str) -> String {
        let users = self.curtain().users().await;
        users.into_iter().find(|(_, email)| email.starts_with(name)).unwrap().0
    }
}
