//! The orgs that stand in for CRMs: whichever it is, a request goes in and an answer comes out.

use std::future::pending;

use bytes::Bytes;
use causeway_simulator::{salesforce, serve::serve, zoho};
use http::{Request, Response};
use tokio::net::TcpListener;

pub use causeway_simulator::salesforce::Cut;

use super::crm::{Crm, SALESFORCE, ZOHO};

/// A simulated org. Clones are handles on the same one.
#[derive(Clone)]
pub enum Org {
    Salesforce(salesforce::Org),
    Zoho(zoho::Org),
}

impl From<salesforce::Org> for Org {
    fn from(org: salesforce::Org) -> Self {
        Self::Salesforce(org)
    }
}

impl From<zoho::Org> for Org {
    fn from(org: zoho::Org) -> Self {
        Self::Zoho(org)
    }
}

impl Org {
    /// The CRM that it is an org of.
    pub fn crm(&self) -> &'static dyn Crm {
        match self {
            Self::Salesforce(_) => SALESFORCE,
            Self::Zoho(_) => ZOHO,
        }
    }

    /// One request in, one answer out.
    pub async fn handle(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Cut> {
        match self {
            Self::Salesforce(org) => org.handle(request).await,
            Self::Zoho(org) => org.handle(request).await,
        }
    }

    /// Stops its clock at these microseconds since 1970.
    pub fn set_clock(&self, micros: i64) {
        match self {
            Self::Salesforce(org) => org.set_clock(micros),
            Self::Zoho(org) => org.set_clock(micros),
        }
    }

    /// Another org that is as this one is now, and goes its own way from here.
    pub fn fork(&self) -> Self {
        match self {
            Self::Salesforce(org) => Self::Salesforce(org.fork()),
            Self::Zoho(org) => Self::Zoho(org.fork()),
        }
    }

    /// Answers on a socket for as long as it is asked to.
    pub async fn serve(self, listener: TcpListener) {
        match self {
            Self::Salesforce(org) => serve(org, listener, pending()).await.unwrap(),
            Self::Zoho(org) => serve(org, listener, pending()).await.unwrap(),
        }
    }
}
