//! Calendar arithmetic: reads dates and instants, and turns `LAST_N_DAYS:7` into days. Days count from
//! 1970-01-01, instants are milliseconds of Unix time. Nothing here reads a clock.

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

const DAY_MS: i64 = 86_400_000;

/// The largest `n` a date literal may carry; more could not be a date any more.
const LARGEST_COUNT: i64 = 9_999;

/// `2026-01-02` as a day.
pub(crate) fn day(text: &str) -> Option<i64> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let possible = (1..=12).contains(&month) && day >= 1 && day <= month_length(year, month);
    (possible && rest.is_empty()).then(|| day_of(year, month, day))
}

/// `2026-01-02T03:04:05Z`, with optional fraction and with `Z`, `+01:00` or `+0100`, as an instant.
pub(crate) fn instant(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let (clock, offset) = time.split_at(time.find(['Z', '+', '-'])?);
    Some(day(date)? * DAY_MS + time_ms(clock)? - offset_ms(offset)?)
}

/// `03:04:05.000Z` as milliseconds since midnight.
pub(crate) fn time_of_day(text: &str) -> Option<i64> {
    time_ms(text.strip_suffix('Z')?)
}

/// Does the text have the outline of a datetime, whatever its numbers?
pub(crate) fn looks_like_instant(text: &str) -> bool {
    text.get(10..11) == Some("T") && text.get(..10).is_some_and(looks_like_day) && text.contains(':')
}

/// Does the text have the outline of a date, whatever its numbers?
pub(crate) fn looks_like_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

fn time_ms(clock: &str) -> Option<i64> {
    let (hour, rest) = digits(clock, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let possible = hour < 24 && minute < 60 && second < 60;
    possible.then_some(((hour * 60 + minute) * 60 + second) * 1_000 + fraction_ms(rest)?)
}

/// `.5`, `.500` and `.500000` are all 500; no fraction is 0.
fn fraction_ms(text: &str) -> Option<i64> {
    let Some(fraction) = text.strip_prefix('.') else { return text.is_empty().then_some(0) };
    let valid = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let mut first_three = fraction.bytes().map(|byte| i64::from(byte - b'0')).chain([0, 0]);
    valid.then(|| (0..3).fold(0, |ms, _| ms * 10 + first_three.next().unwrap_or(0)))
}

fn offset_ms(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hour, rest) = digits(text.get(1..)?, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':').unwrap_or(rest), 2)?;
    let possible = hour < 24 && minute < 60 && rest.is_empty();
    possible.then_some(sign * (hour * 60 + minute) * 60_000)
}

/// Exactly `count` leading digits and what follows them.
fn digits(text: &str, count: usize) -> Option<(i64, &str)> {
    let (number, rest) = text.split_at_checked(count)?;
    let all_digits = number.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| number.parse().ok()).flatten().map(|number| (number, rest))
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The day of a civil date, in a calendar whose years begin in March.
fn day_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The civil date of a day: year, month, day of the month.
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}

/// Today in a zone.
pub(crate) fn today(now_seconds: i64, zone: &TimeZone) -> i64 {
    let Ok(now) = Timestamp::from_second(now_seconds) else { return now_seconds.div_euclid(86_400) };
    let date = zone.to_datetime(now).date();
    day_of(date.year().into(), date.month().into(), date.day().into())
}

/// The instant a day begins in a zone.
pub(crate) fn start_of(day: i64, zone: &TimeZone) -> i64 {
    let (year, month, day_of_month) = civil(day);
    let date = i16::try_from(year)
        .ok()
        .zip(i8::try_from(month).ok().zip(i8::try_from(day_of_month).ok()))
        .and_then(|(year, (month, day_of_month))| Date::new(year, month, day_of_month).ok());
    date.and_then(|date| date.to_zoned(zone.clone()).ok())
        .map_or(day * DAY_MS, |zoned| zoned.timestamp().as_millisecond())
}

/// What a date literal counts in. Fiscal years are calendar years; weeks begin on Sunday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// A date literal: from the `from`-th unit after the current one up to, not including, the `to`-th.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Relative {
    unit: Unit,
    from: i64,
    to: i64,
}

impl Relative {
    /// Does a date literal of this name take a `:n`?
    pub(crate) fn takes_count(name: &str) -> bool {
        Self::named(name, Some(1)).is_some() && Self::named(name, None).is_none()
    }

    /// The literal of that name, in whatever case; `count` is the number after the colon.
    pub(crate) fn named(name: &str, count: Option<i64>) -> Option<Self> {
        let name = name.to_ascii_uppercase();
        let fixed = |unit, from, to| count.is_none().then_some(Self { unit, from, to });
        match name.as_str() {
            "YESTERDAY" => return fixed(Unit::Day, -1, 0),
            "TODAY" => return fixed(Unit::Day, 0, 1),
            "TOMORROW" => return fixed(Unit::Day, 1, 2),
            "LAST_90_DAYS" => return fixed(Unit::Day, -90, 1),
            "NEXT_90_DAYS" => return fixed(Unit::Day, 1, 91),
            _ => {}
        }
        let counted = || count.filter(|count| (0..=LARGEST_COUNT).contains(count));
        if let Some(units) = name.strip_prefix("LAST_N_") {
            let unit = Unit::plural(units)?;
            return counted().map(|n| Self { unit, from: -n, to: i64::from(unit == Unit::Day) });
        }
        if let Some(units) = name.strip_prefix("NEXT_N_") {
            let unit = Unit::plural(units)?;
            return counted().map(|n| Self { unit, from: 1, to: n + 1 });
        }
        if let Some(units) = name.strip_prefix("N_").and_then(|rest| rest.strip_suffix("_AGO")) {
            let unit = Unit::plural(units)?;
            return counted().map(|n| Self { unit, from: -n, to: 1 - n });
        }
        let (which, unit) = name.split_once('_')?;
        let unit = Unit::singular(unit)?;
        match which {
            "LAST" => fixed(unit, -1, 0),
            "THIS" => fixed(unit, 0, 1),
            "NEXT" => fixed(unit, 1, 2),
            _ => None,
        }
    }

    /// The days it covers, end excluded.
    pub(crate) fn days(self, today: i64) -> Range<i64> {
        self.unit.start(today, self.from)..self.unit.start(today, self.to)
    }

    /// The milliseconds it covers in a zone, end excluded.
    pub(crate) fn instants(self, today: i64, zone: &TimeZone) -> Range<i64> {
        let days = self.days(today);
        start_of(days.start, zone)..start_of(days.end, zone)
    }
}

impl Unit {
    fn plural(name: &str) -> Option<Self> {
        if name == "DAYS" { Some(Self::Day) } else { Self::singular(name.strip_suffix('S')?) }
    }

    fn singular(name: &str) -> Option<Self> {
        match name {
            "WEEK" => Some(Self::Week),
            "MONTH" => Some(Self::Month),
            "QUARTER" | "FISCAL_QUARTER" => Some(Self::Quarter),
            "YEAR" | "FISCAL_YEAR" => Some(Self::Year),
            _ => None,
        }
    }

    /// The first day of the unit `steps` after the one `today` is in.
    fn start(self, today: i64, steps: i64) -> i64 {
        let (year, month, _) = civil(today);
        match self {
            Self::Day => today + steps,
            // 1970-01-01 was a Thursday.
            Self::Week => today - (today + 4).rem_euclid(7) + 7 * steps,
            Self::Month => first_of_month(year * 12 + month - 1 + steps),
            Self::Quarter => first_of_month(year * 12 + (month - 1) / 3 * 3 + 3 * steps),
            Self::Year => first_of_month((year + steps) * 12),
        }
    }
}

/// The first day of a month counted from year 0.
fn first_of_month(months: i64) -> i64 {
    day_of(months.div_euclid(12), months.rem_euclid(12) + 1, 1)
}
