//! The pretending half of Causeway: servers that stand in for the outside world.

pub mod clock;
pub mod salesforce;
pub mod serve;
pub mod whatsapp;
