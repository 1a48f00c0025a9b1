//! What will come, in clock time: when calls are used up at this rate, when the lane goes on, when all that waits is written.

use serde::{Deserialize, Serialize};

use super::{
    History, Rules, SLOT, Standing,
    history::{to_f64, to_f64_signed},
    slot_start,
};
use crate::time::Timestamp;

/// How far back the rate is taken from, in microseconds: long enough for a quiet quarter of an hour not to decide.
const RECENT: i64 = 2 * 3600 * 1_000_000;

/// Readings must span so much, and be so many, before a rate is told.
const LEAST_SPAN: i64 = 20 * 60 * 1_000_000;
const LEAST_READINGS: usize = 3;

/// It is not worth going on for fewer calls: what waits takes several.
const WORTH_GOING_ON: f64 = 10.0;

/// How far ahead the writing of what waits is foreseen, in microseconds.
const FARTHEST: i64 = 7 * 24 * 3600 * 1_000_000;

/// Entries that are written in a second when calls are no matter.
const PACE: i64 = 500;

/// An instant to come, as far as it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outlook {
    /// There are not enough readings yet to tell.
    TooFew,
    /// Not as far as can be seen.
    Never,
    /// Then.
    At(Timestamp),
}

/// What a forecast is made of.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The instant.
    pub now: Timestamp,
    /// What everybody spent.
    pub history: Option<&'a History>,
    /// Our calls by the quarter of an hour.
    pub ours: &'a [(i64, u64)],
    /// How the org stands.
    pub standing: Standing,
    /// What the admin allows.
    pub rules: Rules,
    /// Entries that wait, and calls that writing them will take.
    pub waiting: (u64, u64),
    /// The lane waits for calls.
    pub is_stopped: bool,
}

/// What will come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// When what the lane may spend is used up, at the rate of lately. `Never`: not before the window brings new calls.
    pub reached: Outlook,
    /// When the lane goes on, if it has stopped.
    pub goes_on: Outlook,
    /// When all that waits now is written.
    pub written: Outlook,
}

/// Looks ahead.
pub fn forecast(scene: &Scene<'_>) -> Forecast {
    let Some(ahead) = Ahead::of(scene) else {
        // Without a limit nothing is used up, and nothing waits for calls.
        let is_free = scene.standing.usage.is_none_or(|usage| usage.limit == 0);
        let reached = if is_free { Outlook::Never } else { Outlook::TooFew };
        let free = is_free || !scene.is_stopped && ample(scene);
        let written = if free { Outlook::At(paced(scene, scene.now.0)) } else { Outlook::TooFew };
        return Forecast {
            reached,
            goes_on: if scene.is_stopped { reached } else { Outlook::Never },
            written,
        };
    };
    Forecast { reached: ahead.reached(), goes_on: ahead.goes_on(), written: ahead.written() }
}

/// Are there calls enough at this instant for all that waits?
fn ample(scene: &Scene<'_>) -> bool {
    let left = super::left(scene.standing, scene.rules, super::Purpose::Message);
    left.is_none_or(|(left, _)| left >= scene.waiting.1)
}

fn paced(scene: &Scene<'_>, at: i64) -> Timestamp {
    let entries = i64::try_from(scene.waiting.0).unwrap_or(i64::MAX);
    Timestamp(at.saturating_add((entries / PACE).saturating_mul(1_000_000)))
}

struct Ahead<'a> {
    scene: &'a Scene<'a>,
    history: &'a History,
    of_all: f64,
    of_ours: Option<f64>,
    /// Calls in a microsecond: of everybody, and of ours among them.
    rate: f64,
    our_rate: f64,
}

impl<'a> Ahead<'a> {
    fn of(scene: &'a Scene<'a>) -> Option<Self> {
        let usage = scene.standing.usage.filter(|usage| usage.limit > 0)?;
        let history = scene.history?;
        let (span, readings) = history.span();
        if span < LEAST_SPAN || readings < LEAST_READINGS {
            return None;
        }
        let to = history.last_at();
        let from = to - span.min(RECENT);
        let length = to_f64_signed(to - from);
        let ours: f64 = scene.ours.iter().map(|(slot, calls)| part(*slot, *calls, from, to)).sum();
        let rate = history.between(from, to) / length;
        Some(Self {
            scene,
            history,
            of_all: to_f64(scene.rules.of_all(usage.limit)),
            of_ours: scene.rules.has_share().then(|| to_f64(scene.rules.of_ours(usage.limit))),
            rate,
            our_rate: (ours / length).min(rate),
        })
    }

    /// What the lane may still spend at an instant to come, if everybody (`with_us`) or everybody else goes on as lately.
    fn room(&self, at: i64, with_us: bool) -> f64 {
        let since = (at - self.history.last_at()).min(at - self.history.begins(at)).max(0);
        let others = if with_us { self.rate } else { self.rate - self.our_rate };
        let used = self.history.held(at) + others * to_f64_signed(since);
        let by_all = self.of_all - used;
        let Some(of_ours) = self.of_ours else { return by_all };
        let begins = self.history.begins(at);
        let held: f64 =
            self.scene.ours.iter().map(|(slot, calls)| part(*slot, *calls, begins, i64::MAX)).sum();
        let more = if with_us { self.our_rate * to_f64_signed(at - self.scene.now.0) } else { 0.0 };
        by_all.min(of_ours - held - more)
    }

    fn reached(&self) -> Outlook {
        if self.scene.is_stopped {
            return Outlook::At(self.scene.now);
        }
        let now = self.scene.now.0;
        let far = now + (self.history.last_at() - self.history.begins(self.history.last_at())).max(SLOT);
        first(now, far, |at| -self.room(at, true))
    }

    fn goes_on(&self) -> Outlook {
        if !self.scene.is_stopped {
            return Outlook::Never;
        }
        let now = self.scene.now.0;
        first(now, now + FARTHEST, |at| self.room(at, false) - WORTH_GOING_ON)
    }

    /// Spends what there is, step by step, until it is enough for all that waits. What is spent leaves the window too.
    fn written(&self) -> Outlook {
        let now = self.scene.now.0;
        let mut needed = to_f64(self.scene.waiting.1);
        let mut spent: Vec<(i64, f64)> = Vec::new();
        let starts = match self.goes_on() {
            Outlook::At(at) => at.0,
            _ if self.scene.is_stopped => return Outlook::Never,
            _ => now,
        };
        let mut at = starts;
        while at <= now + FARTHEST {
            let begins = self.history.begins(at);
            let ours: f64 = spent.iter().filter(|one| one.0 > begins).map(|one| one.1).sum();
            let room = (self.room(at, false) - ours).max(0.0);
            if room >= needed {
                return Outlook::At(paced(self.scene, at));
            }
            spent.push((at, room));
            needed -= room;
            at += SLOT;
        }
        Outlook::Never
    }
}

/// The first instant at which a value that changes slowly is no longer below nothing.
fn first(from: i64, to: i64, value: impl Fn(i64) -> f64) -> Outlook {
    let mut before = value(from);
    if before >= 0.0 {
        return Outlook::At(Timestamp(from));
    }
    let mut at = from;
    while at < to {
        at += SLOT;
        let here = value(at);
        if here >= 0.0 {
            #[expect(clippy::cast_possible_truncation, reason = "a part of a quarter of an hour")]
            let back = (to_f64_signed(SLOT) * here / (here - before).max(f64::EPSILON)) as i64;
            return Outlook::At(Timestamp(at - back.clamp(0, SLOT)));
        }
        before = here;
    }
    Outlook::Never
}

/// The calls of a quarter of an hour that lie between two instants.
fn part(slot: i64, calls: u64, from: i64, to: i64) -> f64 {
    let begin = slot_start(slot).0;
    let inside = (begin + SLOT).min(to) - begin.max(from);
    to_f64(calls) * to_f64_signed(inside.max(0)) / to_f64_signed(SLOT)
}
