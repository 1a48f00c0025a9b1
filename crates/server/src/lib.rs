//! The doing half of Causeway.

pub mod store;
