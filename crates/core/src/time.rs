//! Instants as the product stores them: whole microseconds since the Unix epoch, in UTC.
//!
//! A time zone appears only where a person reads a date; [`Timestamp::in_zone`] is the one way there.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// From whole seconds since the epoch; saturates far outside any calendar.
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// From milliseconds since the epoch; saturates far outside any calendar.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// Whole seconds since the epoch, rounded down.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Later by `duration`; saturates.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }

    /// Earlier by `duration`; saturates.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero when it is not after.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The instant on a calendar and a clock on the wall of `zone`.
    pub fn in_zone(self, zone: &Zone) -> jiff::Zoned {
        self.jiff().to_zoned(zone.0.clone())
    }

    /// RFC 3339 in UTC, to the second: `2026-01-02T03:04:05Z`.
    pub fn rfc3339(self) -> String {
        self.jiff().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// Date and time on the wall of `zone`, to the minute, as a browser's form has it: `2026-01-31T09:00`.
    pub fn local(self, zone: &Zone) -> String {
        self.in_zone(zone).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// The instant of a date and time on the wall of `zone`. Where clocks are turned back, the earlier one.
    pub fn of_local(text: &str, zone: &Zone) -> Option<Self> {
        let local: jiff::civil::DateTime = text.trim().parse().ok()?;
        let at = local.to_zoned(zone.0.clone()).ok()?;
        Some(Self(at.timestamp().as_microsecond()))
    }

    /// Reads RFC 3339 with any offset, and Salesforce's `+0000` without a colon.
    pub fn parse(text: &str) -> Option<Self> {
        let colonless = text.len() > 5
            && matches!(text.as_bytes()[text.len() - 5], b'+' | b'-')
            && text.as_bytes()[text.len() - 4..].iter().all(u8::is_ascii_digit);
        let owned;
        let text = if colonless && text.is_char_boundary(text.len() - 2) {
            owned = format!("{}:{}", &text[..text.len() - 2], &text[text.len() - 2..]);
            &owned
        } else {
            text
        };
        text.parse::<jiff::Timestamp>().ok().map(|at| Self(at.as_microsecond()))
    }

    fn jiff(self) -> jiff::Timestamp {
        let end = if self.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(end)
    }
}

/// A time zone of the IANA database, by name (`Asia/Tokyo`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(jiff::tz::TimeZone);

impl Zone {
    /// The zone of that name; `None` when the database has none.
    pub fn named(name: &str) -> Option<Self> {
        jiff::tz::TimeZone::get(name).ok().map(Self)
    }

    /// The names that a person may choose from, by the alphabet: places, and UTC.
    pub fn names() -> Vec<String> {
        let is_place =
            |name: &str| name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("SystemV/");
        let mut names: Vec<String> =
            jiff::tz::db().available().map(|name| name.to_string()).filter(|name| is_place(name)).collect();
        names.sort_unstable();
        names.insert(0, "UTC".into());
        names
    }

    /// Coordinated Universal Time.
    pub fn utc() -> Self {
        Self(jiff::tz::TimeZone::UTC)
    }

    /// The instants at which the local day that contains `at` starts and ends. A day may last 23 or 25 hours.
    pub fn day(&self, at: Timestamp) -> (Timestamp, Timestamp) {
        let here = at.in_zone(self);
        let start = here.start_of_day().unwrap_or_else(|_| here.clone());
        let end = start.tomorrow().and_then(|next| next.start_of_day()).unwrap_or_else(|_| here.clone());
        (Timestamp(start.timestamp().as_microsecond()), Timestamp(end.timestamp().as_microsecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn salesforce_and_rfc_3339_spell_the_same_instant() {
        let at = Some(Timestamp::from_seconds(1_767_323_045));
        assert_eq!(Timestamp::parse("2026-01-02T03:04:05.000+0000"), at);
        assert_eq!(Timestamp::parse("2026-01-02T12:04:05+09:00"), at);
        assert_eq!(Timestamp::parse("2026-01-02T03:04:05Z"), at);
        assert_eq!(Timestamp::parse("yesterday"), None);
        assert_eq!(Timestamp::parse("日本語日本語+"), None);
    }

    #[test]
    fn a_time_on_the_wall_is_read_in_its_zone() {
        let zone = Zone::named("Asia/Tokyo").expect("a zone of the database");
        let at = Timestamp::of_local("2026-01-02T12:04", &zone).expect("an instant");
        assert_eq!(at.rfc3339(), "2026-01-02T03:04:00Z");
        assert_eq!(at.local(&zone), "2026-01-02T12:04");
        assert_eq!(Timestamp::of_local("soon", &zone), None);
        assert_eq!(Timestamp::of_local("", &zone), None);
    }

    #[test]
    fn a_day_across_a_change_of_clocks_lasts_23_hours() {
        let zone = Zone::named("Europe/Warsaw").expect("a zone of the database");
        let noon = Timestamp::parse("2026-03-29T12:00:00+02:00").expect("an instant");
        let (start, end) = zone.day(noon);
        assert_eq!(end.since(start), Duration::from_hours(23));
    }
}
