//! What the layer promises on both engines.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use causeway::args;
use causeway::store::{Db, Dialect, Error, Result, Row, Rule, Tx, Value};

use super::engine::{Place, on_both_engines};

on_both_engines!(
    values_round_trip,
    arguments_are_bound_by_their_number,
    a_wrong_number_of_arguments_is_refused,
    a_text_with_a_nul_is_refused,
    small_integers_booleans_and_sums_are_integers,
    returning_gives_rows,
    many_rows_go_in_with_one_call,
    a_missing_column_is_named,
    a_failed_write_leaves_nothing,
    a_failed_statement_dooms_its_transaction,
    a_panic_undoes_its_own_transaction_only,
    a_read_must_not_write,
    an_abandoned_write_still_happens,
    constraints_are_told_apart,
    bad_sql_says_what_was_run,
    many_writers_at_once,
    many_batched_writers_at_once,
    failing_jobs_do_not_harm_their_siblings,
    failing_batched_jobs_do_not_harm_their_siblings,
    transactions_in_each_others_way_are_repeated,
    a_second_opening_changes_nothing,
    two_nodes_open_at_once,
    two_nodes_write_at_once,
    a_newer_schema_is_left_alone,
    a_changed_migration_is_refused,
);

/// A database with a table to play with.
async fn open(place: &Place) -> Db {
    let db = place.open().await.unwrap();
    let big = db.dialect().pick("INTEGER", "BIGINT");
    let bytes = db.dialect().pick("BLOB", "BYTEA");
    let strict = db.dialect().pick("STRICT", "");
    place
        .run(&format!(
            "CREATE TABLE thing (id {big} NOT NULL PRIMARY KEY, label TEXT, body {bytes}) {strict};
             CREATE TABLE part (id {big} NOT NULL PRIMARY KEY, thing_id {big} NOT NULL REFERENCES thing (id),
                 label TEXT NOT NULL CONSTRAINT part_label CHECK (label <> '')) {strict}"
        ))
        .await;
    db
}

async fn put(tx: &mut Tx<'_>, id: i64, label: &str) -> Result<u64> {
    tx.execute("INSERT INTO thing (id, label) VALUES ($1, $2)", args![id, label]).await
}

async fn count(db: &Db) -> i64 {
    db.read(|tx| {
        Box::pin(async move {
            let row = tx.row("SELECT count(*) AS n FROM thing", args![]).await?;
            row.unwrap().int("n")
        })
    })
    .await
    .unwrap()
}

async fn label(db: &Db, id: i64) -> Option<String> {
    let row = db
        .read(move |tx| {
            Box::pin(async move { tx.row("SELECT label FROM thing WHERE id = $1", args![id]).await })
        })
        .await
        .unwrap();
    row.and_then(|row| row.opt_text("label").unwrap())
}

/// A single row of a query without a table.
async fn ask(db: &Db, sql: &'static str, args: Vec<Value>) -> Result<Row> {
    db.read(move |tx| Box::pin(async move { Ok(tx.row(sql, &args).await?.unwrap()) })).await
}

async fn values_round_trip(place: Place) {
    let db = open(&place).await;
    let rows: Vec<[Value; 3]> = vec![
        [i64::MIN.into(), "".into(), Vec::new().into()],
        [
            i64::MAX.into(),
            "ñ 𝄞 \u{1F469}\u{200D}\u{1F680} \r\n\t'\"\\ $1 ?".into(),
            (0..=255).collect::<Vec<u8>>().into(),
        ],
        [0.into(), Value::Null, Value::Null],
        [true.into(), "x".repeat(1_000_000).into(), vec![0; 1_000_000].into()],
    ];
    let written = rows.clone();
    db.write(move |tx| {
        Box::pin(async move {
            tx.execute_many("INSERT INTO thing (id, label, body) VALUES ($1, $2, $3)", &written).await
        })
    })
    .await
    .unwrap();
    for [id, label, body] in rows {
        let key = id.clone();
        let row = db
            .read(move |tx| {
                Box::pin(async move {
                    tx.row("SELECT id, label, body FROM thing WHERE id = $1", args![key]).await
                })
            })
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.value("id").unwrap(), &id);
        assert_eq!(row.value("label").unwrap(), &label);
        assert_eq!(row.value("body").unwrap(), &body);
    }
}

async fn arguments_are_bound_by_their_number(place: Place) {
    let db = open(&place).await;
    db.write(|tx| {
        Box::pin(async move {
            put(tx, 1, "one").await?;
            tx.execute(
                "UPDATE thing SET label = $2, body = $3 WHERE id = $1 AND $2 <> ''",
                args![1, "uno", b"1"],
            )
            .await
        })
    })
    .await
    .unwrap();
    assert_eq!(label(&db, 1).await.as_deref(), Some("uno"));
}

async fn a_wrong_number_of_arguments_is_refused(place: Place) {
    let db = open(&place).await;
    for args in [vec![], vec![Value::Int(1), Value::Int(2)]] {
        let error = ask(&db, "SELECT label FROM thing WHERE id = $1", args).await.unwrap_err();
        assert!(error.to_string().contains("expected 1 arguments but got"), "{error}");
    }
}

async fn a_text_with_a_nul_is_refused(place: Place) {
    let db = open(&place).await;
    let error = db.write(|tx| Box::pin(async move { put(tx, 1, "a\0b").await })).await.unwrap_err();
    assert!(matches!(error, Error::Sql { .. }), "{error}");
    assert!(error.to_string().contains("$2 contains a NUL"), "{error}");
    assert_eq!(count(&db).await, 0);
}

async fn small_integers_booleans_and_sums_are_integers(place: Place) {
    let db = open(&place).await;
    let kinds = match db.dialect() {
        Dialect::Sqlite => "s INTEGER, i INTEGER, b INTEGER",
        Dialect::Postgres => "s SMALLINT, i INT, b BOOLEAN",
    };
    place.run(&format!("CREATE TABLE small ({kinds})")).await;
    let row = db
        .write(|tx| {
            Box::pin(async move {
                let sql = "INSERT INTO small (s, i, b) VALUES ($1, $2, $3)";
                tx.execute(sql, args![-1, i32::MIN, true]).await?;
                tx.execute(sql, args![Option::<i64>::None, 7, false]).await?;
                let sum = "SELECT sum(id) + $1 AS total FROM (SELECT 9000000000000000000 AS id) AS big";
                assert_eq!(tx.row(sum, args![-5]).await?.unwrap().int("total")?, 8_999_999_999_999_999_995);
                tx.row("SELECT s, i, b, count(*) OVER () AS n FROM small WHERE s = $1", args![-1]).await
            })
        })
        .await
        .unwrap()
        .unwrap();
    assert_eq!((row.int("s").unwrap(), row.int("i").unwrap()), (-1, i32::MIN.into()));
    assert!(row.bool("b").unwrap());
    assert_eq!(row.int("n").unwrap(), 1);
}

async fn returning_gives_rows(place: Place) {
    let db = open(&place).await;
    let ids = db
        .write(|tx| {
            Box::pin(async move {
                put(tx, 1, "old").await?;
                let sql = "INSERT INTO thing (id, label) VALUES ($1, 'a'), ($2, 'b'), ($3, 'c')
                           ON CONFLICT (id) DO NOTHING RETURNING id";
                let rows = tx.rows(sql, args![1, 2, 3]).await?;
                // Only the first row is asked for, and yet all are written.
                let first = tx.row(sql, args![4, 5, 6]).await?.unwrap();
                assert_eq!(first.int("id")?, 4);
                assert!(tx.row(sql, args![1, 2, 3]).await?.is_none());
                rows.iter().map(|row| row.int("id")).collect::<Result<Vec<_>>>()
            })
        })
        .await
        .unwrap();
    assert_eq!(ids, [2, 3]);
    assert_eq!(count(&db).await, 6);
}

async fn many_rows_go_in_with_one_call(place: Place) {
    let db = open(&place).await;
    let changed = db
        .write(|tx| {
            Box::pin(async move {
                let rows: Vec<[Value; 2]> = (0..1_000).map(|id| [(id / 2).into(), "x".into()]).collect();
                let sql = "INSERT INTO thing (id, label) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
                assert_eq!(tx.execute_many::<[Value; 2]>(sql, &[]).await?, 0);
                tx.execute_many(sql, &rows).await
            })
        })
        .await
        .unwrap();
    assert_eq!(changed, 500);
    let error = db
        .write(|tx| {
            Box::pin(async move {
                let rows: Vec<[Value; 2]> = (600..700).map(|id| [(id % 650).into(), "x".into()]).collect();
                tx.execute_many("INSERT INTO thing (id, label) VALUES ($1, $2)", &rows).await
            })
        })
        .await
        .unwrap_err();
    assert!(error.is_constraint(Rule::Unique), "{error}");
    assert_eq!(count(&db).await, 500);
}

async fn a_missing_column_is_named(place: Place) {
    let db = open(&place).await;
    let row = ask(&db, "SELECT 1 AS one, 'two' AS \"Two\"", vec![]).await.unwrap();
    assert_eq!(row.text("Two").unwrap(), "two");
    let error = row.int("two").unwrap_err().to_string();
    assert_eq!(error, "reading column two: the row has only one, Two");
    let error = row.int("Two").unwrap_err().to_string();
    assert_eq!(error, "reading column Two: expected an integer, found a text");
}

async fn a_failed_write_leaves_nothing(place: Place) {
    let db = open(&place).await;
    let result: Result<()> = db
        .write(|tx| {
            Box::pin(async move {
                put(tx, 1, "gone").await?;
                put(tx, 1, "again").await?;
                Ok(())
            })
        })
        .await;
    assert!(result.unwrap_err().is_constraint(Rule::Unique));
    assert_eq!(count(&db).await, 0);
}

async fn a_failed_statement_dooms_its_transaction(place: Place) {
    let db = open(&place).await;
    let result = db
        .write(|tx| {
            Box::pin(async move {
                put(tx, 1, "one").await?;
                assert!(put(tx, 1, "again").await.is_err());
                let after = put(tx, 2, "two").await.unwrap_err();
                assert!(after.to_string().contains("earlier statement"), "{after}");
                Ok(())
            })
        })
        .await;
    assert!(result.unwrap_err().is_constraint(Rule::Unique));
    assert_eq!(count(&db).await, 0);
}

async fn a_panic_undoes_its_own_transaction_only(place: Place) {
    let db = open(&place).await;
    let inside: Result<()> = db
        .write(|tx| {
            Box::pin(async move {
                put(tx, 1, "gone").await?;
                panic!("out of {}", "cheese");
            })
        })
        .await;
    assert_eq!(inside.unwrap_err(), Error::Panicked { what: "out of cheese".into() });
    let at_once: Result<()> = db.write(|_| panic!("no future")).await;
    assert_eq!(at_once.unwrap_err(), Error::Panicked { what: "no future".into() });
    let batched: Result<()> = db.write_batched(|_| panic!("nor here")).await;
    assert_eq!(batched.unwrap_err(), Error::Panicked { what: "nor here".into() });
    for _ in 0..20 {
        let reading: Result<()> = db.read(|_| panic!("nor there")).await;
        assert_eq!(reading.unwrap_err(), Error::Panicked { what: "nor there".into() });
    }
    db.write(|tx| Box::pin(async move { put(tx, 1, "kept").await })).await.unwrap();
    assert_eq!(count(&db).await, 1);
}

async fn a_read_must_not_write(place: Place) {
    let db = open(&place).await;
    let error = db.read(|tx| Box::pin(async move { put(tx, 1, "sly").await })).await.unwrap_err();
    assert!(error.to_string().contains("a read must not change anything"), "{error}");
    assert_eq!(count(&db).await, 0);
}

async fn an_abandoned_write_still_happens(place: Place) {
    let db = open(&place).await;
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let write = tokio::spawn({
        let db = db.clone();
        async move {
            db.write_once(move |tx| {
                Box::pin(async move {
                    put(tx, 1, "kept").await?;
                    begun.send(()).unwrap();
                    Ok(())
                })
            })
            .await
        }
    });
    has_begun.await.unwrap();
    write.abort();
    // This one has to wait for the first: SQLite has one writer, PostgreSQL waits for the row.
    db.write(|tx| {
        Box::pin(async move {
            tx.execute(
                "INSERT INTO thing (id, label) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
                args![1, "late"],
            )
            .await
        })
    })
    .await
    .unwrap();
    assert_eq!(label(&db, 1).await.as_deref(), Some("kept"));
}

async fn constraints_are_told_apart(place: Place) {
    let db = open(&place).await;
    let part = "INSERT INTO part (id, thing_id, label) VALUES ($1, $2, $3)";
    db.write(|tx| Box::pin(async move { put(tx, 1, "one").await })).await.unwrap();
    for (args, rule) in [
        (args![1, 1, ""].to_vec(), Rule::Check),
        (args![1, 2, "x"].to_vec(), Rule::ForeignKey),
        (args![1, 1, Value::Null].to_vec(), Rule::NotNull),
    ] {
        let result = db.write(move |tx| Box::pin(async move { tx.execute(part, &args).await })).await;
        let error = result.unwrap_err();
        assert!(error.is_constraint(rule), "{error}");
        if rule == Rule::Check {
            assert!(matches!(&error, Error::Constraint { name, .. } if name == "part_label"), "{error}");
        }
        assert!(!error.is_retryable());
    }
}

async fn bad_sql_says_what_was_run(place: Place) {
    let db = open(&place).await;
    let error = ask(&db, "SELECT nothing\n  FROM   nowhere", vec![]).await.unwrap_err();
    assert!(matches!(error, Error::Sql { .. }), "{error:?}");
    assert!(error.to_string().starts_with("running SELECT nothing FROM nowhere: "), "{error}");
}

async fn many_writers_at_once(place: Place) {
    let db = open(&place).await;
    let writers = (0..256).map(|writer| {
        let db = db.clone();
        tokio::spawn(async move {
            for turn in 0..4 {
                let id = writer * 4 + turn;
                db.write(move |tx| Box::pin(async move { put(tx, id, "x").await })).await.unwrap();
                // Acknowledged means: there for everybody.
                assert!(label(&db, id).await.is_some());
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(count(&db).await, 1024);
}

async fn many_batched_writers_at_once(place: Place) {
    let db = open(&place).await;
    let writers = (0..256).map(|writer| {
        let db = db.clone();
        tokio::spawn(async move {
            for turn in 0..4 {
                let id = writer * 4 + turn;
                let changed =
                    db.write_batched(move |tx| Box::pin(async move { put(tx, id, "x").await })).await;
                assert_eq!(changed.unwrap(), 1);
                assert!(label(&db, id).await.is_some());
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(count(&db).await, 1024);
}

/// One job in four breaks a constraint after it has written, one in four panics.
async fn mixed(tx: &mut Tx<'_>, id: i64) -> Result<i64> {
    put(tx, id, "x").await?;
    match id % 4 {
        0 => {
            put(tx, id, "twice").await?;
        }
        1 => panic!("job {id}"),
        _ => {}
    }
    Ok(id)
}

fn expect_mixed(id: i64, result: Result<i64>) {
    match (id % 4, result) {
        (0, Err(error)) => assert!(error.is_constraint(Rule::Unique), "{error}"),
        (1, Err(error)) => assert!(matches!(error, Error::Panicked { .. }), "{error}"),
        (2 | 3, Ok(written)) => assert_eq!(written, id),
        (_, result) => panic!("job {id}: {result:?}"),
    }
}

async fn failing_jobs_do_not_harm_their_siblings(place: Place) {
    let db = open(&place).await;
    let jobs = (0..64).map(|id| {
        let db = db.clone();
        tokio::spawn(async move {
            let result = db.write(move |tx| Box::pin(mixed(tx, id))).await;
            expect_mixed(id, result);
        })
    });
    for job in jobs.collect::<Vec<_>>() {
        job.await.unwrap();
    }
    assert_eq!(count(&db).await, 32);
}

async fn failing_batched_jobs_do_not_harm_their_siblings(place: Place) {
    let db = open(&place).await;
    let jobs = (0..64).map(|id| {
        let db = db.clone();
        tokio::spawn(async move {
            let result = db.write_batched(move |tx| Box::pin(mixed(tx, id))).await;
            expect_mixed(id, result);
        })
    });
    for job in jobs.collect::<Vec<_>>() {
        job.await.unwrap();
    }
    assert_eq!(count(&db).await, 32);
}

/// Pairs of writers take the same two rows in opposite order, which is a deadlock wherever locks are by row.
async fn transactions_in_each_others_way_are_repeated(place: Place) {
    let db = open(&place).await;
    db.write(|tx| {
        Box::pin(async move {
            put(tx, 1, "0").await?;
            put(tx, 2, "0").await
        })
    })
    .await
    .unwrap();
    let both = Arc::new(tokio::sync::Barrier::new(2));
    let tries = Arc::new(AtomicUsize::new(0));
    let lite = db.dialect() == Dialect::Sqlite;
    let writers = [[1_i64, 2], [2, 1]].map(|[first, second]| {
        let (db, both, tries) = (db.clone(), Arc::clone(&both), Arc::clone(&tries));
        tokio::spawn(async move {
            db.write(move |tx| {
                Box::pin(async move {
                    let sql = "UPDATE thing SET label = label || $2 WHERE id = $1";
                    tx.execute(sql, args![first, "x"]).await?;
                    if tries.fetch_add(1, Ordering::SeqCst) < 2 && !lite {
                        both.wait().await;
                    }
                    tx.execute(sql, args![second, "x"]).await
                })
            })
            .await
        })
    });
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    // Which of the two gives way, and how often, is PostgreSQL's to say.
    let tries = tries.load(Ordering::SeqCst);
    assert!(if lite { tries == 2 } else { tries >= 3 }, "{tries} tries");
    assert_eq!(label(&db, 1).await.as_deref(), Some("0xx"));
    assert_eq!(label(&db, 2).await.as_deref(), Some("0xx"));
}

async fn a_second_opening_changes_nothing(place: Place) {
    let db = open(&place).await;
    db.write(|tx| Box::pin(async move { put(tx, 1, "kept").await })).await.unwrap();
    drop(db);
    let db = place.open().await.unwrap();
    assert_eq!(label(&db, 1).await.as_deref(), Some("kept"));
}

async fn two_nodes_open_at_once(place: Place) {
    let (a, b, c) = tokio::join!(place.open(), place.open(), place.open());
    for db in [a.unwrap(), b.unwrap(), c.unwrap()] {
        let row =
            ask(&db, "SELECT count(*) AS n FROM schema_migrations WHERE number = 1", vec![]).await.unwrap();
        assert_eq!(row.int("n").unwrap(), 1);
    }
}

async fn two_nodes_write_at_once(place: Place) {
    let server = open(&place).await;
    let command = place.open().await.unwrap();
    let writers = (0..64).map(|id| {
        let db = if id % 2 == 0 { server.clone() } else { command.clone() };
        tokio::spawn(async move { db.write(move |tx| Box::pin(async move { put(tx, id, "x").await })).await })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap().unwrap();
    }
    assert_eq!(count(&server).await, 64);
    assert_eq!(count(&command).await, 64);
}

async fn a_newer_schema_is_left_alone(place: Place) {
    drop(place.open().await.unwrap());
    place.age().await;
    let error = place.open().await.err().unwrap();
    assert!(matches!(error, Error::NewerSchema { found: 9999, .. }), "{error}");
}

async fn a_changed_migration_is_refused(place: Place) {
    drop(place.open().await.unwrap());
    place.run("UPDATE schema_migrations SET checksum = 'x' WHERE number = 1").await;
    let error = place.open().await.err().unwrap();
    assert_eq!(error, Error::ChangedMigration { number: 1, name: "start".into() });
}
