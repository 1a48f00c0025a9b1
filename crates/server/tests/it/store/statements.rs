//! Every statement of the store, read from its source: each is one that PostgreSQL understands as we mean it, and none
//! reads a whole table that grows with the messages.

use causeway::store::{Dialect, Location};

use super::complete::table_files;
use super::engine::Place;
use crate::tidy::source::Source;

/// Tables that grow with the messages or with the people.
const BIG: &[&str] = &[
    "intake",
    "contact",
    "address",
    "conversation",
    "item",
    "item_change",
    "delivery",
    "person",
    "journal",
    "entry",
    "entry_item",
    "entry_part",
    "attempt",
    "contact_word",
    "audit",
    "pin",
];

/// Indexes that hold only what is still to be done: reading one whole is the point of it.
const SHORT: &[&str] = &["intake_pending", "entry_part_unknown (workspace_id=?)"];

/// Statements that may read much, by how they begin, with the reason.
const RARE: &[(&str, &str)] = &[
    ("SELECT state, count(*) AS n FROM entry", "the status counts every entry"),
    ("SELECT COALESCE(reason, '') AS reason, count(*)", "the index of what is held, at most once in seconds"),
    ("SELECT state, COALESCE(reason, '')", "somebody opens the page of a connection"),
];

/// Statements that are put together from pieces, by how they begin: their own tests look at every way in which they
/// are (`conversation_list.rs`, `contact_word.rs`).
const PUT_TOGETHER: &[&str] =
    &["SELECT id, last_at FROM {all}", "SELECT count(*) AS n FROM (SELECT id FROM {all}"];

/// A statement with the place where it stands.
struct Statement {
    place: String,
    sql: String,
}

fn statements(dialect: Dialect) -> Vec<Statement> {
    let mut found = Vec::new();
    for (table, text) in table_files() {
        let source = Source::new(&format!("{table}.rs"), &text);
        for (line, literal) in &source.strings {
            let sql = unescaped(literal);
            if ["SELECT ", "WITH ", "INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| sql.starts_with(verb))
                && !PUT_TOGETHER.iter().any(|begins| sql.starts_with(begins))
            {
                let place = format!("store/{table}.rs:{line}");
                found.push(Statement { sql: filled(&sql, &source, dialect, &place), place });
            }
        }
    }
    assert!(found.len() > 80, "the statements of the store were not found");
    found
}

/// A literal as the compiler reads it, as far as SQL needs it.
fn unescaped(literal: &str) -> String {
    let mut lines = literal.split("\\\n");
    let mut text = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        text.push_str(line.trim_start());
    }
    text.replace("\\\"", "\"")
}

/// What `format!` would put in: a list of ids, or a constant of the same file.
fn filled(sql: &str, source: &Source, dialect: Dialect, place: &str) -> String {
    let mut text = sql.to_owned();
    while let Some((before, rest)) = text.split_once('{') {
        let (name, after) = rest.split_once('}').expect("a brace is closed");
        let value = if name == "ids" {
            // Which number it has makes no difference to what is looked at here, as long as it is not taken.
            dialect.ids("$9")
        } else {
            let declared = source.text.split_once(&format!("const {name}: &str = \""));
            let (_, rest) = declared.unwrap_or_else(|| {
                panic!(
                    "{place}: {{{name}}} is neither {{ids}} nor a constant of this file, so nobody checks it"
                )
            });
            unescaped(rest.split_once("\";").expect("a constant ends").0)
        };
        text = format!("{before}{value}{after}");
    }
    text
}

/// The table behind a name in a plan, which may be an alias.
pub fn table_of<'a>(name: &'a str, sql: &'a str) -> &'a str {
    let words: Vec<&str> =
        sql.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect();
    let mut aliases =
        words.windows(3).filter(|three| matches!(three[0], "FROM" | "JOIN") && three[2] == name);
    aliases.next().map_or(name, |three| three[1])
}

/// The big table that a step of a plan reads whole, or whole for a workspace.
pub fn read_whole<'a>(step: &'a str, sql: &'a str) -> Option<&'a str> {
    let is_scan = step.starts_with("SCAN ");
    if !is_scan && !step.ends_with("(workspace_id=?)") {
        return None;
    }
    let table = table_of(step.split(' ').nth(1)?, sql);
    (BIG.contains(&table) && !SHORT.iter().any(|index| step.ends_with(index))).then_some(table)
}

#[tokio::test]
async fn no_statement_reads_a_big_table_whole() {
    let place = Place::sqlite();
    drop(place.open().await.unwrap());
    let Location::Sqlite(path) = place.location() else { unreachable!() };
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut found = Vec::new();
    for Statement { place, sql } in statements(Dialect::Sqlite) {
        if RARE.iter().any(|(begins, _)| sql.starts_with(begins)) {
            continue;
        }
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let mut steps = plan.raw_query();
        while let Some(step) = steps.next().unwrap() {
            let step: String = step.get("detail").unwrap();
            if let Some(table) = read_whole(&step, &sql) {
                found.push(format!("{place}: reads {table} whole ({step}): {sql}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_plan_that_reads_a_table_whole_is_noticed() {
    let sql = "SELECT 1 FROM entry e JOIN lease l ON l.name = e.key";
    assert_eq!(read_whole("SCAN e USING COVERING INDEX entry_slice", sql), Some("entry"));
    assert_eq!(
        read_whole("SEARCH e USING INDEX sqlite_autoindex_entry_1 (workspace_id=?)", sql),
        Some("entry")
    );
    assert_eq!(
        read_whole("SEARCH e USING INDEX sqlite_autoindex_entry_1 (workspace_id=? AND id=?)", sql),
        None
    );
    assert_eq!(read_whole("SCAN l", sql), None);
}

/// The list of entries and the notices above every page are looked at all day, whatever waits.
#[tokio::test]
async fn every_list_of_entries_and_every_count_is_led_by_its_index() {
    let place = Place::sqlite();
    drop(place.open().await.unwrap());
    let Location::Sqlite(path) = place.location() else { unreachable!() };
    let connection = rusqlite::Connection::open(path).unwrap();
    let expected = [
        ("e.contact_id = $7 AND", "entry_contact (contact_id=?"),
        ("e.state = 'held' AND e.reason = $4 AND", "entry_held (reason=? AND workspace_id=? AND id<?"),
        ("e.account_id = $6 AND e.state = $3 AND", "entry_account (account_id=? AND state=? AND id<?"),
        ("e.connection_id = $5 AND e.state = $3 AND", "entry_list (connection_id=? AND state=? AND id<?"),
        ("p.unknown_since IS NOT NULL", "entry_part_unknown (workspace_id=?"),
        ("WITH r(reason)", "entry_held (reason=? AND workspace_id=?)"),
        ("FROM quarantine q", "quarantine_workspace (workspace_id=?)"),
        ("e.connection_id = $2 AND e.state = 'due'", "entry_list (connection_id=? AND state=?)"),
        ("FROM source s", "intake_source (workspace_id=? AND source_key=?)"),
        ("i.source_key = $2", "intake_source (workspace_id=? AND source_key=? AND id<?"),
        // A batch costs what it takes, however much waits.
        ("e.is_backfill = $4 ORDER", "entry_order (connection_id=? AND integration_id=? AND is_backfill=?)"),
        ("e.is_backfill = $4 ORDER", "entry_due (connection_id=? AND due_at>?)"),
        ("o.is_backfill = 1", "entry_order (connection_id=? AND integration_id=? AND is_backfill=?)"),
        (
            "o.is_backfill = 1",
            "entry_backfill (connection_id=? AND integration_id=? AND conversation_id=? AND at<?)",
        ),
        (
            "SELECT 1 AS one FROM integration g",
            "entry_order (connection_id=? AND integration_id=? AND is_backfill=?)",
        ),
        ("SELECT e.due_at FROM entry e", "entry_due (connection_id=? AND due_at>?)"),
    ];
    let all = statements(Dialect::Sqlite);
    for (part, index) in expected {
        let found = all.iter().find(|statement| statement.sql.contains(part));
        let Statement { sql, .. } = found.unwrap_or_else(|| panic!("no statement has {part}"));
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let mut steps = plan.raw_query();
        let mut lines = Vec::new();
        while let Some(step) = steps.next().unwrap() {
            lines.push(step.get::<_, String>("detail").unwrap());
        }
        assert!(lines.iter().any(|line| line.contains(index)), "{part}: {lines:#?}");
        let is_sorted = !lines.iter().any(|line| line.contains("TEMP B-TREE FOR ORDER BY"));
        assert!(
            is_sorted || part.contains("contact_id") || part.contains("unknown") || part.contains("source s"),
            "{part}: {lines:#?}"
        );
    }
}

/// A parameter beside a literal takes the type of the literal: `$1 = 0` is a 32-bit integer to PostgreSQL, and an id
/// does not fit. Only a type of the schema is right.
#[tokio::test]
async fn postgres_takes_every_parameter_as_a_type_of_the_schema() {
    let place = Place::postgres().await;
    drop(place.open().await.unwrap());
    let Location::Postgres(url) = place.location() else { unreachable!() };
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let mut found = Vec::new();
    for Statement { place, sql } in statements(Dialect::Postgres) {
        // The list of ids has the number 9 here: what is not used before it has no type.
        let sql = sql.replace(
            "$9",
            &format!("${}", 1 + (1..9).take_while(|n| sql.contains(&format!("${n}"))).count()),
        );
        let statement = match client.prepare(&sql).await {
            Ok(statement) => statement,
            Err(error) => {
                found.push(format!("{place}: {error:?}: {sql}"));
                continue;
            }
        };
        for (number, kind) in (1..).zip(statement.params()) {
            if !["int8", "text", "bytea"].contains(&kind.name()) {
                found.push(format!("{place}: ${number} is taken as {kind}: {sql}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
