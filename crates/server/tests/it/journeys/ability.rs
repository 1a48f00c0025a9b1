//! What people and the provider do in these stories, in one line each, and what can be asked afterwards.

use causeway::{
    crm, holds, receipts,
    store::{connection, conversation, entry_list::Filter, person, receipt, source, workspace},
};
use causeway_core::{lane::HoldReason, plan::matching::Trace, receipt::Delivery};
use causeway_simulator::whatsapp::Customer;
use serde_json::{Value, json};

use crate::world::World;

/// The customer of most stories.
pub fn hanako() -> Customer {
    Customer::with_number("819012345678", "Sato Hanako")
}

impl World {
    /// The instant in seconds.
    pub fn seconds(&self) -> i64 {
        self.app.now().div_euclid(1_000_000)
    }

    /// The customer writes now; it is kept and read, and nothing is written yet.
    pub async fn receive(&self, customer: &Customer, id: &str, text: &str) {
        self.receive_at(customer, id, self.seconds(), text).await;
    }

    /// The same, with the provider's own time.
    pub async fn receive_at(&self, customer: &Customer, id: &str, at_seconds: i64, text: &str) {
        self.post(vec![self.sender.text(customer, id, at_seconds, text)]).await;
        self.digest().await;
    }

    /// The customer writes now, and everything due is done.
    pub async fn hear(&self, customer: &Customer, id: &str, text: &str) {
        self.receive(customer, id, text).await;
        self.settle().await;
    }

    /// A member lets everything that is held be tried again, and what is due is done.
    pub async fn retry_all(&self) {
        holds::retry_all(&self.app, self.workspace_id, Filter::default(), false).await.unwrap();
        self.settle().await;
    }

    /// The message of that provider id.
    pub async fn message(&self, id: &str) -> receipt::Message {
        let (workspace_id, id) = (self.workspace_id, id.to_owned());
        let found = self
            .app
            .db
            .read(move |tx| Box::pin(async move { receipt::messages(tx, Some(workspace_id), &id, 0).await }));
        found.await.unwrap().remove(0)
    }

    /// The entry that covers the message.
    pub async fn entry_of(&self, id: &str) -> receipt::Covering {
        let message = self.message(id).await;
        let found = self.app.db.read(move |tx| {
            Box::pin(async move { receipt::covering(tx, message.workspace_id, message.id).await })
        });
        let mut found = found.await.unwrap();
        assert_eq!(found.len(), 1, "one entry covers a message");
        found.remove(0)
    }

    /// The entry's state: `due`, `written`, `held` or `skipped`.
    pub async fn state_of(&self, id: &str) -> String {
        self.entry_of(id).await.state
    }

    /// What the receipt says of the message and the integration.
    pub async fn delivery(&self, id: &str) -> Delivery {
        let mut receipts = receipts::of_message(&self.app, Some(self.workspace_id), id).await.unwrap();
        assert_eq!(receipts.len(), 1, "one message of that id");
        let mut receipt = receipts.remove(0);
        assert_eq!(receipt.deliveries.len(), 1, "one integration");
        receipt.deliveries.remove(0)
    }

    /// Why the message is held by its receipt, with more words.
    pub async fn hold_of(&self, id: &str) -> Option<(HoldReason, String)> {
        let held = self.delivery(id).await.held?;
        assert!(
            !held.because.is_empty() && !held.action.is_empty(),
            "who waits is told what to do: {held:?}"
        );
        Some((held.reason, held.detail))
    }

    /// The person level behind a message.
    pub async fn person_of(&self, id: &str) -> person::Person {
        let contact_id = self.message(id).await.contact_id.unwrap();
        let connection_id = self.connection_id;
        let found = self.app.db.read(move |tx| {
            Box::pin(async move { person::of_contacts(tx, connection_id, &[contact_id]).await })
        });
        found.await.unwrap().remove(&contact_id).unwrap_or_default()
    }

    /// How the person's record was chosen.
    pub async fn trace_of(&self, id: &str) -> Trace {
        self.person_of(id).await.trace.unwrap()
    }

    /// Gives the conversation of a message to a member.
    pub async fn assign(&self, id: &str, member_id: i64) {
        let message = self.message(id).await;
        let (workspace_id, conversation_id) = (message.workspace_id, message.conversation_id);
        let assigned = self.app.db.write(move |tx| {
            Box::pin(
                async move { conversation::assign(tx, workspace_id, conversation_id, Some(member_id)).await },
            )
        });
        assert!(assigned.await.unwrap());
    }

    /// Gives every WhatsApp account to a member.
    pub async fn own_accounts(&self, member_id: i64) {
        let workspace_id = self.workspace_id;
        for account in self.accounts().await {
            let given = self.app.db.write(move |tx| {
                Box::pin(async move {
                    source::set_account_owner(tx, workspace_id, account.id, Some(member_id)).await
                })
            });
            assert!(given.await.unwrap());
        }
    }

    /// The accounts that have been heard of.
    pub async fn accounts(&self) -> Vec<source::Account> {
        let workspace_id = self.workspace_id;
        self.app.db.read(move |tx| Box::pin(source::accounts(tx, workspace_id))).await.unwrap()
    }

    /// Members by name and e-mail of users of the org.
    pub async fn colleague(&self, name: &str) -> i64 {
        let users = self.curtain().users().await;
        let (_, email) = users.iter().find(|(_, email)| email.starts_with(name)).unwrap();
        self.member(name, email).await
    }

    /// Members known to the workspace.
    pub async fn members(&self) -> Vec<workspace::Member> {
        let workspace_id = self.workspace_id;
        self.app.db.read(move |tx| Box::pin(workspace::members(tx, workspace_id))).await.unwrap()
    }

    /// Somebody edits a record in the browser.
    pub async fn edit(&self, module: &str, id: &str, fields: Value) {
        self.curtain().edit(module, id, fields).await;
    }

    /// Somebody deletes a record in the browser.
    pub async fn delete(&self, module: &str, id: &str) {
        self.curtain().delete(module, id).await;
    }

    /// The record of that id, deleted or not.
    pub async fn record(&self, object: &str, id: &str) -> Value {
        let page = self.sim("GET", &format!("records?object={object}"), Value::Null).await;
        let rows = page["records"].as_array().unwrap().clone();
        rows.into_iter().find(|row| row[self.org.crm().id()] == json!(id)).unwrap()
    }

    /// The only Task.
    pub async fn task(&self) -> Value {
        let mut tasks = self.records("Task").await;
        assert_eq!(tasks.len(), 1, "{tasks:#?}");
        tasks.remove(0)
    }

    /// The texts of all entries, up to the line above the foot, in the order in which they were made.
    pub async fn texts(&self) -> Vec<String> {
        let entries = self.entries().await;
        let said = |body: &str| body.split("\n\n—\n").next().unwrap_or_default().to_owned();
        entries.iter().map(|entry| said(&entry.body)).collect()
    }

    /// The people on whom the entries stand, in the order in which they were made.
    pub async fn whos(&self) -> Vec<String> {
        self.entries().await.into_iter().map(|entry| entry.on).collect()
    }

    /// How many requests the org has had that name this in their path.
    pub async fn calls(&self, path: &str) -> usize {
        let told = self.sim("GET", "requests?last=100000", Value::Null).await;
        let requests = told["requests"].as_array().unwrap();
        requests.iter().filter(|request| request.to_string().contains(path)).count()
    }
}

impl World {
    /// The connection as stored.
    pub async fn connection(&self) -> connection::Connection {
        let id = self.connection_id;
        self.app.db.read(move |tx| Box::pin(connection::find(tx, id))).await.unwrap().unwrap()
    }

    /// Connects the present connection again, as the user who made it.
    pub async fn reconnect(&mut self) -> Result<crm::Connected, crm::ConnectError> {
        let id = self.connection_id;
        self.connect_as("maya.lindqvist@acme.example", Some(id)).await
    }

    /// Every access token ends; refresh tokens go on.
    pub async fn expire_sessions(&self) {
        self.sim("POST", "tokens", json!({"expire_sessions": true})).await;
    }

    /// The grant is revoked in the org.
    pub async fn revoke_grants(&self) {
        self.sim("POST", "tokens", json!({"revoke_all": true})).await;
    }

    /// A scripted fault.
    pub async fn fault(&self, fault: Value) {
        self.sim("POST", "faults", fault).await;
    }

    /// How many requests the org has had that ask for tokens.
    pub async fn token_requests(&self) -> usize {
        self.calls(self.org.crm().tokens()).await
    }
}
