//! Which record is this person: precedence, the owner rule, what breaks ties, and what never links.

use std::collections::BTreeSet;

use super::kit::{contact, email, lead, org, phone, record};
use crate::{
    address::{Address, AddressKind},
    lane::HoldReason,
    plan::{
        matching::{Decision, Question, Trace, decide},
        settings::{ChatSync, Create, Reopen},
    },
    record::{Module, OrgProfile, PersonRecord, RecordRef},
};

const NUMBER: &str = "+14155552671";

/// A question about one person, asked as a test needs it.
struct Asked {
    addresses: Vec<Address>,
    name: Option<&'static str>,
    owner: Option<&'static str>,
    settings: ChatSync,
    org: OrgProfile,
    read: BTreeSet<RecordRef>,
    region: Option<&'static str>,
}

fn asked() -> Asked {
    Asked {
        addresses: vec![phone(NUMBER)],
        name: None,
        owner: Some("olga"),
        settings: ChatSync::default(),
        org: org(),
        read: BTreeSet::new(),
        region: None,
    }
}

impl Asked {
    fn decide(&self, candidates: &[PersonRecord]) -> (Decision, Trace) {
        let phones: Vec<_> = self.addresses.iter().filter_map(Address::phone).collect();
        let emails: Vec<_> = self
            .addresses
            .iter()
            .filter(|address| address.kind == AddressKind::Email)
            .map(|address| address.value.clone())
            .collect();
        decide(&Question {
            phones: &phones,
            emails: &emails,
            name: self.name,
            owner_id: self.owner,
            candidates,
            asked: &self.read,
            org: &self.org,
            settings: &self.settings,
            region: self.region.and_then(|region| region.parse().ok()),
        })
    }

    /// The id of the record that is used.
    fn winner(&self, candidates: &[PersonRecord]) -> String {
        match self.decide(candidates) {
            (Decision::Use { record, .. }, trace) => {
                assert_eq!(trace.winner.as_ref(), Some(&record), "the trace names the winner");
                record.id
            }
            (other, trace) => panic!("{other:?}: {trace:?}"),
        }
    }
}

fn person(id: &str) -> PersonRecord {
    contact(id).with_phone("+1 (415) 555-2671")
}

fn open(id: &str) -> PersonRecord {
    lead(id, "New").with_phone("(415) 555-2671").named("open")
}

fn closed(id: &str) -> PersonRecord {
    lead(id, "Closed - Lost").with_phone("14155552671").named("closed")
}

#[test]
fn a_contact_wins_over_any_lead() {
    let newer = open("l").owned_by("olga").changed_at(9_000);
    let newest = closed("x").owned_by("olga").changed_at(9_999);
    assert_eq!(asked().winner(&[newest, newer, person("c").owned_by("other")]), "c");
}

#[test]
fn a_record_of_a_module_that_conversations_do_not_go_to_is_nobody() {
    let leads = || ChatSync { module: Some(Module::Lead), ..ChatSync::default() };
    let of_leads = || Asked { settings: leads(), ..asked() };
    assert_eq!(of_leads().winner(&[person("c"), open("l")]), "l");
    let (decision, trace) = of_leads().decide(&[person("c")]);
    assert_eq!(decision, Decision::Create(Module::Lead), "{trace:?}");
    assert!(trace.candidates[0].verdict.contains("do not go to its module"), "{trace:?}");
    let merged = person("c").merged_into("d").deleted();
    assert_eq!(of_leads().decide(&[merged]).0, Decision::Create(Module::Lead), "nor is what it became");
    // What a lead was converted to is where its conversation goes on.
    assert_eq!(of_leads().winner(&[open("l").converted_to("d"), contact("d")]), "d");
}

#[test]
fn an_open_lead_wins_over_a_closed_one() {
    let newer = closed("x").owned_by("olga").changed_at(9_999);
    assert_eq!(asked().winner(&[newer, open("l").owned_by("other")]), "l");
}

#[test]
fn a_closed_lead_is_used_only_when_nobody_else_matches() {
    let stranger = contact("c").with_phone("+14155550000");
    assert_eq!(asked().winner(&[closed("x"), stranger]), "x");
}

#[test]
fn of_several_contacts_the_one_owned_by_the_chats_owner_wins_over_newer_ones() {
    let mine = person("mine").owned_by("olga").changed_at(10);
    let newer = person("newer").owned_by("other").changed_at(9_999);
    assert_eq!(asked().winner(&[newer, mine]), "mine");
}

#[test]
fn of_several_that_the_chats_owner_owns_the_one_changed_last_wins() {
    let old = person("a").owned_by("olga").changed_at(10);
    let new = person("b").owned_by("olga").changed_at(20);
    let newest = person("c").owned_by("other").changed_at(30);
    assert_eq!(asked().winner(&[old, newest, new]), "b");
}

#[test]
fn open_leads_follow_the_same_owner_rule_then_the_last_change() {
    let mine = open("mine").owned_by("olga").changed_at(10);
    let mine_newer = open("newer").owned_by("olga").changed_at(20);
    let newest = open("newest").owned_by("other").changed_at(30);
    assert_eq!(asked().winner(&[newest.clone(), mine.clone()]), "mine");
    assert_eq!(asked().winner(&[newest, mine, mine_newer]), "newer");
}

#[test]
fn closed_leads_follow_the_same_owner_rule_then_the_last_change() {
    let mine = closed("mine").owned_by("olga").changed_at(10);
    let mine_newer = closed("newer").owned_by("olga").changed_at(20);
    let newest = closed("newest").owned_by("other").changed_at(30);
    assert_eq!(asked().winner(&[newest.clone(), mine.clone()]), "mine");
    assert_eq!(asked().winner(&[newest, mine, mine_newer]), "newer");
}

#[test]
fn if_none_belongs_to_the_chats_owner_the_one_changed_last_wins_and_the_trace_says_so() {
    let candidates = [person("a").owned_by("x").changed_at(10), person("b").owned_by("y").changed_at(20)];
    let (decision, trace) = asked().decide(&candidates);
    assert_eq!(decision, Decision::Use { record: record(Module::Contact, "b"), reopen_to: None });
    assert_eq!(
        trace.rules,
        [
            "2 contacts match",
            "none belongs to the user who corresponds to the chat's owner",
            "the one changed last"
        ]
    );
}

#[test]
fn without_a_user_for_the_chats_owner_the_trace_says_so() {
    let asked = Asked { owner: None, ..asked() };
    let (_, trace) = asked.decide(&[person("a").changed_at(10), person("b").changed_at(20)]);
    assert!(trace.rules.contains(&"nobody in the CRM corresponds to the chat's owner".to_owned()));
}

#[test]
fn an_equal_name_breaks_a_tie_in_time_and_nothing_else() {
    let asked = Asked { name: Some("élodie  Durand"), ..asked() };
    let named = |id: &str| person(id).named("E\u{301}LODIE DURAND");
    assert_eq!(asked.winner(&[person("a").named("Someone Else"), named("b")]), "b");
    let newer = person("c").named("Someone Else").changed_at(9_999);
    assert_eq!(asked.winner(&[newer, named("b")]), "c", "a newer change goes before the name");
    let no_name = Asked { name: Some("  "), ..self::asked() };
    assert_eq!(
        no_name.winner(&[person("b").named(""), person("a").named("Ann")]),
        "a",
        "no name equals nothing"
    );
}

#[test]
fn the_trace_says_how_far_the_last_change_decided() {
    let said = |candidates: &[PersonRecord]| asked().decide(candidates).1.rules[2].clone();
    let (a, b) = (person("a"), person("b"));
    assert_eq!(said(&[a.clone(), b.clone()]), "all were changed at the same time");
    assert_eq!(said(&[a.clone(), b.clone(), person("c").changed_at(1)]), "the 2 changed last");
    assert_eq!(said(&[a, b.changed_at(9_999)]), "the one changed last");
}

#[test]
fn the_name_never_finds_anybody() {
    let asked = Asked { name: Some("Anna Nowak"), ..asked() };
    let namesake = contact("c").named("Anna Nowak").with_phone("+14155550000");
    assert_eq!(asked.decide(&[namesake]).0, Decision::Create(Module::Lead));
}

#[test]
fn the_lowest_id_decides_at_last_whatever_the_order_of_the_search() {
    let (a, b, c) = (person("a"), person("b"), person("c"));
    assert_eq!(asked().winner(&[c.clone(), a.clone(), b.clone()]), "a");
    assert_eq!(asked().winner(&[b, c, a]), "a");
}

#[test]
fn a_number_is_the_same_in_every_spelling() {
    for stored in [
        "+14155552671",
        "1-415-555-2671",
        "+1 (415) 555.2671",
        "0014155552671",
        "415 555 2671 / 212 555 0000",
    ] {
        let asked = Asked { region: Some("US"), ..asked() };
        assert_eq!(asked.winner(&[contact("c").with_phone(stored)]), "c", "{stored}");
    }
}

#[test]
fn every_phone_field_counts() {
    let mut several = contact("c").with_phone("+14155550000");
    several.phones.push(("OtherPhone".into(), "(415) 555-2671".into()));
    let (_, trace) = Asked { region: Some("US"), ..asked() }.decide(&[several]);
    assert_eq!(trace.candidates[0].field.as_deref(), Some("OtherPhone"));
}

#[test]
fn a_national_number_is_read_with_the_records_country() {
    let asked = Asked { addresses: vec![phone("+48123456789")], ..asked() };
    let polish = PersonRecord { country: Some("Poland".into()), ..contact("pl").with_phone("12 345 67 89") };
    let german =
        PersonRecord { country: Some("Germany".into()), ..contact("de").with_phone("+49 12 345 67 89") };
    assert_eq!(asked.winner(&[german, polish]), "pl");
}

#[test]
fn trailing_digits_alone_never_link() {
    for stored in ["2671", "555-2671", "5552671", "+44 15 5552671", "9 415 555 2671 88"] {
        let (decision, trace) = asked().decide(&[contact("c").with_phone(stored)]);
        assert_eq!(decision, Decision::Create(Module::Lead), "{stored}");
        assert!(trace.candidates[0].verdict.starts_with("set aside"), "{}", trace.candidates[0].verdict);
    }
    let short = Asked { addresses: vec![Address { value: "12345".into(), ..phone(NUMBER) }], ..asked() };
    assert_eq!(
        short.decide(&[contact("c").with_phone("123 45")]).0,
        Decision::Hold(HoldReason::NoAddress),
        "equal short digits are for the panel"
    );
}

#[test]
fn a_toll_free_number_is_nobodys() {
    let asked = Asked { addresses: vec![phone("+18005550199")], ..asked() };
    let company = contact("c").with_phone("+18005550199");
    assert_eq!(asked.decide(&[company]).0, Decision::Hold(HoldReason::NoAddress));
}

#[test]
fn an_e_mail_address_links_in_any_case() {
    let asked = Asked { addresses: vec![email("anna@example.com")], ..asked() };
    assert_eq!(asked.winner(&[contact("c").with_email("Anna@Example.COM ")]), "c");
    assert_eq!(
        asked.decide(&[contact("c").with_email("hanna@example.com")]).0,
        Decision::Create(Module::Lead)
    );
}

#[test]
fn one_variant_spelling_links_and_the_trace_says_so() {
    let asked = Asked { addresses: vec![phone("+5491123456789")], ..asked() };
    let (decision, trace) = asked.decide(&[contact("c").with_phone("+541123456789")]);
    assert_eq!(decision, Decision::Use { record: record(Module::Contact, "c"), reopen_to: None });
    assert_eq!(trace.candidates[0].verdict, "contact, by a variant spelling of the number");
}

#[test]
fn several_variant_spellings_wait_for_a_person() {
    let asked = Asked { addresses: vec![phone("+5491123456789")], ..asked() };
    let variant = |id: &str| contact(id).with_phone("+541123456789");
    let (decision, trace) = asked.decide(&[variant("a").owned_by("olga"), variant("b").changed_at(9_999)]);
    assert_eq!(decision, Decision::Hold(HoldReason::SeveralCandidates));
    assert_eq!(trace.winner, None);
    assert!(trace.rules.last().is_some_and(|rule| rule.contains("a person must choose")));
}

#[test]
fn a_variant_never_takes_part_beside_the_same_number() {
    let asked = Asked { addresses: vec![phone("+5491123456789")], ..asked() };
    let variant = contact("variant").with_phone("+541123456789").owned_by("olga");
    let same = lead("same", "New").with_phone("+54 9 11 2345-6789");
    let (decision, trace) = asked.decide(&[variant, same]);
    assert_eq!(decision, Decision::Use { record: record(Module::Lead, "same"), reopen_to: None });
    assert_eq!(trace.rules[0], "one candidate that matches less surely is set aside");
}

#[test]
fn one_person_behind_an_extension_links_and_several_wait_for_a_person() {
    let behind =
        |id: &str, extension: &str| contact(id).with_phone(&format!("+1 415 555 2671 ext {extension}"));
    assert_eq!(asked().winner(&[behind("a", "12")]), "a");
    assert_eq!(
        asked().decide(&[behind("a", "12"), behind("b", "14").owned_by("olga")]).0,
        Decision::Hold(HoldReason::SeveralCandidates)
    );
    assert_eq!(asked().winner(&[behind("a", "12"), person("line")]), "line", "the line itself is surer");
}

#[test]
fn a_converted_lead_is_followed_to_its_contact_and_never_used() {
    let converted = closed("x").owned_by("olga").converted_to("c");
    let (decision, _) = asked().decide(std::slice::from_ref(&converted));
    assert_eq!(decision, Decision::Read(vec![record(Module::Contact, "c")]), "the contact is read first");
    let became = contact("c").with_phone("+14155550000");
    let (decision, trace) = asked().decide(&[became, converted]);
    assert_eq!(decision, Decision::Use { record: record(Module::Contact, "c"), reopen_to: None });
    let said: Vec<_> = trace.candidates.iter().map(|candidate| candidate.verdict.as_str()).collect();
    assert_eq!(said, ["contact", "converted: followed to contact c"]);
    assert_eq!(trace.candidates[0].field.as_deref(), Some("followed"));
}

#[test]
fn a_contact_reached_from_a_converted_lead_competes_like_any_other() {
    let converted = closed("x").converted_to("c");
    let became = contact("c").owned_by("other").changed_at(10);
    let mine = person("mine").owned_by("olga").changed_at(5);
    assert_eq!(asked().winner(&[converted, became, mine]), "mine");
}

#[test]
fn a_merged_contact_is_followed_to_the_one_that_survived() {
    let converted = open("x").converted_to("lost");
    let lost = contact("lost").merged_into("kept");
    let (decision, _) = asked().decide(&[converted.clone(), lost.clone()]);
    assert_eq!(decision, Decision::Read(vec![record(Module::Contact, "kept")]));
    assert_eq!(asked().winner(&[converted, lost, contact("kept")]), "kept");
}

#[test]
fn records_that_lead_in_a_circle_end_the_search() {
    let a = person("a").merged_into("b");
    let b = contact("b").merged_into("a");
    assert_eq!(asked().decide(&[a, b]).0, Decision::Create(Module::Lead));
}

#[test]
fn a_converted_lead_whose_contact_is_hidden_waits_for_an_administrator() {
    let asked = Asked { read: BTreeSet::from([record(Module::Contact, "c")]), ..asked() };
    let converted = closed("x").converted_to("c");
    let (decision, trace) = asked.decide(std::slice::from_ref(&converted));
    assert_eq!(decision, Decision::Hold(HoldReason::NoPermission));
    assert_eq!(trace.rules, ["the matching record became contact c, which is gone or hidden"]);
    assert_eq!(asked.winner(&[converted, open("l")]), "l", "somebody else who matches is used");
}

#[test]
fn what_was_deleted_is_ignored() {
    let (decision, trace) = asked().decide(&[person("c").deleted()]);
    assert_eq!(decision, Decision::Create(Module::Lead));
    assert_eq!(trace.candidates[0].verdict, "deleted");
    assert_eq!(asked().winner(&[person("c").deleted(), closed("x")]), "x");
}

#[test]
fn a_closed_lead_is_reopened_to_the_orgs_default_stage() {
    let (decision, trace) = asked().decide(&[closed("x")]);
    let reopened = Decision::Use { record: record(Module::Lead, "x"), reopen_to: Some("New".into()) };
    assert_eq!(decision, reopened);
    assert_eq!(
        trace.rules,
        [
            "no contact matches",
            "no open lead matches",
            "one closed lead matches",
            "the closed lead is reopened to \"New\""
        ]
    );
}

#[test]
fn a_closed_lead_is_reopened_to_the_chosen_stage() {
    let settings = ChatSync { reopen: Reopen::To("Working".into()), ..ChatSync::default() };
    let (decision, _) = Asked { settings, ..asked() }.decide(&[closed("x")]);
    assert_eq!(
        decision,
        Decision::Use { record: record(Module::Lead, "x"), reopen_to: Some("Working".into()) }
    );
}

#[test]
fn a_closed_lead_stays_closed_if_that_is_chosen() {
    let settings = ChatSync { reopen: Reopen::Never, ..ChatSync::default() };
    let (decision, trace) = Asked { settings, ..asked() }.decide(&[closed("x")]);
    assert_eq!(decision, Decision::Use { record: record(Module::Lead, "x"), reopen_to: None });
    assert_eq!(trace.rules.last().map(String::as_str), Some("the closed lead stays closed"));
}

#[test]
fn contacts_and_open_leads_are_never_reopened() {
    for candidates in [[person("c")], [open("l")]] {
        let (decision, _) = asked().decide(&candidates);
        assert!(matches!(decision, Decision::Use { reopen_to: None, .. }), "{decision:?}");
    }
}

#[test]
fn which_stages_are_closed_is_a_setting() {
    let settings = ChatSync { closed_statuses: Some(vec!["working".into()]), ..ChatSync::default() };
    let asked = Asked { settings, ..asked() };
    let working = lead("working", "Working").with_phone(NUMBER);
    assert_eq!(asked.winner(&[working, closed("x")]), "x", "the other way round than by default");
}

#[test]
fn a_stage_that_the_org_does_not_list_counts_as_open() {
    let unknown = lead("unknown", "Nurturing").with_phone(NUMBER);
    assert_eq!(asked().winner(&[closed("x"), unknown]), "unknown");
}

#[test]
fn nobody_matches_so_a_lead_a_contact_or_nothing_is_made() {
    let with = |create| Asked { settings: ChatSync { create, ..ChatSync::default() }, ..asked() };
    assert_eq!(with(Create::Lead).decide(&[]).0, Decision::Create(Module::Lead));
    assert_eq!(with(Create::Contact).decide(&[]).0, Decision::Create(Module::Contact));
    let (decision, trace) = with(Create::Off).decide(&[]);
    assert_eq!(decision, Decision::Hold(HoldReason::NoRecord));
    assert_eq!(trace.rules, ["nobody matches and creating is switched off"]);
}

#[test]
fn a_person_without_phone_and_e_mail_is_never_made() {
    let asked = Asked { addresses: vec![Address::handle("whatsapp", "US.134")], ..asked() };
    assert_eq!(asked.decide(&[]).0, Decision::Hold(HoldReason::NoAddress));
}

#[test]
fn the_trace_says_what_was_searched_who_was_found_and_which_rules_decided() {
    let asked = Asked { addresses: vec![phone(NUMBER), email("anna@example.com")], ..asked() };
    let candidates = [
        person("a").named("Anna").owned_by("olga"),
        person("b").named("Ann").owned_by("other"),
        open("l"),
        contact("s").named("Stranger").with_phone("+14155550000"),
    ];
    let (_, trace) = asked.decide(&candidates);
    assert_eq!(trace.searched, [NUMBER, "anna@example.com"]);
    let said: Vec<_> = trace
        .candidates
        .iter()
        .map(|one| (one.record.id.as_str(), one.name.as_str(), one.field.as_deref(), one.verdict.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("a", "Anna", Some("Phone"), "contact"),
            ("b", "Ann", Some("Phone"), "contact"),
            ("l", "open", Some("Phone"), "open lead"),
            ("s", "Stranger", None, "set aside: no number or address of it is the person's"),
        ]
    );
    assert_eq!(trace.rules, ["2 contacts match", "owned by the user who corresponds to the chat's owner"]);
    assert_eq!(trace.winner, Some(record(Module::Contact, "a")));
}
