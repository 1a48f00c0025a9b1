//! The only HTTP client. Time limits, size limits, redirects, redaction and which networks are reached are decided here, once.

mod objects;
mod reach;

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use causeway_core::crm::{Request, Response};
use futures_util::{Stream, StreamExt as _, stream};

pub use reach::Reach;

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

/// An answer whose body is read as it comes.
pub struct Opened {
    /// Status and headers; its body is empty.
    pub head: Response,
    /// The body, piece by piece. A piece may be the last one because the connection was lost: then it is an error.
    pub body: Body,
}

/// A body, piece by piece.
pub type Body = Pin<Box<dyn Stream<Item = Result<Bytes, Silence>> + Send>>;

/// A future of an answer whose body is read as it comes.
pub type Opening<'a> = Pin<Box<dyn Future<Output = Result<Opened, Unopened>> + Send + 'a>>;

/// Why there is nothing to read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// The host lies in a network that is not to be reached.
    #[error("the host has no public address")]
    Private,
    /// No answer came.
    #[error(transparent)]
    Silent(#[from] Silence),
}

/// Sends requests: over sockets, or into simulators in the same process.
pub trait Transport: Send + Sync {
    /// Sends one request and reads its answer to the end. `access` becomes the authorization header.
    fn send<'a>(&'a self, request: &'a Request, access: Option<Access<'a>>, limit: Duration)
    -> Answering<'a>;

    /// Sends one request and reads its answer as it comes. `limit` is for the head of the answer, and for each piece.
    fn open<'a>(
        &'a self,
        request: &'a Request,
        access: Option<Access<'a>>,
        _reach: Reach,
        limit: Duration,
    ) -> Opening<'a> {
        Box::pin(async move {
            let Response { status, headers, body } = self.send(request, access, limit).await?;
            let head = Response { status, headers, body: Vec::new() };
            Ok(Opened { head, body: Box::pin(stream::once(async move { Ok(Bytes::from(body)) })) })
        })
    }
}

/// The transport over sockets.
pub struct Sockets {
    client: reqwest::Client,
    /// Reaches public addresses only.
    guarded: reqwest::Client,
}

impl Sockets {
    /// A client with the system's certificates.
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the HTTP client")]
    pub fn new() -> Result<Self, reqwest::Error> {
        let build = || {
            reqwest::Client::builder()
                .user_agent(concat!("causeway/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(Duration::from_secs(10))
                // A redirect could carry a token to another host.
                .redirect(reqwest::redirect::Policy::none())
        };
        // What is fetched as it comes is kept as it is, packed or not; and no proxy may reach for us what we may not.
        let guarded = build().no_gzip().no_proxy().dns_resolver(Arc::new(reach::Public)).build()?;
        Ok(Self { client: build().build()?, guarded })
    }

    fn building(
        client: &reqwest::Client,
        request: &Request,
        access: Option<Access<'_>>,
    ) -> Result<reqwest::RequestBuilder, Silence> {
        let method = reqwest::Method::from_bytes(request.method.as_bytes())
            .map_err(|_| Silence { sent: false, what: format!("{} is no method", request.method) })?;
        let mut building = client.request(method, &request.url);
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
        Ok(building)
    }

    async fn begin(
        &self,
        request: &Request,
        access: Option<Access<'_>>,
        reach: Reach,
        limit: Duration,
    ) -> Result<Opened, Unopened> {
        let client = match reach {
            Reach::Anywhere => &self.client,
            Reach::Public if reach::names_private(&request.url) => return Err(Unopened::Private),
            Reach::Public => &self.guarded,
        };
        let sending = Self::building(client, request, access)?.send();
        let slow = || Silence { sent: true, what: "no answer in time".into() };
        let answer = crate::clock::within(limit, sending).await.ok_or_else(slow)?.map_err(|error| {
            if reach::is_private(&error) { Unopened::Private } else { silence(&error).into() }
        })?;
        let (status, headers) = (answer.status().as_u16(), headers(&answer));
        let pieces = stream::unfold(Some(answer), move |answer| async move {
            let mut answer = answer?;
            let slow = || Silence { sent: true, what: "the answer stopped coming".into() };
            match crate::clock::within(limit, answer.chunk()).await {
                None => Some((Err(slow()), None)),
                Some(Err(error)) => Some((Err(silence(&error)), None)),
                Some(Ok(None)) => None,
                Some(Ok(Some(piece))) => Some((Ok(piece), Some(answer))),
            }
        });
        Ok(Opened { head: Response { status, headers, body: Vec::new() }, body: pieces.boxed() })
    }

    async fn exchange(
        &self,
        request: &Request,
        access: Option<Access<'_>>,
        limit: Duration,
    ) -> Result<Response, Silence> {
        let building = Self::building(&self.client, request, access)?.timeout(limit);
        let mut answer = building.send().await.map_err(|error| silence(&error))?;
        let status = answer.status().as_u16();
        let headers = headers(&answer);
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

    fn open<'a>(
        &'a self,
        request: &'a Request,
        access: Option<Access<'a>>,
        reach: Reach,
        limit: Duration,
    ) -> Opening<'a> {
        Box::pin(self.begin(request, access, reach, limit))
    }
}

fn headers(answer: &reqwest::Response) -> Vec<(String, String)> {
    let pairs = answer.headers().iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    pairs.collect()
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
