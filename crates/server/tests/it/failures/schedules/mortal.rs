//! A process that dies when it looks at the clock for a certain time: at a place between two of its steps that is the same
//! whenever the schedule is played. What a wait is answered by may come early or late; what is looked up in order may not.

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use causeway::{
    app::App,
    clock::{Clock, Entropy, HandClock, Nature},
};
use causeway_core::time::Timestamp;
use futures_util::FutureExt as _;

/// A clock whose owner dies of looking at it too often.
struct Mortal {
    clock: HandClock,
    left: AtomicUsize,
}

/// What unwinds, without a word, from the last look.
struct Died;

impl Clock for Mortal {
    fn now(&self) -> Timestamp {
        let more = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if more.is_err() {
            // Not a panic: nobody is told, as nobody is when a process is killed.
            resume_unwind(Box::new(Died));
        }
        self.clock.now()
    }
}

/// The same process, with so many looks to live.
pub fn with_looks(app: &App, clock: &HandClock, entropy: &Arc<dyn Entropy>, looks: usize) -> App {
    let clock = Mortal { clock: clock.clone(), left: AtomicUsize::new(looks) };
    App { nature: Nature::new(Arc::new(clock), entropy.clone()), ..app.clone() }
}

/// Runs until it ends or its process dies: `None`.
pub async fn until_death<T>(future: impl Future<Output = T>) -> Option<T> {
    match AssertUnwindSafe(future).catch_unwind().await {
        Ok(output) => Some(output),
        Err(died) if died.is::<Died>() => None,
        Err(panic) => resume_unwind(panic),
    }
}
