//! Every state of the panel, shown.

use causeway_core::{
    address::phone::Strength,
    panel::{
        matching::{How, NearReason, Searched},
        show::{Field, Shown as Value},
        view::{Age, Because, Candidate, Matched, Named, Near, NoAccess, NoMatch, Several, Stale, View},
    },
    plan::matching::{Candidate as Considered, Trace},
    record::{Module, RecordRef},
    time::{Timestamp, Zone},
};

use super::*;

const NOW: i64 = 1_772_000_000;

fn record(module: Module, id: &str) -> RecordRef {
    RecordRef { module, id: id.into() }
}

fn age() -> Age {
    Age { read_at: Timestamp::from_seconds(NOW - 12), seconds: 12, fresh_for: 48 }
}

fn matched() -> Matched {
    Matched {
        record: record(Module::Contact, "0035g00000AAAAAAA5"),
        name: "Maria <Lindqvist>".into(),
        url: "https://acme.my.salesforce.com/lightning/r/Contact/0035g00000AAAAAAA5/view".into(),
        fields: vec![
            Field {
                name: "Email".into(),
                label: "Email".into(),
                value: Some(Value::Email("m@b.example".into())),
            },
            Field { name: "Title".into(), label: "Title".into(), value: None },
        ],
        account: Some(Named { label: "Account".into(), name: "Nordwind".into() }),
        owner: Some(Named { label: "Owner".into(), name: "Ann".into() }),
        how: How::Email { address: "m@b.example".into() },
        conflict: Vec::new(),
        lost_link: None,
        age: age(),
    }
}

fn candidate(id: &str) -> Candidate {
    Candidate {
        record: record(Module::Lead, id),
        name: "Maria".into(),
        url: "javascript:alert(1)".into(),
        account: Some("Nordwind".into()),
        owner: Some("Ann".into()),
        modified_at: Timestamp::from_seconds(NOW - 7_200),
        how: How::Phone {
            number: "+14155550123".into(),
            field: "MobilePhone".into(),
            stored: "555 0123".into(),
            strength: Strength::National,
        },
    }
}

fn org(connection: &str, is_sandbox: bool) -> Org {
    Org { connection: connection.into(), name: "Acme & Co".into(), crm: "Salesforce".into(), is_sandbox }
}

fn a_panel(view: View) -> Panel {
    Panel {
        place: Place::of("ctc_1").on(Some("con_1")),
        orgs: vec![org("con_1", false)],
        shown: Some(Shown { org: org("con_1", false), view, is_literal: false, is_linked: false }),
        may_link: true,
        may_connect: false,
        problem: None,
        typed: String::new(),
        pins: None,
    }
}

fn html(panel: &Panel) -> String {
    let zone = Zone::utc();
    let clock = Clock { words: Words::english(), zone: &zone, now: Timestamp::from_seconds(NOW) };
    let html = super::panel(&clock, panel).into_string();
    assert!(
        !html.contains("href=\"javascript") && !html.contains(" style=") && !html.contains(" onclick"),
        "{html}"
    );
    html
}

fn shown(view: View) -> String {
    html(&a_panel(view))
}

/// What is said in each place, in order.
#[track_caller]
fn says(html: &str, texts: &[&str]) {
    for text in texts {
        assert!(html.contains(text), "{text} is not in: {html}");
    }
}

#[test]
fn a_record_shows_its_name_kind_fields_company_owner_age_and_the_way_to_the_crm() {
    let html = shown(View::Matched(matched()));
    says(
        &html,
        &["Maria &lt;Lindqvist&gt;", ">Contact<", "View in Salesforce", "Nordwind", "Ann", "12 seconds ago"],
    );
    says(&html, &["href=\"mailto:m@b.example\"", "The e-mail address is the same: m@b.example"]);
    says(
        &html,
        &["data-fresh-for=\"48\"", "data-src=\"/contacts/ctc_1/panel?connection=con_1\"", "data-key=\"r\""],
    );
    says(&html, &["target=\"_blank\" rel=\"noopener noreferrer\""]);
}

#[test]
fn the_fields_are_shown_and_cannot_be_edited() {
    let html = shown(View::Matched(matched()));
    says(&html, &["Values are changed in Salesforce"]);
    // The one field to type in names another record.
    assert_eq!(html.matches("type=\"text\"").count(), 1, "{html}");
    says(&html, &["name=\"record\" type=\"text\""]);
}

#[test]
fn a_number_that_points_to_somebody_else_is_shown_and_can_be_used_instead() {
    let found = Matched { conflict: vec![candidate("00Q1")], ..matched() };
    let html = shown(View::Matched(found));
    says(
        &html,
        &["The phone number points to somebody else", "Use this one", "name=\"record\" value=\"00Q1\""],
    );
    says(
        &html,
        &["action=\"/contacts/ctc_1/panel/choose\"", "stored in MobilePhone without its country as 555 0123"],
    );
}

#[test]
fn a_link_that_led_nowhere_is_told() {
    let found = Matched { lost_link: Some(record(Module::Lead, "00Q9")), ..matched() };
    says(
        &shown(View::Matched(found)),
        &["The Lead that this person was linked to (00Q9) is no longer in Salesforce"],
    );
}

#[test]
fn a_stored_link_says_why_and_can_be_ended_by_whoever_may_link() {
    let found = Matched { how: How::Link { rules: vec!["linked by <Ann>".into()] }, ..matched() };
    let mut panel = a_panel(View::Matched(found));
    panel.shown.as_mut().expect("one").is_linked = true;
    says(
        &html(&panel),
        &[
            "linked by &lt;Ann&gt;",
            "action=\"/contacts/ctc_1/panel/unlink\"",
            "changes nothing in Salesforce",
        ],
    );
    panel.may_link = false;
    let html = html(&panel);
    assert!(!html.contains("panel/unlink") && !html.contains("panel/link"), "{html}");
}

#[test]
fn several_records_are_told_apart_by_company_owner_and_last_change() {
    let several = Several {
        candidates: vec![candidate("00Q1"), candidate("00Q2")],
        more: 3,
        lost_link: None,
        age: age(),
    };
    let html = shown(View::Several(several));
    says(
        &html,
        &[
            "5 records match",
            "Nordwind",
            "Ann",
            "2 hours ago",
            "3 more match as well",
            "The choice is remembered",
        ],
    );
    assert_eq!(html.matches("This is the person").count(), 2, "{html}");
    assert!(!html.contains("View in Salesforce"), "an address that no browser may follow is no link: {html}");
}

#[test]
fn nobody_shows_what_was_searched_what_comes_near_and_a_field_to_link_one() {
    let near = |id: &str, reason| Near {
        record: record(Module::Contact, id),
        name: "Maria".into(),
        url: "https://acme.my.salesforce.com/x".into(),
        reason,
    };
    let stored = || "0123".to_owned();
    let nobody = NoMatch {
        searched: vec![Searched::Email("m@b.example".into()), Searched::Phone("+14155550123".into())],
        near: vec![
            near("0031", NearReason::WrittenOtherwise { stored: stored() }),
            near("0032", NearReason::OtherField { field: "Fax".into(), stored: stored() }),
            near("0033", NearReason::SameEnding { stored: stored() }),
            near("0034", NearReason::SameName),
        ],
        lost_link: None,
        age: age(),
    };
    let mut panel = a_panel(View::NoMatch(nobody));
    let open = html(&panel);
    says(&open, &["Nobody in Salesforce matches", "m@b.example", "+1 415-555-0123", "do not matter"]);
    says(&open, &["written otherwise: 0123", "in Fax, a field", "same ending: 0123", "The same name"]);
    says(&open, &["action=\"/contacts/ctc_1/panel/link\"", "Paste the record's id"]);
    assert_eq!(open.matches("panel/choose").count(), 4);
    panel.shown.as_mut().expect("one").is_literal = true;
    says(&html(&panel), &["compared exactly as they are written"]);
    panel.problem = Some("No <such> record".into());
    panel.typed = "\"><script>".into();
    let refused = html(&panel);
    says(
        &refused,
        &[
            "No &lt;such&gt; record",
            "value=\"&quot;&gt;&lt;script&gt;\"",
            "aria-invalid=\"true\"",
            "role=\"alert\"",
        ],
    );
}

#[test]
fn somebody_without_phone_and_e_mail_is_told_so() {
    let nobody = NoMatch { searched: Vec::new(), near: Vec::new(), lost_link: None, age: age() };
    says(&shown(View::NoMatch(nobody)), &["neither a phone number nor an e-mail address"]);
}

#[test]
fn each_thing_that_is_not_allowed_has_its_own_words() {
    let texts = [
        (NoAccess::OrgApi, "organisation has no API access"),
        (NoAccess::UserApi, "The connected user may not use the API"),
        (NoAccess::Permission, "The connected user may not see this"),
    ];
    for (what, text) in texts {
        let html = shown(View::NoAccess { what, detail: "ask <Bo>".into() });
        says(&html, &[text, "ask &lt;Bo&gt;"]);
        assert_eq!(texts.iter().filter(|(_, text)| html.contains(text)).count(), 1);
    }
}

#[test]
fn a_lost_grant_and_a_missing_scope_say_what_to_do_and_who_can() {
    for (view, button) in [
        (View::GrantLost { detail: "revoked".into() }, "Reconnect"),
        (View::MissingScope { detail: "refresh_token".into() }, "Renew the connection"),
        (View::NotConnected, "Connect a CRM"),
    ] {
        let mut panel = a_panel(view);
        let agent = html(&panel);
        says(&agent, &["An owner, admin or manager of your workspace can do this."]);
        assert!(!agent.contains("href=\"/integrations\""), "{agent}");
        panel.may_connect = true;
        says(&html(&panel), &["href=\"/integrations\"", button]);
    }
}

#[test]
fn without_any_connection_the_place_says_what_it_is_for() {
    let panel = Panel { orgs: Vec::new(), shown: None, ..a_panel(View::NotConnected) };
    says(
        &html(&panel),
        &["No CRM is connected", "found by phone number or e-mail address", "data-fresh-for=\"60\""],
    );
}

#[test]
fn a_limit_says_until_when_and_a_failure_offers_to_try_again() {
    let until = Some(Timestamp::from_seconds(1_772_000_700));
    says(
        &shown(View::LimitReached { until }),
        &["The API limit of Salesforce is used up.", "It is asked again at 06:25"],
    );
    says(&shown(View::LimitReached { until: None }), &["by itself later"]);
    says(
        &shown(View::Failed { detail: "no answer".into() }),
        &["did not answer as it should", "no answer", "Try again"],
    );
}

#[test]
fn stale_data_are_shown_with_their_age_and_the_reason() {
    let because = Because::Failed { detail: "no answer in 10 s".into() };
    let html = shown(View::Stale(Stale { last: matched(), because }));
    says(
        &html,
        &["This is what was last read.", "no answer in 10 s", "12 seconds ago", "Maria &lt;Lindqvist&gt;"],
    );
    let because = Because::LimitReached { until: None };
    says(
        &shown(View::Stale(Stale { last: matched(), because })),
        &["The API limit of Salesforce is used up."],
    );
}

#[test]
fn several_orgs_have_a_tab_each_and_a_copy_for_testing_says_so() {
    let panel =
        Panel { orgs: vec![org("con_1", false), org("con_2", true)], ..a_panel(View::Matched(matched())) };
    let html = html(&panel);
    says(
        &html,
        &[
            "href=\"/contacts/ctc_1/panel?connection=con_2\"",
            "data-remembers=\"connection=con_2\"",
            "sandbox",
        ],
    );
    assert_eq!(html.matches("aria-current").count(), 1);
}

#[test]
fn before_the_answer_there_is_a_placeholder_that_loads_itself_and_a_link_for_browsers_without_scripts() {
    let html = waiting(Words::english(), &Place::of("ctc_1").beside(Some("cnv_2"))).into_string();
    says(
        &html,
        &["data-load=\"/contacts/ctc_1/panel?conversation=cnv_2\"", "<noscript><p><a", "aria-busy=\"true\""],
    );
    says(&html, &["data-load-failed hidden", "Try again", "role=\"status\""]);
}

#[test]
fn a_link_is_listed_with_how_it_came_about() {
    let winner = record(Module::Contact, "0031");
    let trace = Trace {
        searched: vec!["+14155550123".into()],
        candidates: vec![Considered {
            record: winner.clone(),
            name: "Maria <L>".into(),
            field: Some("Phone".into()),
            verdict: "contact".into(),
        }],
        rules: vec!["a contact comes first".into()],
        winner: Some(winner.clone()),
    };
    let link = Link {
        contact: "ctc_1".into(),
        org: org("con_1", true),
        record: Some((winner, Some("Maria <L>".into()), Some("javascript:x".into()))),
        trace: Some(trace),
        held: Some("waits".into()),
        may_unlink: true,
    };
    let html = super::link(Words::english(), &link).into_string();
    says(
        &html,
        &[
            "+1 415-555-0123",
            "Maria &lt;L&gt;",
            "chosen",
            "found in Phone",
            "a contact comes first",
            "waits",
            "Unlink",
        ],
    );
    assert!(!html.contains("javascript"), "{html}");
}

#[test]
fn pins_are_listed_with_a_link_out_and_a_button_that_removes_them() {
    let pin = Pin {
        id: "pin_1".into(),
        kind: "Opportunity".into(),
        label: "Big <deal>".into(),
        url: "https://acme.my.salesforce.com/006".into(),
        org: "Acme".into(),
    };
    let mut beside = Pins {
        conversation: "cnv_1".into(),
        pins: vec![pin],
        orgs: vec![org("con_1", false)],
        may_pin: true,
        ..Pins::default()
    };
    let html = pins(Words::english(), &beside).into_string();
    says(&html, &["Big &lt;deal&gt;", "Opportunity", "action=\"/conversations/cnv_1/pins/pin_1/remove\""]);
    says(&html, &["type=\"hidden\" name=\"connection\" value=\"con_1\""]);
    beside.may_pin = false;
    let html = pins(Words::english(), &beside).into_string();
    assert!(!html.contains("<form"), "{html}");
}
