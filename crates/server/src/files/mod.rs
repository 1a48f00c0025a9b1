//! Files of messages: fetched from the channel as soon as their messages are read, kept by content, given to whoever may
//! read the conversation. A message never waits for its file.

mod digest;
mod fetch;
mod shelf;

pub use fetch::{fetch_due, run};
pub use shelf::{Shelf, ShelfError};
