//! Dates, datetimes and the words for them.

use super::super::dates::{Relative, day, instant, time_of_day};
use super::world::world;

#[test]
fn datetimes_are_read_with_zulu_offset_and_fraction() {
    let noon = 1_773_835_200_000;
    assert_eq!(instant("2026-03-18T12:00:00Z"), Some(noon));
    assert_eq!(instant("2026-03-18T12:00:00.5Z"), Some(noon + 500));
    assert_eq!(instant("2026-03-18T13:00:00+01:00"), Some(noon));
    assert_eq!(instant("2026-03-18T06:30:00.000-0530"), Some(noon));
    assert_eq!(instant("2026-03-18T12:00:00"), None);
    assert_eq!(instant("2026-02-29T12:00:00Z"), None);
    assert_eq!(instant("2026-03-18T24:00:00Z"), None);
    assert_eq!(time_of_day("01:02:03.004Z"), Some(3_723_004));
}

#[test]
fn days_count_from_the_epoch() {
    assert_eq!(day("1970-01-01"), Some(0));
    assert_eq!(day("1969-12-31"), Some(-1));
    assert_eq!(day("2024-02-29"), Some(19_782));
    assert_eq!(day("2026-13-01"), None);
    assert_eq!(day("2026-1-01"), None);
}

/// The days a literal covers on Wednesday, 2026-03-18, both ends included.
fn covered(name: &str, count: Option<i64>) -> (String, String) {
    let days = Relative::named(name, count).expect("a known literal").days(day("2026-03-18").expect("a day"));
    let shown = |day: i64| {
        let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(day)).expect("in range");
        date.to_string()
    };
    (shown(days.start), shown(days.end - 1))
}

#[test]
fn date_literals_cover_the_documented_days() {
    let same = |name, count, from: &str, to: &str| {
        assert_eq!(covered(name, count), (from.to_owned(), to.to_owned()), "{name}");
    };
    same("YESTERDAY", None, "2026-03-17", "2026-03-17");
    same("today", None, "2026-03-18", "2026-03-18");
    same("TOMORROW", None, "2026-03-19", "2026-03-19");
    same("LAST_WEEK", None, "2026-03-08", "2026-03-14");
    same("THIS_WEEK", None, "2026-03-15", "2026-03-21");
    same("NEXT_WEEK", None, "2026-03-22", "2026-03-28");
    same("LAST_MONTH", None, "2026-02-01", "2026-02-28");
    same("THIS_MONTH", None, "2026-03-01", "2026-03-31");
    same("NEXT_MONTH", None, "2026-04-01", "2026-04-30");
    same("LAST_90_DAYS", None, "2025-12-18", "2026-03-18");
    same("NEXT_90_DAYS", None, "2026-03-19", "2026-06-16");
    same("THIS_QUARTER", None, "2026-01-01", "2026-03-31");
    same("LAST_QUARTER", None, "2025-10-01", "2025-12-31");
    same("THIS_FISCAL_YEAR", None, "2026-01-01", "2026-12-31");
    same("LAST_YEAR", None, "2025-01-01", "2025-12-31");
    same("LAST_N_DAYS", Some(7), "2026-03-11", "2026-03-18");
    same("NEXT_N_DAYS", Some(2), "2026-03-19", "2026-03-20");
    same("N_DAYS_AGO", Some(3), "2026-03-15", "2026-03-15");
    same("LAST_N_WEEKS", Some(2), "2026-03-01", "2026-03-14");
    same("LAST_N_MONTHS", Some(3), "2025-12-01", "2026-02-28");
    same("NEXT_N_YEARS", Some(1), "2027-01-01", "2027-12-31");
    same("N_MONTHS_AGO", Some(14), "2025-01-01", "2025-01-31");
}

#[test]
fn date_literals_need_their_count_and_nothing_else_takes_one() {
    assert!(Relative::takes_count("last_n_days"));
    assert!(!Relative::takes_count("TODAY"));
    assert_eq!(Relative::named("LAST_N_DAYS", None), None);
    assert_eq!(Relative::named("TODAY", Some(1)), None);
    assert_eq!(Relative::named("LAST_N_DAYS", Some(-1)), None);
    assert_eq!(Relative::named("SOME_DAY", None), None);
}

#[test]
fn days_begin_when_they_do_in_the_zone_of_the_user() {
    let zone = jiff::tz::TimeZone::get("America/New_York").expect("a bundled zone");
    let today = day("2026-03-08").expect("a day");
    let span = Relative::named("TODAY", None).expect("a literal").instants(today, &zone);
    assert_eq!(Some(span.start), instant("2026-03-08T05:00:00Z"));
    assert_eq!(Some(span.end), instant("2026-03-09T04:00:00Z"), "clocks went forward that day");
    let late = instant("2026-03-08T03:00:00Z").expect("an instant") / 1_000;
    assert_eq!(super::super::dates::today(late, &zone), today - 1);
}

#[test]
fn datetime_fields_compare_with_instants_and_literals() {
    let world = world();
    assert_eq!(world.contacts("CreatedDate = TODAY"), ["Doe"]);
    assert_eq!(world.contacts("CreatedDate < TODAY"), ["O'Neil", "Zwölf"]);
    assert_eq!(world.contacts("CreatedDate >= YESTERDAY"), ["Doe", "O'Neil"]);
    assert_eq!(world.contacts("CreatedDate = LAST_MONTH"), ["Zwölf"]);
    assert_eq!(world.contacts("CreatedDate IN (TODAY, LAST_MONTH)"), ["Doe", "Zwölf"]);
    assert_eq!(world.contacts("CreatedDate != LAST_N_DAYS:3"), ["Zwölf"]);
    assert_eq!(world.contacts("CreatedDate = 2026-03-18T01:00:00+01:00"), ["Doe"]);
    assert_eq!(
        world.contacts("CreatedDate >= 2026-03-17T23:59:59Z AND CreatedDate < 2026-03-18T00:00:00.000Z"),
        ["O'Neil"]
    );
}

#[test]
fn date_fields_compare_with_days() {
    let world = world();
    assert_eq!(world.contacts("Birthdate = 1990-05-17"), ["Doe"]);
    assert_eq!(world.contacts("Birthdate < TODAY"), ["Doe"]);
    assert!(world.contacts("Birthdate > 1990-05-17").is_empty());
}
