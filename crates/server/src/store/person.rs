//! The person level: which record a contact belongs to under a connection, and what we wrote on it.

use std::collections::BTreeMap;

use causeway_core::{
    lane::{HoldReason, Who},
    plan::{matching::Trace, people::Written},
    record::{Module, RecordRef},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{Error, Result, Row, Tx, Value, args, contact};

/// What is stored of a person under a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The contact.
    pub contact_id: i64,
    /// The link.
    pub record: Option<RecordRef>,
    /// How the last decision came about.
    pub trace: Option<Trace>,
    /// The record was refused as moved or gone.
    pub must_follow: bool,
    /// What we wrote on it.
    pub written: Written,
    /// Why the person waits, if they do.
    pub hold: Option<(HoldReason, Who, String)>,
    /// A creation whose answer was lost: since when.
    pub unknown_since: Option<i64>,
    /// How often we have looked for it.
    pub looks: i64,
    /// Failures in a row.
    pub tries: i64,
    /// Records that the CRM takes for duplicates.
    pub suspects: Vec<RecordRef>,
    /// Save although the CRM warns.
    pub allow_duplicate: bool,
    /// Not before.
    pub due_at: i64,
    /// How often anybody but the lane has changed this: what a lane goes by is out of date if it has risen since.
    pub revision: i64,
}

/// The stored word of a serialisable unit enum.
pub fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The value behind a stored word.
pub fn of_word<T: DeserializeOwned>(word: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|error| Error::unreadable("word", &error))
}

fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Reads these people; contacts without a row are absent.
pub async fn of_contacts(
    tx: &mut Tx<'_>,
    connection_id: i64,
    contacts: &[i64],
) -> Result<BTreeMap<i64, Person>> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT contact_id, module, record_id, trace, must_follow, written, state, reason, who, detail, unknown_since, \
         looks, tries, suspects, allow_duplicate, due_at, revision FROM person WHERE connection_id = $1 AND contact_id IN {ids}"
    );
    let rows = tx.rows(&sql, args![connection_id, text(&contacts)]).await?;
    rows.iter().map(|row| read(row).map(|person| (person.contact_id, person))).collect()
}

fn read(row: &Row) -> Result<Person> {
    let record = match (row.opt_text("module")?, row.opt_text("record_id")?) {
        (Some(module), Some(id)) => Some(RecordRef { module: of_word::<Module>(&module)?, id }),
        _ => None,
    };
    let hold = match (row.text("state")?.as_str(), row.opt_text("reason")?, row.opt_text("who")?) {
        ("held", Some(reason), Some(who)) => {
            Some((of_word(&reason)?, of_word(&who)?, row.opt_text("detail")?.unwrap_or_default()))
        }
        _ => None,
    };
    Ok(Person {
        contact_id: row.int("contact_id")?,
        record,
        trace: row.opt_text("trace")?.and_then(|trace| serde_json::from_str(&trace).ok()),
        must_follow: row.bool("must_follow")?,
        written: serde_json::from_str(&row.text("written")?).unwrap_or_default(),
        hold,
        unknown_since: row.opt_int("unknown_since")?,
        looks: row.int("looks")?,
        tries: row.int("tries")?,
        suspects: serde_json::from_str(&row.text("suspects")?).unwrap_or_default(),
        allow_duplicate: row.bool("allow_duplicate")?,
        due_at: row.int("due_at")?,
        revision: row.int("revision")?,
    })
}

/// Stores a person as somebody else than the lane wants it, whole: a lane that is at work on the person notices.
pub async fn put(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    connection_id: i64,
    person: &Person,
    now: i64,
) -> Result<()> {
    let contact_id = contact::present(tx, workspace_id, person.contact_id).await?;
    let person = Person { contact_id, ..person.clone() };
    write(tx, (workspace_id, connection_id), &person, now, Condition::None).await?;
    Ok(())
}

/// Stores what a lane learned of a person, whole. `false`: somebody has changed the person since the lane read it, and
/// that stands. What was learned of a contact that was absorbed meanwhile goes to the one it became, unless that one
/// has a link of its own.
pub async fn put_if_unchanged(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    connection_id: i64,
    person: &Person,
    now: i64,
) -> Result<bool> {
    let contact_id = contact::present(tx, workspace_id, person.contact_id).await?;
    if contact_id == person.contact_id {
        return write(tx, (workspace_id, connection_id), person, now, Condition::Unchanged).await;
    }
    let theirs = of_contacts(tx, connection_id, &[contact_id]).await?.remove(&contact_id);
    let has_link = theirs.is_some_and(|theirs| theirs.record.is_some());
    if !has_link && (person.record.is_some() || person.unknown_since.is_some()) {
        release(tx, connection_id, contact_id, now).await?;
        let survivor = Person { contact_id, ..person.clone() };
        write(tx, (workspace_id, connection_id), &survivor, now, Condition::None).await?;
    }
    Ok(true)
}

/// When a stored person gives way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Condition {
    /// Always; its revision rises.
    None,
    /// Only if its revision is the same.
    Unchanged,
}

async fn write(
    tx: &mut Tx<'_>,
    (workspace_id, connection_id): (i64, i64),
    person: &Person,
    now: i64,
    condition: Condition,
) -> Result<bool> {
    let sql = "INSERT INTO person (workspace_id, connection_id, contact_id, module, record_id, trace, linked_at, \
               must_follow, written, state, reason, who, detail, unknown_since, looks, tries, suspects, \
               allow_duplicate, due_at, updated_at, revision) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) \
               ON CONFLICT (workspace_id, connection_id, contact_id) DO UPDATE SET \
               module = excluded.module, record_id = excluded.record_id, trace = COALESCE(excluded.trace, person.trace), \
               linked_at = CASE WHEN person.record_id = excluded.record_id THEN person.linked_at \
                           ELSE excluded.linked_at END, \
               must_follow = excluded.must_follow, written = excluded.written, state = excluded.state, \
               reason = excluded.reason, who = excluded.who, detail = excluded.detail, \
               unknown_since = excluded.unknown_since, looks = excluded.looks, tries = excluded.tries, \
               suspects = excluded.suspects, allow_duplicate = excluded.allow_duplicate, due_at = excluded.due_at, \
               updated_at = excluded.updated_at, revision = person.revision + $22 \
               WHERE $22 > 0 OR person.revision = excluded.revision";
    let (reason, who, detail) = match &person.hold {
        Some((reason, who, detail)) => (Some(word(reason)), Some(word(who)), Some(detail.clone())),
        None => (None, None, None),
    };
    let rises = i64::from(condition == Condition::None);
    let args: &[Value] = args![
        workspace_id,
        connection_id,
        person.contact_id,
        person.record.as_ref().map(|record| word(&record.module)),
        person.record.as_ref().map(|record| record.id.clone()),
        person.trace.as_ref().map(text),
        person.record.as_ref().map(|_| now),
        person.must_follow,
        text(&person.written),
        if person.hold.is_some() { "held" } else { "ready" },
        reason,
        who,
        detail,
        person.unknown_since,
        person.looks,
        person.tries,
        text(&person.suspects),
        person.allow_duplicate,
        person.due_at,
        now,
        person.revision + rises,
        rises
    ];
    Ok(tx.execute(sql, args).await? > 0)
}

/// How often each of these was changed by anybody but the lane; contacts without a row are absent.
pub async fn revisions(tx: &mut Tx<'_>, connection_id: i64, contacts: &[i64]) -> Result<BTreeMap<i64, i64>> {
    let ids = tx.dialect().ids("$2");
    let sql =
        format!("SELECT contact_id, revision FROM person WHERE connection_id = $1 AND contact_id IN {ids}");
    let rows = tx.rows(&sql, args![connection_id, text(&contacts)]).await?;
    rows.iter().map(|row| Ok((row.int("contact_id")?, row.int("revision")?))).collect()
}

/// The records that these contacts are linked to; those without a link are absent.
pub async fn links(
    tx: &mut Tx<'_>,
    connection_id: i64,
    contacts: &[i64],
) -> Result<BTreeMap<i64, RecordRef>> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT contact_id, module, record_id FROM person \
         WHERE connection_id = $1 AND record_id IS NOT NULL AND contact_id IN {ids}"
    );
    let rows = tx.rows(&sql, args![connection_id, text(&contacts)]).await?;
    let link = |row: &Row| {
        let module = of_word(&row.text("module")?)?;
        Ok((row.int("contact_id")?, RecordRef { module, id: row.text("record_id")? }))
    };
    rows.iter().map(link).collect()
}

/// One change of a field, for the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The contact.
    pub contact_id: i64,
    /// The record.
    pub record: RecordRef,
    /// The field.
    pub field: String,
    /// The value that stood there.
    pub before: Option<String>,
    /// The value that we wrote.
    pub after: String,
}

/// Notes the value that stood there before we changed it.
pub async fn note_change(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    connection_id: i64,
    id: i64,
    change: &Change,
    now: i64,
) -> Result<()> {
    let sql = "INSERT INTO journal \
               (workspace_id, id, connection_id, contact_id, module, record_id, field, before, after, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let args = args![
        workspace_id,
        id,
        connection_id,
        change.contact_id,
        word(&change.record.module),
        change.record.id.clone(),
        change.field.clone(),
        change.before.clone(),
        change.after.clone(),
        now
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

/// People who are held because the CRM has no record of them, and none may be made.
pub async fn waiting_for_a_record(tx: &mut Tx<'_>, connection_id: i64) -> Result<Vec<i64>> {
    let sql =
        "SELECT contact_id FROM person WHERE connection_id = $1 AND state = 'held' AND reason = 'no_record'";
    let rows = tx.rows(sql, args![connection_id]).await?;
    rows.iter().map(|row| row.int("contact_id")).collect()
}

/// Lets a person go on: the hold ends, and so do the holds of their entries. Returns how many entries wait no more.
pub async fn release(tx: &mut Tx<'_>, connection_id: i64, contact_id: i64, now: i64) -> Result<u64> {
    let person = "UPDATE person SET state = 'ready', reason = NULL, who = NULL, detail = NULL, due_at = $3, tries = 0 \
                  WHERE connection_id = $1 AND contact_id = $2 AND state = 'held'";
    tx.execute(person, args![connection_id, contact_id, now]).await?;
    let entries = "UPDATE entry SET state = 'due', reason = NULL, who = NULL, detail = NULL, is_person_hold = 0, \
                   due_at = CASE WHEN due_at < $3 THEN $3 ELSE due_at END \
                   WHERE connection_id = $1 AND contact_id = $2 AND state = 'held' AND is_person_hold = 1";
    tx.execute(entries, args![connection_id, contact_id, now]).await
}

/// Lets everybody go on who is held for this reason.
pub async fn release_all(tx: &mut Tx<'_>, connection_id: i64, reason: HoldReason, now: i64) -> Result<u64> {
    let sql = "SELECT contact_id FROM person WHERE connection_id = $1 AND state = 'held' AND reason = $2";
    let rows = tx.rows(sql, args![connection_id, word(&reason)]).await?;
    let mut released = 0;
    for row in rows {
        released += release(tx, connection_id, row.int("contact_id")?, now).await?;
    }
    Ok(released)
}

/// The CRM refused a person's record as moved or gone: it is read again before anything is written on it.
pub async fn must_follow(tx: &mut Tx<'_>, connection_id: i64, contact_id: i64) -> Result<()> {
    let sql = "UPDATE person SET must_follow = 1 WHERE connection_id = $1 AND contact_id = $2";
    tx.execute(sql, args![connection_id, contact_id]).await?;
    Ok(())
}

/// Names a record that may be the person's: a candidate of the next search.
pub async fn suspect(tx: &mut Tx<'_>, connection_id: i64, contact_id: i64, record: &RecordRef) -> Result<()> {
    let mut suspects =
        of_contacts(tx, connection_id, &[contact_id]).await?.remove(&contact_id).unwrap_or_default().suspects;
    if !suspects.contains(record) {
        suspects.push(record.clone());
    }
    let sql = "UPDATE person SET suspects = $3 WHERE connection_id = $1 AND contact_id = $2";
    tx.execute(sql, args![connection_id, contact_id, text(&suspects)]).await?;
    Ok(())
}
