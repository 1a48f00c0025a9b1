//! The provider: signs and posts, as WhatsApp does.

use std::{sync::Arc, time::Duration};

use anyhow::{Result, bail};
use causeway_core::crm::Request;
use causeway_simulator::whatsapp::Sender;

use crate::http::Transport;

/// The key of the demo's source.
pub const SOURCE: &str = "demo";

/// The provider of the demo's number.
#[derive(Clone)]
pub struct Provider {
    http: Arc<dyn Transport>,
    base: String,
    /// Signs, and knows the number.
    pub sender: Arc<Sender>,
}

impl Provider {
    /// Posting to the server at that address.
    pub fn new(http: Arc<dyn Transport>, base: String, secret: &str) -> Self {
        let sender = Sender {
            secret: secret.to_owned(),
            waba_id: "102290129340398".into(),
            phone_number_id: "106540352242922".into(),
            display_number: "15550783881".into(),
        };
        Self { http, base, sender: Arc::new(sender) }
    }

    /// Posts a body, signed.
    pub async fn post(&self, body: Vec<u8>) -> Result<()> {
        let request = Request {
            method: "POST",
            url: format!("{}/hooks/whatsapp/{SOURCE}", self.base),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("x-hub-signature-256", self.sender.sign(&body)),
            ],
            body,
        };
        let answer = self.http.send(&request, None, Duration::from_secs(30)).await?;
        if answer.status != 200 {
            bail!("the server answered {} to a webhook", answer.status);
        }
        Ok(())
    }
}
