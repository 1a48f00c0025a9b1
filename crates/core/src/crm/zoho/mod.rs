//! Zoho CRM, by its REST API.
//!
//! One file for each thing that is asked; [`verdict`] holds the one table of error codes, [`wire`] the shapes of requests and
//! answers. See `README.md` for limits, quirks and set-up.

use std::time::Duration;

use crate::{
    crm::{
        Answer, App, Call, Capabilities, Crm, Grant, HostRefused, Login, Org, Place, Pointer, PointerRefused,
        Reply, Request, Response, TokenFailure, Tokens,
    },
    governor::Window,
    record::{EntryKind, Module, RecordRef},
    time::Timestamp,
};

mod batch;
mod changes;
mod coql;
mod delete;
mod describe;
mod destinations;
mod entries;
mod fields;
mod find;
mod hosts;
mod identify;
mod modules;
mod oauth;
mod pages;
mod panel;
mod people_find;
mod people_read;
mod people_write;
mod person;
mod settings;
#[cfg(test)]
mod tests;
mod usage;
mod users;
mod verdict;
mod verify;
mod wire;

const TITLE: &str = "Zoho CRM";

/// How long after a refusal for want of credits it is worth asking again: they come back one by one.
const LIMIT_PAUSE: Duration = Duration::from_mins(10);

/// Zoho CRM as a CRM.
pub struct Zoho;

impl Crm for Zoho {
    fn name(&self) -> &'static str {
        "zoho"
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
            entries_per_call: wire::RECORDS,
            // What the smallest edition takes; larger ones take more, but no more than ten heavy ones.
            requests_in_flight: Some(5),
            people_per_call: wire::RECORDS,
            // With their spellings they fill two queries of a module; whoever is found nowhere costs a ladder of searches.
            finds_per_call: 20,
            reads_per_call: wire::RECORDS,
            mixes_writes: false,
            converted_take_entries: true,
            adds_fields: true,
        }
    }

    fn default_version(&self) -> &'static str {
        "v8"
    }

    fn logins(&self) -> &'static [Login] {
        hosts::LOGINS
    }

    fn login_url(&self, place: &str, extra_hosts: &[String]) -> Result<String, HostRefused> {
        hosts::login_url(place, extra_hosts)
    }

    /// One logs in at the same place to all of them, and chooses on Zoho's page.
    fn is_sandbox(&self, _: &str) -> bool {
        false
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

    fn token_host(
        &self,
        login_url: &str,
        query: &[(String, String)],
        extra_hosts: &[String],
    ) -> Result<String, HostRefused> {
        hosts::token_host(login_url, query, extra_hosts)
    }

    fn token_request(&self, app: &App, login_url: &str, grant: &Grant) -> Request {
        oauth::token_request(app, login_url, grant)
    }

    fn token_reply(&self, grant: &Grant, response: &Response) -> Result<Tokens, TokenFailure> {
        oauth::token_reply(grant, response)
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

    fn authorization_scheme(&self) -> &'static str {
        "Zoho-oauthtoken"
    }

    fn request(&self, org: &Org, call: &Call) -> Request {
        match call {
            Call::Describe { flow, .. } => describe::request(org, flow),
            Call::Users { emails, ids, page } => users::request(org, emails, ids, page.as_deref()),
            Call::FindPeople(query) => people_find::request(org, query),
            Call::ReadPeople { records, extra } => people_read::request(org, records, extra),
            Call::WritePeople(writes) => people_write::request(org, writes),
            Call::WriteEntries(writes) => entries::write(org, writes),
            Call::VerifyEntries(keyed) => verify::request(org, keyed),
            Call::ReadEntries { kind, ids } => entries::read(org, *kind, ids),
            Call::ChangedPeople(changes) => changes::request(org, changes),
            Call::Delete(records) => delete::request(org, records),
            Call::PanelFind(query) => panel::find(org, query),
            Call::PanelRead { records, fields } => panel::read(org, records, fields),
            Call::PanelNear { name, digits, fields, step } => {
                panel::near_request(org, name.as_deref(), digits, fields, *step)
            }
            Call::AddChoice { module, field, choice } => settings::choice(org, *module, field, choice),
            Call::AddLinkField { module, label } => settings::link_field(org, *module, label),
            Call::Identify { org_id } => identify::request(org, org_id.as_deref()),
            // Nothing tells the usage but a header, which any answer may have.
            Call::Usage => wire::idle(org),
        }
    }

    fn reply(&self, org: &Org, call: &Call, response: &Response) -> Reply {
        let result = match call {
            Call::Describe { user_id, flow } => describe::reply(user_id, flow, response),
            Call::Users { emails, ids, page } => users::reply(emails, ids, page.as_deref(), response),
            Call::FindPeople(query) => people_find::reply(org, query, response),
            Call::ReadPeople { records, extra } => people_read::reply(org, records, extra, response),
            Call::WritePeople(writes) => people_write::reply(writes, response),
            Call::WriteEntries(writes) => entries::written(writes, response),
            Call::VerifyEntries(keyed) => verify::reply(keyed, response),
            Call::ReadEntries { kind, ids } => entries::read_reply(*kind, ids, response),
            Call::ChangedPeople(changes) => changes::reply(org, changes, response),
            Call::Delete(records) => delete::reply(records, response),
            Call::PanelFind(query) => panel::find_reply(org, query, response),
            Call::PanelRead { records, fields } => panel::read_reply(org, records, fields, response),
            Call::PanelNear { name, digits, fields, step } => {
                panel::near_reply(org, name.as_deref(), digits, fields, *step, response)
            }
            Call::AddChoice { module, field, choice } => {
                settings::choice_reply(*module, field, choice, response)
            }
            Call::AddLinkField { module, .. } => settings::link_field_reply(*module, response),
            Call::Identify { org_id } => identify::reply(org_id.as_deref(), response),
            Call::Usage => wire::page(response, "org").map(|_| Answer::Nothing),
        };
        Reply { result, usage: usage::of_headers(org, response), server_time: response.date() }
    }

    fn silence(&self, call: &Call, sent: bool, what: &str) -> Reply {
        let verdict = if sent && call.is_write() {
            verdict::unsure(&verdict::Asked::of(verdict::What::NewEntry, Module::Note), what)
        } else {
            verdict::again(0, what)
        };
        Reply { result: Err(verdict), usage: None, server_time: None }
    }

    fn preset(&self) -> &'static str {
        include_str!("preset.json")
    }

    fn record_url(&self, place: Place<'_>, record: &RecordRef) -> String {
        pages::of_record(place, record)
    }

    fn entry_url(&self, place: Place<'_>, kind: EntryKind, id: &str, on: Option<&RecordRef>) -> String {
        pages::of_entry(place, kind, id, on)
    }

    fn pointer(&self, place: Place<'_>, text: &str) -> Result<Pointer, PointerRefused> {
        pages::pointer(place, text)
    }

    fn module_named(&self, kind: &str) -> Option<Module> {
        modules::named(kind)
    }

    fn pointer_url(&self, place: Place<'_>, pointer: &Pointer) -> String {
        pages::of_pointer(place, pointer)
    }

    fn limit_retry_at(&self, now: Timestamp) -> Timestamp {
        now.plus(LIMIT_PAUSE)
    }

    fn limit_window(&self) -> Window {
        usage::WINDOW
    }

    fn cost(&self, call: &Call) -> u64 {
        usage::cost(call)
    }

    fn calls_to_write(&self, entries: u64, new_people: u64) -> u64 {
        usage::to_write(entries, new_people)
    }

    #[cfg(test)]
    fn kit(&self) -> crate::crm::contract::Kit {
        tests::KIT
    }
}
