//! The inbox: the list, a conversation, and what members do in it.

mod album;
mod files;
mod live;
mod working;

use std::sync::atomic::{AtomicUsize, Ordering};

use causeway::{
    http::{Sockets, Transport as _},
    id,
};
use causeway_core::{crm::Request, rights::Role};
use causeway_simulator::whatsapp::Customer;
use serde_json::{Value, json};

use crate::{
    browser::{
        browser::Browser,
        patience::{PATIENCE, eventually},
        site::Site,
    },
    world::SOURCE,
};

/// A number that its owner also answers from a phone, with those who write to it.
struct Talk<'a> {
    site: &'a Site,
    told: AtomicUsize,
}

/// Waits until that script answers true.
async fn holds(browser: &Browser, script: &str) {
    let seen = eventually(async || match browser.run(script, vec![]).await {
        Value::Bool(true) => Ok(()),
        other => Err(other.to_string()),
    });
    seen.await.unwrap_or_else(|why| panic!("{script}: {why}"));
}

fn hanako() -> Customer {
    Customer::with_number("819012345678", "Sato Hanako")
}

fn ravi() -> Customer {
    Customer::with_number("919812345678", "Ravi Shankar Bhattacharya")
}

fn ana() -> Customer {
    Customer::with_number("5511987654321", "Ana Luísa")
}

impl<'a> Talk<'a> {
    fn on(site: &'a Site) -> Self {
        Self { site, told: AtomicUsize::new(0) }
    }

    /// The provider posts, signed, to the server's own socket.
    async fn post(&self, changes: Vec<Value>) {
        let body = self.site.world.sender.wrap(changes);
        let request = Request {
            method: "POST",
            url: format!("{}/hooks/whatsapp/{SOURCE}", self.site.url),
            headers: vec![("x-hub-signature-256", self.site.world.sender.sign(&body))],
            body,
        };
        let answer = Sockets::new().unwrap().send(&request, None, PATIENCE).await.unwrap();
        assert_eq!(answer.status, 200);
    }

    /// The instant, in seconds.
    fn now(&self) -> i64 {
        self.site.world.app.now() / 1_000_000
    }

    /// A fresh id of a message.
    fn fresh(&self) -> String {
        format!("wamid.{}", self.told.fetch_add(1, Ordering::Relaxed))
    }

    /// The customer writes; answers the message's id.
    async fn says(&self, who: &Customer, text: &str) -> String {
        let id = self.fresh();
        self.post(vec![self.site.world.sender.text(who, &id, self.now(), text)]).await;
        id
    }

    /// Somebody of the business answers from the phone; answers the message's id.
    async fn answers(&self, who: &Customer, text: &str) -> String {
        let id = self.fresh();
        self.post(vec![self.site.world.sender.echo_text(who, &id, self.now(), text)]).await;
        id
    }

    /// Conversations that fit that query of the API, once there are so many.
    async fn conversations(&self, query: &str, count: usize) -> Vec<Value> {
        let found = eventually(async || {
            let found =
                self.site.api(Role::Agent, "GET", &format!("conversations?{query}"), &Value::Null).await;
            let found = found["conversations"].as_array().unwrap().clone();
            if found.len() == count { Ok(found) } else { Err(format!("there are {}", found.len())) }
        });
        found.await.unwrap_or_else(|why| panic!("{count} conversations: {why}"))
    }

    /// The only conversation of somebody of that name, once so many items stand in it: its id.
    async fn conversation(&self, name: &str, items: usize) -> String {
        let query = format!("status=all&search={}", name.split(' ').next().unwrap().to_lowercase());
        let found = self.conversations(&query, 1).await.remove(0);
        let id = found["id"].as_str().unwrap().to_owned();
        let read = eventually(async || {
            let thread =
                self.site.api(Role::Agent, "GET", &format!("conversations/{id}"), &Value::Null).await;
            let count = thread["items"].as_array().unwrap().len();
            if count >= items { Ok(()) } else { Err(format!("there are {count}")) }
        });
        read.await.unwrap_or_else(|why| panic!("{items} items of {name}: {why}"));
        id
    }

    /// A member changes a conversation over the API, as another program would.
    async fn change(&self, role: Role, conversation: &str, wish: &Value) {
        self.site.api(role, "PATCH", &format!("conversations/{conversation}"), wish).await;
    }

    /// A member writes a memo over the API.
    async fn memo(&self, role: Role, conversation: &str, text: &str) {
        let path = format!("conversations/{conversation}/memos");
        self.site.api(role, "POST", &path, &json!({ "text": text })).await;
    }

    /// The public id of the member of that role.
    fn member(&self, role: Role) -> String {
        id::member(self.site.member(role).id)
    }
}
