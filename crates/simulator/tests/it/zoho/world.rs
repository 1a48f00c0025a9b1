//! One org and the ways to talk to it that every test uses.

use bytes::Bytes;
use causeway_simulator::zoho::{Cut, Options, Org};
use http::{HeaderMap, Request};
use serde_json::{Value, json};

/// 2026-03-02 09:00:00 UTC.
pub const MORNING: i64 = 1_772_442_000_000_000;

/// An org with a stopped clock and a token of its first user.
pub struct World {
    pub org: Org,
    pub token: String,
    pub refresh_token: String,
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
        Self::with(Options { public_url: Some("http://org.test".into()), ..Options::default() }).await
    }

    pub async fn with(options: Options) -> Self {
        let org = Org::open(options).expect("an org opens");
        org.set_clock(MORNING);
        let mut world = Self { org, token: String::new(), refresh_token: String::new() };
        world.log_in("maya.lindqvist@acme.example").await;
        world
    }

    /// From now on as that user.
    pub async fn log_in(&mut self, email: &str) {
        let code = self.sim("grant", json!({"user": email})).await["code"].clone();
        let reply = self.exchange(code.as_str().expect("a code")).await;
        let token = |name: &str| reply.body[name].as_str().unwrap_or_else(|| panic!("{reply:?}")).to_owned();
        self.refresh_token = token("refresh_token");
        self.token = token("access_token");
    }

    pub async fn exchange(&self, code: &str) -> Reply {
        self.form("/oauth/v2/token", &format!("grant_type=authorization_code&code={code}&{CLIENT}")).await
    }

    pub async fn refresh(&self) -> Reply {
        let form = format!("grant_type=refresh_token&refresh_token={}&{CLIENT}", self.refresh_token);
        self.form("/oauth/v2/token", &form).await
    }

    pub async fn form(&self, path: &str, form: &str) -> Reply {
        self.form_at("org.test", path, form).await
    }

    pub async fn form_at(&self, host: &str, path: &str, form: &str) -> Reply {
        let request = Request::post(path)
            .header("host", host)
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

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.call("PUT", path, &body, &[]).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.call("PATCH", path, &body, &[]).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.call("DELETE", path, &Value::Null, &[]).await
    }

    /// A call of v8; paths that start with `/` are taken as they are.
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
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/crm/v8/{path}") };
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "org.test");
        }
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.header("authorization", format!("Zoho-oauthtoken {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        // As the vendor's own clients do, JSON is sent without saying so.
        let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        self.send(request.body(bytes).expect("a request")).await
    }

    pub async fn send(&self, request: Request<Bytes>) -> Result<Reply, Cut> {
        let (parts, body) = self.org.handle(request).await?.into_parts();
        let text = String::from_utf8_lossy(&body).into_owned();
        Ok(Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
        })
    }

    /// Creates a record and gives its id.
    pub async fn create(&self, module: &str, record: Value) -> String {
        let reply = self.post(module, json!({"data": [record]})).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.element(0)["details"]["id"].as_str().expect("an id").to_owned()
    }

    pub async fn read(&self, module: &str, id: &str) -> Value {
        let reply = self.get(&format!("{module}/{id}")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.element(0).clone()
    }

    pub async fn query(&self, query: &str) -> Reply {
        self.post("coql", json!({"select_query": query})).await
    }

    pub async fn sim(&self, path: &str, body: Value) -> Value {
        let reply = self.call("POST", &format!("/_sim/{path}"), &body, &[]).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.body
    }

    pub async fn option(&self, name: &str, value: Value) {
        self.sim("options", json!({name: value})).await;
    }

    pub async fn fault(&self, fault: Value) {
        self.sim("faults", fault).await;
    }

    /// How many live records a module has, as the curtain tells it.
    pub async fn count(&self, module: &str) -> u64 {
        let digest = self.get("/_sim/digest").await.body;
        digest["modules"][module]["live"].as_u64().expect("a count")
    }

    /// The id of the user with that e-mail address.
    pub async fn user(&self, email: &str) -> String {
        let users = self.get("/_sim/users").await.body;
        let users = users["users"].as_array().expect("users");
        let user = users.iter().find(|user| user["email"] == email).expect("the user");
        user["id"].as_str().expect("an id").to_owned()
    }
}

/// The client that every org knows.
pub const CLIENT: &str =
    "client_id=1000.CAUSEWAYSIM&client_secret=causeway-sim-secret&redirect_uri=http://c.test/back";

impl Reply {
    /// The element of that number in `data`.
    pub fn element(&self, number: usize) -> &Value {
        &self.body["data"][number]
    }

    /// The code of the bare envelope, or of the only element.
    pub fn code(&self) -> &str {
        let bare = self.body["code"].as_str();
        bare.or_else(|| self.body["data"][0]["code"].as_str()).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The ids of the records in `data`.
    pub fn ids(&self) -> Vec<&str> {
        let data = self.body["data"].as_array();
        data.into_iter().flatten().filter_map(|record| record["id"].as_str()).collect()
    }
}

/// Percent-encodes everything but letters and digits.
pub use crate::world::encode;
