//! All integration tests, in one binary: linking once is what keeps the edit-and-test loop short.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod browser;
mod cli;
mod failures;
mod files;
mod journeys;
mod long;
mod postgres;
mod receipts;
mod serving;
mod store;
mod tidy;
mod web;
mod world;
mod zoho;
