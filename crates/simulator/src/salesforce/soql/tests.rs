//! Statements against a tiny org, one file per concern.

mod columns;
mod dates;
mod filters;
mod hints;
pub(crate) mod hostile;
mod refusals;
mod selecting;
pub(crate) mod world;
