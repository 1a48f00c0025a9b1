//! Data centres: which one a request is addressed to, and how the org's own addresses read.

use serde::{Deserialize, Serialize};

use super::state::State;
use crate::call::Call;

/// A data centre, as `location` names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Centre {
    #[default]
    Us,
    Eu,
    In,
    Cn,
    Au,
    Jp,
    Ca,
    Sa,
    Uk,
    Ae,
}

/// Every data centre: its name, and the hosts of accounts, REST and web pages.
const CENTRES: &[(Centre, &str, &str, &str, &str)] = &[
    (Centre::Us, "us", "accounts.zoho.com", "www.zohoapis.com", "crm.zoho.com"),
    (Centre::Eu, "eu", "accounts.zoho.eu", "www.zohoapis.eu", "crm.zoho.eu"),
    (Centre::In, "in", "accounts.zoho.in", "www.zohoapis.in", "crm.zoho.in"),
    (Centre::Cn, "cn", "accounts.zoho.com.cn", "www.zohoapis.com.cn", "crm.zoho.com.cn"),
    (Centre::Au, "au", "accounts.zoho.com.au", "www.zohoapis.com.au", "crm.zoho.com.au"),
    (Centre::Jp, "jp", "accounts.zoho.jp", "www.zohoapis.jp", "crm.zoho.jp"),
    (Centre::Ca, "ca", "accounts.zohocloud.ca", "www.zohoapis.ca", "crm.zohocloud.ca"),
    (Centre::Sa, "sa", "accounts.zoho.sa", "www.zohoapis.sa", "crm.zoho.sa"),
    (Centre::Uk, "uk", "accounts.zoho.uk", "www.zohoapis.uk", "crm.zoho.uk"),
    (Centre::Ae, "ae", "accounts.zoho.ae", "www.zohoapis.ae", "crm.zoho.ae"),
];

impl Centre {
    /// As `location` says it.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        CENTRES.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    fn row(self) -> &'static (Self, &'static str, &'static str, &'static str, &'static str) {
        CENTRES.iter().find(|row| row.0 == self).unwrap_or(&CENTRES[0])
    }
}

/// The data centre that a request is addressed to: by the vendor's host names, by the first label of any other
/// host (`eu.org.test`), else the org's own.
pub fn addressed(state: &State, call: &Call) -> Centre {
    let host = call.header("host").unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let host = host.replacen("sandbox.", "www.", 1).replacen("developer.", "www.", 1);
    let known = CENTRES.iter().find(|row| [row.2, row.3, row.4].contains(&host.as_str()));
    let labelled = || host.split_once('.').and_then(|(first, _)| Centre::named(first));
    known.map(|row| row.0).or_else(labelled).unwrap_or(state.switches.centre)
}

/// Whether a request goes to a host that serves the old REST versions only.
pub fn is_page_host(call: &Call) -> bool {
    let host = call.header("host").unwrap_or_default();
    CENTRES.iter().any(|row| row.4 == host)
}

/// Where the org's accounts server is, as a callback says it.
pub fn accounts_url(state: &State, call: &Call) -> String {
    own_url(state, call, state.switches.centre.row().2)
}

/// Where the org's REST API is, as a token says it.
pub fn api_url(state: &State, call: &Call) -> String {
    let host = state.switches.centre.row().3;
    let host = match state.switches.org_type.as_str() {
        "sandbox" => host.replacen("www.", "sandbox.", 1),
        "developer" => host.replacen("www.", "developer.", 1),
        _ => host.to_owned(),
    };
    own_url(state, call, &host)
}

fn own_url(state: &State, call: &Call, vendor_host: &str) -> String {
    if state.switches.vendor_hosts {
        return format!("https://{vendor_host}");
    }
    // Who was asked as `us.org.test` and lives in Europe sends people on to `eu.org.test`.
    let asked = || {
        let host = call.header("host").unwrap_or("localhost");
        match host.split_once('.').filter(|(first, _)| Centre::named(first).is_some()) {
            Some((_, rest)) => format!("http://{}.{rest}", state.switches.centre.name()),
            None => format!("http://{host}"),
        }
    };
    state.base_url.clone().unwrap_or_else(asked)
}

/// What `/oauth/serverinfo` says: every accounts server. The org's own is where it is.
pub fn accounts_servers(state: &State, call: &Call) -> serde_json::Value {
    let servers = CENTRES.iter().map(|row| {
        let url = if row.0 == state.switches.centre {
            accounts_url(state, call)
        } else {
            format!("https://{}", row.2)
        };
        (row.1.to_owned(), url.into())
    });
    serde_json::Value::Object(servers.collect())
}
