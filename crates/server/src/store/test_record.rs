//! Records made to try a connection.

use causeway_core::record::{Module, RecordRef};

use super::{
    Result, Tx, args,
    person::{of_word, word},
};

/// Notes a test record before it is made.
pub async fn begin(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    id: i64,
    connection_id: i64,
    marker: &str,
    module: Module,
    now: i64,
) -> Result<()> {
    let sql = "INSERT INTO test_record (workspace_id, id, connection_id, marker, module, state, created_at) \
               VALUES ($1, $2, $3, $4, $5, 'making', $6)";
    tx.execute(sql, args![workspace_id, id, connection_id, marker, word(&module), now]).await?;
    Ok(())
}

/// It is in the CRM.
pub async fn made(tx: &mut Tx<'_>, workspace_id: i64, id: i64, record_id: &str) -> Result<()> {
    let sql = "UPDATE test_record SET state = 'made', record_id = $3 WHERE workspace_id = $1 AND id = $2";
    tx.execute(sql, args![workspace_id, id, record_id]).await?;
    Ok(())
}

/// It is gone again, or never was.
pub async fn removed(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<()> {
    let sql = "UPDATE test_record SET state = 'removed' WHERE workspace_id = $1 AND id = $2";
    tx.execute(sql, args![workspace_id, id]).await?;
    Ok(())
}

/// A test record that may still be in the CRM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOver {
    /// Its id here.
    pub id: i64,
    /// Where it was made.
    pub module: Module,
    /// The record; `None` while nobody knows whether it was made.
    pub record: Option<RecordRef>,
}

/// Test records of a connection that were begun between these instants and are not known to be gone: a few of them, by
/// their ids, from behind that one on.
pub async fn left_over(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    connection_id: i64,
    (from, until): (i64, i64),
    behind: i64,
) -> Result<Vec<LeftOver>> {
    let sql = "SELECT id, module, record_id FROM test_record WHERE workspace_id = $1 AND id > $5 \
               AND connection_id = $2 AND state <> 'removed' AND created_at BETWEEN $3 AND $4 ORDER BY id LIMIT 10";
    let rows = tx.rows(sql, args![workspace_id, connection_id, from, until, behind]).await?;
    rows.iter()
        .map(|row| {
            let module: Module = of_word(&row.text("module")?)?;
            let record = row.opt_text("record_id")?.map(|id| RecordRef { module, id });
            Ok(LeftOver { id: row.int("id")?, module, record })
        })
        .collect()
}
