//! The deciding half of Causeway: values in, values out.
//!
//! Nothing here performs I/O, reads a clock or draws a random number; whatever a decision depends on is
//! handed in. Each module imports only those above it in this order: `time`, `rights`, `sign_in`, `address`, `search`,
//! `record`, `timeline`, `lane`, `call`, `governor`, `plan`, `panel`, `receipt`, `media`, `exchange`. The two edges ([`channels`] and [`crm`]) come last
//! and do not see each other.

pub mod time;

pub mod rights;
pub mod sign_in;

pub mod address;
pub mod search;

pub mod record;
pub mod timeline;

pub mod call;
pub mod governor;
pub mod lane;
pub mod panel;
pub mod plan;
pub mod receipt;

pub mod exchange;
pub mod media;

pub mod channels;
pub mod crm;
