//! Telling open pages that something has changed: what it was about, never what it says. A page that shows it asks
//! for it again, under its own rights.
//!
//! A change is told after it is committed. It may be told twice, and a page that was away asks for everything, so
//! nothing depends on hearing each. Every change has a number; a page carries the number that stood when it was asked
//! for, so that what changes before it listens is told as soon as it does. Other nodes are told through the database
//! (`share`).

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::sync::{broadcast, watch};

use crate::id;

mod share;

pub use share::{hear, send};

/// How many changes a slow listener may be behind before it is told to ask for everything.
const BEHIND: usize = 1024;

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Anything: whoever listens asks for all that it shows.
    Everything,
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
    /// Who is signed in: sessions that were ended, members who may no longer sign in. Streams look at their own
    /// session again; pages are not told.
    Sessions,
}

/// Topics that are about the workspace as a whole.
const PLAIN: &[(Topic, &str)] = &[
    (Topic::Everything, "*"),
    (Topic::Conversations, "conversations"),
    (Topic::Deliveries, "deliveries"),
    (Topic::Connections, "connections"),
    (Topic::Requests, "requests"),
    (Topic::Notices, "notices"),
    (Topic::Sessions, "sessions"),
];

impl Topic {
    /// The word in the stream; pages name it in `data-live`.
    pub fn word(self) -> String {
        match self {
            Self::Conversation(conversation) => id::conversation(conversation),
            Self::Contact(contact) => id::contact(contact),
            plain => PLAIN.iter().find(|(topic, _)| *topic == plain).map_or("*", |(_, word)| word).to_owned(),
        }
    }

    /// The topic of that word.
    pub fn named(word: &str) -> Option<Self> {
        let plain = PLAIN.iter().find(|(_, known)| *known == word).map(|(topic, _)| *topic);
        plain
            .or_else(|| id::read("cnv", word).map(Self::Conversation))
            .or_else(|| id::read("ctc", word).map(Self::Contact))
    }
}

/// A change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The workspace; `None`: every one.
    pub workspace_id: Option<i64>,
    /// What changed.
    pub topic: Topic,
    /// Its number on this node.
    pub number: u64,
    /// It was another node that said so.
    pub is_from_elsewhere: bool,
}

impl Change {
    /// Whether it concerns that workspace.
    pub fn concerns(&self, workspace_id: i64) -> bool {
        self.workspace_id.is_none_or(|concerned| concerned == workspace_id)
    }
}

/// Where changes are told and heard.
pub struct Live {
    changes: broadcast::Sender<Change>,
    lately: Mutex<Lately>,
    stopping: watch::Sender<bool>,
    streams: AtomicUsize,
}

/// A page's stream, for as long as it is open.
pub struct Streaming(Arc<Live>);

impl Drop for Streaming {
    fn drop(&mut self) {
        self.0.streams.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The last changes, for those who come a moment later.
#[derive(Default)]
struct Lately {
    /// The number of the last change.
    last: u64,
    changes: VecDeque<Change>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            changes: broadcast::Sender::new(BEHIND),
            lately: Mutex::default(),
            stopping: watch::Sender::new(false),
            streams: AtomicUsize::new(0),
        }
    }
}

impl Live {
    /// Tells whoever listens, here and on other nodes.
    pub fn tell(&self, workspace_id: i64, topics: &[Topic]) {
        self.say(Some(workspace_id), topics, false);
    }

    /// Tells what another node said; `None`: every workspace.
    fn pass_on(&self, workspace_id: Option<i64>, topics: &[Topic]) {
        self.say(workspace_id, topics, true);
    }

    fn say(&self, workspace_id: Option<i64>, topics: &[Topic], is_from_elsewhere: bool) {
        let mut lately = self.lately();
        for topic in topics {
            lately.last += 1;
            let change = Change { workspace_id, topic: *topic, number: lately.last, is_from_elsewhere };
            lately.changes.push_back(change);
            if lately.changes.len() > BEHIND {
                lately.changes.pop_front();
            }
            // Nobody listens: nobody has to be told.
            let _ = self.changes.send(change);
        }
    }

    fn lately(&self) -> MutexGuard<'_, Lately> {
        self.lately.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the last change.
    pub fn last(&self) -> u64 {
        self.lately().last
    }

    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Listens from now on, and answers what was told after that number; `None`: that is not known any more.
    pub fn listen_since(&self, number: u64) -> (Option<Vec<Change>>, broadcast::Receiver<Change>) {
        let lately = self.lately();
        let listening = self.changes.subscribe();
        let kept = lately.changes.front().map_or(lately.last, |change| change.number - 1);
        let is_known = (kept..=lately.last).contains(&number);
        let missed = lately.changes.iter().filter(|change| change.number > number).copied().collect();
        (is_known.then_some(missed), listening)
    }

    /// The server has been told to stop.
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// A page's stream begins; it is counted until this is dropped.
    pub fn begin_stream(self: &Arc<Self>) -> Streaming {
        self.streams.fetch_add(1, Ordering::Relaxed);
        Streaming(Arc::clone(self))
    }

    /// How many pages have their stream open here.
    pub fn streams(&self) -> usize {
        self.streams.load(Ordering::Relaxed)
    }

    /// How many listen.
    pub fn listeners(&self) -> usize {
        self.changes.receiver_count()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_known_by_its_word() {
        let plain = PLAIN.iter().map(|(topic, _)| *topic);
        for topic in plain.chain([Topic::Conversation(7), Topic::Contact(9)]) {
            assert_eq!(Topic::named(&topic.word()), Some(topic));
        }
        assert_eq!(Topic::named("weather"), None);
    }

    #[test]
    fn whoever_comes_a_moment_later_hears_what_was_told_meanwhile() {
        let live = Live::default();
        live.tell(1, &[Topic::Conversations]);
        let seen = live.last();
        assert_eq!(live.listen_since(seen).0, Some(Vec::new()));
        live.tell(1, &[Topic::Deliveries, Topic::Contact(3)]);
        let missed = live.listen_since(seen).0.expect("it is kept");
        assert_eq!(
            missed.iter().map(|change| change.topic).collect::<Vec<_>>(),
            [Topic::Deliveries, Topic::Contact(3)]
        );
    }

    #[test]
    fn whoever_comes_too_late_or_from_another_time_hears_that_everything_may_have_changed() {
        let live = Live::default();
        assert_eq!(live.listen_since(0).0, Some(Vec::new()));
        assert_eq!(live.listen_since(5).0, None, "a number that was never given");
        for _ in 0..=BEHIND {
            live.tell(1, &[Topic::Conversations]);
        }
        assert_eq!(live.listen_since(0).0, None);
        assert_eq!(live.listen_since(1).0.map(|missed| missed.len()), Some(BEHIND));
    }
}
