//! The simulated Salesforce org: an HTTP server that answers as the vendor does.
//!
//! [`Org::handle`] takes one request and gives one answer; `serve` puts it on a socket. Everything in between
//! works on plain values under one lock: a request is taken apart (`call`), checked against the script of
//! faults, signed in (`door`), sent to its resource (`rest`), committed to the journal and answered.

mod answer;
mod call;
mod collections;
mod composite;
mod control;
mod control_people;
mod counting;
mod derive;
mod describe;
mod door;
mod duplicates;
mod faults;
mod identity;
pub mod ids;
mod lightning;
mod limits;
mod oauth;
mod objects;
mod org;
mod pages;
mod phones;
mod query;
mod records;
mod replication;
mod rest;
pub mod schema;
mod search;
mod seed;
mod soap;
pub mod soql;
pub mod sosl;
mod state;
mod store;
mod switches;
mod token;
mod tokens;
mod tree;
mod upsert;
mod validate;
mod values;
mod view;

pub use org::{Cut, Options, Org};
pub use switches::App;
