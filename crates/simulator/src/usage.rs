//! A rolling day's use of an org: counted by the minute, forgotten after 24 hours.

use std::collections::VecDeque;

const DAY_MINUTES: i64 = 24 * 60;

/// The calls of the last 24 hours.
#[derive(Clone, Default)]
pub struct Usage {
    minutes: VecDeque<(i64, u64)>,
    total: u64,
}

impl Usage {
    /// How many calls the last 24 hours saw.
    pub fn used(&mut self, now: i64) -> u64 {
        let minute = now.div_euclid(60);
        while let Some((oldest, calls)) = self.minutes.front().copied() {
            if oldest > minute - DAY_MINUTES {
                break;
            }
            self.total -= calls;
            self.minutes.pop_front();
        }
        self.total
    }

    /// Counts so many calls.
    pub fn count(&mut self, now: i64, calls: u64) {
        let minute = now.div_euclid(60);
        match self.minutes.back_mut() {
            Some((last, count)) if *last == minute => *count += calls,
            _ => self.minutes.push_back((minute, calls)),
        }
        self.total += calls;
    }

    /// Forgets every call and pretends that so many were made now.
    pub fn set(&mut self, now: i64, calls: u64) {
        self.minutes.clear();
        self.total = 0;
        if calls > 0 {
            self.count(now, calls);
        }
    }
}
