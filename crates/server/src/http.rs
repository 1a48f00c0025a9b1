//! The only HTTP client. Time limits, size limits, redirects and redaction are decided here, once.

use std::{future::Future, pin::Pin, time::Duration};

use causeway_core::crm::{Request, Response};

/// The largest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;

/// Why no answer came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Silence {
    /// The request may have been carried out. `false` only if it certainly never left.
    pub sent: bool,
    /// What happened, without addresses or secrets.
    pub what: String,
}

/// What lets a request in: a token, and the word that stands before it.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    /// `Bearer`, or what the other side calls it.
    pub scheme: &'a str,
    /// The token.
    pub token: &'a str,
}

impl<'a> Access<'a> {
    /// By the usual word.
    pub fn bearer(token: &'a str) -> Self {
        Self { scheme: "Bearer", token }
    }

    /// The value of the authorization header.
    pub fn header(&self) -> String {
        format!("{} {}", self.scheme, self.token)
    }
}

/// A future of an answer.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Response, Silence>> + Send + 'a>>;

/// Sends requests: over sockets, or into simulators in the same process.
pub trait Transport: Send + Sync {
    /// Sends one request and reads its answer to the end. `access` becomes the authorization header.
    fn send<'a>(&'a self, request: &'a Request, access: Option<Access<'a>>, limit: Duration)
    -> Answering<'a>;
}

/// The transport over sockets.
pub struct Sockets {
    client: reqwest::Client,
}

impl Sockets {
    /// A client with the system's certificates.
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the HTTP client")]
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .user_agent(concat!("causeway/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            // A redirect could carry a token to another host.
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { client })
    }

    async fn exchange(
        &self,
        request: &Request,
        access: Option<Access<'_>>,
        limit: Duration,
    ) -> Result<Response, Silence> {
        let method = reqwest::Method::from_bytes(request.method.as_bytes())
            .map_err(|_| Silence { sent: false, what: format!("{} is no method", request.method) })?;
        let mut building = self.client.request(method, &request.url).timeout(limit);
        for (name, value) in &request.headers {
            building = building.header(*name, value);
        }
        if let Some(access) = access {
            let mut value = reqwest::header::HeaderValue::try_from(access.header())
                .map_err(|_| Silence { sent: false, what: "the token cannot stand in a header".into() })?;
            value.set_sensitive(true);
            building = building.header(reqwest::header::AUTHORIZATION, value);
        }
        if !request.body.is_empty() {
            building = building.body(request.body.clone());
        }
        let mut answer = building.send().await.map_err(|error| silence(&error))?;
        let status = answer.status().as_u16();
        let headers = answer.headers().iter().map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let headers = headers.collect();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| silence(&error))? {
            if body.len() + chunk.len() > LARGEST_ANSWER {
                return Err(Silence { sent: true, what: "the answer is larger than we read".into() });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, headers, body })
    }
}

impl Transport for Sockets {
    fn send<'a>(
        &'a self,
        request: &'a Request,
        access: Option<Access<'a>>,
        limit: Duration,
    ) -> Answering<'a> {
        Box::pin(self.exchange(request, access, limit))
    }
}

/// A connection that was never made is the one failure after which nothing can have happened.
fn silence(error: &reqwest::Error) -> Silence {
    let sent = !(error.is_connect() || error.is_builder());
    let what = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else if error.is_body() || error.is_decode() {
        "the answer broke off"
    } else {
        "the connection was lost"
    };
    Silence { sent, what: what.into() }
}
