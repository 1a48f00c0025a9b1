//! Instants as the vendor writes and reads them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

pub use crate::org_clock::parse_datetime;

/// `2026-03-05T14:07:09+01:00` of these seconds in that zone.
pub fn stamp(seconds: i64, zone: &TimeZone) -> String {
    let when = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    when.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// The zone of that name; UTC where there is none.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// Whether a text is a day.
pub fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}
