//! The store, every function on both engines.

pub mod engine;
mod layer;
mod only_postgres;
mod only_sqlite;
