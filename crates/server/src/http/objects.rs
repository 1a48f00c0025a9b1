//! Has an object store spoken to by the one HTTP client.

use std::fmt;

use object_store::client::{ClientOptions, HttpClient, HttpConnector};

use super::Sockets;

/// The client, as object stores take one.
pub struct Connector(reqwest::Client);

impl Sockets {
    /// The client for an object store.
    pub fn connector(&self) -> Connector {
        Connector(self.client.clone())
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connector")
    }
}

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}
