//! The wiring: everything that the stages are handed, built in one place.

use std::{sync::Arc, time::Duration};

use causeway_core::lane::retry;
use tokio::sync::Notify;

use crate::{
    clock::Nature, config::Config, crm, files::Shelf, http::Transport, intake, live::Live, metrics::Metrics,
    panel, seal::Sealer, store::Db,
};

/// What every stage is handed. Clones share.
#[derive(Clone)]
pub struct App {
    /// The store.
    pub db: Db,
    /// The one HTTP client.
    pub http: Arc<dyn Transport>,
    /// Where the bytes of files lie.
    pub files: Arc<Shelf>,
    /// Clock and entropy.
    pub nature: Nature,
    /// Seals secrets.
    pub sealer: Sealer,
    /// What the operator chose.
    pub config: Arc<Config>,
    /// Rung when there may be work.
    pub bells: Arc<Bells>,
    /// Tells open pages what has changed.
    pub live: Arc<Live>,
    /// What panels have read lately.
    pub panel: Arc<panel::Cache>,
    /// Endpoints that were opened a moment ago.
    pub endpoints: Arc<intake::Endpoints>,
    /// The requests to each org that are under way.
    pub in_flight: Arc<crm::InFlight>,
    /// What was counted.
    pub metrics: Arc<Metrics>,
    /// The name of this node, for leases.
    pub node: Arc<str>,
    /// How much patience the server has.
    pub limits: Limits,
    /// Safety devices; all on, but in tests that show what each is for.
    pub safety: Safety,
}

/// How much patience the server has with whoever is connected. What was read or written in time is not lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For the head of a request, from the connection or the answer before it on.
    pub head: Duration,
    /// For a form or a webhook, from its head to its end.
    pub form: Duration,
    /// For somebody who takes nothing of what is written to them.
    pub stalled: Duration,
    /// Connections at a time; further ones wait in the system's queue.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_mins(1),
            form: Duration::from_secs(30),
            stalled: Duration::from_secs(30),
            connections: 4096,
        }
    }
}

/// Doorbells. They only shorten the wait: whoever waits also looks by itself after a while.
#[derive(Default)]
pub struct Bells {
    /// Raw requests are waiting.
    pub intake: Notify,
    /// Entries are due.
    pub lanes: Notify,
    /// Mails are due.
    pub mail: Notify,
    /// Files are to be fetched.
    pub files: Notify,
}

/// What keeps writes from happening twice. Each can be switched off by a test, to show that the test would notice; no
/// setting reaches them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Safety {
    /// Attempts are recorded before their request leaves.
    pub records_attempts: bool,
    /// A message that is told again is recognised by the provider's id.
    pub keeps_dedupe_mark: bool,
    /// "Not there" is believed only when a request that was cut can no longer come true.
    pub waits_to_settle: bool,
}

impl Default for Safety {
    fn default() -> Self {
        Self { records_attempts: true, keeps_dedupe_mark: true, waits_to_settle: true }
    }
}

impl Safety {
    /// How long after its request something that is not there may still appear.
    pub fn settled(self) -> Duration {
        if self.waits_to_settle { retry::SETTLED } else { Duration::ZERO }
    }
}

impl App {
    /// The instant in microseconds, as the store keeps it.
    pub fn now(&self) -> i64 {
        self.nature.now().0
    }

    /// Where a conversation is read.
    pub fn chat_url(&self, conversation_id: i64) -> String {
        format!("{}/inbox/{}", self.config.public_url, crate::id::conversation(conversation_id))
    }
}
