//! Users by e-mail address and id.

use super::{USER, Zoho, fixture, org, path, reply};
use crate::{
    crm::{Answer, Call, Crm},
    record::CrmUser,
};

const LEFT: &str = "6044000000026009";

fn call(page: Option<&str>) -> Call {
    Call::Users {
        emails: vec!["aiko@acme.example ".to_owned(), "nina@acme.example".to_owned()],
        ids: vec![USER.to_owned(), LEFT.to_owned(), "no id".to_owned()],
        page: page.map(str::to_owned),
    }
}

fn part(call: &Call, status: u16, body: &str) -> (Vec<CrmUser>, Option<Call>) {
    match reply(call, status, body) {
        Ok(Answer::Part(part, next)) => match *part {
            Answer::Users(users) => (users, Some(*next)),
            other => panic!("no users: {other:?}"),
        },
        Ok(Answer::Users(users)) => (users, None),
        other => panic!("no users: {other:?}"),
    }
}

#[test]
fn active_users_are_read_page_by_page_and_those_who_left_by_their_ids() {
    assert_eq!(path(&Zoho.request(&org(), &call(None))), "users?type=ActiveUsers&page=1&per_page=200");
    let (users, next) = part(&call(None), 200, fixture!("users.json"));
    let names: Vec<_> = users.iter().map(|user| (user.name.as_str(), user.is_active)).collect();
    assert_eq!(names, [("Inge Integration", true), ("Aiko Agent", true), ("Nina New", false)]);
    let next = next.expect("a further page");
    assert_eq!(path(&Zoho.request(&org(), &next)), "users?type=ActiveUsers&page=2&per_page=200");
    let (users, next) = part(&next, 204, "");
    assert!(users.is_empty());
    let next = next.expect("somebody is still looked for");
    assert_eq!(path(&Zoho.request(&org(), &next)), format!("users/{LEFT}"));
    let gone = r#"{"code":"INVALID_DATA","details":{"resource_path_index":1},"message":"the id given seems to be invalid","status":"error"}"#;
    for (status, body) in [(400, gone), (204, "")] {
        assert_eq!(part(&next, status, body), (Vec::new(), None), "nobody has that id");
    }
}

#[test]
fn who_is_inactive_or_has_not_confirmed_the_invitation_owns_nothing() {
    for (was, is) in [("\"active\"", "\"inactive\""), ("\"confirm\": true", "\"confirm\": false")] {
        let (users, _) = part(&call(None), 200, &fixture!("user.json").replace(was, is));
        assert!(!users[0].is_active);
    }
}
