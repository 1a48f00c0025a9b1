//! The intake log.

use causeway::store::{
    Result, Tx,
    intake::{self, Outcome, Raw},
};
use causeway_core::{channels::RawRequest, timeline::Poison};
use tokio::sync::oneshot;

use super::engine::{NOW, Place, in_a_transaction, on_both_engines};
use super::scene::{HERE, THERE, a_raw};

in_a_transaction!(
    a_request_comes_back_byte_for_byte,
    the_oldest_that_are_not_done_are_taken_first,
    a_request_with_an_older_id_is_taken_although_newer_ones_are_done,
    only_done_requests_are_sent_again,
    only_old_done_requests_are_forgotten,
    an_unreadable_part_is_put_aside_once,
    the_newest_unreadable_parts_are_shown_first,
    the_newest_request_and_the_unreadable_parts_are_counted,
    recent_requests_come_newest_first_with_what_became_of_them,
    one_request_is_sent_again_by_its_own_workspace_once_it_is_done,
);

on_both_engines!(a_request_that_commits_late_is_taken);

async fn ids(tx: &mut Tx<'_>) -> Result<Vec<i64>> {
    Ok(intake::take(tx, 100, &[].into()).await?.iter().map(|raw| raw.id).collect())
}

async fn append_all(tx: &mut Tx<'_>, ids: &[i64]) -> Result<()> {
    for id in ids {
        intake::append(tx, &a_raw(*id)).await?;
    }
    Ok(())
}

async fn a_request_comes_back_byte_for_byte(tx: &mut Tx<'_>) -> Result<()> {
    let headers = vec![("x-hub-signature".into(), "ñ\"\\".into()), ("x-hub-signature".into(), String::new())];
    let raw = Raw { request: RawRequest { headers, body: (0..=255).collect() }, id: i64::MAX, ..a_raw(1) };
    intake::append(tx, &raw).await?;
    assert_eq!(intake::take(tx, 1, &[].into()).await?, [raw]);
    Ok(())
}

async fn the_oldest_that_are_not_done_are_taken_first(tx: &mut Tx<'_>) -> Result<()> {
    append_all(tx, &[3, 1, 2, 4]).await?;
    intake::done(tx, 2, NOW).await?;
    assert_eq!(ids(tx).await?, [1, 3, 4]);
    assert_eq!(intake::take(tx, 2, &[].into()).await?.len(), 2);
    intake::append(tx, &Raw { workspace_id: THERE, ..a_raw(6) }).await?;
    assert_eq!(intake::take(tx, 9, &[THERE].into()).await?.len(), 3);
    assert_eq!(intake::take(tx, 9, &[HERE].into()).await?.len(), 1);
    assert_eq!(intake::take(tx, 9, &[HERE, THERE].into()).await?, []);
    assert_eq!(intake::waiting(tx, None).await?, 4);
    assert_eq!(intake::waiting(tx, Some(HERE)).await?, 3);
    assert_eq!(intake::waiting(tx, Some(THERE)).await?, 1);
    Ok(())
}

async fn a_request_with_an_older_id_is_taken_although_newer_ones_are_done(tx: &mut Tx<'_>) -> Result<()> {
    append_all(tx, &[9]).await?;
    intake::done(tx, 9, NOW).await?;
    assert_eq!(ids(tx).await?, [0; 0]);
    append_all(tx, &[5]).await?;
    assert_eq!(ids(tx).await?, [5]);
    Ok(())
}

/// On PostgreSQL the older id commits while the newer one is taken and done; SQLite has one writer, and waits.
async fn a_request_that_commits_late_is_taken(place: Place) {
    let db = place.open().await.unwrap();
    let (go, may_go) = oneshot::channel();
    let (begun, has_begun) = oneshot::channel();
    let is_lite = matches!(place, Place::Sqlite(_));
    let late = tokio::spawn({
        let db = db.clone();
        async move {
            if is_lite {
                let _ = begun.send(());
                may_go.await.unwrap();
                return db.write_once(|tx| Box::pin(async move { append_all(tx, &[5]).await })).await;
            }
            db.write_once(move |tx| {
                Box::pin(async move {
                    append_all(tx, &[5]).await?;
                    let _ = begun.send(());
                    may_go.await.unwrap();
                    Ok(())
                })
            })
            .await
        }
    });
    has_begun.await.unwrap();
    let taken = db.write(|tx| {
        Box::pin(async move {
            append_all(tx, &[9]).await?;
            let taken = ids(tx).await?;
            intake::done(tx, 9, NOW).await?;
            Ok(taken)
        })
    });
    assert_eq!(taken.await.unwrap(), [9]);
    go.send(()).unwrap();
    late.await.unwrap().unwrap();
    assert_eq!(db.read(|tx| Box::pin(ids(tx))).await.unwrap(), [5]);
}

async fn only_done_requests_are_sent_again(tx: &mut Tx<'_>) -> Result<()> {
    append_all(tx, &[1, 2, 3, 4]).await?;
    intake::append(tx, &Raw { source_key: "other".into(), ..a_raw(5) }).await?;
    for id in [1, 2, 3, 5] {
        intake::done(tx, id, NOW).await?;
    }
    assert_eq!(intake::again(tx, NOW + 2, Some(&a_raw(1).source_key)).await?, 2);
    assert_eq!(ids(tx).await?, [2, 3, 4]);
    assert_eq!(intake::again(tx, 0, None).await?, 2);
    assert_eq!(intake::waiting(tx, None).await?, 5);
    Ok(())
}

async fn only_old_done_requests_are_forgotten(tx: &mut Tx<'_>) -> Result<()> {
    append_all(tx, &[1, 2, 3, 4, 5]).await?;
    for id in [2, 3, 4, 5] {
        intake::done(tx, id, NOW).await?;
    }
    assert_eq!(intake::prune(tx, NOW + 5, 2).await?, 2);
    assert_eq!(intake::prune(tx, NOW + 5, 2).await?, 1);
    assert_eq!(intake::prune(tx, NOW + 5, 2).await?, 0);
    assert_eq!(intake::again(tx, 0, None).await?, 1);
    assert_eq!(ids(tx).await?, [1, 5]);
    Ok(())
}

fn poison(path: &str, reason: &str) -> Poison {
    Poison { path: path.into(), reason: reason.into(), raw: "a\0b".into() }
}

async fn an_unreadable_part_is_put_aside_once(tx: &mut Tx<'_>) -> Result<()> {
    intake::quarantine(tx, &a_raw(1), &poison("a", "no id"), NOW).await?;
    intake::quarantine(tx, &a_raw(1), &poison("a", "no time"), NOW).await?;
    intake::quarantine(tx, &a_raw(2), &poison("a", "no id"), NOW).await?;
    let found = intake::quarantined(tx, HERE, 10).await?;
    assert_eq!(found.iter().map(|part| part.intake_id).collect::<Vec<_>>(), [2, 1]);
    assert_eq!((found[1].poison.reason.as_str(), found[1].poison.raw.as_str()), ("no time", "a\u{FFFD}b"));
    intake::release(tx, 1).await?;
    assert_eq!(intake::quarantined(tx, HERE, 10).await?, found[..1]);
    assert_eq!(intake::quarantined(tx, THERE, 10).await?, []);
    Ok(())
}

async fn the_newest_unreadable_parts_are_shown_first(tx: &mut Tx<'_>) -> Result<()> {
    for (id, path) in [(1, "b"), (1, "a"), (3, "a"), (2, "a")] {
        intake::quarantine(tx, &a_raw(id), &poison(path, ""), NOW).await?;
    }
    let found = intake::quarantined(tx, HERE, 3).await?;
    let places: Vec<_> = found.iter().map(|part| (part.intake_id, part.poison.path.as_str())).collect();
    assert_eq!(places, [(3, "a"), (2, "a"), (1, "a")]);
    Ok(())
}

async fn the_newest_request_and_the_unreadable_parts_are_counted(tx: &mut Tx<'_>) -> Result<()> {
    assert_eq!(intake::newest(tx).await?, None);
    append_all(tx, &[1, 2]).await?;
    assert_eq!(intake::newest(tx).await?, Some(a_raw(2).received_at));
    let poison = Poison { path: "body".into(), reason: "no JSON".into(), raw: "{".into() };
    intake::quarantine(tx, &a_raw(1), &poison, NOW).await?;
    assert_eq!(intake::quarantined_count(tx, HERE).await?, 1);
    assert_eq!(intake::quarantined_count(tx, THERE).await?, 0);
    Ok(())
}

async fn recent_requests_come_newest_first_with_what_became_of_them(tx: &mut Tx<'_>) -> Result<()> {
    append_all(tx, &[1, 2, 3]).await?;
    intake::append(tx, &Raw { source_key: "other".into(), ..a_raw(4) }).await?;
    let outcome = Outcome { made: 2, changed: 1, repeated: 3 };
    intake::concluded(tx, 2, outcome, NOW).await?;
    let poison = Poison { path: "a".into(), reason: "r".into(), raw: "x".into() };
    intake::quarantine(tx, &a_raw(2), &poison, NOW).await?;
    let key = a_raw(1).source_key;
    let recent = intake::recent(tx, HERE, &key, None, 10).await?;
    assert_eq!(recent.iter().map(|kept| kept.raw.id).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(
        (recent[1].is_pending, recent[1].outcome, recent[1].poison.as_slice()),
        (false, Some(outcome), &[poison][..])
    );
    assert_eq!((recent[0].is_pending, recent[0].outcome), (true, None));
    assert_eq!(recent[0].raw, a_raw(3));
    let older = intake::recent(tx, HERE, &key, Some(3), 1).await?;
    assert_eq!(older.iter().map(|kept| kept.raw.id).collect::<Vec<_>>(), [2]);
    assert!(intake::recent(tx, THERE, &key, None, 10).await?.is_empty());
    assert_eq!(intake::find(tx, HERE, 2).await?.as_ref(), Some(&recent[1]));
    assert_eq!(intake::find(tx, THERE, 2).await?, None);
    Ok(())
}

async fn one_request_is_sent_again_by_its_own_workspace_once_it_is_done(tx: &mut Tx<'_>) -> Result<()> {
    append_all(tx, &[1, 2]).await?;
    assert!(!intake::one_again(tx, HERE, 1).await?, "it is to be read anyway");
    intake::done(tx, 1, NOW).await?;
    intake::done(tx, 2, NOW).await?;
    assert!(!intake::one_again(tx, THERE, 1).await?);
    assert!(intake::one_again(tx, HERE, 1).await?);
    assert_eq!(ids(tx).await?, [1]);
    Ok(())
}
