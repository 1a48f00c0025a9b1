//! The edge towards CRMs. A CRM is a folder with the same few files as its siblings.
//!
//! A connector is a pair of pure functions around a request: a [`Call`] becomes a [`Request`], the
//! [`Response`] becomes a [`Reply`]. It holds no state and no client, and never sees a token but those in
//! token answers. Wire shapes, query languages, error codes and limits stay in the CRM's folder, and every
//! answer is classed once, there, into a verdict.

use std::collections::BTreeMap;

use crate::{
    governor::Window,
    record::{EntryKind, Module, OrgProfile, RecordRef},
    time::Timestamp,
};

pub mod call;
#[cfg(test)]
mod contract;
pub mod oauth;
mod percent;
pub mod pointer;
pub mod salesforce;
#[cfg(test)]
mod toy;
pub mod zoho;

pub use crate::exchange::{HostRefused, hosts};
pub use call::{
    Answer, Call, Changes, DescribeFlow, EntryRecord, EntryWrite, Identity, KeyedEntry, Outcome, PanelFields,
    PanelQuery, PanelRecord, PanelValue, PeopleQuery, PersonWrite, Reply, Request, Response, Usage,
};
pub use oauth::{App, Grant, Login, TokenFailure, Tokens};
pub use pointer::{Pointer, PointerRefused};

/// What a connector may depend on: the org as described at connect time, and where its API is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Org {
    /// Scheme and host of the API: `https://acme.my.salesforce.com`, without a slash at the end.
    pub instance_url: String,
    /// The API version to speak, in the CRM's own form (`68.0`).
    pub version: String,
    /// The org as the acting user sees it; `None` only before the first describe.
    pub profile: Option<OrgProfile>,
}

/// Where an org's pages are: what an address of one of its records is made of.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Scheme and host of the API.
    pub instance_url: &'a str,
    /// The CRM's id of the org.
    pub org_id: &'a str,
    /// The words for modules in addresses ([`OrgProfile::tabs`]).
    pub tabs: &'a BTreeMap<Module, String>,
}

/// What a CRM can do, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Most entries in one [`Call::WriteEntries`].
    pub entries_per_call: usize,
    /// Most requests to one org that may be under way at once; `None` where the CRM does not say.
    pub requests_in_flight: Option<usize>,
    /// Most people in one [`Call::WritePeople`].
    pub people_per_call: usize,
    /// Most people in one [`Call::FindPeople`].
    pub finds_per_call: usize,
    /// Most records in one read by id, and most keys in one [`Call::VerifyEntries`].
    pub reads_per_call: usize,
    /// May one [`Call::WritePeople`] or [`Call::Delete`] name records of several modules, and make some and change others?
    pub mixes_writes: bool,
    /// Might an entry be taken on a lead that was converted meanwhile, where nobody looks any more? Then such a lead is read
    /// before anything is written on it.
    pub converted_take_entries: bool,
    /// Can fields and choices be added over the API ([`Call::AddChoice`], [`Call::AddLinkField`])?
    pub adds_fields: bool,
}

/// A CRM: what it can do, and how to say it. No method performs I/O.
pub trait Crm: Sync + Send {
    /// Folder, settings key, URL segment and log field: the same word.
    fn name(&self) -> &'static str;
    /// What people call it.
    fn title(&self) -> &'static str;
    /// What the pages say of this CRM alone, as Fluent texts by language. Each key begins with the CRM's name; the
    /// catalogue's test says which there must be.
    fn words(&self) -> &'static [(&'static str, &'static str)];
    /// The CRM's section of the configuration: every key with its default and a sentence. The keys are the same for all.
    fn config(&self) -> &'static str;
    /// Limits that planning respects.
    fn capabilities(&self) -> Capabilities;
    /// The API version spoken unless the operator says otherwise.
    fn default_version(&self) -> &'static str;

    /// Where people log in, the usual place first.
    fn logins(&self) -> &'static [Login];
    /// Scheme and host of the place where one logs in, if it may be spoken to: the word of one of [`logins`](Self::logins),
    /// or a host. `extra_hosts` are those that the operator lists (`host` or `host:port`); only for them may the scheme
    /// be `http`.
    fn login_url(&self, place: &str, extra_hosts: &[String]) -> Result<String, HostRefused>;
    /// Does one log in there to a copy for testing, as far as the place tells? An org that is described tells better.
    fn is_sandbox(&self, place: &str) -> bool;
    /// May the API be spoken to at this address? Asked for every address that a token answer names.
    fn check_instance(&self, instance_url: &str, extra_hosts: &[String]) -> Result<(), HostRefused>;
    /// Where the browser goes to ask a person for the grant (PKCE, S256).
    fn authorize_url(
        &self,
        app: &App,
        login_url: &str,
        redirect_uri: &str,
        state: &str,
        challenge: &str,
    ) -> String;
    /// Scheme and host where the code is to be turned into tokens, and the tokens are renewed and given back, when a
    /// browser comes back from `login_url` with this query. Our secret is sent there, and anybody can make a browser come
    /// with any query: what it names is checked as any other host.
    fn token_host(
        &self,
        login_url: &str,
        _query: &[(String, String)],
        _extra_hosts: &[String],
    ) -> Result<String, HostRefused> {
        Ok(login_url.to_owned())
    }
    /// The request that fetches tokens.
    fn token_request(&self, app: &App, login_url: &str, grant: &Grant) -> Request;
    /// The tokens that were asked for with `grant`, or why there are none. Where they do not say whom the grant is of, [`Call::Identify`] asks.
    fn token_reply(&self, grant: &Grant, response: &Response) -> Result<Tokens, TokenFailure>;
    /// Permissions that a grant of these scopes lacks and that we need, by the CRM's names. An empty list of scopes
    /// says nothing: grants were kept without theirs once.
    fn missing_scopes(&self, granted: &[String]) -> Vec<&'static str>;
    /// How many grants one user may hold through one app: each further one ends the oldest.
    fn grants_per_user(&self) -> Option<u64>;
    /// The request that gives a grant back.
    fn revoke_request(&self, app: &App, login_url: &str, token: &str) -> Request;

    /// The word before the token in the authorization header.
    fn authorization_scheme(&self) -> &'static str {
        "Bearer"
    }
    /// A call as a request, without the authorization header (the shell adds it).
    fn request(&self, org: &Org, call: &Call) -> Request;
    /// The answer to a call.
    fn reply(&self, org: &Org, call: &Call, response: &Response) -> Reply;
    /// What to conclude when no answer came: the request may have been carried out (`sent`), or certainly not.
    fn silence(&self, call: &Call, sent: bool, what: &str) -> Reply;
    /// In what a new chat sync differs from the defaults, by the habits of those who use this CRM: settings as JSON, in the
    /// words of the API.
    fn preset(&self) -> &'static str {
        "{}"
    }
    /// Where a person looks at a record.
    fn record_url(&self, place: Place<'_>, record: &RecordRef) -> String;
    /// Where a person looks at an entry on a record. Some have no page of their own.
    fn entry_url(&self, place: Place<'_>, kind: EntryKind, id: &str, _on: Option<&RecordRef>) -> String {
        self.record_url(place, &RecordRef { module: kind.module(), id: id.to_owned() })
    }
    /// The record that a person's text names: an id, or an address of this org.
    fn pointer(&self, place: Place<'_>, text: &str) -> Result<Pointer, PointerRefused>;
    /// The kind of record that matching knows by the CRM's own name.
    fn module_named(&self, kind: &str) -> Option<Module>;
    /// Where a person looks at a record of any kind.
    fn pointer_url(&self, place: Place<'_>, pointer: &Pointer) -> String;
    /// The earliest time at which a limit that refused us is worth trying again.
    fn limit_retry_at(&self, now: Timestamp) -> Timestamp;
    /// The window in which the org's calls are counted.
    fn limit_window(&self) -> Window;
    /// How many calls of the limit one request of this call costs.
    fn cost(&self, call: &Call) -> u64;
    /// How many calls it takes, as a rule, to write so many entries, some for people who have no record yet.
    fn calls_to_write(&self, entries: u64, new_people: u64) -> u64;

    /// Ids and names for the suite that every CRM passes.
    #[cfg(test)]
    fn kit(&self) -> contract::Kit;
}

/// Every CRM.
pub static ALL: &[&dyn Crm] = &[&salesforce::Salesforce, &zoho::Zoho];

/// The CRM of that name.
pub fn named(name: &str) -> Option<&'static dyn Crm> {
    ALL.iter().copied().find(|crm| crm.name() == name)
}
