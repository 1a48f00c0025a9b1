//! Calls as they were counted.

use causeway::store::{
    Result, Tx, call_count,
    connection::{self, Connection},
};
use causeway_core::governor::Purpose::{Check, Message, Panel};

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, CONNECTION, HERE, MEMBER, THERE, a_connection, connection_of};

in_a_transaction!(
    calls_are_counted_for_the_org_of_every_connection_to_it,
    calls_of_a_connection_are_told_by_their_names,
    old_quarters_are_put_together_into_days,
);

async fn calls_are_counted_for_the_org_of_every_connection_to_it(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::set_in(tx, THERE).await?;
    let foreign = Connection { id: 7, org_id: "00E".into(), ..a_connection(HERE) };
    connection::insert(tx, &foreign, MEMBER, NOW).await?;
    let (here, there) = ((HERE, CONNECTION), (THERE, connection_of(THERE)));
    for (connection, slot, purpose) in [
        (here, 96, Message),
        (here, 96, Message),
        (here, 97, Panel),
        (there, 97, Message),
        ((HERE, 7), 97, Message),
    ] {
        call_count::count(tx, connection, slot, purpose, "write_entries").await?;
    }
    let of_org = |from| (from, "salesforce");
    for ((from, crm), wanted) in [
        (of_org(0), vec![(Panel, 1), (Message, 3)]),
        (of_org(97), vec![(Panel, 1), (Message, 1)]),
        (of_org(98), vec![]),
        ((0, "zoho"), vec![]),
    ] {
        assert_eq!(call_count::of_org(tx, crm, "00D", from).await?, wanted);
    }
    assert_eq!(call_count::slots_of_org(tx, "salesforce", "00D", 0).await?, [(96, 2), (97, 2)]);
    assert_eq!(call_count::slots_of_org(tx, "salesforce", "00E", 0).await?, [(97, 1)]);
    let totals = call_count::totals(tx).await?;
    assert!(totals.contains(&(CONNECTION, "message".into(), 2)) && totals.len() == 4, "{totals:?}");
    Ok(())
}

async fn calls_of_a_connection_are_told_by_their_names(tx: &mut Tx<'_>) -> Result<()> {
    let (here, there) = ((HERE, CONNECTION), (THERE, connection_of(THERE)));
    for (connection, slot, name) in
        [(here, 1, "write"), (here, 1, "write"), (here, 2, "write"), (here, 2, "find"), (there, 1, "write")]
    {
        call_count::count(tx, connection, slot, Message, name).await?;
    }
    call_count::count(tx, here, 2, Check, "find").await?;
    assert_eq!(connection::calls(tx, CONNECTION).await?, [("find".into(), 2), ("write".into(), 3)]);
    assert_eq!(connection::calls(tx, connection_of(THERE)).await?, [("write".into(), 1)]);
    Ok(())
}

async fn old_quarters_are_put_together_into_days(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    for slot in [96, 97, 100, 191, 192, 193] {
        call_count::count(tx, (HERE, CONNECTION), slot, Message, "write").await?;
    }
    call_count::fold(tx, 200).await?;
    assert_eq!(call_count::slots_of_org(tx, "salesforce", "00D", 0).await?, [(96, 4), (192, 1), (193, 1)]);
    call_count::fold(tx, 200).await?;
    assert_eq!(connection::calls(tx, CONNECTION).await?, [("write".into(), 6)]);
    Ok(())
}
