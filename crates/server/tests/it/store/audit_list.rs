//! The audit log as it is read: narrowed to a member, to an action, to both, and by pages.

use causeway::store::{
    Result, Tx,
    audit::{self, NewLine, PAGE},
    audit_list::{self, Wanted},
};
use serde_json::json;

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, HERE, MEMBER, THERE};

in_a_transaction!(
    lines_are_narrowed_to_a_member_and_an_action,
    a_narrowed_list_has_pages_too,
    actions_are_those_of_the_workspace
);

fn a_line(id: i64, member_id: Option<i64>, action: &'static str) -> NewLine {
    NewLine { id, at: NOW + id, member_id, action, subject: "x".into(), detail: json!({ "n": id }) }
}

async fn ids(tx: &mut Tx<'_>, member_id: Option<i64>, action: Option<&str>) -> Result<Vec<i64>> {
    let wanted = Wanted { member_id, action: action.map(str::to_owned) };
    let page = audit_list::page(tx, HERE, &wanted, None).await?;
    Ok(page.rows.iter().map(|line| line.id).collect())
}

async fn lines_are_narrowed_to_a_member_and_an_action(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    for (id, member, action) in
        [(1, Some(MEMBER), "a"), (2, None, "a"), (3, Some(MEMBER), "b"), (4, Some(99), "a")]
    {
        audit::append(tx, HERE, &a_line(id, member, action)).await?;
    }
    assert_eq!(ids(tx, None, None).await?, [4, 3, 2, 1]);
    assert_eq!(ids(tx, Some(MEMBER), None).await?, [3, 1]);
    assert_eq!(ids(tx, None, Some("a")).await?, [4, 2, 1]);
    assert_eq!(ids(tx, Some(MEMBER), Some("a")).await?, [1]);
    assert!(ids(tx, Some(MEMBER), Some("c")).await?.is_empty());
    let wanted = Wanted { member_id: Some(MEMBER), action: Some("a".into()) };
    let line = audit_list::page(tx, HERE, &wanted, None).await?.rows.remove(0);
    assert_eq!((line.member, line.detail), (Some((MEMBER, "Ann".into())), json!({ "n": 1 })));
    Ok(())
}

async fn a_narrowed_list_has_pages_too(tx: &mut Tx<'_>) -> Result<()> {
    let all = i64::try_from(PAGE + 3).unwrap();
    for id in 1..=all {
        audit::append(tx, HERE, &a_line(2 * id, None, "a")).await?;
        audit::append(tx, HERE, &a_line(2 * id + 1, None, "b")).await?;
    }
    let wanted = Wanted { action: Some("a".into()), ..Wanted::default() };
    let first = audit_list::page(tx, HERE, &wanted, None).await?;
    let second = audit_list::page(tx, HERE, &wanted, first.next).await?;
    assert_eq!((first.rows.len(), second.rows.len(), second.next), (PAGE, 3, None));
    assert!(first.rows.iter().chain(&second.rows).all(|line| line.action == "a"));
    Ok(())
}

async fn actions_are_those_of_the_workspace(tx: &mut Tx<'_>) -> Result<()> {
    for (id, action) in [(1, "b"), (2, "a"), (3, "b")] {
        audit::append(tx, HERE, &a_line(id, None, action)).await?;
    }
    audit::append(tx, THERE, &a_line(1, None, "c")).await?;
    assert_eq!(audit_list::actions(tx, HERE).await?, ["a", "b"]);
    Ok(())
}
