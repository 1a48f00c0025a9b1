//! The doing half of Causeway: receives, keeps, asks the deciding half, and carries out.

pub mod app;
pub mod clock;
pub mod config;
pub mod http;
pub mod id;
pub mod open;
pub mod seal;

pub mod store;

pub mod audit;
pub mod cli;
pub mod crm;
pub mod files;
pub mod first_run;
pub mod governor;
pub mod holds;
pub mod inbox;
pub mod intake;
pub mod lane;
pub mod live;
pub mod mail;
pub mod metrics;
pub mod panel;
pub mod people;
pub mod receipts;
pub mod settings;
pub mod sign_in;
pub mod timeline;

pub mod serve;
pub mod web;
