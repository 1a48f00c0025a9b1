//! Both engines end in the same schema.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use causeway::args;
use causeway::store::{Db, Dialect, Result, Row};

use super::engine::Place;

async fn ask(db: &Db, sql: &'static str) -> Vec<Row> {
    db.read(move |tx| Box::pin(async move { tx.rows(sql, args![]).await })).await.unwrap()
}

/// `table.column kind null`, in the order of the table.
async fn columns(db: &Db) -> Vec<String> {
    let sql = db.dialect().pick(
        "SELECT t.name AS tab, c.name AS col, lower(c.type) AS kind, (c.\"notnull\" = 0 AND c.pk = 0) AS is_null
         FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid",
        "SELECT table_name::text AS tab, column_name::text AS col, data_type::text AS kind,
         (is_nullable = 'YES')::int AS is_null FROM information_schema.columns
         WHERE table_schema = current_schema() ORDER BY table_name::text COLLATE \"C\", ordinal_position",
    );
    let line = |row: &Row| -> Result<String> {
        let kind = match row.text("kind")?.as_str() {
            "bigint" => "integer".to_owned(),
            "bytea" => "blob".to_owned(),
            other => other.to_owned(),
        };
        let null = if row.bool("is_null")? { " null" } else { "" };
        Ok(format!("{}.{} {kind}{null}", row.text("tab")?, row.text("col")?))
    };
    ask(db, sql).await.iter().map(|row| line(row).unwrap()).collect()
}

/// `table (columns) unique WHERE condition`. A primary key and a unique constraint are unique indexes too.
async fn indexes(db: &Db) -> BTreeSet<String> {
    let sql = db.dialect().pick(
        // A rowid table has its `INTEGER PRIMARY KEY` without an index.
        "SELECT t.name AS tab, l.\"unique\" AS is_unique, s.sql AS text,
         (SELECT group_concat(i.name, ', ') FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno) i) AS cols
         FROM sqlite_schema t JOIN pragma_index_list(t.name) l
         LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = l.name WHERE t.type = 'table'
         UNION ALL SELECT t.name, 1, NULL, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
         WHERE t.type = 'table' AND c.pk = 1 AND c.type = 'INTEGER'
         AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) l WHERE l.origin = 'pk')",
        "SELECT t.relname::text AS tab, x.indisunique::int AS is_unique, pg_get_indexdef(x.indexrelid) AS text,
         (SELECT string_agg(a.attname, ', ' ORDER BY k.place) FROM unnest(x.indkey) WITH ORDINALITY AS k (attnum, place)
          JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum) AS cols
         FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
         WHERE n.nspname = current_schema()",
    );
    let line = |row: &Row| -> Result<String> {
        let unique = if row.bool("is_unique")? { " unique" } else { "" };
        let text = row.opt_text("text")?.unwrap_or_default();
        let condition = text.split_once(" WHERE ").map_or_else(String::new, |(_, condition)| bare(condition));
        Ok(format!("{} ({}){unique} {condition}", row.text("tab")?, row.text("cols")?))
    };
    ask(db, sql).await.iter().map(|row| line(row).unwrap()).collect()
}

/// A condition without the parentheses and casts that PostgreSQL puts in.
fn bare(condition: &str) -> String {
    let plain = condition.replace("::text", "").replace(['(', ')'], "");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn both_engines_have_the_same_tables_columns_and_indexes() {
    let (lite, postgres) = (Place::sqlite(), Place::postgres().await);
    let (lite, postgres) = (lite.open().await.unwrap(), postgres.open().await.unwrap());
    assert_eq!((lite.dialect(), postgres.dialect()), (Dialect::Sqlite, Dialect::Postgres));
    let found = columns(&lite).await;
    assert!(found.len() > 200, "the columns were not found: {found:?}");
    assert_eq!(found, columns(&postgres).await);
    let found = indexes(&lite).await;
    assert!(found.len() > 30, "the indexes were not found: {found:?}");
    assert_eq!(found, indexes(&postgres).await);
}

#[test]
fn the_texts_of_a_migration_differ_in_the_names_of_types_only() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    for file in fs::read_dir(folder.join("sqlite")).unwrap() {
        let name = file.unwrap().file_name();
        let lite = fs::read_to_string(folder.join("sqlite").join(&name)).unwrap();
        let postgres = fs::read_to_string(folder.join("postgres").join(&name)).unwrap();
        let kinds =
            [("INTEGER", "BIGINT"), ("BLOB", "BYTEA"), ("TEXT", "TEXT COLLATE \"C\""), (") STRICT;", ");")];
        let translated = kinds.iter().fold(lite, |text, (theirs, ours)| text.replace(theirs, ours));
        assert!(translated == postgres, "{} says different things to the engines", name.display());
    }
}
