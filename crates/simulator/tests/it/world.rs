//! One org and the ways to talk to it that every test uses.

use bytes::Bytes;
use causeway_simulator::salesforce::{Cut, Options, Org};
use http::{HeaderMap, Request};
use serde_json::{Value, json};

/// 2026-03-02 09:00:00 UTC.
pub const MORNING: i64 = 1_772_442_000_000_000;

/// An org with a stopped clock and a logged-in first user.
pub struct World {
    pub org: Org,
    pub token: String,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
}

impl World {
    pub async fn new() -> Self {
        Self::with(Options { external_id_field: Some("Causeway_Key__c".into()), ..Options::default() }).await
    }

    pub async fn with(options: Options) -> Self {
        let org = Org::open(options).expect("an org opens");
        org.set_clock(MORNING);
        let mut world = Self { org, token: String::new() };
        world.token = world.log_in("maya.lindqvist@acme.example").await;
        world
    }

    /// An access token of that user, by username and password.
    pub async fn log_in(&self, username: &str) -> String {
        let form = format!("grant_type=password&client_id=causeway-sim&username={username}&password=sim");
        let reply = self.form("/services/oauth2/token", &form).await;
        reply.body["access_token"].as_str().unwrap_or_else(|| panic!("no token: {reply:?}")).to_owned()
    }

    pub async fn form(&self, path: &str, form: &str) -> Reply {
        let request = Request::post(path)
            .header("host", "org.test")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(form.to_owned()))
            .expect("a request");
        self.send(request).await.expect("an answer")
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.call("GET", path, &Value::Null, &[]).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.call("POST", path, &body, &[]).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.call("PATCH", path, &body, &[]).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.call("DELETE", path, &Value::Null, &[]).await
    }

    /// A call of the REST API; paths that start with `/` are taken as they are.
    pub async fn call(&self, method: &str, path: &str, body: &Value, headers: &[(&str, &str)]) -> Reply {
        self.try_call(method, path, body, headers).await.expect("an answer")
    }

    pub async fn try_call(
        &self,
        method: &str,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Result<Reply, Cut> {
        let path =
            if path.starts_with('/') { path.to_owned() } else { format!("/services/data/v68.0/{path}") };
        let mut request = Request::builder().method(method).uri(path).header("host", "org.test");
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        if !body.is_null() {
            request = request.header("content-type", "application/json");
        }
        self.send(request.body(bytes).expect("a request")).await
    }

    pub async fn send(&self, request: Request<Bytes>) -> Result<Reply, Cut> {
        let (parts, body) = self.org.handle(request).await?.into_parts();
        let text = String::from_utf8(body.to_vec()).expect("text");
        Ok(Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
        })
    }

    pub async fn query(&self, statement: &str) -> Reply {
        self.get(&format!("query?q={}", encode(statement))).await
    }

    /// Creates a record and gives its id.
    pub async fn create(&self, object: &str, body: Value) -> String {
        let headers = [("sforce-auto-assign", "FALSE")];
        let reply = self.call("POST", &format!("sobjects/{object}"), &body, &headers).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.body["id"].as_str().expect("an id").to_owned()
    }

    pub async fn read(&self, object: &str, id: &str) -> Value {
        let reply = self.get(&format!("sobjects/{object}/{id}")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.body
    }

    pub async fn sim(&self, path: &str, body: Value) -> Value {
        let reply = self.call("POST", &format!("/_sim/{path}"), &body, &[]).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.body
    }

    /// The id of the user with that username.
    pub async fn user(&self, username: &str) -> String {
        let found = self.query(&format!("SELECT Id FROM User WHERE Username = '{username}'")).await;
        found.body["records"][0]["Id"].as_str().expect("a user").to_owned()
    }

    /// How many live records an object has.
    pub async fn count(&self, object: &str) -> u64 {
        self.query(&format!("SELECT COUNT() FROM {object}")).await.body["totalSize"]
            .as_u64()
            .expect("a count")
    }

    pub async fn fault(&self, fault: Value) {
        self.sim("faults", fault).await;
    }
}

impl Reply {
    /// The code of the first REST error.
    pub fn code(&self) -> &str {
        self.body[0]["errorCode"].as_str().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Percent-encodes everything but letters and digits.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}

/// A lead with what a lead must have.
pub fn lead(last_name: &str) -> Value {
    json!({"LastName": last_name, "Company": "Initech"})
}
