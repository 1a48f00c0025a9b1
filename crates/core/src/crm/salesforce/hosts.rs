//! Which hosts are Salesforce: the two login hosts and everything under `my.salesforce.com`.
//!
//! A token answer names the host that all later requests, with the token, go to; so nothing else is spoken
//! to unless the operator lists it. `lightning.force.com` is a user interface and never an API.
//! <https://help.salesforce.com/s/articleView?id=sf.domain_name_login_url.htm>

use crate::crm::{HostRefused, Login, hosts::Hosts};

const PRODUCTION: &str = "https://login.salesforce.com";
const SANDBOX: &str = "https://test.salesforce.com";
const MY_DOMAIN: &str = ".my.salesforce.com";

const HOSTS: Hosts = Hosts { owner: super::TITLE, setting: "salesforce.extra_hosts" };

/// Where people log in. What was typed for `own` is stored as it is.
pub(super) const LOGINS: &[Login] = &[
    Login { key: "production", url: Some(PRODUCTION) },
    Login { key: "sandbox", url: Some(SANDBOX) },
    Login { key: "own", url: None },
];

/// Scheme and host, without a slash at the end, of the place where one logs in.
pub(super) fn login_url(place: &str, extra_hosts: &[String]) -> Result<String, HostRefused> {
    match Login::url_of(LOGINS, place) {
        Some(url) => Ok(url.to_owned()),
        None => HOSTS.allowed(place, extra_hosts, |host| {
            LOGINS.iter().any(|login| login.is_at(host)) || is_my_domain(host)
        }),
    }
}

/// A copy for testing, as far as the place tells.
pub(super) fn is_sandbox(place: &str) -> bool {
    place == "sandbox" || place.contains(".sandbox.")
}

/// Whether the API may be spoken to there.
pub(super) fn check_instance(instance_url: &str, extra_hosts: &[String]) -> Result<(), HostRefused> {
    HOSTS.check(instance_url, extra_hosts, is_my_domain)
}

fn is_my_domain(host: &str) -> bool {
    host.strip_suffix(MY_DOMAIN).is_some_and(|name| {
        name.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_and_sandbox_have_their_login_hosts() {
        assert_eq!(login_url("production", &[]).as_deref(), Ok("https://login.salesforce.com"));
        assert_eq!(login_url("sandbox", &[]).as_deref(), Ok("https://test.salesforce.com"));
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
            assert!(login_url(name, &[]).is_ok(), "{name}");
        }
        assert_eq!(login_url("ACME.my.salesforce.com", &[]).as_deref(), Ok("https://acme.my.salesforce.com"));
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
            assert!(login_url(name, &[]).is_err(), "{name}");
            assert!(check_instance(name, &[]).is_err(), "{name}");
        }
    }

    #[test]
    fn an_extra_host_is_allowed_exactly_as_listed() {
        let extra = ["127.0.0.1:8090".to_owned(), "Crm.Example.test".to_owned()];
        assert_eq!(login_url("127.0.0.1:8090", &extra).as_deref(), Ok("http://127.0.0.1:8090"));
        assert_eq!(login_url("https://127.0.0.1:8090", &extra).as_deref(), Ok("https://127.0.0.1:8090"));
        assert_eq!(login_url("crm.example.test", &extra).as_deref(), Ok("https://crm.example.test"));
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
