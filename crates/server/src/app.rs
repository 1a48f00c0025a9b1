//! The wiring: everything that the stages are handed, built in one place.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::{clock::Nature, config::Config, http::Transport, live::Live, panel, seal::Sealer, store::Db};

/// What every stage is handed. Clones share.
#[derive(Clone)]
pub struct App {
    /// The store.
    pub db: Db,
    /// The one HTTP client.
    pub http: Arc<dyn Transport>,
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
    /// The name of this node, for leases.
    pub node: Arc<str>,
    /// Safety devices; all on, but in tests that show what each is for.
    pub safety: Safety,
}

/// Doorbells. They only shorten the wait: whoever waits also looks by itself after a while.
#[derive(Default)]
pub struct Bells {
    /// Raw requests are waiting.
    pub intake: Notify,
    /// Entries are due.
    pub lanes: Notify,
}

/// What keeps writes from happening twice. Each can be switched off by a test, to show that the test would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Safety {
    /// Attempts are recorded before their request leaves.
    pub records_attempts: bool,
}

impl Default for Safety {
    fn default() -> Self {
        Self { records_attempts: true }
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
