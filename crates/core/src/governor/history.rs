//! What was spent when: worked out from what the org told over time.
//!
//! An org tells how many calls its window holds, not when they were made. What a reading has more than the one before it,
//! and what left the window in between, was spent in between. What was spent before the first reading is taken as spread
//! evenly over the window before it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Calls and readings are kept by the quarter of an hour, in microseconds.
pub const SLOT: i64 = 15 * 60 * 1_000_000;

/// The quarter of an hour that an instant lies in, since the epoch.
pub fn slot(at: Timestamp) -> i64 {
    at.0.div_euclid(SLOT)
}

/// When a quarter of an hour begins.
pub fn slot_start(slot: i64) -> Timestamp {
    Timestamp(slot.saturating_mul(SLOT))
}

/// The window in which a CRM counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its length.
    pub length: Duration,
    /// It rolls: each call counts for so long. Otherwise all are forgotten at once, at full multiples of the length (UTC).
    pub is_rolling: bool,
}

impl Window {
    pub(super) fn micros(self) -> i64 {
        i64::try_from(self.length.as_micros()).unwrap_or(i64::MAX).max(1)
    }

    /// When the window begins that holds this instant.
    pub fn begins(self, at: Timestamp) -> Timestamp {
        Timestamp(self.forgets_before(at.0))
    }

    /// Up to when calls made have left the window at that instant.
    pub(super) fn forgets_before(self, at: i64) -> i64 {
        if self.is_rolling { at - self.micros() } else { at.div_euclid(self.micros()) * self.micros() }
    }
}

/// What an org told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// When.
    pub at: Timestamp,
    /// Calls in its window, of everybody.
    pub used: u64,
}

/// What was spent up to when, in a straight line between its points.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    window: Window,
    /// Instant, and calls made up to it.
    points: Vec<(i64, f64)>,
    /// Where the points begin that were read; what is before is assumed.
    first: i64,
    /// Readings behind it, and how many calls the last one told.
    readings: usize,
    last: (i64, f64),
}

impl History {
    /// Works it out of readings, in order of time. `None`: there are none.
    pub fn of(window: Window, readings: &[Reading]) -> Option<Self> {
        let mut history: Option<Self> = None;
        for reading in readings {
            let kept = history.take().and_then(|history| history.with(*reading));
            history = Some(kept.unwrap_or_else(|| Self::begin(window, *reading)));
        }
        history
    }

    fn begin(window: Window, reading: Reading) -> Self {
        let (at, used) = (reading.at.0, to_f64(reading.used));
        let before =
            if window.is_rolling { at - window.micros() } else { window.forgets_before(at).min(at - 1) };
        let points = vec![(before, 0.0), (at, used)];
        Self { window, points, first: at, readings: 1, last: (at, used) }
    }

    /// With one more. `None`: it does not follow from what was known (the org was given more, or counts anew), so
    /// everything begins with it.
    fn with(mut self, reading: Reading) -> Option<Self> {
        let (at, used) = (reading.at.0, to_f64(reading.used));
        let (last_at, last_used) = self.last;
        if at <= last_at {
            return Some(self);
        }
        let gone = self.made(self.window.forgets_before(at)) - self.made(self.window.forgets_before(last_at));
        let spent = used - last_used + gone;
        // Half a slot's worth of what left may have left a little earlier or later.
        let doubt = 10.0 + (last_used + used) / 50.0;
        if spent < -doubt {
            return None;
        }
        let total = self.points.last().map_or(0.0, |point| point.1) + spent.max(0.0);
        self.points.push((at, total));
        self.readings += 1;
        self.last = (at, used);
        Some(self)
    }

    /// Calls made up to an instant, as far as is known.
    fn made(&self, at: i64) -> f64 {
        let after = self.points.partition_point(|point| point.0 <= at);
        match (after.checked_sub(1).map(|before| self.points[before]), self.points.get(after)) {
            (None, _) => 0.0,
            (Some(last), None) => last.1,
            (Some(before), Some(next)) => {
                let part = to_f64_signed(at - before.0) / to_f64_signed((next.0 - before.0).max(1));
                before.1 + (next.1 - before.1) * part
            }
        }
    }

    /// For how long readings follow from one another, and how many there are.
    pub(super) fn span(&self) -> (i64, usize) {
        (self.last.0 - self.first, self.readings)
    }

    /// When the last reading was.
    pub(super) fn last_at(&self) -> i64 {
        self.last.0
    }

    /// Calls made between two instants.
    pub(super) fn between(&self, from: i64, to: i64) -> f64 {
        (self.made(to) - self.made(from)).max(0.0)
    }

    /// Of the calls of the last reading, those that the window still holds at a later instant.
    pub(super) fn held(&self, at: i64) -> f64 {
        let from = self.window.forgets_before(self.last.0);
        let gone = self.made(self.window.forgets_before(at).min(self.last.0)) - self.made(from);
        (self.last.1 - gone).max(0.0)
    }

    /// Where the window at an instant begins.
    pub(super) fn begins(&self, at: i64) -> i64 {
        self.window.forgets_before(at)
    }
}

#[expect(clippy::cast_precision_loss, reason = "calls of a day are far fewer than a float tells apart")]
pub(super) fn to_f64(calls: u64) -> f64 {
    calls as f64
}

#[expect(clippy::cast_precision_loss, reason = "days in microseconds are far fewer than a float tells apart")]
pub(super) fn to_f64_signed(micros: i64) -> f64 {
    micros as f64
}
