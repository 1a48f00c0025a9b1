//! Waiting for what is to come: looks again and again until it is there, or the patience ends.

use std::{cell::RefCell, time::Duration};

use causeway::clock;
use tokio::sync::Notify;

/// How long anything may take. It is long because build machines are slow; what is there is seen at once.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// The pause between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_millis(15);

/// Looks until the look succeeds. Fails with what the last one said.
pub async fn eventually<T>(look: impl AsyncFn() -> Result<T, String>) -> Result<T, String> {
    let why = RefCell::new(String::new());
    let looking = async {
        loop {
            match look().await {
                Ok(value) => return value,
                Err(reason) => *why.borrow_mut() = reason,
            }
            clock::wait(&Notify::new(), BETWEEN_LOOKS).await;
        }
    };
    let seen = clock::within(PATIENCE, looking).await;
    seen.ok_or(why.into_inner())
}
