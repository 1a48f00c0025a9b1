//! Sealed values: what was sealed opens at its place and nowhere else, and nothing else opens at all.
#![no_main]

use std::sync::Arc;

use causeway::{
    clock::{HandClock, Nature, SeededEntropy},
    seal::Sealer,
};
use causeway_core::time::Timestamp;
use causeway_fuzz::choice;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let clock = Arc::new(HandClock::at(Timestamp(0)));
    let sealer = Sealer::new(&[9; 32], Nature::new(clock, Arc::new(SeededEntropy::new(1))));
    assert!(sealer.open("place/1", data).is_err(), "bytes that nobody sealed have opened");
    let (damaged, rest) = choice(data);
    let text = String::from_utf8_lossy(rest);
    let mut sealed = sealer.seal("place/1", &text);
    assert_eq!(sealer.open("place/1", &sealed).expect("it opens").expose(), text);
    assert!(sealer.open("place/2", &sealed).is_err(), "it opens elsewhere");
    let at = usize::from(damaged) % sealed.len();
    sealed[at] ^= 1;
    assert!(sealer.open("place/1", &sealed).is_err(), "it opens although it was changed");
});
