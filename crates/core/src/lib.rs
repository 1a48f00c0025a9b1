//! The deciding half of Causeway: values in, values out.
//!
//! Nothing here performs I/O, reads a clock or draws a random number; whatever a decision depends on is
//! handed in. Modules stand in reading order, and each imports only those above it. The two edges
//! ([`channels`] and [`crm`]) come last and do not see each other.

pub mod time;

pub mod address;
pub mod lane;
pub mod plan;
pub mod record;
pub mod timeline;

pub mod channels;
pub mod crm;
