//! The only room with SQL: one async interface over SQLite (embedded) and PostgreSQL.
//!
//! A store function is `async fn f(tx: &mut Tx<'_>, ..) -> Result<T>` and is run by [`Db::write`], [`Db::read`]
//! or [`Db::write_batched`]. Its SQL is written once, in the subset that both engines share.

mod cursor;
mod db;
mod error;
mod job;
mod lite;
mod load;
mod location;
mod migrate;
mod pg;
mod row;
mod tx;
mod value;

pub mod api_token;
pub mod attachment;
pub mod audit;
pub mod audit_list;
pub mod call_count;
pub mod connection;
pub mod contact;
pub mod contact_list;
pub mod contact_word;
pub mod conversation;
pub mod conversation_list;
pub mod entry;
pub mod entry_list;
pub mod file;
pub mod inbox;
pub mod intake;
pub mod integration;
pub mod integration_version;
pub mod item;
pub mod lane;
pub mod lease;
pub mod level;
pub mod mail;
pub mod member;
pub mod meta;
pub mod org;
pub mod panel;
pub mod person;
pub mod pin;
pub mod receipt;
pub mod session;
pub mod sign_in;
pub mod source;
pub mod test_record;
pub mod thread;
pub mod ticket;
pub mod usage_reading;
pub mod workspace;

pub use cursor::{Cursor, NoCursor, Page};
pub use db::{Db, Options};
pub use error::{Error, Rule};
pub use job::Fut;
pub use load::Load;
pub use location::Location;
pub use row::Row;
pub use tx::{Dialect, Tx};
pub use value::Value;

pub use crate::args;

/// What every store function returns.
pub type Result<T> = std::result::Result<T, Error>;
