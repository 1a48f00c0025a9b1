//! What was read lately, in memory: for a minute as good as new, for a day better than nothing.
//!
//! Everybody who looks at the same person while that person is being read waits for that one reading. What is kept
//! stands under everything it depends on (its basis), so that a changed link, setting or address is seen at once, even
//! when another node changed it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use causeway_core::panel::{
    loaded::{Content, Loaded},
    trouble::Trouble,
};
use tokio::sync::watch;

use super::Freshness;

/// For how long what was last read may be shown when nothing newer can be had.
pub(super) const LAST_KNOWN: Duration = Duration::from_hours(24);

/// Most people that are kept. At some kilobytes each this is little memory, and more than are looked at in a day.
const MOST: usize = 5_000;

/// For how many seconds a trouble is not tried again, at most.
const TROUBLE: u32 = 15;

/// For how many seconds an org at its limit is left alone.
const AT_LIMIT: u32 = 60;

/// Connection and contact.
pub(super) type Key = (i64, i64);

/// What a reading brought.
#[derive(Clone, Debug)]
pub(super) struct Held {
    /// When it ended.
    at: i64,
    pub(super) outcome: Result<Arc<Loaded>, Trouble>,
    /// The last record that was read, for when the outcome is none.
    pub(super) last: Option<Arc<Loaded>>,
}

/// The end of a reading.
#[derive(Clone, Debug)]
pub(super) struct Landed {
    pub(super) held: Held,
    /// Whether its basis still stood.
    pub(super) is_kept: bool,
}

struct Slot {
    basis: String,
    held: Option<Held>,
    flight: Option<(u64, Flight)>,
}

/// A reading that is under way.
#[derive(Clone)]
pub(super) struct Flight(watch::Receiver<Option<Landed>>);

impl Flight {
    /// Its end; `None` if it broke off.
    pub(super) async fn landed(mut self) -> Option<Landed> {
        self.0.wait_for(Option::is_some).await.ok().and_then(|landed| landed.clone())
    }

    fn is_broken(&self) -> bool {
        self.0.has_changed().is_err()
    }
}

/// The right to read for everybody.
pub(super) struct Ticket {
    key: Key,
    number: u64,
    sender: watch::Sender<Option<Landed>>,
}

impl Ticket {
    pub(super) fn flight(&self) -> Flight {
        Flight(self.sender.subscribe())
    }
}

/// What a look into the cache brings.
pub(super) enum Looked {
    /// What was read lately.
    Held(Held),
    /// Somebody is reading it.
    Wait(Flight),
    /// Nobody is: the caller does.
    Load(Ticket),
}

/// The cache of all panels of this node.
#[derive(Default)]
pub struct Cache {
    slots: Mutex<Slots>,
}

#[derive(Default)]
struct Slots {
    by_key: HashMap<Key, Slot>,
    flights: u64,
}

impl Cache {
    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all that was read under a connection.
    pub fn forget(&self, connection_id: i64) {
        self.slots().by_key.retain(|key, _| key.0 != connection_id);
    }

    /// Forgets what was read of a contact under a connection.
    pub fn forget_contact(&self, connection_id: i64, contact_id: i64) {
        self.slots().by_key.remove(&(connection_id, contact_id));
    }

    pub(super) fn look(
        &self,
        key: Key,
        basis: String,
        now: i64,
        cache_seconds: u32,
        freshness: Freshness,
    ) -> Looked {
        let mut slots = self.slots();
        if slots.by_key.len() >= MOST && !slots.by_key.contains_key(&key) {
            slots.make_room();
        }
        slots.flights += 1;
        let number = slots.flights;
        let slot = slots.by_key.entry(key).or_insert_with(|| Slot::new(basis.clone()));
        if slot.basis != basis {
            *slot = Slot::new(basis);
        }
        if let Some((_, flight)) = slot.flight.as_ref().filter(|(_, flight)| !flight.is_broken()) {
            return Looked::Wait(flight.clone());
        }
        let good = slot.held.as_ref().filter(|held| held.is_good(now, cache_seconds));
        if let Some(held) = good.filter(|_| freshness == Freshness::Cached) {
            return Looked::Held(held.clone());
        }
        let (sender, receiver) = watch::channel(None);
        slot.flight = Some((number, Flight(receiver)));
        Looked::Load(Ticket { key, number, sender })
    }

    /// Ends a reading: keeps what it brought if its basis still stands, and tells everybody who waits.
    pub(super) fn land(&self, ticket: &Ticket, outcome: Result<Loaded, Trouble>, now: i64) {
        let outcome = outcome.map(Arc::new);
        let mut slots = self.slots();
        let slot = slots.by_key.get_mut(&ticket.key);
        let slot =
            slot.filter(|slot| slot.flight.as_ref().is_some_and(|(number, _)| *number == ticket.number));
        let last = match &outcome {
            Ok(loaded) => matches!(loaded.content, Content::One(_)).then(|| loaded.clone()),
            Err(trouble) if trouble.because().is_none() => None,
            Err(_) => slot.as_ref().and_then(|slot| slot.held.as_ref()?.last.clone()),
        };
        let held = Held { at: now, outcome, last };
        let is_kept = slot.is_some();
        if let Some(slot) = slot {
            slot.held = Some(held.clone());
            slot.flight = None;
        }
        drop(slots);
        // Nobody may be left to be told.
        let _ = ticket.sender.send(Some(Landed { held, is_kept }));
    }
}

impl Slot {
    fn new(basis: String) -> Self {
        Self { basis, held: None, flight: None }
    }
}

impl Held {
    fn is_good(&self, now: i64, cache_seconds: u32) -> bool {
        let (since, seconds) = match &self.outcome {
            Ok(loaded) => (loaded.read_at.0, cache_seconds),
            Err(Trouble::LimitReached(_)) => (self.at, AT_LIMIT),
            Err(_) => (self.at, cache_seconds.min(TROUBLE)),
        };
        since <= now && now - since < i64::from(seconds) * 1_000_000
    }
}

impl Slots {
    /// The older half goes; readings that are under way stay.
    fn make_room(&mut self) {
        let mut ages: Vec<i64> = self.by_key.values().map(Slot::age).collect();
        ages.sort_unstable();
        let Some(middle) = ages.get(ages.len() / 2).copied() else { return };
        self.by_key.retain(|_, slot| slot.flight.is_some() || slot.age() > middle);
    }
}

impl Slot {
    fn age(&self) -> i64 {
        self.held.as_ref().map_or(i64::MIN, |held| held.at)
    }
}

#[cfg(test)]
mod tests {
    use causeway_core::time::Timestamp;

    use super::*;

    fn nobody(read_at: i64) -> Loaded {
        let content = Content::None(Vec::new(), Vec::new());
        Loaded { read_at: Timestamp(read_at), content, lost_link: None }
    }

    fn look(cache: &Cache, contact_id: i64, basis: &str) -> Looked {
        cache.look((1, contact_id), basis.into(), 0, 60, Freshness::Cached)
    }

    fn ticket(cache: &Cache, contact_id: i64, basis: &str) -> Ticket {
        match look(cache, contact_id, basis) {
            Looked::Load(ticket) => ticket,
            Looked::Held(_) | Looked::Wait(_) => panic!("nobody reads it"),
        }
    }

    #[test]
    fn a_reading_that_broke_off_is_begun_anew() {
        let cache = Cache::default();
        let first = ticket(&cache, 1, "a");
        assert!(matches!(look(&cache, 1, "a"), Looked::Wait(_)));
        drop(first);
        let second = ticket(&cache, 1, "a");
        cache.land(&second, Ok(nobody(0)), 0);
        assert!(matches!(look(&cache, 1, "a"), Looked::Held(_)));
    }

    #[test]
    fn what_was_read_on_another_basis_is_not_kept() {
        let cache = Cache::default();
        let old = ticket(&cache, 1, "a");
        let new = ticket(&cache, 1, "b");
        cache.land(&old, Ok(nobody(0)), 0);
        assert!(matches!(look(&cache, 1, "b"), Looked::Wait(_)));
        cache.land(&new, Ok(nobody(0)), 0);
        assert!(matches!(look(&cache, 1, "b"), Looked::Held(_)));
        cache.forget(1);
        ticket(&cache, 1, "b");
    }

    #[test]
    fn however_many_people_are_looked_at_the_cache_stays_small() {
        let cache = Cache::default();
        for contact_id in 0..3 * i64::try_from(MOST).unwrap_or(0) {
            let ticket = ticket(&cache, contact_id, "a");
            cache.land(&ticket, Ok(nobody(contact_id)), contact_id);
        }
        assert!(cache.slots().by_key.len() <= MOST);
        let last = 3 * i64::try_from(MOST).unwrap_or(0) - 1;
        assert!(cache.slots().by_key.contains_key(&(1, last)), "the newest stay");
    }
}
