//! How many requests an org is asked at once, where its CRM limits that: counted for each org on this node, over all its
//! connections. One place is kept for people who look at something, so that no amount of writing keeps them waiting.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use causeway_core::governor::Purpose;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The places of every org.
#[derive(Default)]
pub struct InFlight {
    orgs: Mutex<HashMap<(String, String), Arc<Places>>>,
}

/// The places of an org.
struct Places {
    all: Arc<Semaphore>,
    /// All but one: those that may be taken for what nobody looks at.
    unseen: Arc<Semaphore>,
}

/// A place among the requests that are under way. Given back when it is dropped.
pub struct Place {
    _all: OwnedSemaphorePermit,
    _unseen: Option<OwnedSemaphorePermit>,
}

impl InFlight {
    /// Waits for a place among the `most` requests to that org; at once and without one where there is no limit.
    /// Whoever waits is served in order.
    pub async fn place(
        &self,
        (crm, org_id): (&str, &str),
        most: Option<usize>,
        purpose: Purpose,
    ) -> Option<Place> {
        let places = self.places(crm, org_id, most?.max(1));
        // What nobody looks at takes its own kind of place first, so that of all places one is never waited for by it.
        let unseen = match purpose {
            Purpose::Panel | Purpose::Asked => None,
            Purpose::Message | Purpose::Backfill | Purpose::Check => {
                Some(places.unseen.clone().acquire_owned().await.ok()?)
            }
        };
        Some(Place { _all: places.all.clone().acquire_owned().await.ok()?, _unseen: unseen })
    }

    fn places(&self, crm: &str, org_id: &str, most: usize) -> Arc<Places> {
        let mut orgs = self.orgs.lock().unwrap_or_else(PoisonError::into_inner);
        let places = orgs.entry((crm.to_owned(), org_id.to_owned())).or_insert_with(|| {
            let of = |count| Arc::new(Semaphore::new(count));
            Arc::new(Places { all: of(most), unseen: of((most - 1).max(1)) })
        });
        places.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::Future,
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use super::*;

    const ORG: (&str, &str) = ("crm", "org");

    /// What is there without waiting.
    fn now<T>(future: impl Future<Output = T>) -> Option<T> {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        }
    }

    #[test]
    fn of_the_places_of_an_org_one_is_left_to_whoever_looks() {
        let requests = InFlight::default();
        let message = || now(requests.place(ORG, Some(5), Purpose::Message));
        let writing: Vec<_> = (0..4).map(|_| message().flatten().expect("a place")).collect();
        assert!(message().is_none(), "the fifth is not for what nobody looks at");
        let panel = now(requests.place(ORG, Some(5), Purpose::Panel)).flatten();
        assert!(panel.is_some());
        assert!(now(requests.place(ORG, Some(5), Purpose::Asked)).is_none(), "five is five");
        assert!(now(requests.place(("crm", "other"), Some(5), Purpose::Check)).flatten().is_some());
        drop(panel);
        assert!(message().is_none());
        drop(writing);
        assert!(message().flatten().is_some());
    }

    #[test]
    fn where_there_is_one_place_both_share_it_and_where_there_is_no_limit_nobody_waits() {
        let requests = InFlight::default();
        let message = now(requests.place(ORG, Some(1), Purpose::Message)).flatten();
        assert!(message.is_some());
        assert!(now(requests.place(ORG, Some(1), Purpose::Panel)).is_none());
        drop(message);
        assert!(now(requests.place(ORG, Some(1), Purpose::Panel)).flatten().is_some());
        for _ in 0..100 {
            assert!(matches!(now(requests.place(ORG, None, Purpose::Message)), Some(None)));
        }
    }
}
