//! Addresses: how a person is reached and recognised.
//!
//! Matching compares addresses and nothing else, so each kind has one canonical form, made here and nowhere else.
//! Phone numbers need most of the care and have the module [`phone`] to themselves. Everything here is pure: text in,
//! values out, no input is refused with a panic.

mod clean;
mod country;
mod country_names;
mod equality;
mod extension;
mod numbering;
pub mod phone;
mod region;
mod spelling;
#[cfg(test)]
mod tests;
