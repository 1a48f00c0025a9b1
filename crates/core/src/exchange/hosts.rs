//! Which hosts may be spoken to: a CRM's or a provider's own, and those that the operator lists.
//!
//! Tokens and secrets go there, and the addresses come from outside: typed, brought back by a browser, named by an
//! answer. So an address is a scheme and a host and nothing else, and what does not look exactly so is refused.

/// A host that nobody allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{host} is not a host of {owner}; the operator can allow it under `{setting}` in the configuration")]
pub struct HostRefused {
    /// The host.
    pub host: String,
    /// Whose host it would have to be: the title of a CRM or a channel.
    pub owner: &'static str,
    /// The configuration key that lists extra hosts.
    pub setting: &'static str,
}

/// How a refusal speaks of whoever has the hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hosts {
    /// The title of the CRM or the channel.
    pub owner: &'static str,
    /// The configuration key that lists extra hosts.
    pub setting: &'static str,
}

impl Hosts {
    /// Scheme and host, without a slash at the end, of an address that is the owner's (`is_own`, asked with the host
    /// in lower case) or stands in `extra_hosts`. Only those may be spoken to by `http` or at a port.
    pub fn allowed(
        &self,
        address: &str,
        extra_hosts: &[String],
        is_own: impl Fn(&str) -> bool,
    ) -> Result<String, HostRefused> {
        let address = address.trim().to_ascii_lowercase();
        let (scheme, rest) = match address.split_once("://") {
            Some((scheme @ ("http" | "https"), rest)) => (Some(scheme), rest),
            Some(_) => return Err(self.refused(&address)),
            None => (None, address.as_str()),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if !is_authority(authority) {
            return Err(self.refused(&address));
        }
        if extra_hosts.iter().any(|extra| extra.trim().eq_ignore_ascii_case(authority)) {
            let scheme = scheme.unwrap_or(if is_loopback(authority) { "http" } else { "https" });
            return Ok(format!("{scheme}://{authority}"));
        }
        if scheme != Some("http") && is_own(authority) {
            return Ok(format!("https://{authority}"));
        }
        Err(self.refused(&address))
    }

    /// As [`allowed`](Self::allowed), for an address that must name its scheme: those that answers name do.
    pub fn check(
        &self,
        address: &str,
        extra_hosts: &[String],
        is_own: impl Fn(&str) -> bool,
    ) -> Result<(), HostRefused> {
        if !address.contains("://") {
            return Err(self.refused(address));
        }
        self.allowed(address, extra_hosts, is_own).map(|_| ())
    }

    /// The refusal of that host.
    pub fn refused(&self, host: &str) -> HostRefused {
        HostRefused { host: host.to_owned(), owner: self.owner, setting: self.setting }
    }
}

/// A host with or without a port and nothing else: no user, path, query, escape or blank.
fn is_authority(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':' | b'[' | b']'))
}

fn is_loopback(authority: &str) -> bool {
    authority.starts_with("127.")
        || authority.starts_with("[::1]")
        || authority == "localhost"
        || authority.starts_with("localhost:")
}
