//! What only a file can do: have a mode, be unwritable, be full, be broken, be locked.

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use causeway::args;
use causeway::store::{Db, Error, Location, Options, Result, Rule};
use futures_util::FutureExt;
use futures_util::future::join_all;

use super::engine::{Folder, NOW, Place};

async fn open(location: &Location) -> Result<Db> {
    Db::open(location, Options::default(), NOW).await
}

async fn note(db: &Db, key: &'static str, value: String) -> Result<u64> {
    db.write(move |tx| {
        Box::pin(async move {
            tx.execute("INSERT INTO meta (key, value) VALUES ($1, $2)", args![key, value]).await
        })
    })
    .await
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_file_belongs_to_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let file = folder.0.join("causeway.db");
    let db = open(&Location::Sqlite(file.clone())).await.unwrap();
    note(&db, "a", "b".into()).await.unwrap();
    for file in fs::read_dir(&folder.0).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let folder = Folder::new();
    let error = open(&Location::Sqlite(folder.0.join("missing/causeway.db"))).await.err().unwrap();
    assert!(matches!(error, Error::Unwritable { .. }), "{error}");
    assert!(error.to_string().ends_with("missing"), "{error}");
}

#[tokio::test]
async fn a_file_where_the_folder_should_be_is_told() {
    let folder = Folder::new();
    fs::write(folder.0.join("file"), "x").unwrap();
    let error = open(&Location::Sqlite(folder.0.join("file/causeway.db"))).await.err().unwrap();
    assert!(matches!(error, Error::Unwritable { .. }), "{error}");
}

#[tokio::test]
async fn a_file_of_something_else_is_corrupt() {
    let folder = Folder::new();
    let file = folder.0.join("causeway.db");
    fs::write(&file, "Dear diary, ".repeat(1_000)).unwrap();
    let error = open(&Location::Sqlite(file)).await.err().unwrap();
    assert!(matches!(error, Error::Corrupt { .. }), "{error}");
}

#[tokio::test]
async fn a_transaction_that_awaits_something_else_is_refused() {
    let place = Place::sqlite();
    let db = place.open().await.unwrap();
    let result: Result<()> = db.write(|_| Box::pin(std::future::pending())).await;
    assert!(result.unwrap_err().to_string().contains("something other than the database"));
    note(&db, "still", "alive".into()).await.unwrap();
}

#[tokio::test]
async fn a_lock_that_is_never_given_back_is_unavailable() {
    let place = Place::sqlite();
    let options = Options { patience: Duration::from_millis(1), ..Options::default() };
    let db = Db::open(&place.location(), options, NOW).await.unwrap();
    let other = rusqlite::Connection::open(file(&place)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = note(&db, "a", "b".into()).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }) && error.is_retryable(), "{error}");
    other.execute_batch("ROLLBACK").unwrap();
    note(&db, "a", "b".into()).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_is_told_and_survived() {
    let place = Place::sqlite();
    let db = place.open().await.unwrap();
    // The nearest thing to a small disk.
    limit_pages(&db, 20).await;
    let error = note(&db, "big", "x".repeat(1_000_000)).await.unwrap_err();
    assert!(matches!(error, Error::DiskFull { .. }), "{error:?}");
    note(&db, "small", "x".into()).await.unwrap();
    limit_pages(&db, 1_000).await;
    note(&db, "big", "x".repeat(1_000_000)).await.unwrap();
}

async fn limit_pages(db: &Db, pages: u32) {
    let pragma = format!("PRAGMA max_page_count = {pages}");
    db.write(move |tx| Box::pin(async move { tx.rows(&pragma, args![]).await })).await.unwrap();
}

/// Keeps the writer busy until all of `jobs` wait behind it, so that they are one batch.
async fn as_one_batch<T>(db: &Db, jobs: Vec<impl Future<Output = T>>) -> Vec<T> {
    let (go, wait) = mpsc::channel();
    let busy = db.write_once(move |_| {
        wait.recv().unwrap();
        Box::pin(async { Ok(()) })
    });
    let mut together: Vec<_> = jobs.into_iter().map(Box::pin).collect();
    let mut busy = Box::pin(busy);
    assert!(busy.as_mut().now_or_never().is_none());
    for job in &mut together {
        assert!(job.as_mut().now_or_never().is_none());
    }
    go.send(()).unwrap();
    // It is the first of the batch and shares its fate.
    drop(busy.await);
    join_all(together).await
}

#[tokio::test]
async fn a_batch_is_acknowledged_only_after_its_commit() {
    let place = Place::sqlite();
    let db = place.open().await.unwrap();
    let file = file(&place);
    let jobs = (0..10).map(|number| {
        let (db, file) = (db.clone(), file.clone());
        async move {
            db.write(move |tx| {
                Box::pin(async move {
                    let sql = "INSERT INTO meta (key, value) VALUES ($1, '')";
                    tx.execute(sql, args![number.to_string()]).await?;
                    let inside =
                        tx.row("SELECT count(*) AS n FROM meta", args![]).await?.unwrap().int("n")?;
                    let outside = rusqlite::Connection::open(file).unwrap();
                    let outside: i64 =
                        outside.query_row("SELECT count(*) FROM meta", [], |row| row.get(0)).unwrap();
                    Ok((inside, outside))
                })
            })
            .await
            .unwrap()
        }
    });
    let seen = as_one_batch(&db, jobs.collect()).await;
    assert_eq!(seen, (1..=10).map(|inside| (inside, 0)).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_failed_commit_is_told_to_all_of_its_batch() {
    let place = Place::sqlite();
    let db = place.open().await.unwrap();
    // Checked at COMMIT only: the one kind of error that a savepoint cannot keep to itself.
    place
        .run(
            "CREATE TABLE late (key TEXT NOT NULL PRIMARY KEY
                REFERENCES meta (key) DEFERRABLE INITIALLY DEFERRED) STRICT",
        )
        .await;
    let jobs = ["good", "bad"].map(|key| {
        let db = db.clone();
        async move {
            if key == "good" {
                return note(&db, key, String::new()).await;
            }
            db.write(move |tx| {
                Box::pin(async move { tx.execute("INSERT INTO late (key) VALUES ($1)", args![key]).await })
            })
            .await
        }
    });
    for result in as_one_batch(&db, jobs.into()).await {
        let error = result.unwrap_err();
        assert!(error.is_constraint(Rule::ForeignKey) && error.to_string().contains("COMMIT"), "{error}");
    }
    note(&db, "good", String::new()).await.unwrap();
}

fn file(place: &Place) -> PathBuf {
    match place.location() {
        Location::Sqlite(file) => file,
        Location::Postgres(_) => unreachable!("these tests are about files"),
    }
}
