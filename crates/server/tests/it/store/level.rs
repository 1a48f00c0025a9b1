//! What waits, over all workspaces.

use causeway::store::{
    Result, Tx, connection, entry, intake,
    integration::{self, Integration, State},
    level::{self, Backlog},
};
use causeway_core::{
    call::Usage,
    lane::{HoldReason, Who},
    timeline::Poison,
};

use super::{
    engine::{NOW, in_a_transaction},
    scene::{self, CONNECTION, HERE, a_raw, an_entry},
};

in_a_transaction!(
    the_backlog_is_counted_with_its_oldest,
    holds_are_counted_by_cause,
    a_lane_tells_what_is_due_and_since_when,
    a_lane_whose_integrations_are_paused_has_nothing_due,
);

async fn the_backlog_is_counted_with_its_oldest(tx: &mut Tx<'_>) -> Result<()> {
    assert_eq!(level::backlog(tx).await?, Backlog::default());
    for (id, received_at) in [(1, NOW - 30), (2, NOW - 20), (3, NOW - 10)] {
        intake::append(tx, &intake::Raw { received_at, ..a_raw(id) }).await?;
    }
    intake::done(tx, 1, NOW).await?;
    let poison = Poison { path: "entry[0]".into(), reason: "no".into(), raw: "x".into() };
    intake::quarantine(tx, &a_raw(1), &poison, NOW).await?;
    let backlog = level::backlog(tx).await?;
    assert_eq!(backlog, Backlog { waiting: 2, oldest: Some(NOW - 20), quarantined: 1 });
    Ok(())
}

async fn holds_are_counted_by_cause(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    for (id, reason) in [(1, HoldReason::NoRecord), (2, HoldReason::NoRecord), (3, HoldReason::GrantLost)] {
        scene::put_entry(tx, &an_entry(id)).await?;
        entry::hold(tx, HERE, id, (reason, Who::Agent, ""), false).await?;
    }
    let holds = level::holds(tx).await?;
    assert_eq!(holds, [("grant_lost".to_owned(), 1), ("no_record".to_owned(), 2)]);
    Ok(())
}

async fn a_lane_tells_what_is_due_and_since_when(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    let lane = level::lanes(tx, NOW).await?.remove(0);
    assert_eq!((lane.connection_id, lane.due, lane.oldest_due, lane.usage), (CONNECTION, 0, None, None));
    for (id, due_at) in [(1, NOW - 7), (2, NOW), (3, NOW + 1)] {
        scene::put_entry(tx, &an_entry(id)).await?;
        causeway::store::lane::entry_later(tx, HERE, id, due_at, false).await?;
    }
    connection::put_usage(tx, "salesforce", &lane.org_id, Usage { used: 4, limit: 10 }, NOW).await?;
    let lane = level::lanes(tx, NOW).await?.remove(0);
    assert_eq!((lane.due, lane.oldest_due, lane.usage), (2, Some(NOW - 7), Some((4, 10))));
    Ok(())
}

async fn a_lane_whose_integrations_are_paused_has_nothing_due(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::put_entry(tx, &an_entry(1)).await?;
    assert_eq!(level::lanes(tx, i64::MAX).await?[0].due, 1);
    let paused = Integration { state: State::Paused, ..scene::an_integration(HERE) };
    assert!(integration::change(tx, &paused).await?);
    let lane = level::lanes(tx, i64::MAX).await?.remove(0);
    assert_eq!((lane.due, lane.oldest_due), (0, None));
    Ok(())
}
