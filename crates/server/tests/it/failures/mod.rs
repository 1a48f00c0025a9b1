//! "Exactly once, in order", broken on purpose at every step until it holds.

mod batching;
mod buried;
mod by_hand;
pub mod clocks;
mod crashes;
pub mod database;
pub mod every_fault;
pub mod gone;
mod grants;
pub mod ground;
mod lost_answers;
pub mod meddling;
mod midway;
mod moved;
mod nodes;
mod outages;
pub mod schedules;
mod settings;
pub mod story;
mod table;
pub mod tally;
pub mod trap;
mod zoho;
