//! Leases.

use causeway::store::{Result, Tx, lease};

use super::engine::{NOW, Place, in_a_transaction, on_both_engines};

in_a_transaction!(
    a_lease_excludes_others_until_it_expires,
    a_holder_who_comes_back_too_late_holds_it_anew,
    leases_are_apart_by_name,
    a_holder_gives_back_all_of_its_own,
    the_leases_of_dead_processes_are_ended_by_their_name,
);

on_both_engines!(of_many_at_once_one_takes_it);

async fn a_lease_excludes_others_until_it_expires(tx: &mut Tx<'_>) -> Result<()> {
    assert_eq!(lease::take(tx, "lane/1", "a", NOW, NOW + 10).await?, Some(true));
    assert_eq!(lease::take(tx, "lane/1", "b", NOW + 9, NOW + 20).await?, None);
    assert_eq!(lease::take(tx, "lane/1", "a", NOW + 9, NOW + 19).await?, Some(false));
    assert_eq!(lease::take(tx, "lane/1", "b", NOW + 18, NOW + 30).await?, None);
    assert_eq!(lease::take(tx, "lane/1", "b", NOW + 19, NOW + 30).await?, Some(true));
    assert_eq!(lease::take(tx, "lane/1", "a", NOW + 20, NOW + 30).await?, None);
    Ok(())
}

/// In between somebody else may have had it.
async fn a_holder_who_comes_back_too_late_holds_it_anew(tx: &mut Tx<'_>) -> Result<()> {
    lease::take(tx, "lane/1", "a", NOW, NOW + 10).await?;
    assert_eq!(lease::take(tx, "lane/1", "a", NOW + 10, NOW + 20).await?, Some(true));
    Ok(())
}

async fn leases_are_apart_by_name(tx: &mut Tx<'_>) -> Result<()> {
    assert_eq!(lease::take(tx, "lane/1", "a", NOW, NOW + 10).await?, Some(true));
    assert_eq!(lease::take(tx, "lane/2", "b", NOW, NOW + 10).await?, Some(true));
    Ok(())
}

async fn a_holder_gives_back_all_of_its_own(tx: &mut Tx<'_>) -> Result<()> {
    for (name, holder) in [("lane/1", "a"), ("lane/2", "a"), ("lane/3", "b")] {
        lease::take(tx, name, holder, NOW, NOW + 10).await?;
    }
    lease::give_back(tx, "a").await?;
    assert_eq!(lease::take(tx, "lane/1", "c", NOW, NOW + 10).await?, Some(true));
    assert_eq!(lease::take(tx, "lane/2", "c", NOW, NOW + 10).await?, Some(true));
    assert_eq!(lease::take(tx, "lane/3", "c", NOW, NOW + 10).await?, None);
    Ok(())
}

async fn of_many_at_once_one_takes_it(place: Place) {
    let db = place.open().await.unwrap();
    let takers = (0..16).map(|taker| {
        let db = db.clone();
        tokio::spawn(async move {
            let holder = format!("node-{taker}");
            db.write(move |tx| {
                Box::pin(async move { lease::take(tx, "lane/1", &holder, NOW, NOW + 10).await })
            })
            .await
        })
    });
    let mut took = 0;
    for taker in takers.collect::<Vec<_>>() {
        took += usize::from(taker.await.unwrap().unwrap() == Some(true));
    }
    assert_eq!(took, 1);
}

async fn the_leases_of_dead_processes_are_ended_by_their_name(tx: &mut Tx<'_>) -> Result<()> {
    for (name, holder) in [("lane/1", "serve-1"), ("lane/2", "serve-2"), ("lane/3", "other")] {
        lease::take(tx, name, holder, NOW, NOW + 10).await?;
    }
    assert_eq!(lease::end_all_of(tx, "serve-").await?, 2);
    assert_eq!(lease::take(tx, "lane/1", "c", NOW, NOW + 10).await?, Some(true));
    assert_eq!(lease::take(tx, "lane/3", "c", NOW, NOW + 10).await?, None);
    Ok(())
}
