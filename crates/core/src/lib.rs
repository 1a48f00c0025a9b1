//! The deciding half of Causeway.

pub mod address;
