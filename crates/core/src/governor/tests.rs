//! The governor's rules, by example.

use std::time::Duration;

use super::*;
use crate::{
    call::{Call, DescribeFlow, Usage},
    time::Timestamp,
};

const HOUR: i64 = 3600 * 1_000_000;
const RULES: Rules = Rules { share_percent: 100, reserve_percent: 10 };

fn day() -> Window {
    Window { length: Duration::from_hours(24), is_rolling: true }
}

fn standing(used: u64, limit: u64, ours: u64) -> Standing {
    Standing { usage: Some(Usage { used, limit }), ours }
}

fn hours(hours: i64) -> Timestamp {
    Timestamp(1_000 * 24 * HOUR + hours * HOUR)
}

/// A reading each quarter of an hour, from `from` to `to` hours: `used` at the hour.
fn readings(from: i64, to: i64, used: impl Fn(f64) -> f64) -> Vec<Reading> {
    (from * 4..=to * 4)
        .map(|quarter| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "small"
            )]
            let used = used(quarter as f64 / 4.0) as u64;
            Reading { at: Timestamp(hours(0).0 + quarter * HOUR / 4), used }
        })
        .collect()
}

fn near(outlook: Outlook, wanted: Timestamp, from: Timestamp) -> bool {
    let Outlook::At(at) = outlook else { return false };
    (at.0 - wanted.0).abs() * 20 <= (wanted.0 - from.0).abs()
}

#[test]
fn each_purpose_stops_before_the_one_that_has_right_of_way() {
    let mut last = u64::MAX;
    for purpose in PURPOSES {
        let (left, _) = left(standing(500, 1000, 0), RULES, *purpose).expect("a limit is known");
        assert!(left <= last, "{purpose:?}");
        last = left;
    }
    let at = |used| {
        PURPOSES.iter().filter(move |purpose| may_call(standing(used, 1000, 0), RULES, **purpose, 1).is_ok())
    };
    assert_eq!(at(764).count(), 5);
    assert!(at(765).all(|purpose| *purpose != Purpose::Check));
    assert!(at(810).all(|purpose| *purpose < Purpose::Backfill));
    assert_eq!(at(899).count(), 3);
    assert_eq!(at(900).collect::<Vec<_>>(), [&Purpose::Panel]);
    assert_eq!(at(999).collect::<Vec<_>>(), [&Purpose::Panel]);
    assert_eq!(at(1000).count(), 0);
}

#[test]
fn a_panel_keeps_a_last_hundredth_even_where_nothing_is_reserved() {
    let rules = Rules { reserve_percent: 0, ..RULES };
    assert_eq!(may_call(standing(990, 1000, 0), rules, Purpose::Message, 1), Err(Because::Limit));
    assert_eq!(may_call(standing(999, 1000, 0), rules, Purpose::Panel, 1), Ok(()));
}

#[test]
fn the_share_counts_what_is_ours_and_the_reserve_what_is_everybodys() {
    let rules = Rules { share_percent: 20, reserve_percent: 10 };
    assert_eq!(may_call(standing(300, 1000, 200), rules, Purpose::Message, 1), Err(Because::Share));
    assert_eq!(may_call(standing(300, 1000, 200), rules, Purpose::Panel, 1), Ok(()));
    assert_eq!(may_call(standing(300, 1000, 199), rules, Purpose::Message, 1), Ok(()));
    assert_eq!(may_call(standing(300, 1000, 199), rules, Purpose::Message, 2), Err(Because::Share));
    assert_eq!(may_call(standing(900, 1000, 10), rules, Purpose::Message, 1), Err(Because::Reserve));
    assert_eq!(may_call(standing(1000, 1000, 10), rules, Purpose::Panel, 1), Err(Because::Limit));
}

#[test]
fn an_org_that_tells_no_limit_has_none() {
    for usage in [None, Some(Usage { used: 5, limit: 0 })] {
        let standing = Standing { usage, ours: 7 };
        assert_eq!(may_call(standing, RULES, Purpose::Check, 1), Ok(()));
        assert_eq!((left(standing, RULES, Purpose::Panel), spent(standing, RULES)), (None, None));
    }
}

#[test]
fn what_is_spent_is_told_of_what_the_lane_may_spend() {
    assert_eq!(spent(standing(450, 1000, 0), RULES), Some(50));
    assert_eq!(spent(standing(900, 1000, 0), RULES), Some(100));
    let rules = Rules { share_percent: 10, reserve_percent: 10 };
    assert_eq!(spent(standing(450, 1000, 80), rules), Some(80));
    assert_eq!(spent(standing(1, 1000, 0), Rules { share_percent: 0, reserve_percent: 0 }), Some(100));
}

#[test]
fn the_hour_at_which_calls_are_used_up_follows_from_the_rate_of_lately() {
    // 600 an hour since midnight, of 15,000: 13,500 are reached after 22.5 hours.
    let readings = readings(0, 6, |hour| 600.0 * hour);
    let history = History::of(day(), &readings).expect("readings");
    let scene = Scene {
        now: hours(6),
        history: Some(&history),
        ours: &[],
        standing: standing(3600, 15_000, 0),
        rules: RULES,
        waiting: (0, 0),
        is_stopped: false,
    };
    let told = forecast(&scene).reached;
    assert!(near(told, Timestamp(hours(22).0 + HOUR / 2), hours(6)), "{told:?}");
    let slower = self::readings(0, 6, |hour| 400.0 * hour);
    let history = History::of(day(), &slower).expect("readings");
    let scene = Scene { history: Some(&history), standing: standing(2400, 15_000, 0), ..scene };
    assert_eq!(forecast(&scene).reached, Outlook::Never, "the window brings new calls before");
    let tight = Rules { share_percent: 5, ..RULES };
    let ours: Vec<(i64, u64)> = (0..24).map(|quarter| (slot(hours(0)) + quarter, 25)).collect();
    let scene = Scene { rules: tight, ours: &ours, standing: standing(2400, 15_000, 600), ..scene };
    let told = forecast(&scene).reached;
    assert!(near(told, Timestamp(hours(7).0 + HOUR / 2), hours(6)), "{told:?}");
}

#[test]
fn a_steady_day_does_not_look_like_a_rising_one() {
    // The window has always held 10,000: as much leaves it as comes.
    let readings = readings(0, 6, |_| 10_000.0);
    let history = History::of(day(), &readings).expect("readings");
    let scene = Scene {
        now: hours(6),
        history: Some(&history),
        ours: &[],
        standing: standing(10_000, 15_000, 0),
        rules: RULES,
        waiting: (10, 2),
        is_stopped: false,
    };
    let told = forecast(&scene);
    assert_eq!(told.reached, Outlook::Never);
    assert_eq!(told.written, Outlook::At(hours(6)));
}

#[test]
fn a_lane_that_stopped_goes_on_when_the_calls_of_a_day_ago_leave_the_window() {
    // 2,000 an hour from 0 to 7, then nothing more: at 24 the first of them leave the window.
    let spent = |hour: f64| 2000.0 * hour.min(7.0);
    let readings = readings(0, 12, spent);
    let history = History::of(day(), &readings).expect("readings");
    let scene = Scene {
        now: hours(12),
        history: Some(&history),
        ours: &[],
        standing: standing(14_000, 15_000, 0),
        rules: RULES,
        waiting: (100_000, 1500),
        is_stopped: true,
    };
    let told = forecast(&scene);
    // 510 more than allowed are gone after a quarter of an hour, 1,500 more after another three quarters.
    assert!(near(told.goes_on, Timestamp(hours(24).0 + HOUR / 4), hours(12)), "{told:?}");
    assert!(near(told.written, hours(25), hours(12)), "{told:?}");
    assert_eq!(told.reached, Outlook::At(hours(12)));
}

#[test]
fn a_window_that_does_not_roll_is_empty_at_its_end() {
    let fixed = Window { length: Duration::from_hours(24), is_rolling: false };
    let readings = readings(1, 12, |hour| (1000.0 * hour).min(9000.0));
    let history = History::of(fixed, &readings).expect("readings");
    let scene = Scene {
        now: hours(12),
        history: Some(&history),
        ours: &[],
        standing: standing(9000, 10_000, 0),
        rules: RULES,
        waiting: (10, 2),
        is_stopped: true,
    };
    let told = forecast(&scene).goes_on;
    assert!(near(told, hours(24), hours(12)), "{told:?}");
}

#[test]
fn too_few_readings_tell_nothing() {
    let none = Scene {
        now: hours(1),
        history: None,
        ours: &[],
        standing: standing(5000, 15_000, 0),
        rules: RULES,
        waiting: (0, 0),
        is_stopped: false,
    };
    assert_eq!(forecast(&none).reached, Outlook::TooFew);
    let two = [Reading { at: hours(0), used: 1 }, Reading { at: hours(1), used: 900 }];
    let history = History::of(day(), &two).expect("readings");
    let told = forecast(&Scene { history: Some(&history), is_stopped: true, ..none });
    assert_eq!(
        (told.reached, told.goes_on, told.written),
        (Outlook::TooFew, Outlook::TooFew, Outlook::TooFew)
    );
    let free = Scene { standing: Standing { usage: None, ours: 3 }, ..none };
    assert_eq!(forecast(&free).reached, Outlook::Never);
}

#[test]
fn readings_that_do_not_follow_begin_anew() {
    let mut all = readings(0, 3, |hour| 3000.0 * hour);
    // The org was given a fresh start: nothing of before counts.
    all.extend(readings(4, 6, |hour| 100.0 * (hour - 4.0)));
    let history = History::of(day(), &all).expect("readings");
    let scene = Scene {
        now: hours(6),
        history: Some(&history),
        ours: &[],
        standing: standing(200, 15_000, 0),
        rules: RULES,
        waiting: (0, 0),
        is_stopped: false,
    };
    assert_eq!(forecast(&scene).reached, Outlook::Never);
}

#[test]
fn somebody_is_told_once_for_each_cause() {
    let mut told = Vec::new();
    let mut state = Alarms::default();
    let story = [
        (10, false),
        (80, false),
        (85, false),
        (79, false),
        (80, false),
        (100, true),
        (100, true),
        (99, false),
        (100, true),
        (76, false),
        (85, false),
        (74, false),
        (80, false),
        (60, false),
        (100, true),
    ];
    for (place, (spent, is_stopped)) in story.into_iter().enumerate() {
        let (after, tell) = alarms(state, Some(spent), is_stopped);
        state = after;
        told.extend(tell.map(|level| (place, level)));
    }
    let wanted = [(1, Level::Near), (5, Level::Stopped), (12, Level::Near), (14, Level::Stopped)];
    assert_eq!(told, wanted);
}

#[test]
fn calls_run_short_near_their_end_or_when_they_will_not_last() {
    let soon = Outlook::At(hours(1));
    assert!(is_short(false, Some(80), false, Outlook::Never));
    assert!(is_short(false, Some(30), false, soon));
    assert!(is_short(false, None, true, Outlook::TooFew));
    assert!(!is_short(false, Some(79), false, Outlook::TooFew));
    assert!(is_short(true, Some(76), false, Outlook::Never), "not over yet");
    assert!(!is_short(true, Some(74), false, Outlook::Never));
}

#[test]
fn who_asks_is_told_the_numbers() {
    let said = wording::why(Because::Reserve, standing(13_500, 15_000, 2850), RULES);
    assert_eq!(
        said,
        "the org allows 15,000 calls a day; others used 71 % and Causeway 19 %, and 10 % is left to others"
    );
    let rules = Rules { share_percent: 20, ..RULES };
    let said = wording::why(Because::Share, standing(5000, 10_000, 2000), rules);
    assert!(said.starts_with("Causeway may spend 20 % of the org's 10,000 calls a day, and has"), "{said}");
    let said = wording::why(Because::Limit, standing(15_000, 15_000, 1), RULES);
    assert!(said.ends_with("others used 100 % and Causeway less than 0.1 %"), "{said}");
}

#[test]
fn panels_and_asking_for_the_limit_go_on_where_messages_stop_and_a_batch_begun_is_ended_as_messages_are() {
    let near = standing(95, 100, 0);
    let read = Call::ReadEntries { kind: crate::record::EntryKind::Task, ids: Vec::new() };
    let describe = Call::Describe { user_id: String::new(), flow: DescribeFlow::default() };
    let may = |call: &Call, purpose| allows(call, purpose, near, RULES, 1).is_ok();
    assert!(
        may(&read, Purpose::Panel) && may(&Call::Usage, Purpose::Check) && may(&describe, Purpose::Asked)
    );
    assert!(
        !may(&read, Purpose::Message) && !may(&describe, Purpose::Message) && !may(&read, Purpose::Asked)
    );
    let nearly = standing(89, 100, 0);
    assert!(may_call(nearly, RULES, Purpose::Check, 1).is_err(), "a check does not begin");
    assert!(allows(&read, Purpose::Check, nearly, RULES, 1).is_ok(), "what was begun is ended");
}
