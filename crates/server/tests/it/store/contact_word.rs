//! The words by which contacts are found.

use causeway::args;
use causeway::store::{
    Db, Location, Result, Tx, contact,
    contact_word::{self, Found},
};
use causeway_core::{address::Address, search::Search};

use super::engine::{NOW, Place, in_a_transaction, on_both_engines};
use super::scene::{self, CONTACT, HERE, THERE, phone};
use super::statements::read_whole;

in_a_transaction!(
    words_follow_the_name,
    words_follow_an_address_to_another_contact,
    words_pass_over_when_contacts_become_one,
    every_term_must_be_found,
    a_contact_of_before_is_worded_once,
);

on_both_engines!(a_search_that_finds_very_many_says_so);

async fn found(tx: &mut Tx<'_>, workspace_id: i64, text: &str) -> Result<Vec<i64>> {
    match contact_word::find(tx, workspace_id, &Search::read(text, None).unwrap()).await? {
        Found::Few(ids) => Ok(ids),
        Found::Many => panic!("so few are all told"),
    }
}

async fn words_follow_the_name(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    contact::rename(tx, HERE, CONTACT, Some("José García"), Some("jg77"), NOW).await?;
    for text in ["jose", "garc", "jg77", "0123", "+1 415 555"] {
        assert_eq!(found(tx, HERE, text).await?, [CONTACT], "{text}");
        assert!(found(tx, THERE, text).await?.is_empty());
    }
    contact::rename(tx, HERE, CONTACT, Some("Ann"), None, NOW + 1).await?;
    assert!(found(tx, HERE, "jose").await?.is_empty());
    assert_eq!(found(tx, HERE, "ann").await?, [CONTACT]);
    contact::rename(tx, HERE, CONTACT, Some("Old"), None, NOW - 1).await?;
    assert_eq!(found(tx, HERE, "ann").await?, [CONTACT], "a late name changes nothing");
    assert!(found(tx, HERE, "old").await?.is_empty());
    Ok(())
}

async fn words_follow_an_address_to_another_contact(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    contact::create(tx, HERE, 99, NOW).await?;
    let mail = Address::email("bo@example.org").unwrap();
    assert_eq!(contact::give(tx, HERE, CONTACT, std::slice::from_ref(&mail), NOW).await?, 1);
    assert_eq!(found(tx, HERE, "bo@ex").await?, [CONTACT]);
    assert_eq!(contact::give(tx, HERE, 99, &[mail.clone(), phone("14155550123")], NOW).await?, 2);
    assert_eq!(contact::give(tx, HERE, 99, &[mail], NOW).await?, 0);
    for text in ["bo@ex", "4155550123"] {
        assert_eq!(found(tx, HERE, text).await?, [99], "{text}");
    }
    Ok(())
}

async fn words_pass_over_when_contacts_become_one(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    contact::create(tx, HERE, 99, NOW).await?;
    contact::rename(tx, HERE, 99, Some("Bo"), None, NOW).await?;
    contact::give(tx, HERE, 99, &[phone("4930123456")], NOW).await?;
    contact::merge(tx, HERE, CONTACT, 99).await?;
    for text in ["bo", "3456", "0123"] {
        assert_eq!(found(tx, HERE, text).await?, [CONTACT], "{text}");
    }
    Ok(())
}

async fn every_term_must_be_found(tx: &mut Tx<'_>) -> Result<()> {
    for (id, name) in [(1, "Ann Berg"), (2, "Ann Lund"), (3, "Bo Berg")] {
        contact::create(tx, HERE, id, NOW).await?;
        contact::rename(tx, HERE, id, Some(name), None, NOW).await?;
    }
    for (text, ids) in [
        ("ann", vec![1, 2]),
        ("berg", vec![1, 3]),
        ("ann berg", vec![1]),
        ("be a", vec![1]),
        ("ann x", vec![]),
        ("%", vec![]),
        ("a%", vec![1, 2]),
        ("nn", vec![]),
    ] {
        assert_eq!(found(tx, HERE, text).await?, ids, "{text}");
    }
    Ok(())
}

async fn a_contact_of_before_is_worded_once(tx: &mut Tx<'_>) -> Result<()> {
    for id in 1..=5 {
        contact::create(tx, HERE, id, NOW).await?;
        contact::rename(tx, HERE, id, Some(&format!("Ann {id}")), None, NOW).await?;
    }
    contact::create(tx, THERE, 1, NOW).await?;
    contact::merge(tx, HERE, 1, 5).await?;
    // As an older program left them.
    tx.execute("DELETE FROM contact_word", args![]).await?;
    tx.execute("UPDATE contact SET words_version = 0", args![]).await?;
    assert!(found(tx, HERE, "ann").await?.is_empty());
    for worded in [2, 2, 1, 0] {
        assert_eq!(contact_word::refresh_old(tx, 2).await?, worded);
    }
    assert_eq!(found(tx, HERE, "ann").await?, [1, 2, 3, 4]);
    contact_word::refresh(tx, HERE, 1).await?;
    assert_eq!(found(tx, HERE, "ann").await?, [1, 2, 3, 4]);
    Ok(())
}

/// Contacts 1 to `most`, all called Ann; every hundredth is a Berg too.
pub async fn many(db: &Db, most: i64) {
    let words = db.dialect().pick(
        "INSERT INTO contact_word (workspace_id, word, contact_id) WITH RECURSIVE n(i) AS \
         (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
         SELECT 1, 'ann', i FROM n UNION ALL SELECT 1, 'berg', i FROM n WHERE i % 100 = 0",
        "INSERT INTO contact_word (workspace_id, word, contact_id) \
         SELECT 1, 'ann', i FROM generate_series(1, $1::bigint) i \
         UNION ALL SELECT 1, 'berg', i FROM generate_series(1, $1::bigint) i WHERE i % 100 = 0",
    );
    db.write(move |tx| Box::pin(async move { tx.execute(words, args![most]).await })).await.unwrap();
}

async fn a_search_that_finds_very_many_says_so(place: Place) {
    let db = place.open().await.unwrap();
    many(&db, 12_000).await;
    for (text, few) in [("ann", None), ("berg", Some(120)), ("ann berg", Some(120)), ("bo", Some(0))] {
        let search = Search::read(text, None).unwrap();
        let found =
            db.read(move |tx| Box::pin(async move { contact_word::find(tx, HERE, &search).await })).await;
        let count = match found.unwrap() {
            Found::Few(ids) => Some(ids.len()),
            Found::Many => None,
        };
        assert_eq!(count, few, "{text}");
    }
}

#[tokio::test]
async fn a_search_reads_words_and_no_table() {
    let place = Place::sqlite();
    drop(place.open().await.unwrap());
    let Location::Sqlite(path) = place.location() else { unreachable!() };
    let connection = rusqlite::Connection::open(path).unwrap();
    let search = Search::read("ann 090 1234 bo@example.org", None).unwrap();
    let statements = contact_word::statements(HERE, &search);
    assert!(!statements.is_empty());
    for (sql, _) in statements {
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let mut steps = plan.raw_query();
        while let Some(step) = steps.next().unwrap() {
            let step: String = step.get("detail").unwrap();
            assert_eq!(read_whole(&step, &sql), None, "{step}: {sql}");
            assert!(!step.contains("TEMP B-TREE"), "{step}: {sql}");
        }
    }
}
