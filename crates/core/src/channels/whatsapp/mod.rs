//! WhatsApp Cloud API.

use super::{Channel, RawRequest, Refusal, Secrets};
use crate::timeline::Parsed;

/// The WhatsApp Cloud API as a channel.
pub struct WhatsApp;

impl Channel for WhatsApp {
    fn name(&self) -> &'static str {
        "whatsapp"
    }
    fn title(&self) -> &'static str {
        "WhatsApp"
    }
    fn largest_body(&self) -> usize {
        5 * 1024 * 1024
    }
    fn challenge(&self, _query: &[(String, String)], _secrets: &Secrets) -> Result<String, Refusal> {
        Err(Refusal::Unsigned)
    }
    fn verify(&self, _request: &RawRequest, _secrets: &Secrets) -> Result<(), Refusal> {
        Err(Refusal::Unsigned)
    }
    fn kept_headers(&self) -> &'static [&'static str] {
        &["x-hub-signature-256"]
    }
    fn inbound(&self, _request: &RawRequest) -> Parsed {
        Parsed::default()
    }
}
