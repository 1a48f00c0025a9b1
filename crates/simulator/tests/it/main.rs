//! What the simulated orgs promise, one sentence a test.

mod collections;
mod composite;
mod faults;
mod ids;
mod limits;
mod oauth;
mod permissions;
mod queries;
mod records;
mod restart;
mod rules;
mod searches;
mod sockets;
mod upserts;
mod world;
mod zoho;
