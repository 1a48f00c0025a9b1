//! Which hosts are Zoho: for each data centre one where people log in, three of the API, one of pages.
//!
//! A customer's data and users live in one data centre, and grants and tokens are known there only. Which one it is
//! shows when the person comes back from consent; the token answer names the host of the API. The top-level domains
//! are listed: Canada's logins and pages are at zohocloud.ca and its API is at zohoapis.ca.
//! <https://www.zoho.com/crm/developer/docs/api/v8/multi-dc.html>

use crate::crm::{HostRefused, Login, hosts::Hosts};

const HOSTS: Hosts = Hosts { owner: super::TITLE, setting: "zoho.extra_hosts" };

/// Where people log in: one place for each data centre. Zoho moves people to their own by itself.
pub(super) const LOGINS: &[Login] = &[
    Login { key: "us", url: Some("https://accounts.zoho.com") },
    Login { key: "eu", url: Some("https://accounts.zoho.eu") },
    Login { key: "in", url: Some("https://accounts.zoho.in") },
    Login { key: "cn", url: Some("https://accounts.zoho.com.cn") },
    Login { key: "au", url: Some("https://accounts.zoho.com.au") },
    Login { key: "jp", url: Some("https://accounts.zoho.jp") },
    Login { key: "ca", url: Some("https://accounts.zohocloud.ca") },
    Login { key: "sa", url: Some("https://accounts.zoho.sa") },
    Login { key: "uk", url: Some("https://accounts.zoho.uk") },
    Login { key: "ae", url: Some("https://accounts.zoho.ae") },
];

/// The environments of a data centre: the first label of the API's host, and that of the pages' host.
const ENVIRONMENTS: [(&str, &str); 3] = [("www", "crm"), ("sandbox", "crmsandbox"), ("developer", "crm")];

/// The domains of the API, and those of the pages.
const DOMAINS: [(&str, &str); 10] = [
    ("zohoapis.com", "zoho.com"),
    ("zohoapis.eu", "zoho.eu"),
    ("zohoapis.in", "zoho.in"),
    ("zohoapis.com.cn", "zoho.com.cn"),
    ("zohoapis.com.au", "zoho.com.au"),
    ("zohoapis.jp", "zoho.jp"),
    ("zohoapis.ca", "zohocloud.ca"),
    ("zohoapis.sa", "zoho.sa"),
    ("zohoapis.uk", "zoho.uk"),
    ("zohoapis.ae", "zoho.ae"),
];

/// Scheme and host, without a slash at the end, of the place where one logs in.
pub(super) fn login_url(place: &str, extra_hosts: &[String]) -> Result<String, HostRefused> {
    match Login::url_of(LOGINS, place) {
        Some(url) => Ok(url.to_owned()),
        None => HOSTS.allowed(place, extra_hosts, |host| LOGINS.iter().any(|login| login.is_at(host))),
    }
}

/// The accounts server that a browser brings back; a client of one data centre only is told none, and the code is good
/// where the flow began.
pub(super) fn token_host(
    login_url: &str,
    query: &[(String, String)],
    extra_hosts: &[String],
) -> Result<String, HostRefused> {
    let named = query.iter().find(|(name, value)| name == "accounts-server" && !value.is_empty());
    match named {
        Some((_, server)) => {
            HOSTS.check(server, extra_hosts, |host| LOGINS.iter().any(|login| login.is_at(host)))?;
            self::login_url(server, extra_hosts)
        }
        None => Ok(login_url.to_owned()),
    }
}

/// Whether the API may be spoken to there.
pub(super) fn check_instance(instance_url: &str, extra_hosts: &[String]) -> Result<(), HostRefused> {
    HOSTS.check(instance_url, extra_hosts, |host| pages_of(host).is_some())
}

/// Scheme and host of the pages of an org whose API is there. What is no host of Zoho's (a simulated org) shows its
/// pages itself.
pub(super) fn pages(instance_url: &str) -> String {
    let host = instance_url.strip_prefix("https://").unwrap_or_default();
    pages_of(host).map_or_else(|| instance_url.to_owned(), |pages| format!("https://{pages}"))
}

fn pages_of(api_host: &str) -> Option<String> {
    let (label, domain) = api_host.split_once('.')?;
    let (_, front) = ENVIRONMENTS.iter().find(|(environment, _)| *environment == label)?;
    let (_, pages) = DOMAINS.iter().find(|(api, _)| *api == domain)?;
    Some(format!("{front}.{pages}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_data_centre_has_its_logins_its_api_and_its_pages() {
        assert_eq!(LOGINS.len(), DOMAINS.len());
        assert_eq!(login_url("us", &[]).as_deref(), Ok("https://accounts.zoho.com"));
        assert_eq!(login_url("ca", &[]).as_deref(), Ok("https://accounts.zohocloud.ca"));
        for (api, page) in [
            ("https://www.zohoapis.com", "https://crm.zoho.com"),
            ("https://www.zohoapis.eu", "https://crm.zoho.eu"),
            ("https://www.zohoapis.com.au", "https://crm.zoho.com.au"),
            ("https://www.zohoapis.ca", "https://crm.zohocloud.ca"),
            ("https://sandbox.zohoapis.in", "https://crmsandbox.zoho.in"),
            ("https://developer.zohoapis.jp", "https://crm.zoho.jp"),
            ("http://127.0.0.1:8091", "http://127.0.0.1:8091"),
        ] {
            assert_eq!(pages(api), page);
            assert_eq!(check_instance(api, &[]).is_ok(), api.contains("zohoapis"), "{api}");
        }
    }

    #[test]
    fn a_host_that_only_looks_like_zoho_is_refused() {
        for host in [
            "",
            "https://",
            "https://accounts.zoho.com.evil.com",
            "https://accounts.zoho.ca",
            "https://evil.com/accounts.zoho.com",
            "https://accounts.zoho.com@evil.com",
            "https://accounts.zoho.com:8443",
            "https://accounts.zoho.com/oauth",
            "http://accounts.zoho.com",
            "https://www.zohoapis.com.evil.com",
            "https://evil.zohoapis.com",
            "https://zohoapis.com",
            "https://www.zohoapis.xx",
            "https://a.www.zohoapis.com",
            "http://www.zohoapis.com",
            "https://crm.zoho.com",
            "http://127.0.0.1",
        ] {
            assert!(login_url(host, &[]).is_err(), "{host}");
            assert!(check_instance(host, &[]).is_err(), "{host}");
        }
        assert!(check_instance("https://accounts.zoho.com", &[]).is_err(), "no API is there");
        assert!(login_url("https://www.zohoapis.com", &[]).is_err(), "nobody logs in there");
    }

    #[test]
    fn a_code_goes_to_the_accounts_server_that_the_browser_names_if_it_is_one() {
        let named = |server: &str| {
            let query =
                [("location".to_owned(), "eu".to_owned()), ("accounts-server".to_owned(), server.to_owned())];
            token_host("https://accounts.zoho.com", &query, &["127.0.0.1:8091".to_owned()])
        };
        assert_eq!(named("https://accounts.zoho.eu").as_deref(), Ok("https://accounts.zoho.eu"));
        assert_eq!(named("http://127.0.0.1:8091").as_deref(), Ok("http://127.0.0.1:8091"));
        for evil in [
            "https://accounts.zoho.eu.evil.test",
            "accounts.zoho.eu",
            "eu",
            "https://evil.test",
            "//evil.test",
        ] {
            assert!(named(evil).is_err(), "{evil}");
        }
        assert_eq!(
            named("").as_deref(),
            Ok("https://accounts.zoho.com"),
            "a client of one data centre is told none"
        );
    }
}
