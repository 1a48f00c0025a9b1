//! Telling other nodes over the same PostgreSQL database, and hearing from them. The embedded database has one node
//! and needs none of it.
//!
//! What was lost on the way is made good by telling everybody to ask for everything.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, broadcast::error::RecvError};

use super::{Change, Live, Topic};
use crate::{app::App, clock};

/// For how long changes are gathered into one message.
const GATHER: Duration = Duration::from_millis(10);

/// Longest message in bytes; PostgreSQL takes fewer than 8000.
const LONGEST: usize = 7_900;

/// How long the first and the longest pause is before the database is listened to again.
const AGAIN: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(15)];

/// Every workspace, in a message.
const ALL: &str = "*";

/// What one node tells the others: workspaces by id, and the words of what changed.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
struct Message {
    node: String,
    changed: BTreeMap<String, BTreeSet<String>>,
}

impl Message {
    /// Of changes that are this node's own.
    fn of(node: &str, changes: &[Change]) -> Self {
        let mut words: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for change in changes {
            let workspace = change.workspace_id.map_or_else(|| ALL.to_owned(), |id| id.to_string());
            words.entry(workspace).or_default().insert(change.topic.word());
        }
        Self { node: node.to_owned(), changed: words }
    }

    /// That anything may have changed, everywhere.
    fn everything(node: &str) -> Self {
        let word = BTreeSet::from([Topic::Everything.word()]);
        Self { node: node.to_owned(), changed: BTreeMap::from([(ALL.to_owned(), word)]) }
    }

    /// As it is sent. What is too long says less: first that a whole workspace has changed, then that all have.
    fn text(mut self) -> String {
        let text = |message: &Self| serde_json::to_string(message).unwrap_or_default();
        let whole = text(&self);
        if whole.len() <= LONGEST {
            return whole;
        }
        for words in self.changed.values_mut() {
            // A session may have ended: that is heard by streams, not by pages.
            *words = BTreeSet::from([Topic::Everything.word(), Topic::Sessions.word()]);
        }
        let shorter = text(&self);
        if shorter.len() <= LONGEST { shorter } else { text(&Self::everything(&self.node)) }
    }

    /// Tells it here.
    fn tell(&self, live: &Live) {
        for (workspace, words) in &self.changed {
            // A word that this version does not know may mean anything.
            let topic = |word: &String| Topic::named(word).unwrap_or(Topic::Everything);
            let topics: Vec<Topic> = words.iter().map(topic).collect();
            match workspace.parse() {
                Ok(workspace_id) => live.pass_on(Some(workspace_id), &topics),
                Err(_) => live.pass_on(None, &topics),
            }
        }
    }
}

/// Sends this node's changes to the others, for ever. Returns at once if there can be none.
pub async fn send(app: App) {
    if !app.db.has_nodes() {
        return;
    }
    let (mut listening, mut is_behind) = (app.live.listen(), false);
    loop {
        let mut changes = Vec::new();
        match listening.recv().await {
            Ok(change) => changes.push(change),
            Err(RecvError::Lagged(_)) => is_behind = true,
            Err(RecvError::Closed) => return,
        }
        clock::wait(&Notify::new(), GATHER).await;
        loop {
            match listening.try_recv() {
                Ok(change) => changes.push(change),
                Err(tokio::sync::broadcast::error::TryRecvError::Lagged(_)) => is_behind = true,
                Err(_) => break,
            }
        }
        changes.retain(|change| !change.is_from_elsewhere);
        if changes.is_empty() && !is_behind {
            continue;
        }
        let message =
            if is_behind { Message::everything(&app.node) } else { Message::of(&app.node, &changes) };
        match app.db.announce(message.text()).await {
            Ok(()) => is_behind = false,
            Err(error) => {
                tracing::warn!(%error, "live.send");
                is_behind = true;
            }
        }
    }
}

/// Hears from other nodes, for ever. Returns at once if there can be none.
pub async fn hear(app: App) {
    let (mut pause, mut was_lost) = (AGAIN[0], false);
    loop {
        match app.db.hear().await {
            Ok(None) => return,
            Ok(Some(mut heard)) => {
                if was_lost {
                    app.live.pass_on(None, &[Topic::Everything, Topic::Sessions]);
                }
                pause = AGAIN[0];
                while let Some(text) = heard.recv().await {
                    obey(&app, &text);
                }
                tracing::warn!("live.hear: the connection was lost");
            }
            Err(error) => tracing::warn!(%error, "live.hear"),
        }
        was_lost = true;
        clock::wait(&Notify::new(), pause).await;
        pause = (pause * 2).min(AGAIN[1]);
    }
}

fn obey(app: &App, text: &str) {
    match serde_json::from_str::<Message>(text) {
        // One's own words come back as well.
        Ok(message) if *message.node == *app.node => {}
        Ok(message) => message.tell(&app.live),
        Err(error) => {
            tracing::warn!(%error, "live.hear");
            app.live.pass_on(None, &[Topic::Everything, Topic::Sessions]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(count: i64, workspaces: i64) -> Vec<Change> {
        let change = |number: i64| Change {
            workspace_id: Some(number % workspaces),
            topic: Topic::Conversation(number << 40),
            number: 0,
            is_from_elsewhere: false,
        };
        (0..count).map(change).collect()
    }

    fn heard(text: &str) -> Vec<(Option<i64>, Topic)> {
        let live = Live::default();
        let mut listening = live.listen();
        serde_json::from_str::<Message>(text).expect("a message").tell(&live);
        let mut all = Vec::new();
        while let Ok(change) = listening.try_recv() {
            assert!(change.is_from_elsewhere);
            all.push((change.workspace_id, change.topic));
        }
        all
    }

    #[test]
    fn what_one_node_tells_is_what_the_other_hears() {
        let changes = told(4, 2);
        let text = Message::of("a", &changes).text();
        let mut all = heard(&text);
        all.sort_unstable();
        let mut told: Vec<_> = changes.iter().map(|change| (change.workspace_id, change.topic)).collect();
        told.sort_unstable();
        assert_eq!(all, told);
    }

    #[test]
    fn a_message_that_is_too_long_says_less_and_never_nothing() {
        let long = Message::of("a", &told(2_000, 2)).text();
        assert!(long.len() < 8_000, "{}", long.len());
        assert!(heard(&long).contains(&(Some(1), Topic::Everything)));
        let longest = Message::of("a", &told(20_000, 5_000)).text();
        assert!(longest.len() < 8_000);
        assert_eq!(heard(&longest), [(None, Topic::Everything)]);
    }

    #[test]
    fn a_word_that_is_not_known_may_mean_anything() {
        assert_eq!(heard(r#"{"node":"b","changed":{"5":["weather"]}}"#), [(Some(5), Topic::Everything)]);
    }
}
