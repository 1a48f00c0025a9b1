//! Delays: growing, bounded, and spread.

use std::time::Duration;

use super::{SETTLED, backoff, doubled, settling};

#[test]
fn delays_grow_and_stay_bounded() {
    for roll in [0.0, 0.5, 1.0] {
        let delays: Vec<_> = (0..40).map(|tries| backoff(tries, roll)).collect();
        assert!(delays.windows(2).all(|pair| pair[0] <= pair[1]), "{delays:?}");
        assert!(delays.iter().all(|delay| *delay >= Duration::from_millis(500)));
        assert!(delays.iter().all(|delay| *delay <= Duration::from_mins(5)));
    }
    assert!(backoff(u32::MAX, 1.0) <= Duration::from_mins(5));
}

#[test]
fn a_wait_is_doubled_up_to_its_longest_however_often() {
    let (first, longest) = (Duration::from_mins(1), Duration::from_hours(1));
    assert_eq!([0, 1, 5].map(|times| doubled(first, times, longest).as_secs()), [60, 120, 1920]);
    assert!([6, 31, 32, u32::MAX].iter().all(|times| doubled(first, *times, longest) == longest));
}

#[test]
fn chance_spreads_a_delay_over_its_upper_half_and_no_further() {
    for tries in 0..20 {
        let (least, most) = (backoff(tries, 0.0), backoff(tries, 1.0));
        assert_eq!(most, least * 2);
        for roll in [-1.0, 0.3, 2.0, f64::INFINITY] {
            assert!(least <= backoff(tries, roll) && backoff(tries, roll) <= most);
        }
    }
}

#[test]
fn looks_for_a_lost_answer_grow_apart_and_reach_the_end_of_settling() {
    let delays: Vec<_> = (0..20).map(settling).collect();
    assert!(delays.windows(2).all(|pair| pair[0] <= pair[1]), "{delays:?}");
    assert_eq!(delays[0], Duration::from_secs(5));
    assert!(settling(u32::MAX) <= Duration::from_mins(2));
    assert!(delays.iter().sum::<Duration>() > SETTLED);
}

#[test]
fn not_there_is_believed_after_ten_minutes() {
    assert_eq!(SETTLED, Duration::from_mins(10));
}
