//! The only wall clock and the only entropy of the product. Both are handed in, so that tests can set them.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use causeway_core::time::Timestamp;

/// What time it is, and how to wait.
pub trait Clock: Send + Sync {
    /// The instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the wall clock")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until it is moved: for tests and simulations.
#[derive(Clone)]
pub struct HandClock(Arc<AtomicI64>);

impl HandClock {
    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(now.0)))
    }

    /// Moves it on.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX), Ordering::SeqCst);
    }

    /// Sets it, forward or back.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// Random bytes: from the operating system, or from a seed.
pub trait Entropy: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system's entropy.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of entropy")]
    fn fill(&self, buffer: &mut [u8]) {
        // Without entropy no secret is safe; there is nothing sensible to go on with.
        getrandom::fill(buffer).expect("the operating system gives random bytes");
    }
}

/// A repeatable sequence (SplitMix64): for tests and simulations, never for secrets of real use.
pub struct SeededEntropy(Mutex<u64>);

impl SeededEntropy {
    /// The sequence of that seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in buffer.chunks_mut(8) {
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

/// Clock and entropy together, and what is made of them.
#[derive(Clone)]
pub struct Nature {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    last_id: Arc<AtomicU64>,
}

impl Nature {
    /// From their parts.
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { clock, entropy, last_id: Arc::new(AtomicU64::new(0)) }
    }

    /// The machine's own.
    pub fn system() -> Self {
        Self::new(Arc::new(SystemClock), Arc::new(SystemEntropy))
    }

    /// The instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }

    /// A number in `0.0..1.0`.
    pub fn roll(&self) -> f64 {
        f64::from(u32::from_le_bytes(self.bytes())) / (f64::from(u32::MAX) + 1.0)
    }

    /// A new id: 42 bits of milliseconds, then 21 bits that begin at random and rise within a millisecond.
    /// Rises strictly within a process; never repeats across processes but by a chance of one in two million.
    pub fn id(&self) -> i64 {
        let millis = u64::try_from(self.now().0 / 1000).unwrap_or(0) & ((1 << 42) - 1);
        let random = u64::from(u32::from_le_bytes(self.bytes())) & ((1 << 20) - 1);
        let fresh = (millis << 21) | random;
        let mut last = self.last_id.load(Ordering::Relaxed);
        loop {
            let next = fresh.max(last + 1);
            match self.last_id.compare_exchange_weak(last, next, Ordering::SeqCst, Ordering::Relaxed) {
                Ok(_) => return i64::try_from(next).unwrap_or(i64::MAX),
                Err(seen) => last = seen,
            }
        }
    }

    /// A secret for a URL or a header: 256 bits, base64url.
    pub fn secret(&self) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }
}

/// Waits for a bell, or for `limit` if it does not ring: a bell only shortens the wait.
#[expect(clippy::disallowed_methods, reason = "this is the one home of waiting")]
pub async fn wait(bell: &tokio::sync::Notify, limit: Duration) {
    let _ = tokio::time::timeout(limit, bell.notified()).await;
}

/// A time that passes on the machine's clock, for what is polled and cannot wait by itself.
pub type Passing = Pin<Box<tokio::time::Sleep>>;

/// Begins such a time.
#[expect(clippy::disallowed_methods, reason = "this is the one home of waiting")]
pub fn pass(limit: Duration) -> Passing {
    Box::pin(tokio::time::sleep(limit))
}

/// Runs a future for at most `limit` of the machine's time; `None` when that is over.
#[expect(clippy::disallowed_methods, reason = "this is the one home of waiting")]
pub async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, future).await.ok()
}
