//! A webhook in, the CRM changed: whole stories against the simulated org, on both databases.

mod ability;
mod create;
mod first;
mod lengths;
mod links;
mod matching;
mod numbers;
mod owners;
mod reopen;
mod shapes;
