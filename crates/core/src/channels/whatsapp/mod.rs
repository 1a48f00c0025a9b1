//! The WhatsApp Cloud API, for numbers of their own and for numbers that the Business app shares (coexistence).
//!
//! `README.md` beside this file says what becomes of each kind of payload, and why.

use super::{
    Channel, RawRequest, Refusal, Secrets, files as channel_files,
    meta::{challenge, signature},
};
use crate::timeline::Parsed;

mod card;
mod content;
mod echo;
mod envelope;
mod files;
mod group;
mod history;
mod inbound;
mod message;
mod notice;
mod party;
mod status;
mod system;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(super) use tests::Rehearsed;

const TITLE: &str = "WhatsApp";

/// The WhatsApp Cloud API as a channel.
pub struct WhatsApp;

impl Channel for WhatsApp {
    fn name(&self) -> &'static str {
        "whatsapp"
    }

    fn title(&self) -> &'static str {
        TITLE
    }

    fn words(&self) -> &'static [(&'static str, &'static str)] {
        &[("en", include_str!("words/en.ftl"))]
    }

    /// Meta sends up to 3 MB.
    fn largest_body(&self) -> usize {
        5 * 1024 * 1024
    }

    fn challenge(&self, query: &[(String, String)], secrets: &Secrets) -> Result<String, Refusal> {
        challenge::answer(query, &secrets.verify_token)
    }

    fn verify(&self, request: &RawRequest, secrets: &Secrets) -> Result<(), Refusal> {
        signature::verify(request.header(signature::HEADER), &request.body, &secrets.signing)
    }

    fn kept_headers(&self) -> &'static [&'static str] {
        &[signature::HEADER]
    }

    fn config(&self) -> &'static str {
        include_str!("config.toml")
    }

    fn files(&self) -> Option<&dyn channel_files::Files> {
        Some(self)
    }

    fn inbound(&self, request: &RawRequest) -> Parsed {
        inbound::inbound(&request.body)
    }
}
