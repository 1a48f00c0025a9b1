//! When to try again: a pure function of how often it was tried and of a number between 0 and 1.

use std::time::Duration;

/// "Not there" is believed only after this long, when nothing but a token marks an entry: a request that
/// was cut may still be committed by the CRM (Salesforce: up to ten minutes).
pub const SETTLED: Duration = Duration::from_mins(10);

/// `first`, doubled so many times, but never more than `longest`.
pub fn doubled(first: Duration, times: u32, longest: Duration) -> Duration {
    2_u32
        .checked_pow(times)
        .and_then(|factor| first.checked_mul(factor))
        .map_or(longest, |wait| wait.min(longest))
}

/// How long to wait before the try after `tries` failures: doubling from one second to five minutes, with
/// full jitter in the upper half so that lanes do not march in step. `roll` is in `0.0..1.0`.
pub fn backoff(tries: u32, roll: f64) -> Duration {
    let ceiling = doubled(Duration::from_secs(1), tries, Duration::from_mins(5));
    ceiling / 2 + (ceiling / 2).mul_f64(roll.clamp(0.0, 1.0))
}

/// How long after an unknown outcome to look again: 5 s, then growing, until [`SETTLED`] has passed.
pub fn settling(looks: u32) -> Duration {
    doubled(Duration::from_secs(5), looks, Duration::from_mins(2))
}

#[cfg(test)]
mod tests;
