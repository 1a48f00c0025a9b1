//! Records made to try a connection.

use causeway_core::record::Module;

use super::{Result, Tx, args, person::word};

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
