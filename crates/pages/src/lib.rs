//! The showing part of Causeway: values in, pages out.
//!
//! Nothing here performs I/O or decides anything about the business. A view takes a typed value and returns markup;
//! every word comes from the catalogue in `locales/` ([`words`]), every style and script from `assets/` ([`assets`]).

pub mod assets;
pub mod words;

pub mod icon;
pub mod part;
pub mod when;

pub mod form;
pub mod frame;

pub mod account;
pub mod channels;
pub mod chat_sync;
pub mod contacts;
pub mod csv;
pub mod deliveries;
pub mod help;
pub mod inbox;
pub mod integrations;
pub mod mail;
pub mod message;
pub mod panel;
pub mod receipt;
pub mod settings;
pub mod setup;
pub mod sign_in;

pub use frame::{Frame, Here, Me};
pub use maud::Markup;
pub use words::Words;
