//! Files that belong to messages: what they are by their first bytes, what a workspace keeps, and how often and how long
//! the provider is asked for one.
//!
//! What a provider declares of a file (its type, its name, its size) is a stranger's word. It is shown, and decides nothing
//! that the bytes decide better.

mod kind;
mod name;
mod rules;
mod trouble;

pub use kind::{HEAD, Showing, UNKNOWN, declared, of_bytes, showing};
pub use name::file_name;
pub use rules::{FileRules, Refused};
pub use trouble::{Trouble, next_try};

#[cfg(test)]
mod tests;
