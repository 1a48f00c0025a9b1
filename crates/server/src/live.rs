//! Telling open pages that something has changed: what it was about, never what it says. A page that shows it asks
//! for it again, under its own rights.
//!
//! A change is told after it is committed. It may be told twice, and a page that was away asks for everything, so
//! nothing depends on hearing each.

use tokio::sync::{broadcast, watch};

use crate::id;

/// How many changes a slow listener may be behind before it is told to ask for everything.
const BEHIND: usize = 1024;

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// The list of conversations.
    Conversations,
    /// One conversation: its items, status, assignee, or the state of its entries.
    Conversation(i64),
    /// One contact: its name, addresses, links.
    Contact(i64),
    /// Entries and holds.
    Deliveries,
    /// Connections and integrations.
    Connections,
    /// Raw requests.
    Requests,
    /// What everybody should know.
    Notices,
}

impl Topic {
    /// The word in the stream; pages name it in `data-live`.
    pub fn word(self) -> String {
        match self {
            Self::Conversations => "conversations".into(),
            Self::Conversation(conversation) => id::conversation(conversation),
            Self::Contact(contact) => id::contact(contact),
            Self::Deliveries => "deliveries".into(),
            Self::Connections => "connections".into(),
            Self::Requests => "requests".into(),
            Self::Notices => "notices".into(),
        }
    }
}

/// A change in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The workspace.
    pub workspace_id: i64,
    /// What changed.
    pub topic: Topic,
}

/// Where changes are told and heard.
pub struct Live {
    changes: broadcast::Sender<Change>,
    stopping: watch::Sender<bool>,
}

impl Default for Live {
    fn default() -> Self {
        Self { changes: broadcast::Sender::new(BEHIND), stopping: watch::Sender::new(false) }
    }
}

impl Live {
    /// Tells whoever listens.
    pub fn tell(&self, workspace_id: i64, topics: &[Topic]) {
        for topic in topics {
            // Nobody listens: nobody has to be told.
            let _ = self.changes.send(Change { workspace_id, topic: *topic });
        }
    }

    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Ends every stream: the server stops, and must not wait for pages that stay open.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Done once the server stops.
    pub async fn stopped(&self) {
        // The sender lives as long as this does.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }
}
