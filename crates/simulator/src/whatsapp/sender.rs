//! A business number, from the provider's side.

use bytes::Bytes;
use http::{Method, Request, header::CONTENT_TYPE};
use serde_json::Value;

use super::wire;

/// A business number whose events the provider sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The app secret, which signs.
    pub secret: String,
    /// The WhatsApp business account.
    pub waba_id: String,
    /// The number's id.
    pub phone_number_id: String,
    /// The number that people see: digits.
    pub display_number: String,
}

impl Sender {
    /// The signature of the bytes.
    pub fn sign(&self, body: &[u8]) -> String {
        wire::signature(&self.secret, body)
    }

    /// The bytes of a request that tells changes of this number.
    pub fn wrap(&self, changes: Vec<Value>) -> Vec<u8> {
        wire::body(&[(self, changes)])
    }

    /// A signed request to the webhook at `path`.
    pub fn request(&self, path: &str, body: Vec<u8>) -> Request<Bytes> {
        signed(path, &self.sign(&body), body)
    }

    /// The set-up request, which asks the webhook to send `challenge` back. The words go into the query as they are:
    /// letters, digits and `-._~`.
    pub fn challenge(&self, path: &str, verify_token: &str, challenge: &str) -> Request<Bytes> {
        let uri =
            format!("{path}?hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={verify_token}");
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = uri.parse().expect("a path and plain words make an address");
        request
    }
}

/// A request as Meta's servers send it.
pub(super) fn signed(path: &str, signature: &str, body: Vec<u8>) -> Request<Bytes> {
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(CONTENT_TYPE, "application/json")
        .header("user-agent", "facebookexternalua")
        .header("x-hub-signature-256", signature)
        .body(Bytes::from(body))
        .expect("a path and plain headers make a request")
}
