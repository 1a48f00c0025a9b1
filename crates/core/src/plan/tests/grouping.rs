//! Which entry covers a message.

use std::time::Duration;

use super::kit::{at, zone};
use crate::{
    plan::{
        grouping::{OpenEntry, Place, place},
        settings::Shape,
    },
    time::{Timestamp, Zone},
};

const WINDOWS: [(Shape, u64); 4] =
    [(Shape::Hour, 1), (Shape::SixHours, 6), (Shape::TwelveHours, 12), (Shape::TwentyFourHours, 24)];

fn noon() -> Timestamp {
    at("2026-01-02T12:00:00Z")
}

fn window(id: i64, shape: Shape, starts_at: Timestamp, hours: u64) -> OpenEntry {
    let ends_at = starts_at.plus(Duration::from_hours(hours));
    OpenEntry { id, starts_at, ends_at, shape, is_sealed: false }
}

fn placed(shape: Shape, at: Timestamp, open: &[OpenEntry]) -> Place {
    place(shape, &Zone::utc(), at, at, "m", open)
}

/// Start, end and due time of a new entry.
fn opened(place: &Place) -> (Timestamp, Timestamp, Timestamp) {
    match place {
        Place::Open { starts_at, ends_at, due_at, .. } => (*starts_at, *ends_at, *due_at),
        Place::Join(id) => panic!("joins {id}"),
    }
}

/// The local day of an instant, as an entry covers it.
fn day(zone: &Zone, instant: &str) -> (String, u64) {
    let instant = at(instant);
    let (starts_at, ends_at, due_at) = opened(&place(Shape::LocalDay, zone, instant, instant, "m", &[]));
    assert!(starts_at <= instant && instant < ends_at);
    assert_eq!(due_at, instant, "a day is written at once and grows");
    let text = starts_at.in_zone(zone).strftime("%Y-%m-%d %H:%M %:z").to_string();
    (text, ends_at.since(starts_at).as_secs() / 3_600)
}

#[test]
fn in_real_time_each_message_is_its_own_entry_and_due_at_once() {
    let open = [window(1, Shape::PerMessage, noon(), 1)];
    let now = noon().plus(Duration::from_secs(3));
    let place = place(Shape::PerMessage, &Zone::utc(), noon(), now, "wamid.1", &open);
    let expected =
        Place::Open { opened_by: "wamid.1".into(), starts_at: noon(), ends_at: noon(), due_at: now };
    assert_eq!(place, expected);
}

#[test]
fn a_window_opens_with_its_first_message_and_is_written_at_its_end() {
    for (shape, hours) in WINDOWS {
        let end = noon().plus(Duration::from_hours(hours));
        assert_eq!(opened(&placed(shape, noon(), &[])), (noon(), end, end), "{shape:?}");
    }
}

#[test]
fn a_window_takes_what_comes_before_its_end_and_nothing_after() {
    for (shape, hours) in WINDOWS {
        let open = [window(7, shape, noon(), hours)];
        let end = noon().plus(Duration::from_hours(hours));
        let last = end.minus(Duration::from_micros(1));
        assert_eq!(placed(shape, noon(), &open), Place::Join(7));
        assert_eq!(placed(shape, last, &open), Place::Join(7));
        assert_eq!(opened(&placed(shape, end, &open)).0, end, "{shape:?}: the end belongs to the next");
    }
}

#[test]
fn an_attempted_window_takes_nothing_more() {
    let open = [OpenEntry { is_sealed: true, ..window(7, Shape::Hour, noon(), 1) }];
    let late = noon().plus(Duration::from_mins(5));
    assert_eq!(opened(&placed(Shape::Hour, late, &open)).0, late);
    let second = [open[0], window(8, Shape::Hour, noon(), 1)];
    assert_eq!(placed(Shape::Hour, late, &second), Place::Join(8));
}

#[test]
fn a_window_of_another_frequency_takes_nothing() {
    let open = [window(7, Shape::SixHours, noon(), 6)];
    assert_eq!(opened(&placed(Shape::Hour, noon(), &open)).0, noon());
    let day = [OpenEntry { shape: Shape::TwentyFourHours, ..window(8, Shape::LocalDay, noon(), 24) }];
    assert!(matches!(placed(Shape::LocalDay, noon(), &day), Place::Open { .. }));
}

#[test]
fn a_late_message_from_before_a_window_opens_its_own() {
    let open = [window(7, Shape::Hour, noon(), 1)];
    let before = noon().minus(Duration::from_micros(1));
    assert_eq!(opened(&placed(Shape::Hour, before, &open)).0, before);
}

#[test]
fn a_late_message_whose_window_is_over_is_due_at_once() {
    let now = noon().plus(Duration::from_hours(5));
    let place = place(Shape::Hour, &Zone::utc(), noon(), now, "m", &[]);
    assert_eq!(opened(&place), (noon(), noon().plus(Duration::from_hours(1)), now));
}

#[test]
fn a_window_is_named_by_its_first_message_and_a_day_by_its_start() {
    let name = |shape, instant| match placed(shape, instant, &[]) {
        Place::Open { opened_by, .. } => opened_by,
        Place::Join(id) => panic!("joins {id}"),
    };
    assert_eq!(name(Shape::Hour, noon()), "m");
    let day = name(Shape::LocalDay, noon());
    assert_eq!(day, format!("day/{}", at("2026-01-02T00:00:00Z").seconds()));
    assert_eq!(name(Shape::LocalDay, noon().plus(Duration::from_hours(11))), day, "every message of the day");
    assert_ne!(name(Shape::LocalDay, noon().plus(Duration::from_hours(12))), day);
}

#[test]
fn the_local_day_is_joined_although_it_was_written() {
    let (starts_at, ends_at) = Zone::utc().day(noon());
    let open = [OpenEntry { id: 7, starts_at, ends_at, shape: Shape::LocalDay, is_sealed: true }];
    assert_eq!(placed(Shape::LocalDay, noon(), &open), Place::Join(7));
    assert!(matches!(placed(Shape::LocalDay, ends_at, &open), Place::Open { .. }), "midnight is tomorrow");
}

#[test]
fn a_day_in_warsaw_lasts_23_24_or_25_hours() {
    let warsaw = zone("Europe/Warsaw");
    assert_eq!(day(&warsaw, "2026-01-02T22:59:59Z"), ("2026-01-02 00:00 +01:00".into(), 24));
    assert_eq!(day(&warsaw, "2026-01-02T23:00:00Z"), ("2026-01-03 00:00 +01:00".into(), 24));
    assert_eq!(day(&warsaw, "2026-03-29T12:00:00Z"), ("2026-03-29 00:00 +01:00".into(), 23));
    assert_eq!(day(&warsaw, "2026-10-25T12:00:00Z"), ("2026-10-25 00:00 +02:00".into(), 25));
    assert_eq!(
        day(&warsaw, "2026-10-25T00:30:00Z"),
        day(&warsaw, "2026-10-25T01:30:00Z"),
        "both halves past two"
    );
}

#[test]
fn a_day_in_sao_paulo_may_begin_at_one_o_clock() {
    let sao_paulo = zone("America/Sao_Paulo");
    assert_eq!(day(&sao_paulo, "2018-11-04T12:00:00Z"), ("2018-11-04 01:00 -02:00".into(), 23));
    assert_eq!(day(&sao_paulo, "2018-11-05T12:00:00Z"), ("2018-11-05 00:00 -02:00".into(), 24));
    assert_eq!(day(&sao_paulo, "2018-02-17T12:00:00Z"), ("2018-02-17 00:00 -02:00".into(), 25));
    assert_eq!(
        day(&sao_paulo, "2018-02-18T02:30:00Z").0,
        "2018-02-17 00:00 -02:00",
        "eleven at night, again"
    );
    assert_eq!(day(&sao_paulo, "2026-01-02T02:59:59Z").0, "2026-01-01 00:00 -03:00");
}

#[test]
fn a_day_in_kolkata_begins_at_half_past_six_in_the_evening_of_greenwich() {
    let kolkata = zone("Asia/Kolkata");
    assert_eq!(day(&kolkata, "2026-01-01T18:29:59Z").0, "2026-01-01 00:00 +05:30");
    assert_eq!(day(&kolkata, "2026-01-01T18:30:00Z"), ("2026-01-02 00:00 +05:30".into(), 24));
}

#[test]
fn a_day_that_apia_never_had_is_nobodys() {
    let apia = zone("Pacific/Apia");
    assert_eq!(day(&apia, "2011-12-30T09:59:59Z"), ("2011-12-29 00:00 -10:00".into(), 24));
    assert_eq!(day(&apia, "2011-12-30T10:00:00Z"), ("2011-12-31 00:00 +14:00".into(), 24));
}

#[test]
fn days_follow_each_other_without_gap_or_overlap() {
    for name in ["Europe/Warsaw", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe"]
    {
        let zone = zone(name);
        let mut instant = at("2011-01-01T12:00:00Z");
        for _ in 0..1_200 {
            let (start, end) = zone.day(instant);
            assert!(start <= instant && instant < end, "{name}: {}", instant.rfc3339());
            assert_eq!(zone.day(end).0, end, "{name}: {}", end.rfc3339());
            assert_eq!(
                zone.day(end.minus(Duration::from_micros(1))),
                (start, end),
                "{name}: {}",
                end.rfc3339()
            );
            instant = end.plus(Duration::from_hours(7));
        }
    }
}
