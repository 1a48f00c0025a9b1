//! What every CRM holds to, whatever its API looks like. Each test runs over [`ALL`](super::ALL) and the toy.
//!
//! Answers are a connector's own fixtures under every status code, and thousands of copies of them that a
//! fixed sequence has damaged: an answer may be wrong in any way, and nothing may come of it but a verdict.

mod answers;
mod calls;

use std::collections::BTreeMap;

use self::{
    answers::{answers, response},
    calls::{calls, orgs, record, sought, written},
};
use super::{ALL, Answer, App, Call, Crm, Grant, Identity, Org, Place, Reply, Request, Response};
use crate::{
    lane::Verdict,
    record::{EntryKeying, EntryKind, Module, PersonField},
    time::Timestamp,
};

const INSTANCE: &str = "https://acme.example.test";
const LOGIN: &str = "https://login.example.test";

/// What the suite says in the CRM's own words: ids as it writes them, names as it calls them.
pub struct Kit {
    pub org: &'static str,
    pub user: &'static str,
    pub contact: &'static str,
    pub lead: &'static str,
    pub entry: &'static str,
    /// The fields of a person, each with its kind and what it holds.
    pub person: &'static [(&'static str, &'static str, Option<PersonField>)],
    /// The fields of a task, each with its kind.
    pub task: &'static [(&'static str, &'static str)],
    /// A field of the customer's own on people, and the one for where they came from.
    pub custom: &'static str,
    pub source: &'static str,
    /// The kinds of entries, and the ways in which they may be keyed.
    pub kinds: &'static [EntryKind],
    pub keyings: &'static [fn() -> EntryKeying],
    /// What a search for lost entries is told where there are none; and where there are more than the answer holds, and none
    /// of ours among them.
    pub nothing: (u16, &'static str),
    pub unfinished: fn(EntryKind) -> (u16, &'static str),
}

/// Every CRM, and the toy that shows how one is added.
fn everyone() -> impl Iterator<Item = &'static &'static dyn Crm> {
    const TOY: &[&dyn Crm] = &[&super::toy::Toy];
    ALL.iter().chain(TOY)
}

fn check_request(crm: &dyn Crm, call: &Call, request: &Request) {
    let name = format!("{} {}", crm.name(), call.name());
    assert!(request.url.starts_with(&format!("{INSTANCE}/")), "{name}: {}", request.url);
    assert!(request.url.bytes().all(|byte| byte.is_ascii_graphic()), "{name}: {}", request.url);
    assert!(request.url.len() < 16_000, "{name}: an address of {} bytes", request.url.len());
    assert!(["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&request.method), "{name}");
    for (header, value) in &request.headers {
        assert!(!header.eq_ignore_ascii_case("authorization"), "{name}: the shell adds the token");
        assert_eq!(*header, header.to_ascii_lowercase(), "{name}");
        assert!(value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()), "{name}: {value}");
        assert_eq!(
            request.headers.iter().filter(|(other, _)| other == header).count(),
            1,
            "{name}: {header}"
        );
    }
    assert!(call.is_write() || request.method != "DELETE", "{name}");
}

fn check_reply(crm: &dyn Crm, org: &Org, call: &Call, response: &Response) {
    let Reply { result, .. } = crm.reply(org, call, response);
    let name = format!("{} {} {}", crm.name(), call.name(), String::from_utf8_lossy(&response.body));
    match result {
        Ok(Answer::Outcomes(outcomes)) => {
            assert!(call.is_write(), "{name}");
            assert_eq!(outcomes.len(), written(call), "{name}");
            for outcome in outcomes {
                assert_eq!(outcome.verdict == Verdict::Done, outcome.id.is_some(), "{name}: {outcome:?}");
            }
        }
        Ok(Answer::More(next, _)) => {
            assert_eq!(next.name(), call.name(), "{name}");
            check_request(crm, &next, &crm.request(org, &next));
            let stored = serde_json::to_string(&next).expect("a call can be stored");
            assert_eq!(serde_json::from_str::<Call>(&stored).expect("and read again"), next, "{name}");
        }
        Ok(Answer::Part(part, next)) => {
            assert!(!call.is_write(), "{name}: what is written has outcomes, not parts");
            assert_eq!(next.name(), call.name(), "{name}");
            assert!(fits(call, &part), "{name}: {part:?}");
            check_request(crm, &next, &crm.request(org, &next));
        }
        Ok(answer) => assert!(fits(call, &answer), "{name}: {answer:?}"),
        Err(verdict) => {
            assert_ne!(verdict, Verdict::Done, "{name}");
            let is_unknown = matches!(verdict, Verdict::Unknown { .. });
            assert!(call.is_write() || !is_unknown, "{name}: a reading has no unknown outcome");
        }
    }
}

fn fits(call: &Call, answer: &Answer) -> bool {
    match call {
        Call::Describe { .. } => matches!(answer, Answer::Profile(_)),
        Call::Users { .. } => matches!(answer, Answer::Users(_)),
        Call::FindPeople(_) | Call::ReadPeople { .. } => matches!(answer, Answer::People(_)),
        Call::VerifyEntries { .. } => matches!(answer, Answer::Keyed(_)),
        Call::ReadEntries { .. } => matches!(answer, Answer::Entries(_)),
        Call::ChangedPeople(_) => matches!(answer, Answer::Changed(..)),
        Call::PanelFind(_) | Call::PanelRead { .. } | Call::PanelNear { .. } => {
            matches!(answer, Answer::Panel(_))
        }
        Call::Identify { .. } => match answer {
            Answer::Identity(Identity { org_id, user_id }) => !org_id.is_empty() && !user_id.is_empty(),
            _ => false,
        },
        Call::Usage | Call::AddChoice { .. } | Call::AddLinkField { .. } => matches!(answer, Answer::Nothing),
        Call::WritePeople(_) | Call::WriteEntries(_) | Call::Delete(_) => false,
    }
}

#[test]
fn whatever_the_answer_every_call_ends_in_a_verdict_or_a_fitting_answer() {
    for crm in everyone() {
        let answers = answers(*crm);
        for (place, org) in orgs(*crm).iter().enumerate() {
            for call in calls(*crm) {
                // Full calls and further orgs add little to a short call on the first, and take their time.
                let step = if written(&call) > 100 { 37 } else { 1 + 6 * place };
                for response in answers.iter().step_by(step) {
                    check_reply(*crm, org, &call, response);
                }
            }
        }
    }
}

#[test]
fn a_request_goes_to_the_instance_only_and_carries_no_token() {
    for crm in everyone() {
        for org in orgs(*crm) {
            for call in calls(*crm) {
                let request = crm.request(&org, &call);
                check_request(*crm, &call, &request);
                assert_eq!(request, crm.request(&org, &call), "the same call is the same request");
            }
        }
    }
}

#[test]
fn silence_after_a_write_is_unknown_and_everything_else_can_be_repeated() {
    for crm in everyone() {
        for call in calls(*crm) {
            let unsent = crm.silence(&call, false, "refused").result;
            assert!(matches!(unsent, Err(Verdict::Again { .. })), "{}: {unsent:?}", call.name());
            let sent = crm.silence(&call, true, "timed out").result;
            if call.is_write() {
                assert!(matches!(sent, Err(Verdict::Unknown { .. })), "{}: {sent:?}", call.name());
            } else {
                assert!(matches!(sent, Err(Verdict::Again { .. })), "{}: {sent:?}", call.name());
            }
        }
    }
}

/// Answers a search for lost entries with this, as long as it goes on: the requests that it took, and what it came to; `None`
/// when it does not come to its end.
fn searched(
    crm: &dyn Crm,
    org: &Org,
    kind: EntryKind,
    told: (u16, &str),
) -> (Vec<Request>, Option<Result<Answer, Verdict>>) {
    let mut call = sought(&crm.kit(), kind, None);
    let (mut requests, mut found) = (Vec::new(), Answer::Keyed(BTreeMap::new()));
    // No line follows a flow any longer.
    for _ in 0..500 {
        requests.push(crm.request(org, &call));
        match crm.reply(org, &call, &response(told.0, told.1.as_bytes().to_vec())).result {
            Ok(Answer::More(next, _)) => call = next,
            Ok(Answer::Part(part, next)) => {
                found = found.join(*part).expect("parts of one answer");
                call = *next;
            }
            Ok(answer) => return (requests, Some(Ok(found.join(answer).expect("parts of one answer")))),
            Err(verdict) => return (requests, Some(Err(verdict))),
        }
    }
    (requests, None)
}

/// Every CRM, described, with every kind of its entries.
fn each_kind(check: impl Fn(&dyn Crm, &Org, EntryKind)) {
    for crm in everyone() {
        for org in orgs(*crm).iter().filter(|org| org.profile.is_some()) {
            crm.kit().kinds.iter().for_each(|kind| check(*crm, org, *kind));
        }
    }
}

#[test]
fn what_a_search_has_not_looked_through_is_not_missing() {
    each_kind(|crm, org, kind| {
        let (_, outcome) = searched(crm, org, kind, (crm.kit().unfinished)(kind));
        if let Some(Ok(Answer::Keyed(found))) = &outcome {
            assert!(found.contains_key("cx1-a"), "{} {kind:?}: {outcome:?}", crm.name());
        }
        let (_, outcome) = searched(crm, org, kind, crm.kit().nothing);
        assert_eq!(outcome, Some(Ok(Answer::Keyed(BTreeMap::new()))), "{} {kind:?}", crm.name());
    });
}

#[test]
fn what_may_be_lost_is_looked_for_wherever_it_may_stand() {
    each_kind(|crm, org, kind| {
        let kit = crm.kit();
        let (requests, _) = searched(crm, org, kind, kit.nothing);
        let names = |id: &str| {
            requests.iter().any(|request| {
                let said = format!("{} {}", request.url, String::from_utf8_lossy(&request.body));
                said.contains(id)
            })
        };
        // By its records, by all of them; or by nothing but its key and its time.
        assert_eq!(names(kit.contact), names(kit.lead), "{} {kind:?}: {requests:?}", crm.name());
    });
}

#[test]
fn hosts_that_nobody_allowed_are_refused() {
    let extra = ["crm.example.test:8090".to_owned()];
    for crm in everyone() {
        for host in
            ["evil.test", "https://a@b.test", "http://169.254.169.254", "", "https://", "crm.example.test"]
        {
            let login = crm.login_url(host, &extra);
            let refusal = login.expect_err(host);
            assert_eq!(refusal.owner, crm.title());
            assert!(crm.check_instance(host, &extra).is_err(), "{host}");
        }
        let listed = "http://crm.example.test:8090";
        assert_eq!(crm.login_url(listed, &extra).as_deref(), Ok("http://crm.example.test:8090"));
        assert_eq!(crm.check_instance("http://crm.example.test:8090", &extra), Ok(()));
    }
}

/// What CRMs are known to name a host by in the address that a browser brings back.
const NAMED_BY: &[&str] = &[
    "accounts-server",
    "accounts_server",
    "location",
    "api_domain",
    "domain",
    "host",
    "instance_url",
    "iss",
    "server",
    "url",
];

#[test]
fn a_code_is_turned_into_tokens_at_the_crm_only_whatever_the_browser_brings_back() {
    let extra = ["crm.example.test:8090".to_owned()];
    let evil = [
        "https://evil.test",
        "evil.test",
        "http://169.254.169.254",
        "https://crm.example.test",
        "https://accounts.evil.test/",
        "//evil.test",
        "",
        "xx",
    ];
    for crm in everyone() {
        let usual = crm.logins()[0].key;
        let login_url = crm.login_url(usual, &[]).unwrap_or_else(|_| LOGIN.to_owned());
        let plain = [("code".to_owned(), "c".to_owned()), ("state".to_owned(), "s".to_owned())];
        assert_eq!(crm.token_host(&login_url, &plain, &extra), Ok(login_url.clone()), "{}", crm.name());
        for (name, host) in NAMED_BY.iter().flat_map(|name| evil.map(|host| (name, host))) {
            let named = ((*name).to_owned(), host.to_owned());
            let theirs = (named.0.clone(), login_url.clone());
            let queries =
                [vec![named.clone()], vec![theirs.clone(), named.clone()], vec![named.clone(), theirs]];
            for query in queries {
                let query: Vec<_> = plain.iter().cloned().chain(query).collect();
                if let Ok(found) = crm.token_host(&login_url, &query, &extra) {
                    let again = crm.login_url(&found, &extra);
                    assert_eq!(again.as_deref(), Ok(found.as_str()), "{query:?}");
                    assert!(!found.contains("evil") && !found.contains("169"), "{query:?}: {found}");
                }
            }
        }
    }
}

#[test]
fn a_place_to_log_in_is_a_word_for_a_host_of_the_crm_or_a_host_that_is_typed() {
    for crm in everyone() {
        let logins = crm.logins();
        assert!(!logins.is_empty(), "{}", crm.name());
        for login in logins {
            let is_word = login.key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            assert!(is_word && !login.key.is_empty(), "{}", login.key);
            assert_eq!(logins.iter().filter(|other| other.key == login.key).count(), 1, "{}", login.key);
            let Some(url) = login.url else {
                assert!(crm.login_url(login.key, &[]).is_err(), "{} is no host", login.key);
                continue;
            };
            assert!(url.starts_with("https://") && !url.ends_with('/'), "{url}");
            assert_eq!(crm.login_url(login.key, &[]).as_deref(), Ok(url), "{}", login.key);
            assert_eq!(crm.login_url(url, &[]).as_deref(), Ok(url), "the word and its host are one place");
        }
        assert!(logins.iter().filter(|login| login.url.is_none()).count() <= 1, "one field to type in");
    }
}

#[test]
fn grants_are_asked_for_with_pkce_and_only_at_the_login_host() {
    let app = App { client_id: "id+&".to_owned(), client_secret: Some("s&cret".to_owned()) };
    for crm in everyone() {
        let url = crm.authorize_url(&app, LOGIN, "https://causeway.test/back?a=1", "st&te", "ch_llenge");
        assert!(url.starts_with(&format!("{LOGIN}/")), "{url}");
        for part in
            ["code_challenge=ch_llenge", "code_challenge_method=S256", "state=st%26te", "client_id=id%2B%26"]
        {
            assert!(url.contains(part), "{part} in {url}");
        }
        assert!(!url.contains("cret"), "{url}");
        let code = Grant::Code {
            code: "c=".to_owned(),
            redirect_uri: "https://causeway.test/back?a=1".to_owned(),
            verifier: "v".to_owned(),
        };
        let refresh = Grant::Refresh { refresh_token: "r+t".to_owned() };
        for request in [
            crm.token_request(&app, LOGIN, &code),
            crm.token_request(&app, LOGIN, &refresh),
            crm.revoke_request(&app, LOGIN, "r+t"),
        ] {
            assert!(request.url.starts_with(&format!("{LOGIN}/")), "{}", request.url);
            assert_eq!(request.method, "POST");
            assert!(!request.url.contains("cret"), "secrets stand in the body: {}", request.url);
        }
    }
}

#[test]
fn a_token_answer_that_cannot_be_read_does_not_end_the_grant() {
    for crm in everyone() {
        for answer in answers(*crm) {
            let grant = Grant::Refresh { refresh_token: "r".to_owned() };
            let reply = crm.token_reply(&grant, &answer);
            if let Ok(Some(identity)) = reply.as_ref().map(|tokens| &tokens.identity) {
                assert!(!identity.org_id.is_empty() && !identity.user_id.is_empty(), "{}", crm.name());
            }
            if let Err(failure) = reply {
                let says_so = String::from_utf8_lossy(&answer.body).contains("error");
                assert!(says_so || !failure.is_permanent, "{failure:?}");
                assert!(answer.status < 500 || !failure.is_permanent, "{failure:?}");
                assert!(!failure.code.is_empty() && !failure.detail.is_empty());
            }
        }
    }
}

#[test]
fn a_record_is_looked_at_on_the_instance() {
    for crm in everyone() {
        let tabs = BTreeMap::new();
        let place = Place { instance_url: INSTANCE, org_id: "1", tabs: &tabs };
        for target in [record(Module::Contact, crm.kit().contact), record(Module::Task, "../../x?y#z")] {
            let url = crm.record_url(place, &target);
            assert!(url.starts_with(&format!("{INSTANCE}/")) && !url.contains(".."), "{url}");
        }
        let now = Timestamp::from_seconds(1_767_323_045);
        assert!(crm.limit_retry_at(now) > now);
    }
}

#[test]
fn names_are_words_that_urls_and_logs_can_hold() {
    for crm in everyone() {
        assert!(crm.name().bytes().all(|byte| byte.is_ascii_lowercase()), "{}", crm.name());
        let is_offered = ALL.iter().any(|offered| offered.name() == crm.name());
        assert_eq!(super::named(crm.name()).map(Crm::name), is_offered.then(|| crm.name()));
        assert!(crm.authorization_scheme().bytes().all(|byte| byte == b'-' || byte.is_ascii_alphabetic()));
    }
    assert!(super::named("nothing").is_none());
}
