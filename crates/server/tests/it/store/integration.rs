//! Integrations.

use causeway::args;
use causeway::store::{
    Result, Tx,
    integration::{self, Integration},
};
use causeway_core::plan::settings::{ChatSync, Create, Shape};

use super::engine::{NOW, in_a_transaction};
use super::scene::{CONNECTION, HERE, INTEGRATION, THERE, an_integration, connection_of};

in_a_transaction!(
    an_integration_reads_as_it_was_made,
    settings_that_somebody_else_has_changed_are_not_overwritten,
    integrations_are_listed_by_workspace_and_by_connection,
    settings_that_nobody_can_read_make_the_caller_wait,
);

async fn an_integration_reads_as_it_was_made(tx: &mut Tx<'_>) -> Result<()> {
    let settings = ChatSync {
        accounts: Some(vec![1, 2]),
        shape: Shape::LocalDay,
        create: Create::Off,
        lead_source: "Chat ñ".into(),
        ..ChatSync::default()
    };
    let made = Integration { is_paused: true, settings, ..an_integration(HERE) };
    integration::insert(tx, &made, NOW).await?;
    assert_eq!(integration::find(tx, HERE, INTEGRATION).await?, Some(made));
    assert_eq!(integration::find(tx, THERE, INTEGRATION).await?, None);
    Ok(())
}

async fn settings_that_somebody_else_has_changed_are_not_overwritten(tx: &mut Tx<'_>) -> Result<()> {
    integration::insert(tx, &an_integration(HERE), NOW).await?;
    let paused = Integration { is_paused: true, ..an_integration(HERE) };
    assert!(integration::change(tx, &paused).await?);
    assert!(!integration::change(tx, &an_integration(HERE)).await?);
    let stored = Integration { revision: 2, ..paused };
    assert_eq!(integration::find(tx, HERE, INTEGRATION).await?.as_ref(), Some(&stored));
    assert!(integration::change(tx, &Integration { is_paused: false, ..stored }).await?);
    assert_eq!(
        integration::find(tx, HERE, INTEGRATION).await?,
        Some(Integration { revision: 3, ..an_integration(HERE) })
    );
    Ok(())
}

async fn integrations_are_listed_by_workspace_and_by_connection(tx: &mut Tx<'_>) -> Result<()> {
    let second = Integration { id: 1, connection_id: 7, ..an_integration(HERE) };
    for one in [&an_integration(HERE), &an_integration(THERE), &second] {
        integration::insert(tx, one, NOW).await?;
    }
    assert_eq!(integration::of_workspace(tx, HERE).await?, [second.clone(), an_integration(HERE)]);
    assert_eq!(integration::of_connection(tx, CONNECTION).await?, [an_integration(HERE)]);
    assert_eq!(integration::of_connection(tx, connection_of(THERE)).await?, [an_integration(THERE)]);
    assert_eq!(integration::of_connection(tx, 7).await?, [second]);
    Ok(())
}

/// An older program does not throw away what waits for settings that a newer one wrote.
async fn settings_that_nobody_can_read_make_the_caller_wait(tx: &mut Tx<'_>) -> Result<()> {
    integration::insert(tx, &an_integration(HERE), NOW).await?;
    let sql = "UPDATE integration SET settings = $2 WHERE id = $1";
    tx.execute(sql, args![INTEGRATION, r#"{"of_a_later_version":1}"#]).await?;
    assert!(integration::of_workspace(tx, HERE).await.unwrap_err().is_retryable());
    assert!(integration::of_connection(tx, CONNECTION).await.unwrap_err().is_retryable());
    assert!(integration::find(tx, HERE, INTEGRATION).await.unwrap_err().is_retryable());
    Ok(())
}
