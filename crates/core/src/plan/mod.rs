//! What should be in the CRM, decided from timeline, mirror and settings. Same input, same plan.

pub mod admission;
pub mod revision;
pub mod settings;

pub mod compose;
pub mod grouping;
pub mod key;
pub mod matching;
pub mod ownership;
pub mod places;
pub mod wording;

mod text;

#[cfg(test)]
mod tests;

pub mod entries;
pub mod people;
