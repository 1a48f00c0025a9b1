//! Records made to try a connection.

use causeway::args;
use causeway::store::{
    Result, Tx,
    test_record::{self, LeftOver},
};
use causeway_core::record::{Module, RecordRef};

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, CONNECTION, HERE, THERE};

in_a_transaction!(
    a_test_record_is_noted_before_it_is_made_and_until_it_is_gone,
    what_may_still_be_in_the_crm_is_listed_until_it_is_gone,
);

async fn what_may_still_be_in_the_crm_is_listed_until_it_is_gone(tx: &mut Tx<'_>) -> Result<()> {
    for (id, at) in [(1, NOW), (2, NOW + 10), (3, NOW + 20), (4, NOW + 30)] {
        test_record::begin(tx, HERE, id, CONNECTION, "marker", Module::Lead, at).await?;
    }
    test_record::begin(tx, THERE, 5, CONNECTION, "marker", Module::Lead, NOW + 10).await?;
    test_record::made(tx, HERE, 3, "00Q").await?;
    let found = test_record::left_over(tx, HERE, CONNECTION, (NOW + 10, NOW + 20), 0).await?;
    let record = RecordRef { module: Module::Lead, id: "00Q".into() };
    let one = |id, record| LeftOver { id, module: Module::Lead, record };
    assert_eq!(found, [one(2, None), one(3, Some(record))]);
    let rest = test_record::left_over(tx, HERE, CONNECTION, (NOW + 10, NOW + 20), 2).await?;
    assert_eq!(rest, found[1..], "from behind the one that was looked at last");
    test_record::removed(tx, HERE, 2).await?;
    assert_eq!(test_record::left_over(tx, HERE, CONNECTION, (NOW + 10, NOW + 20), 0).await?.len(), 1);
    assert_eq!(test_record::left_over(tx, HERE, CONNECTION + 1, (NOW, NOW + 20), 0).await?, []);
    Ok(())
}

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
