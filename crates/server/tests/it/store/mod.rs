//! The store, every function on both engines.

mod complete;
mod connection;
mod contact;
mod conversation;
pub mod engine;
mod entry;
mod intake;
mod integration;
mod isolation;
mod item;
mod lane;
mod layer;
mod lease;
mod merge;
mod meta;
mod only_postgres;
mod only_sqlite;
mod person;
mod receipt;
mod scene;
mod schema;
mod source;
mod statements;
mod test_record;
mod workspace;
