//! The audit log.

use causeway::store::{
    Result, Tx,
    audit::{self, NewLine, PAGE},
};
use serde_json::json;

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, HERE, MEMBER};

in_a_transaction!(the_log_is_read_newest_first_with_names, every_line_is_on_one_page,);

fn a_line(id: i64, member_id: Option<i64>) -> NewLine {
    NewLine {
        id,
        at: NOW + id,
        member_id,
        action: "integration.change",
        subject: "int_1".into(),
        detail: json!({ "before": 1, "after": { "n": id } }),
    }
}

async fn the_log_is_read_newest_first_with_names(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    audit::append(tx, HERE, &a_line(1, Some(MEMBER))).await?;
    audit::append(tx, HERE, &a_line(2, None)).await?;
    let page = audit::page(tx, HERE, None).await?;
    assert_eq!(page.next, None);
    assert_eq!(page.rows[0].member, None);
    assert_eq!(page.rows[1].member, Some((MEMBER, "Ann".into())));
    assert_eq!((page.rows[1].at, page.rows[1].action.as_str()), (NOW + 1, "integration.change"));
    assert_eq!(page.rows[1].subject, "int_1");
    assert_eq!(page.rows[1].detail, a_line(1, None).detail);
    Ok(())
}

async fn every_line_is_on_one_page(tx: &mut Tx<'_>) -> Result<()> {
    let all = i64::try_from(2 * PAGE).unwrap();
    for id in 1..=all {
        audit::append(tx, HERE, &a_line(id, None)).await?;
    }
    let first = audit::page(tx, HERE, None).await?;
    audit::append(tx, HERE, &a_line(all + 1, None)).await?;
    let second = audit::page(tx, HERE, first.next).await?;
    assert_eq!(second.next, None);
    let ids: Vec<i64> = first.rows.iter().chain(&second.rows).map(|line| line.id).collect();
    assert_eq!(ids, (1..=all).rev().collect::<Vec<_>>());
    Ok(())
}
