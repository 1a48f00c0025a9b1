//! Whose a record becomes.

use super::kit::{inactive, user};
use crate::{
    plan::{
        ownership::{Because, Chain, Owner, corresponding_user, owner},
        wording,
    },
    record::CrmUser,
};

fn chain() -> Chain<'static> {
    Chain {
        assignee_email: Some("olga@acme.example"),
        account_owner_email: Some("paul@acme.example"),
        default_owner_id: Some("default"),
        acting_user_id: "admin",
    }
}

fn olga() -> CrmUser {
    user("olga", "olga@acme.example")
}

fn paul() -> CrmUser {
    user("paul", "paul@acme.example")
}

fn chosen(chain: &Chain<'_>, users: &[CrmUser]) -> Option<(String, Because)> {
    owner(chain, users).map(|owner| (owner.user_id, owner.because))
}

fn users() -> Vec<CrmUser> {
    vec![user("admin", "admin@acme.example"), user("default", "d@acme.example"), paul(), olga()]
}

#[test]
fn the_assignee_owns_the_record() {
    assert_eq!(chosen(&chain(), &users()), Some(("olga".into(), Because::Assignee)));
}

#[test]
fn an_unassigned_chat_belongs_to_the_accounts_owner() {
    let chain = Chain { assignee_email: None, ..chain() };
    assert_eq!(chosen(&chain, &users()), Some(("paul".into(), Because::AccountOwner)));
}

#[test]
fn without_a_matching_user_the_default_owner_goes_before_who_connected() {
    let strangers = Chain { assignee_email: Some("x@y.example"), account_owner_email: None, ..chain() };
    assert_eq!(chosen(&strangers, &users()), Some(("default".into(), Because::DefaultOwner)));
    let no_default = Chain { default_owner_id: None, ..strangers };
    assert_eq!(chosen(&no_default, &users()), Some(("admin".into(), Because::ActingUser)));
}

#[test]
fn inactive_users_are_passed_over_at_every_step() {
    let steps = [("olga", "paul"), ("paul", "default"), ("default", "admin")];
    let mut users = users();
    for (leaves, next) in steps {
        users = users.into_iter().map(|user| if user.id == leaves { inactive(user) } else { user }).collect();
        assert_eq!(chosen(&chain(), &users).map(|(id, _)| id), Some(next.into()));
    }
    let all: Vec<_> = users.into_iter().map(inactive).collect();
    assert_eq!(chosen(&chain(), &all), None);
}

#[test]
fn addresses_match_in_any_case() {
    let users = [user("olga", "Olga@ACME.example")];
    assert_eq!(chosen(&chain(), &users), Some(("olga".into(), Because::Assignee)));
}

#[test]
fn a_sandbox_that_spoils_addresses_is_seen_through() {
    for spoilt in ["olga@acme.example.invalid", "OLGA@acme.example.INVALID"] {
        assert_eq!(chosen(&chain(), &[user("olga", spoilt)]), Some(("olga".into(), Because::Assignee)));
    }
    assert_eq!(chosen(&chain(), &[user("olga", "olga@acme.example.invalid.example")]), None);
}

#[test]
fn of_two_users_with_one_address_the_lowest_id_is_taken_in_any_order() {
    let (a, b) = (user("a", "olga@acme.example"), user("b", "olga@acme.example"));
    for users in [[a.clone(), b.clone()], [b.clone(), a.clone()]] {
        assert_eq!(chosen(&chain(), &users).map(|(id, _)| id), Some("a".into()));
    }
    assert_eq!(chosen(&chain(), &[inactive(a), b]).map(|(id, _)| id), Some("b".into()));
}

#[test]
fn a_blank_address_belongs_to_nobody() {
    let chain = Chain { assignee_email: Some(" "), account_owner_email: Some(""), ..chain() };
    let users = [user("blank", ""), user("admin", "")];
    assert_eq!(chosen(&chain, &users), Some(("admin".into(), Because::ActingUser)));
}

#[test]
fn the_owner_rule_asks_only_for_the_chats_own_people() {
    let id = |chain: &Chain<'_>| corresponding_user(chain, &users()).map(|owner| owner.user_id);
    assert_eq!(id(&chain()), Some("olga".into()));
    assert_eq!(id(&Chain { assignee_email: None, ..chain() }), Some("paul".into()));
    let nobody = Chain { assignee_email: None, account_owner_email: None, ..chain() };
    assert_eq!(id(&nobody), None, "neither the default owner nor who connected owns a chat");
}

#[test]
fn the_trace_says_in_words_whose_a_record_becomes() {
    let said = |because, name| wording::owner(&Owner { user_id: "005".into(), because }, name);
    assert_eq!(said(Because::Assignee, "Olga"), "it belongs to Olga, to whom the conversation is assigned");
    assert_eq!(said(Because::AccountOwner, "Olga"), "it belongs to Olga, who owns the channel account");
    assert_eq!(said(Because::DefaultOwner, "Olga"), "it belongs to Olga, the default owner");
    assert_eq!(said(Because::ActingUser, ""), "it belongs to 005, who connected the CRM");
}
