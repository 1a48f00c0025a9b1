//! What people do in a browser, from the first page to the last.

mod connecting;
mod contacts;
mod deliveries;
mod harness;
mod inbox;
mod integrations;
mod nowhere;
mod panel;
mod people;
mod signing_in;
mod zoho;
