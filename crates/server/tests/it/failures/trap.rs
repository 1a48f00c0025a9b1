//! Where a process dies: at a request, before it leaves or after it was carried out, or at any wait at all.

use std::{
    future::{Future, poll_fn},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use causeway::{
    app::App,
    clock::{Nature, SeededEntropy},
    crm::Failure,
    http::{Access, Answering, Transport},
    lane::{self, Passed},
};
use causeway_core::crm::Request;
use futures_util::future::{Either, select};
use tokio::sync::Notify;

use crate::world::World;

/// On which side of its request a process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The attempt is recorded, the request never leaves.
    BeforeSending,
    /// The org has done what was asked, and nobody hears of it.
    BeforeHearing,
}

/// A transport that never answers one of its requests.
pub struct Trap {
    inner: Arc<dyn Transport>,
    left: AtomicUsize,
    side: Side,
    sprung: Notify,
}

impl Trap {
    /// Springs at the request of that place, counted from 0.
    pub fn at(world: &World, place: usize, side: Side) -> Arc<Self> {
        let inner = world.app.http.clone();
        Arc::new(Self { inner, left: AtomicUsize::new(place), side, sprung: Notify::new() })
    }

    /// A pass that dies in the trap: `None`.
    pub async fn pass(self: &Arc<Self>, app: &App, connection_id: i64) -> Option<Result<Passed, Failure>> {
        let app = App { http: self.clone(), ..app.clone() };
        let pass = Box::pin(lane::pass(&app, connection_id));
        match select(pass, Box::pin(self.sprung.notified())).await {
            Either::Left((passed, _)) => Some(passed),
            Either::Right(_) => None,
        }
    }
}

impl Transport for Trap {
    fn send<'a>(
        &'a self,
        request: &'a Request,
        access: Option<Access<'a>>,
        limit: Duration,
    ) -> Answering<'a> {
        let left = self.left.fetch_sub(1, Ordering::SeqCst);
        if left != 0 {
            return self.inner.send(request, access, limit);
        }
        Box::pin(async move {
            if self.side == Side::BeforeHearing {
                let _ = self.inner.send(request, access, limit).await;
            }
            self.sprung.notify_one();
            std::future::pending().await
        })
    }
}

/// Runs a future until it has waited so often, then drops it where it stands: `None`.
pub async fn dropped_after<F: Future>(waits: usize, future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut left = waits;
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

/// Another node over the same database: its own connections, its own entropy, its own name.
pub async fn node(world: &World, name: &str, seed: u64) -> App {
    App {
        db: world.place.open().await.unwrap(),
        nature: Nature::new(Arc::new(world.clock.clone()), Arc::new(SeededEntropy::new(seed))),
        bells: Arc::default(),
        live: Arc::default(),
        panel: Arc::default(),
        in_flight: Arc::default(),
        metrics: Arc::default(),
        node: name.into(),
        ..world.app.clone()
    }
}

/// A transport that stands still at one of its requests until it is told to go on.
pub struct Gate {
    inner: Arc<dyn Transport>,
    left: AtomicUsize,
    side: Side,
    reached: Notify,
    opened: Notify,
}

impl Gate {
    /// Stands still at the request of that place, counted from 0.
    pub fn at(world: &World, place: usize, side: Side) -> Arc<Self> {
        let (reached, opened) = (Notify::new(), Notify::new());
        Arc::new(Self { inner: world.app.http.clone(), left: AtomicUsize::new(place), side, reached, opened })
    }

    /// The same server, behind this gate.
    pub fn in_front_of(self: &Arc<Self>, app: &App) -> App {
        App { http: self.clone(), ..app.clone() }
    }

    /// Until it stands still.
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    /// Lets it go on.
    pub fn open(&self) {
        self.opened.notify_one();
    }
}

impl Transport for Gate {
    fn send<'a>(
        &'a self,
        request: &'a Request,
        access: Option<Access<'a>>,
        limit: Duration,
    ) -> Answering<'a> {
        let left = self.left.fetch_sub(1, Ordering::SeqCst);
        if left != 0 {
            return self.inner.send(request, access, limit);
        }
        Box::pin(async move {
            let early = match self.side {
                Side::BeforeSending => None,
                Side::BeforeHearing => Some(self.inner.send(request, access, limit).await),
            };
            self.reached.notify_one();
            self.opened.notified().await;
            match early {
                Some(answer) => answer,
                None => self.inner.send(request, access, limit).await,
            }
        })
    }
}
