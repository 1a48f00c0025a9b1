//! Which hosts are Salesforce: the two login hosts and everything under `my.salesforce.com`.
//!
//! A token answer names the host that all later requests, with the token, go to; so nothing else is spoken
//! to unless the operator lists it. `lightning.force.com` is a user interface and never an API.
//! <https://help.salesforce.com/s/articleView?id=sf.domain_name_login_url.htm>

use crate::crm::{Environment, HostRefused};

const PRODUCTION: &str = "login.salesforce.com";
const SANDBOX: &str = "test.salesforce.com";
const MY_DOMAIN: &str = ".my.salesforce.com";

/// The configuration key that lists extra hosts.
const SETTING: &str = "salesforce.extra_hosts";

/// Scheme and host, without a slash at the end, of the place where an environment logs in.
pub(super) fn login_url(environment: &Environment, extra_hosts: &[String]) -> Result<String, HostRefused> {
    match environment {
        Environment::Production => Ok(format!("https://{PRODUCTION}")),
        Environment::Sandbox => Ok(format!("https://{SANDBOX}")),
        Environment::Host(host) => {
            allowed(host, extra_hosts, |host| host == PRODUCTION || host == SANDBOX || is_my_domain(host))
        }
    }
}

/// Whether the API may be spoken to there.
pub(super) fn check_instance(instance_url: &str, extra_hosts: &[String]) -> Result<(), HostRefused> {
    if !instance_url.contains("://") {
        return Err(refused(instance_url));
    }
    allowed(instance_url, extra_hosts, is_my_domain).map(|_| ())
}

fn allowed(
    address: &str,
    extra_hosts: &[String],
    is_salesforce: fn(&str) -> bool,
) -> Result<String, HostRefused> {
    let address = address.trim().to_ascii_lowercase();
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme @ ("http" | "https"), rest)) => (Some(scheme), rest),
        Some(_) => return Err(refused(&address)),
        None => (None, address.as_str()),
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    if !is_authority(authority) {
        return Err(refused(&address));
    }
    if extra_hosts.iter().any(|extra| extra.trim().eq_ignore_ascii_case(authority)) {
        let scheme = scheme.unwrap_or(if is_loopback(authority) { "http" } else { "https" });
        return Ok(format!("{scheme}://{authority}"));
    }
    if scheme != Some("http") && is_salesforce(authority) {
        return Ok(format!("https://{authority}"));
    }
    Err(refused(&address))
}

/// A host with or without a port and nothing else: no user, path, query, escape or blank.
fn is_authority(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':' | b'[' | b']'))
}

fn is_my_domain(host: &str) -> bool {
    host.strip_suffix(MY_DOMAIN).is_some_and(|name| {
        name.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
    })
}

fn is_loopback(authority: &str) -> bool {
    authority.starts_with("127.")
        || authority.starts_with("[::1]")
        || authority == "localhost"
        || authority.starts_with("localhost:")
}

fn refused(host: &str) -> HostRefused {
    HostRefused { host: host.to_owned(), crm: super::TITLE, setting: SETTING }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &str) -> Environment {
        Environment::Host(name.to_owned())
    }

    #[test]
    fn production_and_sandbox_have_their_login_hosts() {
        assert_eq!(login_url(&Environment::Production, &[]).as_deref(), Ok("https://login.salesforce.com"));
        assert_eq!(login_url(&Environment::Sandbox, &[]).as_deref(), Ok("https://test.salesforce.com"));
    }

    #[test]
    fn my_domain_in_all_its_forms_is_allowed() {
        for name in [
            "acme.my.salesforce.com",
            "ACME.My.Salesforce.com",
            "acme--uat.sandbox.my.salesforce.com",
            "acme-dev-ed.develop.my.salesforce.com",
            "acme.scratch.my.salesforce.com",
            "acme.trailblaze.my.salesforce.com",
            "https://acme.my.salesforce.com/",
        ] {
            assert!(login_url(&host(name), &[]).is_ok(), "{name}");
        }
        assert_eq!(
            login_url(&host("ACME.my.salesforce.com"), &[]).as_deref(),
            Ok("https://acme.my.salesforce.com")
        );
        assert_eq!(check_instance("https://acme.my.salesforce.com", &[]), Ok(()));
    }

    #[test]
    fn a_host_that_only_looks_like_salesforce_is_refused() {
        for name in [
            "",
            "https://",
            "https://login.salesforce.com.evil.com",
            "https://evil.com/login.salesforce.com",
            "https://login.salesforce.com@evil.com",
            "https://evil.com#.my.salesforce.com",
            "https://evil.com?.my.salesforce.com",
            "https://evil.com\\.my.salesforce.com",
            "https://evil.com%2f.my.salesforce.com",
            "https://.my.salesforce.com",
            "https://a..my.salesforce.com",
            "https://evilmy.salesforce.com",
            "https://acme.my.salesforce.com:8443",
            "https://acme.my.salesforce.com/services",
            "https://user:pw@acme.my.salesforce.com",
            "http://acme.my.salesforce.com",
            "ftp://acme.my.salesforce.com",
            "https://acme.lightning.force.com",
            "https://acme.my.site.com",
            "https://ácme.my.salesforce.com",
            "http://127.0.0.1",
            "http://169.254.169.254/latest",
        ] {
            assert!(login_url(&host(name), &[]).is_err(), "{name}");
            assert!(check_instance(name, &[]).is_err(), "{name}");
        }
    }

    #[test]
    fn an_extra_host_is_allowed_exactly_as_listed() {
        let extra = ["127.0.0.1:8090".to_owned(), "Crm.Example.test".to_owned()];
        assert_eq!(login_url(&host("127.0.0.1:8090"), &extra).as_deref(), Ok("http://127.0.0.1:8090"));
        assert_eq!(
            login_url(&host("https://127.0.0.1:8090"), &extra).as_deref(),
            Ok("https://127.0.0.1:8090")
        );
        assert_eq!(login_url(&host("crm.example.test"), &extra).as_deref(), Ok("https://crm.example.test"));
        assert_eq!(check_instance("http://127.0.0.1:8090", &extra), Ok(()));
        for other in [
            "http://127.0.0.1",
            "http://127.0.0.1:8091",
            "http://a@127.0.0.1:8090",
            "http://x.crm.example.test",
        ] {
            assert!(check_instance(other, &extra).is_err(), "{other}");
        }
        assert!(check_instance("127.0.0.1:8090", &extra).is_err(), "an address has a scheme");
    }

    #[test]
    fn a_refusal_names_the_host_and_the_setting() {
        let refusal = check_instance("https://evil.com", &[]).expect_err("refused");
        assert!(refusal.to_string().contains("https://evil.com"));
        assert!(refusal.to_string().contains("salesforce.extra_hosts"));
    }
}
