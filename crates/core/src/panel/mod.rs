//! The panel: a person's fields in the CRM, shown beside the conversation. Which record, which fields, for whom.
//!
//! Pure, like all of the core: candidates and values are handed in. The panel reads and never writes; what it finds
//! by itself links nobody for chat sync.

pub mod follow;
pub mod loaded;
pub mod matching;
pub mod settings;
pub mod show;
pub mod trouble;
pub mod view;

#[cfg(test)]
mod tests;
