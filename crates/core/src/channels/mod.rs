//! The edge towards customers. A channel is a folder with the same few files as its siblings.
//!
//! `verify` decides whether a request is the provider's; `inbound` turns its bytes into events and is total.
//! Neither performs I/O.

use crate::timeline::Parsed;

#[cfg(test)]
mod contract;
pub mod files;
pub mod meta;
pub mod whatsapp;

/// A raw webhook request, as received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRequest {
    /// Header names in lower case with their values, in order of arrival.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

impl RawRequest {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The secrets of one source. Several may be valid at once, while one replaces another.
#[derive(Clone, Default)]
pub struct Secrets {
    /// Keys that sign requests.
    pub signing: Vec<String>,
    /// The word that the provider repeats when the endpoint is set up.
    pub verify_token: String,
    /// What lets us in at the provider's API, where files are fetched.
    pub access_token: Option<String>,
}

/// Why a request is not the provider's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No signature where one is due.
    #[error("the request carries no signature")]
    Unsigned,
    /// The signature is not of this body under any of the source's secrets.
    #[error("the signature does not fit the body")]
    WrongSignature,
    /// The set-up request lacks a part, or carries another verify token.
    #[error("the set-up request lacks a part or carries another verify token")]
    WrongSetup,
}

/// A kind of source of conversations. No method performs I/O.
pub trait Channel: Sync + Send {
    /// Folder, URL segment, settings key and log field: the same word.
    fn name(&self) -> &'static str;
    /// What people call it.
    fn title(&self) -> &'static str;
    /// What the pages say of this channel alone, as Fluent texts by language: how it is set up at the provider. Each key
    /// begins with the channel's name; the catalogue's test says which there must be.
    fn words(&self) -> &'static [(&'static str, &'static str)];
    /// Largest body that is accepted, in bytes.
    fn largest_body(&self) -> usize;
    /// Answers the provider's set-up request: the body to send back, or a refusal. `query` is decoded pairs.
    fn challenge(&self, query: &[(String, String)], secrets: &Secrets) -> Result<String, Refusal>;
    /// Is the request the provider's? Decided over the raw bytes, in constant time.
    fn verify(&self, request: &RawRequest, secrets: &Secrets) -> Result<(), Refusal>;
    /// The request headers worth keeping with the raw body (lower case).
    fn kept_headers(&self) -> &'static [&'static str];
    /// The channel's section of the configuration: every key with its default and a sentence. The keys are the same for all.
    fn config(&self) -> &'static str;
    /// How its files are fetched; `None` where messages carry none.
    fn files(&self) -> Option<&dyn files::Files> {
        None
    }
    /// What the request says happened. Total: never fails, never panics.
    fn inbound(&self, request: &RawRequest) -> Parsed;
}

/// Every channel.
pub static ALL: &[&dyn Channel] = &[&whatsapp::WhatsApp];

/// The channel of that name.
pub fn named(name: &str) -> Option<&'static dyn Channel> {
    ALL.iter().copied().find(|channel| channel.name() == name)
}
