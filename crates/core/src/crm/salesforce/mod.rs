//! Salesforce.
/// Salesforce as a CRM.
pub struct Salesforce;
