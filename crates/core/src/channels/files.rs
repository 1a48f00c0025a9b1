//! How the files of a channel are fetched: requests in steps, and what each answer means. No I/O.
//!
//! A provider names a file by an id that has to be turned into an address, by an address, or both; the address may lead
//! elsewhere. Every address comes from outside, so it is checked against the channel's own hosts and those that the
//! operator lists before anything is sent there, and the token goes to the provider's hosts alone.

use std::time::Duration;

use crate::{
    exchange::{Hosts, Request, Response},
    media::Trouble,
    timeline::Attachment,
};

/// Where a channel's API is, and for which account it is asked.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Scheme and host of the API, without a slash at the end.
    pub api_url: &'a str,
    /// The version to speak.
    pub version: &'a str,
    /// The provider's id of the channel account.
    pub account: &'a str,
    /// Hosts beyond the provider's own.
    pub extra_hosts: &'a [String],
}

impl Place<'_> {
    /// Does the operator list this host (`host` or `host:port`), or is it the API's?
    pub fn lists(&self, authority: &str) -> bool {
        let api = self.api_url.split_once("://").map(|(_, host)| host);
        let listed = self.extra_hosts.iter().map(|host| host.trim()).chain(api);
        listed.into_iter().any(|host| host.eq_ignore_ascii_case(authority))
    }
}

/// A request on the way to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The request.
    pub request: Request,
    /// The channel's access token goes with it.
    pub with_token: bool,
    /// The operator named the host: it may be inside the own network.
    pub is_listed: bool,
    /// Whatever comes with status 2xx is the file itself, to be read as it comes.
    pub is_file: bool,
}

/// What an answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Its body is the file.
    Here,
    /// The file is to be asked for at another address.
    There {
        /// The address; it has to be checked as any other.
        url: String,
        /// How many bytes it has, as the provider says.
        bytes: Option<u64>,
        /// Its digest, as the provider says.
        sha256: Option<String>,
    },
    /// Not now.
    Later {
        /// At the earliest.
        after: Duration,
        /// Why.
        detail: String,
    },
    /// Not at all, as things are.
    Not(Trouble, String),
}

/// A channel whose files are fetched.
pub trait Files: Sync + Send {
    /// The next request: the first one, or one to `at`.
    fn ask(&self, place: Place<'_>, file: &Attachment, at: Option<&str>) -> Result<Ask, (Trouble, String)>;
    /// What the answer to it means. Of a file itself ([`Ask::is_file`]) the body is not there yet.
    fn answer(&self, place: Place<'_>, file: &Attachment, ask: &Ask, response: &Response) -> Found;
}

/// Scheme and authority of an address, in lower case; `None` if it has none.
pub fn origin(url: &str) -> Option<(String, String)> {
    let (scheme, rest) = url.trim().split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    Some((scheme.to_ascii_lowercase(), authority.to_ascii_lowercase()))
}

/// A request for the file at that address, if its host is the channel's (`is_own`) or listed. The token goes along where
/// `takes_token` says so of the host, and to listed hosts.
pub fn read(
    place: Place<'_>,
    hosts: Hosts,
    url: &str,
    is_own: impl Fn(&str) -> bool,
    takes_token: impl Fn(&str) -> bool,
) -> Result<Ask, (Trouble, String)> {
    let refuse = |host: &str| (Trouble::HostRefused, hosts.refused(host).to_string());
    let Some((scheme, authority)) = origin(url) else { return Err(refuse(url)) };
    let is_listed = place.lists(&authority);
    let listed = is_listed.then(|| authority.clone());
    let listed: Vec<String> = listed.into_iter().collect();
    hosts.check(&format!("{scheme}://{authority}"), &listed, is_own).map_err(|_| refuse(&authority))?;
    let request =
        Request { method: "GET", url: url.trim().to_owned(), headers: Vec::new(), body: Vec::new() };
    Ok(Ask { request, with_token: is_listed || takes_token(&authority), is_listed, is_file: true })
}
