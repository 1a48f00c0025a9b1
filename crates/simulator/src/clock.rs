//! The only wall clock of the simulators, and the only waiting on it.

use std::time::Duration;

/// Microseconds since 1970, UTC.
#[expect(clippy::disallowed_methods, reason = "this is the one home of the simulators' wall clock")]
pub fn micros() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

/// Time that has passed since a moment.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(tokio::time::Instant);

impl Stopwatch {
    /// Begins now.
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the simulators' wall clock")]
    pub fn start() -> Self {
        Self(tokio::time::Instant::now())
    }

    /// What has passed.
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the simulators' wall clock")]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Waits until so much has passed.
    pub async fn reach(&self, after: Duration) {
        pause(after.saturating_sub(self.elapsed())).await;
    }
}

/// Waits.
#[expect(
    clippy::disallowed_methods,
    reason = "a simulator may be slow on purpose, and this is where it waits"
)]
pub async fn pause(wait: Duration) {
    tokio::time::sleep(wait).await;
}
