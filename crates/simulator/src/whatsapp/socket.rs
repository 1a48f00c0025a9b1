//! A client just large enough for a webhook: plain HTTP/1.1, connections kept open between requests.

use std::{io, str::FromStr, sync::Mutex};

use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, Uri, header::HOST};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Why a text is not the address of a webhook.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not an address of the form http://HOST:PORT/PATH")]
pub struct NotATarget(String);

/// The webhook behind an address such as `http://127.0.0.1:8080/hooks/whatsapp/KEY`.
#[derive(Debug)]
pub struct Target {
    authority: String,
    address: String,
    path: String,
    idle: Mutex<Vec<SendRequest<Full<Bytes>>>>,
}

impl FromStr for Target {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        let wrong = || NotATarget(text.to_owned());
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        if uri.scheme_str() != Some("http") {
            return Err(wrong());
        }
        let authority =
            uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(wrong)?;
        Ok(Self {
            authority: authority.to_string(),
            address: format!("{}:{}", authority.host(), authority.port_u16().unwrap_or(80)),
            path: uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            idle: Mutex::default(),
        })
    }
}

impl Target {
    /// The path of the webhook.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Sends a request, whose address is a path, and reads the answer to its end.
    pub async fn send(&self, request: Request<Bytes>) -> io::Result<StatusCode> {
        let mut request = request.map(Full::new);
        let host = HeaderValue::from_str(&self.authority).map_err(io::Error::other)?;
        request.headers_mut().insert(HOST, host);
        let mut connection = self.connection().await?;
        let answer = connection.send_request(request).await.map_err(io::Error::other)?;
        let status = answer.status();
        answer.into_body().collect().await.map_err(io::Error::other)?;
        self.idle().push(connection);
        Ok(status)
    }

    /// A connection that is still open, or a new one.
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the provider's HTTP client")]
    async fn connection(&self) -> io::Result<SendRequest<Full<Bytes>>> {
        loop {
            let Some(mut connection) = self.idle().pop() else { break };
            if connection.ready().await.is_ok() {
                return Ok(connection);
            }
        }
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let (connection, driver) = http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        // Its end shows in the connection.
        tokio::spawn(driver);
        Ok(connection)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<SendRequest<Full<Bytes>>>> {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
