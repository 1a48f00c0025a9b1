//! The simulated Zoho CRM org: an HTTP server that answers as the vendor does.
//!
//! [`Org::handle`] takes one request and gives one answer; `serve` puts it on a socket. Everything in between
//! works on plain values under one lock: a request is counted in (`limits`), checked against the script of faults,
//! let in (`door`), sent to its resource (`rest`), committed to the journal and answered.

mod archive;
mod attachments;
mod batch;
mod bulk;
mod centres;
mod composite;
mod control;
mod control_people;
mod control_records;
mod control_shapes;
mod convert;
mod coql;
mod counting;
mod criteria;
mod delete;
mod door;
mod faults;
mod fields;
mod ids;
mod limits;
mod lists;
mod modules;
mod multipart;
mod notes;
mod oauth;
mod org;
mod owner;
mod pages;
mod patterns;
mod people;
mod phones;
mod problem;
mod rest;
mod rights;
mod schema;
mod scopes;
mod search;
mod seed;
mod settings;
mod show;
mod state;
mod store;
mod switches;
mod tags;
mod times;
mod token;
mod tokens;
mod ui;
mod validate;
mod watch;
mod write;

pub use centres::Centre;
pub use org::{Options, Org};
pub use switches::App;

pub use crate::serve::Cut;
