//! The deciding half of a lane: what an answer means, and when to try again.

pub mod action;
pub mod retry;
pub mod verdict;

pub use action::Action;
pub use verdict::{HOLD_REASONS, Heal, HoldReason, Verdict, Who};
