//! Endpoints with their secrets open. Providers post many requests a second to one address: it is looked up and unsealed
//! once a second, not for each of them.
//!
//! What an administrator changes holds at once on the node that is told, and within the second on all others.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use causeway_core::channels::{self, Channel, Secrets};

use super::{SealedSecrets, seal_place};
use crate::{
    app::App,
    store::source::{self, Source},
};

/// For how long an endpoint is taken to be as it was, in microseconds.
const FRESH: i64 = 1_000_000;

/// A source with its secrets open.
pub(super) struct Opened {
    pub(super) channel: &'static dyn Channel,
    pub(super) source: Source,
    pub(super) secrets: Secrets,
}

/// The source could not be looked up, or its secrets do not open. What went wrong is in the log.
pub(super) struct Unopened;

/// The endpoints that were opened within the last second, by their keys.
#[derive(Default)]
pub struct Endpoints(Mutex<Lately>);

#[derive(Default)]
struct Lately {
    /// How often anything was changed: what was read before a change is not kept after it.
    changes: u64,
    opened: HashMap<String, (i64, Arc<Opened>)>,
}

impl Endpoints {
    /// The endpoint of that key has changed, or is gone.
    pub(super) fn forget(&self, key: &str) {
        let mut lately = self.lately();
        lately.changes += 1;
        lately.opened.remove(key);
    }

    fn find(&self, key: &str, now: i64) -> (u64, Option<Arc<Opened>>) {
        let lately = self.lately();
        let found = lately.opened.get(key).filter(|(at, _)| is_fresh(*at, now));
        (lately.changes, found.map(|(_, opened)| opened.clone()))
    }

    /// Only what exists is kept, so strangers who guess keys fill no memory; and no longer than it is of use.
    fn keep(&self, changes: u64, opened: &Arc<Opened>, now: i64) {
        let mut lately = self.lately();
        lately.opened.retain(|_, (at, _)| is_fresh(*at, now));
        if lately.changes == changes {
            lately.opened.insert(opened.source.key.clone(), (now, opened.clone()));
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
pub(super) async fn open(app: &App, channel: &str, key: &str) -> Result<Option<Arc<Opened>>, Unopened> {
    let Some(channel) = channels::named(channel) else { return Ok(None) };
    if !super::endpoint::is_key(key) {
        return Ok(None);
    }
    let (changes, found) = app.endpoints.find(key, app.now());
    let opened = match found {
        Some(opened) => opened,
        None => match read(app, key).await? {
            Some(opened) => {
                let opened = Arc::new(opened);
                app.endpoints.keep(changes, &opened, app.now());
                opened
            }
            None => return Ok(None),
        },
    };
    Ok(Some(opened).filter(|opened| opened.channel.name() == channel.name()))
}

async fn read(app: &App, key: &str) -> Result<Option<Opened>, Unopened> {
    let wanted = key.to_owned();
    let found = app.db.read(move |tx| Box::pin(async move { source::find(tx, &wanted).await })).await;
    let source = found.map_err(|error| {
        tracing::error!(%error, "intake.source");
        Unopened
    })?;
    let Some(source) = source else { return Ok(None) };
    let Some(channel) = channels::named(&source.channel) else { return Ok(None) };
    let sealed = app.sealer.open(&seal_place(key), &source.secrets).map_err(|error| {
        tracing::error!(%error, source = key, "intake.secrets");
        Unopened
    })?;
    let secrets: SealedSecrets = serde_json::from_str(sealed.expose()).map_err(|error| {
        tracing::error!(%error, source = key, "intake.secrets");
        Unopened
    })?;
    let SealedSecrets { signing, verify_token, access_token } = secrets;
    let secrets = Secrets { signing, verify_token, access_token };
    Ok(Some(Opened { channel, source, secrets }))
}
