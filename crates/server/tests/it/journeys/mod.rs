//! A webhook in, the CRM changed: whole stories against the simulated org, on both databases.

pub mod ability;
mod accounts;
mod byhand;
mod changes;
mod connecting;
mod create;
mod fields;
mod files;
mod first;
mod grant;
mod inbox;
mod lengths;
mod limits;
mod links;
mod mails;
mod matching;
mod numbers;
mod owners;
mod panel;
mod reopen;
mod shapes;
pub mod shortage;
mod testrecord;
mod zoho;
