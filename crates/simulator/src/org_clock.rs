//! The org's clock: real until somebody sets it by hand.

use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

const MICROS: i64 = 1_000_000;

/// Real time plus an offset, or a hand-set instant that stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum Clock {
    /// Runs, moved by so many microseconds.
    Real { offset_micros: i64 },
    /// Stands at these microseconds since 1970.
    Set { micros: i64 },
}

impl Clock {
    /// Microseconds since 1970, UTC.
    pub fn micros(self) -> i64 {
        match self {
            Self::Real { offset_micros } => crate::clock::micros() + offset_micros,
            Self::Set { micros } => micros,
        }
    }

    /// Seconds since 1970, UTC.
    pub fn seconds(self) -> i64 {
        self.micros().div_euclid(MICROS)
    }

    /// The same clock, so many seconds later.
    #[must_use]
    pub fn advanced(self, seconds: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "microseconds of a hand-typed number of seconds")]
        let step = (seconds * 1e6) as i64;
        match self {
            Self::Real { offset_micros } => Self::Real { offset_micros: offset_micros + step },
            Self::Set { micros } => Self::Set { micros: micros + step },
        }
    }

    /// Now, as a record says it.
    pub fn stamp(self) -> String {
        stamp(self.seconds())
    }

    /// Today in UTC, as a date field says it.
    pub fn today(self) -> String {
        self.stamp()[..10].to_owned()
    }
}

/// `2026-01-02T03:04:05.000+0000` of these seconds.
pub fn stamp(seconds: i64) -> String {
    let when = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    when.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string()
}

/// The HTTP date of these seconds.
pub fn http_date(seconds: i64) -> String {
    let when = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    when.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The seconds of an HTTP date (`Wed, 21 Oct 2026 07:28:00 GMT`).
pub fn parse_http_date(text: &str) -> Option<i64> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok().map(Timestamp::as_second)
}

/// The seconds of an ISO 8601 datetime with any way of writing the offset (`Z`, `+01:00`, `+0100`).
pub fn parse_datetime(text: &str) -> Option<i64> {
    let text = text.trim();
    if !text.contains('T') {
        return None;
    }
    let (body, offset) = match text.rfind(['+', '-']) {
        Some(place) if place > 10 => text.split_at(place),
        _ => (text.strip_suffix(['Z', 'z'])?, "+00:00"),
    };
    let digits: String = offset.chars().skip(1).filter(|c| *c != ':').collect();
    if digits.len() != 4 && digits.len() != 2 {
        return None;
    }
    let hours: i64 = digits[..2].parse().ok()?;
    let minutes: i64 = if digits.len() == 4 { digits[2..].parse().ok()? } else { 0 };
    let shift = (hours * 3600 + minutes * 60) * if offset.starts_with('-') { -1 } else { 1 };
    let civil: jiff::civil::DateTime = body.parse().ok()?;
    let zoned = civil.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp().as_second() - shift)
}
