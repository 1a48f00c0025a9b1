//! Records made to try a connection.

use causeway::args;
use causeway::store::{Result, Tx, test_record};
use causeway_core::record::Module;

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, CONNECTION, HERE, THERE};

in_a_transaction!(a_test_record_is_noted_before_it_is_made_and_until_it_is_gone);

async fn a_test_record_is_noted_before_it_is_made_and_until_it_is_gone(tx: &mut Tx<'_>) -> Result<()> {
    let sql = "SELECT state, module, record_id FROM test_record WHERE workspace_id = $1 AND id = 1";
    test_record::begin(tx, HERE, 1, CONNECTION, "marker", Module::Lead, NOW).await?;
    test_record::begin(tx, THERE, 1, CONNECTION, "marker", Module::Lead, NOW).await?;
    let noted = scene::ask(tx, sql, args![HERE]).await?;
    assert_eq!((noted.text("state")?, noted.text("module")?), ("making".into(), "lead".into()));
    test_record::made(tx, HERE, 1, "00Q").await?;
    let made = scene::ask(tx, sql, args![HERE]).await?;
    assert_eq!((made.text("state")?, made.text("record_id")?), ("made".into(), "00Q".into()));
    test_record::removed(tx, HERE, 1).await?;
    assert_eq!(scene::ask(tx, sql, args![HERE]).await?.text("state")?, "removed");
    assert_eq!(scene::ask(tx, sql, args![THERE]).await?.text("state")?, "making");
    Ok(())
}
