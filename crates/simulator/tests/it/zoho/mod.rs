//! What the simulated Zoho CRM org promises.

mod attachments;
mod bulk;
mod coql;
mod faults;
mod limits;
mod metadata;
mod notes;
mod oauth;
mod pages;
mod people;
mod records;
mod restart;
mod searches;
mod upserts;
mod watching;
mod world;
