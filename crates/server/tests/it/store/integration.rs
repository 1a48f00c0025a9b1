//! Integrations.

use causeway::args;
use causeway::store::{
    Result, Tx,
    integration::{self, Draft, Integration, State},
    integration_version::{self, Version},
};
use causeway_core::plan::settings::{ChatSync, Create, Shape};

use super::engine::{NOW, in_a_transaction};
use super::scene::{CONNECTION, HERE, INTEGRATION, THERE, an_integration, connection_of};

in_a_transaction!(
    an_integration_reads_as_it_was_made,
    settings_that_somebody_else_has_changed_are_not_overwritten,
    integrations_are_listed_by_workspace_and_by_connection,
    settings_that_nobody_can_read_make_the_caller_wait,
    a_state_reads_back_from_its_word,
    a_draft_is_kept_beside_what_is_in_force_with_who_began_it,
    versions_are_kept_once_and_listed_from_the_newest,
);

async fn an_integration_reads_as_it_was_made(tx: &mut Tx<'_>) -> Result<()> {
    let settings = ChatSync {
        accounts: Some(vec![1, 2]),
        shape: Shape::LocalDay,
        create: Create::Off,
        lead_source: "Chat ñ".into(),
        ..ChatSync::default()
    };
    let made = Integration { state: State::Paused, settings, ..an_integration(HERE) };
    integration::insert(tx, &made, NOW).await?;
    assert_eq!(integration::find(tx, HERE, INTEGRATION).await?, Some(made));
    assert_eq!(integration::find(tx, THERE, INTEGRATION).await?, None);
    Ok(())
}

async fn settings_that_somebody_else_has_changed_are_not_overwritten(tx: &mut Tx<'_>) -> Result<()> {
    integration::insert(tx, &an_integration(HERE), NOW).await?;
    let paused = Integration { state: State::Paused, ..an_integration(HERE) };
    assert!(integration::change(tx, &paused).await?);
    assert!(!integration::change(tx, &an_integration(HERE)).await?);
    let stored = Integration { revision: 2, ..paused };
    assert_eq!(integration::find(tx, HERE, INTEGRATION).await?.as_ref(), Some(&stored));
    assert!(integration::change(tx, &Integration { state: State::Active, ..stored }).await?);
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

async fn a_state_reads_back_from_its_word(tx: &mut Tx<'_>) -> Result<()> {
    for (id, state) in [(1, State::Draft), (2, State::Active), (3, State::Paused)] {
        integration::insert(tx, &Integration { id, state, ..an_integration(HERE) }, NOW).await?;
        assert_eq!(integration::find(tx, HERE, id).await?.unwrap().state, state);
    }
    assert_eq!(State::of("of a later version"), State::Paused);
    Ok(())
}

async fn a_draft_is_kept_beside_what_is_in_force_with_who_began_it(tx: &mut Tx<'_>) -> Result<()> {
    integration::insert(tx, &an_integration(HERE), NOW).await?;
    integration::insert(tx, &an_integration(THERE), NOW).await?;
    assert_eq!(integration::draft(tx, HERE, INTEGRATION).await?, None);
    let settings = ChatSync { shape: Shape::Hour, ..ChatSync::default() };
    let begun = Draft { settings, base: 1, by: Some(7), at: NOW };
    integration::save_draft(tx, HERE, INTEGRATION, &begun).await?;
    assert_eq!(integration::draft(tx, HERE, INTEGRATION).await?.as_ref(), Some(&begun));
    let later = Draft { base: 2, by: Some(8), at: NOW + 5, ..begun.clone() };
    integration::save_draft(tx, HERE, INTEGRATION, &later).await?;
    let kept = integration::draft(tx, HERE, INTEGRATION).await?;
    assert_eq!(kept, Some(Draft { base: 2, ..begun }), "who began it, and when, stays");
    assert_eq!(integration::find(tx, HERE, INTEGRATION).await?, Some(an_integration(HERE)));
    assert_eq!(integration::draft(tx, THERE, INTEGRATION).await?, None);
    assert!(integration::drop_draft(tx, HERE, INTEGRATION).await?);
    assert!(!integration::drop_draft(tx, HERE, INTEGRATION).await?);
    assert_eq!(integration::draft(tx, HERE, INTEGRATION).await?, None);
    Ok(())
}

async fn versions_are_kept_once_and_listed_from_the_newest(tx: &mut Tx<'_>) -> Result<()> {
    let first = an_integration(HERE);
    let second = Integration { revision: 2, state: State::Paused, ..an_integration(HERE) };
    integration_version::keep(tx, &first, None, 0).await?;
    integration_version::keep(tx, &second, Some(7), NOW).await?;
    integration_version::keep(tx, &Integration { state: State::Draft, ..first.clone() }, Some(8), NOW)
        .await?;
    integration_version::keep(tx, &an_integration(THERE), Some(9), NOW).await?;
    let version = |of: &Integration, by, at| Version {
        revision: of.revision,
        state: of.state,
        settings: of.settings.clone(),
        by,
        at,
    };
    let (newest, oldest) = (version(&second, Some(7), NOW), version(&first, None, 0));
    let all = integration_version::all(tx, HERE, INTEGRATION).await?;
    assert_eq!(all, [newest, oldest.clone()]);
    assert_eq!(integration_version::find(tx, HERE, INTEGRATION, 1).await?, Some(oldest));
    assert_eq!(integration_version::find(tx, THERE, INTEGRATION, 2).await?, None);
    Ok(())
}
