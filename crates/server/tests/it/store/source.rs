//! Sources and the accounts behind them.

use causeway::store::{
    Result, Tx, intake,
    source::{self, Source},
};

use super::engine::{NOW, in_a_transaction};
use super::scene::{ACCOUNT, HERE, MEMBER, THERE, a_raw, a_source};

in_a_transaction!(
    new_secrets_replace_the_old,
    a_key_of_another_workspace_is_refused,
    an_account_is_made_by_its_first_event_only,
    the_same_number_in_two_workspaces_is_two_accounts,
    an_account_is_given_to_a_member_and_to_nobody,
    every_source_is_found_for_the_operator,
    an_endpoint_has_a_name_and_says_when_it_was_last_heard_of,
    a_removed_endpoint_leaves_its_accounts,
);

async fn new_secrets_replace_the_old(tx: &mut Tx<'_>) -> Result<()> {
    assert!(source::put(tx, &a_source(HERE), NOW).await?);
    let changed = Source { secrets: vec![0, 255], ..a_source(HERE) };
    assert!(source::put(tx, &changed, NOW).await?);
    assert_eq!(source::find(tx, &changed.key).await?.as_ref(), Some(&changed));
    assert_eq!(source::find(tx, "nowhere").await?, None);
    assert_eq!(source::all(tx, HERE).await?, [changed]);
    assert_eq!(source::all(tx, THERE).await?, []);
    Ok(())
}

async fn a_key_of_another_workspace_is_refused(tx: &mut Tx<'_>) -> Result<()> {
    source::put(tx, &a_source(HERE), NOW).await?;
    let theirs = Source { workspace_id: THERE, secrets: b"theirs".to_vec(), ..a_source(HERE) };
    assert!(!source::put(tx, &theirs, NOW).await?);
    assert_eq!(source::find(tx, &theirs.key).await?, Some(a_source(HERE)));
    Ok(())
}

async fn an_account_is_made_by_its_first_event_only(tx: &mut Tx<'_>) -> Result<()> {
    let here = a_source(HERE);
    let made = source::ensure_account(tx, &here, "555", Some("Sales"), ACCOUNT, NOW).await?;
    assert_eq!((made.id, made.display.as_str(), made.owner_id), (ACCOUNT, "Sales", None));
    assert_eq!(source::ensure_account(tx, &here, "555", Some("Shop"), 99, NOW).await?, made);
    let nameless = source::ensure_account(tx, &here, "666", None, 99, NOW).await?;
    assert_eq!(nameless.display, "666");
    assert_eq!(source::accounts(tx, HERE).await?, [made, nameless]);
    Ok(())
}

async fn the_same_number_in_two_workspaces_is_two_accounts(tx: &mut Tx<'_>) -> Result<()> {
    let here = source::ensure_account(tx, &a_source(HERE), "555", None, ACCOUNT, NOW).await?;
    let there = source::ensure_account(tx, &a_source(THERE), "555", None, 99, NOW).await?;
    assert_eq!(source::accounts(tx, HERE).await?, [here]);
    assert_eq!(source::accounts(tx, THERE).await?, [there]);
    Ok(())
}

async fn an_account_is_given_to_a_member_and_to_nobody(tx: &mut Tx<'_>) -> Result<()> {
    source::ensure_account(tx, &a_source(HERE), "555", None, ACCOUNT, NOW).await?;
    assert!(source::set_account_owner(tx, HERE, ACCOUNT, Some(MEMBER)).await?);
    assert_eq!(source::accounts(tx, HERE).await?[0].owner_id, Some(MEMBER));
    assert!(!source::set_account_owner(tx, THERE, ACCOUNT, Some(99)).await?);
    assert!(source::set_account_owner(tx, HERE, ACCOUNT, None).await?);
    assert_eq!(source::accounts(tx, HERE).await?[0].owner_id, None);
    Ok(())
}

async fn every_source_is_found_for_the_operator(tx: &mut Tx<'_>) -> Result<()> {
    assert_eq!(source::everywhere(tx).await?, []);
    let theirs = Source { key: "theirs".into(), ..a_source(THERE) };
    source::put(tx, &a_source(HERE), NOW).await?;
    source::put(tx, &theirs, NOW).await?;
    assert_eq!(source::everywhere(tx).await?.len(), 2);
    Ok(())
}

async fn an_endpoint_has_a_name_and_says_when_it_was_last_heard_of(tx: &mut Tx<'_>) -> Result<()> {
    source::put(tx, &a_source(HERE), NOW).await?;
    let key = a_source(HERE).key;
    let named = source::named(tx, HERE).await?;
    assert_eq!((named[0].name.as_str(), named[0].last_at), ("", None));
    assert!(source::rename(tx, HERE, &key, "Support").await?);
    assert!(!source::rename(tx, THERE, &key, "Theirs").await?);
    for id in [1, 2] {
        intake::append(tx, &a_raw(id)).await?;
    }
    let named = source::named(tx, HERE).await?;
    assert_eq!((named[0].name.as_str(), named[0].last_at), ("Support", Some(NOW + 2)));
    assert!(source::named(tx, THERE).await?.is_empty());
    source::put(tx, &Source { secrets: vec![1], ..a_source(HERE) }, NOW).await?;
    assert_eq!(source::named(tx, HERE).await?[0].name, "Support", "new secrets are no new name");
    Ok(())
}

async fn a_removed_endpoint_leaves_its_accounts(tx: &mut Tx<'_>) -> Result<()> {
    let here = a_source(HERE);
    source::put(tx, &here, NOW).await?;
    source::ensure_account(tx, &here, "555", Some("Sales"), ACCOUNT, NOW).await?;
    assert!(!source::remove(tx, THERE, &here.key).await?);
    assert!(source::remove(tx, HERE, &here.key).await?);
    assert!(!source::remove(tx, HERE, &here.key).await?);
    let placed = source::placed(tx, HERE).await?;
    assert_eq!((placed[0].account.id, placed[0].source_key.as_str()), (ACCOUNT, here.key.as_str()));
    assert_eq!(placed[0].inbox_id, None);
    assert!(source::placed(tx, THERE).await?.is_empty());
    Ok(())
}
