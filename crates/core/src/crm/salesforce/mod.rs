//! Salesforce, by its REST API.
//!
//! One file for each thing that is asked; [`verdict`] holds the one table of error codes, [`composite`] and
//! [`collections`] the ways of saying much in one request. See `README.md` for limits, quirks and set-up.

use std::time::Duration;

use crate::{
    crm::{
        Answer, App, Call, Capabilities, Crm, Grant, HostRefused, Login, Org, Place, Pointer, PointerRefused,
        Reply, Request, Response, TokenFailure, Tokens,
    },
    governor::Window,
    lane::{HoldReason, Who},
    record::{Module, RecordRef},
    time::Timestamp,
};

mod changes;
mod collections;
mod composite;
mod delete;
mod describe;
mod entries;
mod hosts;
mod identify;
mod ids;
mod oauth;
mod panel;
mod people_find;
mod people_read;
mod people_write;
mod person;
mod pointer;
mod rows;
mod soql;
#[cfg(test)]
mod tests;
mod usage;
mod users;
mod verdict;

const TITLE: &str = "Salesforce";

/// How long after a refusal for the day's limit it is worth asking again: the window rolls.
const LIMIT_PAUSE: Duration = Duration::from_mins(5);

/// Salesforce as a CRM.
pub struct Salesforce;

impl Crm for Salesforce {
    fn name(&self) -> &'static str {
        "salesforce"
    }

    fn title(&self) -> &'static str {
        TITLE
    }

    fn words(&self) -> &'static [(&'static str, &'static str)] {
        &[("en", include_str!("words/en.ftl"))]
    }

    fn config(&self) -> &'static str {
        include_str!("config.toml")
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            entries_per_call: collections::RECORDS * composite::PARTS,
            // Only requests of twenty seconds and more are counted there.
            requests_in_flight: None,
            people_per_call: collections::RECORDS * composite::PARTS,
            // So many fill the composites of a search: with a hundred, half of the last one stays empty.
            finds_per_call: 500,
            reads_per_call: rows::LIST * composite::PARTS,
            mixes_writes: true,
            converted_take_entries: false,
            adds_fields: false,
        }
    }

    fn default_version(&self) -> &'static str {
        "68.0"
    }

    fn logins(&self) -> &'static [Login] {
        hosts::LOGINS
    }

    fn login_url(&self, place: &str, extra_hosts: &[String]) -> Result<String, HostRefused> {
        hosts::login_url(place, extra_hosts)
    }

    fn is_sandbox(&self, place: &str) -> bool {
        hosts::is_sandbox(place)
    }

    fn check_instance(&self, instance_url: &str, extra_hosts: &[String]) -> Result<(), HostRefused> {
        hosts::check_instance(instance_url, extra_hosts)
    }

    fn authorize_url(
        &self,
        app: &App,
        login_url: &str,
        redirect_uri: &str,
        state: &str,
        challenge: &str,
    ) -> String {
        oauth::authorize_url(app, login_url, redirect_uri, state, challenge)
    }

    fn token_request(&self, app: &App, login_url: &str, grant: &Grant) -> Request {
        oauth::token_request(app, login_url, grant)
    }

    fn token_reply(&self, _: &Grant, response: &Response) -> Result<Tokens, TokenFailure> {
        oauth::token_reply(response)
    }

    fn missing_scopes(&self, granted: &[String]) -> Vec<&'static str> {
        oauth::missing_scopes(granted)
    }

    fn grants_per_user(&self) -> Option<u64> {
        Some(oauth::GRANTS)
    }

    fn revoke_request(&self, _: &App, login_url: &str, token: &str) -> Request {
        oauth::revoke_request(login_url, token)
    }

    fn request(&self, org: &Org, call: &Call) -> Request {
        let parts = match call {
            Call::Describe { user_id, .. } => describe::parts(org, user_id),
            Call::Users { emails, ids, .. } => users::parts(org, emails, ids),
            Call::FindPeople(query) => people_find::parts(org, query),
            Call::ReadPeople { records, extra } => people_read::parts(org, records, extra),
            Call::WritePeople(writes) => people_write::parts(org, writes),
            Call::WriteEntries(writes) => entries::write_parts(org, writes),
            Call::VerifyEntries(keyed) => entries::verify_parts(org, keyed),
            Call::ReadEntries { ids, .. } => entries::read_parts(org, ids),
            Call::ChangedPeople(changes) => changes::parts(org, changes),
            Call::Delete(records) => delete::parts(org, records),
            Call::PanelFind(query) => panel::find_parts(org, query),
            Call::PanelRead { records, fields } => panel::read_parts(org, records, fields),
            Call::PanelNear { name, digits, fields, .. } => {
                panel::near_parts(org, name.as_deref(), digits, fields)
            }
            Call::Identify { .. } => return identify::request(org),
            // Fields and their choices are made in Setup; nothing is asked for.
            Call::AddChoice { .. } | Call::AddLinkField { .. } | Call::Usage => Vec::new(),
        };
        composite::request(org, parts)
    }

    fn reply(&self, org: &Org, call: &Call, response: &Response) -> Reply {
        let server_time = response.date();
        let mut used = usage::of_headers(response);
        let result = match call {
            Call::Describe { user_id, .. } => describe::reply(user_id, response),
            Call::Users { emails, ids, .. } => users::reply(org, emails, ids, response),
            Call::FindPeople(query) => people_find::reply(org, query, response),
            Call::ReadPeople { records, extra } => people_read::reply(org, records, extra, response),
            Call::WritePeople(writes) => people_write::reply(writes, response),
            Call::WriteEntries(writes) => entries::write_reply(org, writes, response),
            Call::VerifyEntries(keyed) => entries::verify_reply(org, keyed, response),
            Call::ReadEntries { ids, .. } => entries::read_reply(org, ids, response),
            Call::ChangedPeople(changes) => changes::reply(org, changes, response, server_time),
            Call::Delete(records) => delete::reply(records, response),
            Call::PanelFind(query) => panel::find_reply(org, query, response),
            Call::PanelRead { records, fields } => panel::read_reply(org, records, fields, response),
            Call::PanelNear { name, digits, fields, .. } => {
                panel::near_reply(org, name.as_deref(), digits, fields, response)
            }
            Call::AddChoice { .. } | Call::AddLinkField { .. } => Err(verdict::hold(
                HoldReason::NoPermission,
                Who::CrmAdmin,
                "fields and their choices are made in Salesforce, under Setup".to_owned(),
            )),
            Call::Identify { .. } => identify::reply(response),
            Call::Usage => usage::reply(response).map(|limits| {
                used = limits.or(used);
                Answer::Nothing
            }),
        };
        Reply { result, usage: used, server_time }
    }

    fn silence(&self, call: &Call, sent: bool, what: &str) -> Reply {
        let verdict = if sent && call.is_write() {
            verdict::unsure(&verdict::Asked::of(verdict::What::NewEntry), what.to_owned())
        } else {
            verdict::again(0, what)
        };
        Reply { result: Err(verdict), usage: None, server_time: None }
    }

    fn record_url(&self, place: Place<'_>, record: &RecordRef) -> String {
        let id: String = record.id.chars().filter(char::is_ascii_alphanumeric).collect();
        let id = ids::full(&id).unwrap_or(id);
        format!("{}/lightning/r/{}/{id}/view", place.instance_url, ids::object(&record.module))
    }

    fn pointer(&self, place: Place<'_>, text: &str) -> Result<Pointer, PointerRefused> {
        pointer::pointer(place.instance_url, text)
    }

    fn module_named(&self, kind: &str) -> Option<Module> {
        ids::module(kind)
    }

    fn pointer_url(&self, place: Place<'_>, pointer: &Pointer) -> String {
        pointer::url(place.instance_url, &pointer.kind, &pointer.id)
    }

    fn limit_retry_at(&self, now: Timestamp) -> Timestamp {
        now.plus(LIMIT_PAUSE)
    }

    fn limit_window(&self) -> Window {
        usage::WINDOW
    }

    fn cost(&self, _: &Call) -> u64 {
        usage::COST
    }

    fn calls_to_write(&self, entries: u64, new_people: u64) -> u64 {
        let of = |all: u64, most: usize| all.div_ceil(u64::try_from(most).unwrap_or(1));
        let can = self.capabilities();
        // Each batch asks once for the users whose records they may become.
        2 * of(entries, can.entries_per_call)
            + (new_people * usage::REQUESTS_TO_FIND_100).div_ceil(100)
            + of(new_people, can.people_per_call)
    }

    #[cfg(test)]
    fn kit(&self) -> crate::crm::contract::Kit {
        tests::KIT
    }
}
