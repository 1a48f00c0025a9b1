//! A CRM that does not exist, in as few lines as one takes: what whoever adds a CRM begins with.
//!
//! Its API speaks our own vocabulary, so there is nothing to translate; a real connector has a file for each thing that is
//! asked, and translates names, types and errors there. It is compiled for tests only and passes the suite that every CRM
//! passes. `CONTRIBUTING.md` walks through it.

mod api;
mod grant;

use std::time::Duration;

use crate::{
    crm::{
        App, Call, Capabilities, Crm, Grant, HostRefused, Login, Org, Place, Pointer, PointerRefused, Reply,
        Request, Response, TokenFailure, Tokens, contract::Kit, hosts::Hosts,
    },
    governor::Window,
    lane::Verdict,
    record::{EntryKeying, EntryKind, Module, PersonField, RecordRef},
    time::Timestamp,
};

/// The toy.
pub struct Toy;

const HOSTS: Hosts = Hosts { owner: "Toy", setting: "toy.extra_hosts" };

fn is_own(host: &str) -> bool {
    host == "login.toy.example" || host == "api.toy.example"
}

impl Crm for Toy {
    fn name(&self) -> &'static str {
        "toy"
    }

    fn title(&self) -> &'static str {
        "Toy"
    }

    fn words(&self) -> &'static [(&'static str, &'static str)] {
        &[("en", include_str!("words/en.ftl"))]
    }

    fn config(&self) -> &'static str {
        include_str!("config.toml")
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            entries_per_call: 10,
            people_per_call: 10,
            finds_per_call: 10,
            reads_per_call: 10,
            mixes_writes: true,
            converted_take_entries: false,
            adds_fields: false,
            requests_in_flight: None,
        }
    }

    fn default_version(&self) -> &'static str {
        "1"
    }

    fn logins(&self) -> &'static [Login] {
        &[Login { key: "production", url: Some("https://login.toy.example") }]
    }

    fn login_url(&self, place: &str, extra_hosts: &[String]) -> Result<String, HostRefused> {
        match Login::url_of(self.logins(), place) {
            Some(url) => Ok(url.to_owned()),
            None => HOSTS.allowed(place, extra_hosts, is_own),
        }
    }

    fn is_sandbox(&self, _: &str) -> bool {
        false
    }

    fn check_instance(&self, instance_url: &str, extra_hosts: &[String]) -> Result<(), HostRefused> {
        HOSTS.check(instance_url, extra_hosts, is_own)
    }

    fn authorize_url(
        &self,
        app: &App,
        login_url: &str,
        redirect_uri: &str,
        state: &str,
        challenge: &str,
    ) -> String {
        grant::authorize_url(app, login_url, redirect_uri, state, challenge)
    }

    fn token_request(&self, app: &App, login_url: &str, grant: &Grant) -> Request {
        grant::token_request(app, login_url, grant)
    }

    fn token_reply(&self, _: &Grant, response: &Response) -> Result<Tokens, TokenFailure> {
        grant::token_reply(response)
    }

    fn missing_scopes(&self, _: &[String]) -> Vec<&'static str> {
        Vec::new()
    }

    fn grants_per_user(&self) -> Option<u64> {
        None
    }

    fn revoke_request(&self, _: &App, login_url: &str, token: &str) -> Request {
        grant::revoke_request(login_url, token)
    }

    fn request(&self, org: &Org, call: &Call) -> Request {
        api::request(org, call)
    }

    fn reply(&self, _: &Org, call: &Call, response: &Response) -> Reply {
        Reply { result: api::reply(call, response), usage: None, server_time: response.date() }
    }

    fn silence(&self, call: &Call, sent: bool, what: &str) -> Reply {
        let verdict = if sent && call.is_write() {
            Verdict::Unknown { settle: Duration::from_secs(5), detail: what.to_owned() }
        } else {
            Verdict::Again { after: Duration::ZERO, detail: what.to_owned() }
        };
        Reply { result: Err(verdict), usage: None, server_time: None }
    }

    fn record_url(&self, place: Place<'_>, record: &RecordRef) -> String {
        let id: String = record.id.chars().filter(char::is_ascii_alphanumeric).collect();
        format!("{}/show/{}/{id}", place.instance_url, record.module)
    }

    fn pointer(&self, _: Place<'_>, text: &str) -> Result<Pointer, PointerRefused> {
        let is_id = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_id {
            Ok(Pointer { kind: String::new(), id: text.to_owned() })
        } else {
            Err(PointerRefused::NoRecord)
        }
    }

    fn module_named(&self, kind: &str) -> Option<Module> {
        kind.parse().ok()
    }

    fn pointer_url(&self, place: Place<'_>, pointer: &Pointer) -> String {
        format!("{}/show/{}", place.instance_url, pointer.id)
    }

    fn limit_retry_at(&self, now: Timestamp) -> Timestamp {
        now.plus(Duration::from_mins(1))
    }

    fn limit_window(&self) -> Window {
        Window { length: Duration::from_hours(24), is_rolling: true }
    }

    fn cost(&self, _: &Call) -> u64 {
        1
    }

    fn calls_to_write(&self, entries: u64, new_people: u64) -> u64 {
        entries.div_ceil(10) + 2 * new_people.div_ceil(10)
    }

    fn kit(&self) -> Kit {
        Kit {
            org: "1",
            user: "2",
            contact: "3",
            lead: "4",
            entry: "5",
            person: &[
                ("last", "string", Some(PersonField::LastName)),
                ("phone", "phone", Some(PersonField::Phone)),
                ("email", "email", Some(PersonField::Email)),
            ],
            task: &[("subject", "string"), ("body", "textarea"), ("key", "string")],
            custom: "region",
            source: "source",
            kinds: &[EntryKind::Task],
            keyings: &[|| EntryKeying::External("key".to_owned())],
        }
    }
}
