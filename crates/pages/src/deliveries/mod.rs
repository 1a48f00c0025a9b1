//! Deliveries: what waits and why, cause by cause and entry by entry.

pub mod entry;
mod list;

pub use list::{Act, Cause, Chosen, Deliveries, Line, list, parts, question};
