//! The deciding half of a lane: what an answer means, and when to try again.

pub mod retry;
pub mod verdict;

pub use verdict::{Heal, HoldReason, Verdict, Who};
