//! The simulated Salesforce org: an HTTP server that answers as the vendor does.

pub mod schema;
pub mod soql;
pub mod sosl;
