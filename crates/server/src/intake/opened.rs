//! Endpoints for the requests that come to them. Providers post many a second to one address: it is looked up once a
//! second, not for each of them. What is kept is the stored row: its secrets stay sealed, and are open for one request.
//!
//! What an administrator changes holds at once on the node that is told. All others go by what they read for a second from
//! when they began to read it, and a request that has begun ends as it began.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use causeway_core::channels::{self, Channel, Secrets};

use super::sealed::{self, SealedSecrets};
use crate::{
    app::App,
    store::source::{self, Source},
};

/// For how long an endpoint is taken to be as it was, in microseconds.
const FRESH: i64 = 1_000_000;

/// A source with its secrets open.
pub(super) struct Opened {
    pub(super) channel: &'static dyn Channel,
    pub(super) source: Arc<Source>,
    pub(super) secrets: Secrets,
}

/// The source could not be looked up, or its secrets do not open. What went wrong is in the log.
pub(super) struct Unopened;

/// The endpoints that were looked up within the last second, by their keys.
#[derive(Default)]
pub struct Endpoints(Mutex<Lately>);

#[derive(Default)]
struct Lately {
    /// How often anything was changed: what was read before a change is not kept after it.
    changes: u64,
    known: HashMap<String, (i64, Arc<Source>)>,
}

/// A reading that is about to begin: when, and after how many changes.
#[derive(Clone, Copy)]
struct Reading {
    at: i64,
    changes: u64,
}

impl Endpoints {
    /// The endpoint of that key has changed, or is gone.
    pub(super) fn forget(&self, key: &str) {
        let mut lately = self.lately();
        lately.changes += 1;
        lately.known.remove(key);
    }

    /// The endpoint as it was a moment ago, or the reading that has to be made.
    fn find(&self, key: &str, now: i64) -> Result<Arc<Source>, Reading> {
        let lately = self.lately();
        let found = lately.known.get(key).filter(|(at, _)| is_fresh(*at, now));
        found.map(|(_, source)| source.clone()).ok_or(Reading { at: now, changes: lately.changes })
    }

    /// Only what exists is kept, so strangers who guess keys fill no memory; and no longer than it is of use.
    fn keep(&self, reading: Reading, source: &Arc<Source>) {
        let mut lately = self.lately();
        lately.known.retain(|_, (at, _)| is_fresh(*at, reading.at));
        if lately.changes == reading.changes {
            lately.known.insert(source.key.clone(), (reading.at, source.clone()));
        }
    }

    fn lately(&self) -> MutexGuard<'_, Lately> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Also where the clock was set back.
fn is_fresh(at: i64, now: i64) -> bool {
    (0..FRESH).contains(&(now - at))
}

/// The source of that key on that channel, with its secrets open; `None` when there is none.
pub(super) async fn open(app: &App, channel: &str, key: &str) -> Result<Option<Opened>, Unopened> {
    let Some(channel) = channels::named(channel) else { return Ok(None) };
    if !super::endpoint::is_key(key) {
        return Ok(None);
    }
    let source = match app.endpoints.find(key, app.now()) {
        Ok(source) => source,
        Err(reading) => match read(app, key).await? {
            Some(source) => {
                let source = Arc::new(source);
                app.endpoints.keep(reading, &source);
                source
            }
            None => return Ok(None),
        },
    };
    if source.channel != channel.name() {
        return Ok(None);
    }
    let SealedSecrets { signing, verify_token, access_token } = sealed::open(app, &source).ok_or(Unopened)?;
    let secrets = Secrets { signing, verify_token, access_token };
    Ok(Some(Opened { channel, source, secrets }))
}

async fn read(app: &App, key: &str) -> Result<Option<Source>, Unopened> {
    let wanted = key.to_owned();
    let found = app.db.read(move |tx| Box::pin(async move { source::find(tx, &wanted).await })).await;
    found.map_err(|error| {
        tracing::error!(%error, "intake.source");
        Unopened
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> Arc<Source> {
        Arc::new(Source { key: "main".into(), workspace_id: 1, channel: "whatsapp".into(), secrets: vec![1] })
    }

    fn reading(endpoints: &Endpoints, now: i64) -> Reading {
        endpoints.find("main", now).expect_err("nothing fresh is known")
    }

    #[test]
    fn what_was_read_holds_for_a_second_from_when_its_reading_began() {
        let endpoints = Endpoints::default();
        // However long the reading takes.
        endpoints.keep(reading(&endpoints, 100), &source());
        assert!(endpoints.find("main", 100 + FRESH - 1).is_ok());
        reading(&endpoints, 100 + FRESH);
        reading(&endpoints, 99);
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let endpoints = Endpoints::default();
        let begun = reading(&endpoints, 100);
        endpoints.forget("main");
        endpoints.keep(begun, &source());
        reading(&endpoints, 101);
    }
}
