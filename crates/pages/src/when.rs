//! Dates and times as a person reads them: the workspace's zone is applied here and nowhere earlier, and this is the
//! one place that knows how a language writes them.

use causeway_core::time::{Timestamp, Zone};
use maud::{Markup, html};

use crate::{Words, args};

/// How times are to be read: language, zone, and the present instant.
#[derive(Clone, Copy)]
pub struct Clock<'a> {
    /// The words.
    pub words: &'a Words,
    /// The workspace's zone.
    pub zone: &'a Zone,
    /// The present.
    pub now: Timestamp,
}

impl Clock<'_> {
    /// Hours and minutes: `14:05`.
    pub fn time(&self, at: Timestamp) -> String {
        at.in_zone(self.zone).strftime("%H:%M").to_string()
    }

    /// The day: `Today`, `Yesterday`, `2 January`, `2 January 2025`.
    pub fn day(&self, at: Timestamp) -> String {
        let (day, today) = (at.in_zone(self.zone).date(), self.now.in_zone(self.zone).date());
        if day == today {
            return self.words.say("when-today");
        }
        if today.yesterday().is_ok_and(|yesterday| yesterday == day) {
            return self.words.say("when-yesterday");
        }
        let pattern = if day.year() == today.year() { "%-d %B" } else { "%-d %B %Y" };
        day.strftime(pattern).to_string()
    }

    /// The day for machines: `2026-01-02`.
    pub fn date(&self, at: Timestamp) -> String {
        at.in_zone(self.zone).strftime("%Y-%m-%d").to_string()
    }

    /// Day and time in full, with the zone's offset: what a tooltip says.
    pub fn full(&self, at: Timestamp) -> String {
        at.in_zone(self.zone).strftime("%-d %B %Y, %H:%M:%S %:z").to_string()
    }

    /// A day of the calendar as a CRM writes it (`2026-01-02`); it is no instant and has no zone.
    pub fn calendar_day(&self, day: &str) -> String {
        let Ok(date) = day.parse::<jiff::civil::Date>() else { return day.to_owned() };
        let is_this_year = date.year() == self.now.in_zone(self.zone).date().year();
        date.strftime(if is_this_year { "%-d %B" } else { "%-d %B %Y" }).to_string()
    }

    /// Day and time: `2 January, 14:05`.
    pub fn moment(&self, at: Timestamp) -> String {
        self.words.with("when-moment", args!["day" => self.day(at), "time" => self.time(at)])
    }

    /// As short as a list wants it: the time today, else the day.
    pub fn short(&self, at: Timestamp) -> String {
        let (day, today) = (at.in_zone(self.zone).date(), self.now.in_zone(self.zone).date());
        if day == today {
            return self.time(at);
        }
        let pattern = if day.year() == today.year() { "%-d %b" } else { "%-d %b %Y" };
        day.strftime(pattern).to_string()
    }

    /// An instant to come: `at 16:40`, `on 3 January at 16:40`.
    pub fn to_come(&self, at: Timestamp) -> String {
        let time = self.time(at);
        if self.date(at) == self.date(self.now) {
            return self.words.with("when-at", args!["time" => time]);
        }
        self.words.with("when-on", args!["day" => self.day(at), "time" => time])
    }

    /// How long ago: `just now`, `5 minutes ago`, `2 hours ago`, `3 days ago`.
    pub fn ago(&self, at: Timestamp) -> String {
        let seconds = self.now.since(at).as_secs();
        let (key, count) = match seconds {
            0..=9 => return self.words.say("when-now"),
            10..=59 => ("when-seconds-ago", seconds),
            60..=3_599 => ("when-minutes-ago", seconds / 60),
            3_600..=86_399 => ("when-hours-ago", seconds / 3_600),
            _ => ("when-days-ago", seconds / 86_400),
        };
        self.words.with(key, args!["count" => count])
    }

    /// A short time in the page, its full form for machines and in the tooltip.
    pub fn mark(&self, at: Timestamp) -> Markup {
        html! { time datetime=(at.rfc3339()) title=(self.full(at)) { (self.short(at)) } }
    }

    /// How long ago, kept true by a script while the page stands.
    pub fn mark_ago(&self, at: Timestamp) -> Markup {
        html! { time datetime=(at.rfc3339()) title=(self.full(at)) data-ago=(self.now.rfc3339()) { (self.ago(at)) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_named_in_the_zone_of_the_workspace() {
        let zone = Zone::named("Asia/Tokyo").expect("a zone");
        let at = |text: &str| Timestamp::parse(text).expect("an instant");
        let clock = Clock { words: Words::english(), zone: &zone, now: at("2026-03-01T16:00:00Z") };
        // In Tokyo it is the second of March, one in the morning.
        assert_eq!(clock.day(at("2026-03-01T15:30:00Z")), "Today");
        assert_eq!(clock.day(at("2026-03-01T14:30:00Z")), "Yesterday");
        assert_eq!(clock.day(at("2026-02-20T00:00:00Z")), "20 February");
        assert_eq!(clock.day(at("2025-02-20T00:00:00Z")), "20 February 2025");
        assert_eq!(clock.short(at("2026-03-01T15:30:00Z")), "00:30");
    }

    #[test]
    fn ages_are_told_in_the_largest_whole_unit() {
        let zone = Zone::utc();
        let clock = Clock { words: Words::english(), zone: &zone, now: Timestamp::from_seconds(1_000_000) };
        let ago = |seconds: i64| clock.ago(Timestamp::from_seconds(1_000_000 - seconds));
        assert_eq!(ago(3), "just now");
        assert_eq!(ago(42), "42 seconds ago");
        assert_eq!(ago(60), "1 minute ago");
        assert_eq!(ago(7_300), "2 hours ago");
        assert_eq!(ago(200_000), "2 days ago");
        assert_eq!(ago(-5), "just now");
    }
}
