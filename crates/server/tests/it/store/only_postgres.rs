//! What only a server can do: go away, change a table under a prepared plan, be missing.

use causeway::args;
use causeway::store::{Db, Error, Fut, Location, Options, Result, Tx};
use tokio::sync::mpsc;

use super::engine::{NOW, Place};

async fn ping(db: &Db) -> Result<()> {
    db.read(|tx| Box::pin(async move { tx.row("SELECT 1 AS one", args![]).await.map(drop) })).await
}

async fn note(db: &Db, key: &'static str) -> Result<u64> {
    db.write(move |tx| Box::pin(insert(tx, key))).await
}

async fn insert(tx: &mut Tx<'_>, key: &str) -> Result<u64> {
    tx.execute("INSERT INTO meta (key, value) VALUES ($1, '')", args![key]).await
}

async fn notes(db: &Db) -> i64 {
    let rows =
        db.read(|tx| Box::pin(async move { tx.rows("SELECT count(*) AS n FROM meta", args![]).await })).await;
    rows.unwrap()[0].int("n").unwrap()
}

/// Writes, says so, and then sleeps until somebody ends the connection.
fn sleeper(
    begun: mpsc::Sender<()>,
) -> impl for<'a> FnOnce(&'a mut Tx<'_>) -> Fut<'a, ()> + Clone + Send + 'static {
    move |tx| {
        Box::pin(async move {
            insert(tx, "asleep").await?;
            begun.send(()).await.unwrap();
            tx.rows("SELECT pg_sleep(60)", args![]).await.map(drop)
        })
    }
}

/// Ends all connections of this database but one's own.
async fn kill_connections(place: &Place) {
    place
        .run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await;
}

#[tokio::test]
async fn a_killed_write_is_unavailable_and_the_next_works() {
    let place = Place::postgres().await;
    let db = place.open().await.unwrap();
    let (begun, mut has_begun) = mpsc::channel(1);
    let write = tokio::spawn({
        let db = db.clone();
        async move { db.write(sleeper(begun)).await }
    });
    has_begun.recv().await.unwrap();
    kill_connections(&place).await;
    let error = write.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }) && error.is_retryable(), "{error:?}");
    assert_eq!(note(&db, "awake").await.unwrap(), 1);
    assert_eq!(notes(&db).await, 1);
}

#[tokio::test]
async fn a_killed_batch_is_unavailable_and_the_next_works() {
    let place = Place::postgres().await;
    let db = place.open().await.unwrap();
    let (begun, mut has_begun) = mpsc::channel(1);
    let write = tokio::spawn({
        let db = db.clone();
        async move { db.write_batched(sleeper(begun)).await }
    });
    has_begun.recv().await.unwrap();
    kill_connections(&place).await;
    let error = write.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
    assert_eq!(db.write_batched(|tx| Box::pin(insert(tx, "awake"))).await.unwrap(), 1);
    assert_eq!(notes(&db).await, 1);
}

/// A trigger sleeps at COMMIT, where its connection is then ended.
#[tokio::test]
async fn a_connection_lost_during_the_commit_leaves_the_outcome_open() {
    let place = Place::postgres().await;
    let db = place.open().await.unwrap();
    place
        .run(
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;
             CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON meta DEFERRABLE INITIALLY DEFERRED
                 FOR EACH ROW EXECUTE FUNCTION wait()",
        )
        .await;
    let write = tokio::spawn({
        let db = db.clone();
        async move { note(&db, "a").await }
    });
    let committing = "SELECT 1 AS one FROM pg_stat_activity
        WHERE datname = current_database() AND query = 'COMMIT' AND wait_event = 'PgSleep'";
    while db
        .read(move |tx| Box::pin(async move { tx.row(committing, args![]).await }))
        .await
        .unwrap()
        .is_none()
    {
        tokio::task::yield_now().await;
    }
    kill_connections(&place).await;
    let error = write.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Uncertain { .. }) && !error.is_retryable(), "{error:?}");
}

#[tokio::test]
async fn connections_that_died_idle_are_replaced() {
    let place = Place::postgres().await;
    let db = place.open().await.unwrap();
    ping(&db).await.unwrap();
    kill_connections(&place).await;
    // A write notices before it has begun. A read tells its caller, once for each connection that died.
    assert_eq!(note(&db, "awake").await.unwrap(), 1);
    while let Err(error) = ping(&db).await {
        assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
    }
}

/// A store whose connections have all prepared a plan that no longer fits the table.
async fn with_a_stale_plan(place: &Place) -> Db {
    let db = place.open().await.unwrap();
    for _ in 0..10 {
        let all = (0..4).map(|_| db.read(|tx| Box::pin(every_note(tx))));
        for rows in futures_util::future::join_all(all).await {
            assert_eq!(rows.unwrap(), 0);
        }
    }
    place.run("ALTER TABLE meta ADD COLUMN extra BIGINT").await;
    db
}

async fn every_note(tx: &mut Tx<'_>) -> Result<usize> {
    Ok(tx.rows("SELECT * FROM meta", args![]).await?.len())
}

#[tokio::test]
async fn a_plan_that_a_migration_made_stale_is_made_anew() {
    let place = Place::postgres().await;
    let db = with_a_stale_plan(&place).await;
    for _ in 0..8 {
        assert_eq!(db.read(|tx| Box::pin(every_note(tx))).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_stale_plan_in_a_write_repeats_the_transaction() {
    let place = Place::postgres().await;
    let db = with_a_stale_plan(&place).await;
    for turn in 0..8 {
        let result = if turn % 2 == 0 {
            db.write(|tx| Box::pin(every_note(tx))).await
        } else {
            db.write_batched(|tx| Box::pin(every_note(tx))).await
        };
        assert_eq!(result.unwrap(), 0);
    }
}

#[tokio::test]
async fn no_server_is_unavailable_and_shows_no_password() {
    let location = Location::parse("postgres://me:secret@127.0.0.1:1/nowhere");
    assert_eq!(format!("{location:?}"), "postgres://127.0.0.1:1/nowhere");
    let error = Db::open(&location, Options::default(), NOW).await.err().unwrap();
    assert!(matches!(error, Error::Unavailable { .. }), "{error}");
    assert!(!error.to_string().contains("secret"), "{error}");
}
