//! The pretending half of Causeway: servers that stand in for the outside world.

pub mod answer;
pub mod call;
pub mod clock;
pub mod counters;
pub mod faults;
pub mod journal;
pub mod org_clock;
pub mod page;
pub mod random;
pub mod salesforce;
pub mod serve;
pub mod usage;
pub mod whatsapp;
pub mod zoho;
