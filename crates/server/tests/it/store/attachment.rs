//! Files of messages.

use causeway::store::{
    Result, Tx,
    attachment::{self, New, Shown, State},
    file::{self, File},
    workspace,
};
use causeway_core::{
    media::{FileRules, Trouble},
    timeline::{Attachment, AttachmentKind},
};

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, ACCOUNT, CONVERSATION, HERE, THERE};

in_a_transaction!(
    a_file_is_due_until_it_is_kept_or_held,
    what_is_in_hand_is_taken_by_nobody_else_until_it_is_put_back,
    a_try_that_failed_is_due_later_and_one_that_was_none_does_not_count,
    a_held_file_is_retried_by_hand_or_when_the_endpoint_has_access,
    an_edit_that_brings_another_file_has_it_fetched,
    what_is_said_of_a_try_counts_for_no_other,
    the_same_content_is_kept_once,
    a_workspace_keeps_its_rules,
);

/// The number of a try.
pub const TURN: i64 = 40;

pub fn a_file(id: i64) -> New {
    New {
        id,
        item_id: 30,
        place: id,
        conversation_id: CONVERSATION,
        account_id: ACCOUNT,
        declared: declared("m1"),
    }
}

fn declared(id: &str) -> Attachment {
    Attachment {
        kind: AttachmentKind::Image,
        id: Some(id.into()),
        media_type: Some("image/jpeg".into()),
        name: None,
        sha256: None,
        url: None,
    }
}

pub fn content(id: i64, digest: &str) -> File {
    File { id, digest: digest.into(), size: 14 }
}

async fn found(tx: &mut Tx<'_>, id: i64) -> Result<State> {
    Ok(attachment::find(tx, HERE, id).await?.expect("it is there").state)
}

fn ids(due: &[attachment::Due]) -> Vec<i64> {
    due.iter().map(|due| due.id).collect()
}

async fn a_file_is_due_until_it_is_kept_or_held(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    for id in [1, 2] {
        attachment::put(tx, HERE, &a_file(id), NOW).await?;
    }
    assert!(attachment::is_due(tx, NOW).await? && !attachment::is_due(tx, NOW - 1).await?);
    let taken = attachment::take(tx, NOW, 9, TURN).await?;
    assert_eq!(ids(&taken), [1, 2]);
    let first = &taken[0];
    assert_eq!((first.tries, first.channel.as_str(), first.external_id.as_str()), (1, "whatsapp", "555"));
    assert_eq!((first.source_key.as_str(), &first.declared), ("source-1", &declared("m1")));
    let file_id = file::keep(tx, HERE, &content(70, "aa"), NOW).await?;
    assert!(attachment::kept(tx, HERE, (1, TURN), file_id, "image/png").await?);
    assert!(!attachment::kept(tx, HERE, (1, TURN), file_id, "image/png").await?, "it is kept already");
    attachment::hold(tx, HERE, (2, TURN), (Trouble::Gone, "error 100")).await?;
    assert!(!attachment::is_due(tx, NOW + 9).await?);
    let kept = State::Kept { file: content(70, "aa"), media_type: "image/png".into() };
    let held = State::Held { reason: Trouble::Gone, detail: "error 100".into() };
    let files = attachment::of_items(tx, HERE, "[30, 31]").await?;
    assert_eq!(files.iter().map(|file| file.state.clone()).collect::<Vec<_>>(), [kept, held]);
    let Shown { item_id, conversation_id, account_id, place, .. } = files[1];
    assert_eq!((item_id, conversation_id, account_id, place), (30, CONVERSATION, ACCOUNT, 2));
    assert!(attachment::of_items(tx, HERE, "[31]").await?.is_empty());
    assert_eq!(attachment::find(tx, HERE, 3).await?, None);
    Ok(())
}

async fn what_is_in_hand_is_taken_by_nobody_else_until_it_is_put_back(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    for id in [1, 2, 3] {
        attachment::put(tx, HERE, &a_file(id), NOW + id).await?;
    }
    assert_eq!(ids(&attachment::take(tx, NOW + 9, 2, TURN).await?), [1, 2], "the oldest first");
    assert_eq!(ids(&attachment::take(tx, NOW + 9, 2, TURN).await?), [3]);
    assert_eq!(attachment::put_back(tx, NOW + 9).await?, 3);
    let again = attachment::take(tx, NOW + 9, 9, TURN).await?;
    assert_eq!(again.iter().map(|due| due.tries).collect::<Vec<_>>(), [2, 2, 2], "each was tried before");
    Ok(())
}

async fn a_try_that_failed_is_due_later_and_one_that_was_none_does_not_count(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    attachment::put(tx, HERE, &a_file(1), NOW).await?;
    attachment::take(tx, NOW, 9, TURN).await?;
    attachment::later(tx, HERE, (1, TURN), NOW + 5, "no answer in time").await?;
    assert_eq!(found(tx, 1).await?, State::Due { tries: 1, detail: Some("no answer in time".into()) });
    assert!(attachment::take(tx, NOW + 4, 9, TURN).await?.is_empty());
    assert_eq!(attachment::take(tx, NOW + 5, 9, TURN).await?[0].tries, 2);
    attachment::not_tried(tx, HERE, (1, TURN), NOW + 6, "the disk is full").await?;
    assert_eq!(attachment::take(tx, NOW + 6, 9, TURN).await?[0].tries, 2);
    Ok(())
}

async fn a_held_file_is_retried_by_hand_or_when_the_endpoint_has_access(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    for (id, trouble) in [(1, Trouble::NoAccess), (2, Trouble::Gone)] {
        attachment::put(tx, HERE, &a_file(id), NOW).await?;
        attachment::take(tx, NOW, 9, TURN).await?;
        attachment::hold(tx, HERE, (id, TURN), (trouble, "no")).await?;
    }
    assert_eq!(attachment::retry_for_access(tx, HERE, "another", NOW).await?, 0);
    assert_eq!(attachment::retry_for_access(tx, HERE, "source-1", NOW).await?, 1);
    assert_eq!(found(tx, 1).await?, State::Due { tries: 0, detail: None });
    assert!(attachment::retry(tx, HERE, 2, NOW).await?);
    assert!(!attachment::retry(tx, HERE, 2, NOW).await?, "it is due already");
    assert_eq!(ids(&attachment::take(tx, NOW, 9, TURN).await?).len(), 2);
    Ok(())
}

async fn an_edit_that_brings_another_file_has_it_fetched(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    attachment::put(tx, HERE, &a_file(1), NOW).await?;
    attachment::take(tx, NOW, 9, TURN).await?;
    let file_id = file::keep(tx, HERE, &content(70, "aa"), NOW).await?;
    attachment::kept(tx, HERE, (1, TURN), file_id, "image/jpeg").await?;
    attachment::put(tx, HERE, &New { id: 9, ..a_file(1) }, NOW).await?;
    assert!(matches!(found(tx, 1).await?, State::Kept { .. }), "the same file stays as it is");
    attachment::put(tx, HERE, &New { id: 9, declared: declared("m2"), ..a_file(1) }, NOW).await?;
    assert_eq!(found(tx, 1).await?, State::Due { tries: 0, detail: None });
    Ok(())
}

async fn what_is_said_of_a_try_counts_for_no_other(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    attachment::put(tx, HERE, &a_file(1), NOW).await?;
    attachment::take(tx, NOW, 9, TURN).await?;
    assert!(attachment::is_in_hand(tx, HERE, (1, TURN)).await?);
    // While it is fetched, an edit brings another file.
    attachment::put(tx, HERE, &New { declared: declared("m2"), ..a_file(1) }, NOW).await?;
    assert!(!attachment::is_in_hand(tx, HERE, (1, TURN)).await?);
    let is_untouched = State::Due { tries: 0, detail: None };
    attachment::hold(tx, HERE, (1, TURN), (Trouble::Gone, "gone")).await?;
    attachment::later(tx, HERE, (1, TURN), NOW + 9, "no answer").await?;
    attachment::not_tried(tx, HERE, (1, TURN), NOW + 9, "full").await?;
    assert!(!attachment::kept(tx, HERE, (1, TURN), 70, "image/jpeg").await?);
    assert_eq!(found(tx, 1).await?, is_untouched);
    assert_eq!(attachment::take(tx, NOW, 9, TURN + 1).await?[0].declared, declared("m2"));
    assert!(
        !attachment::is_in_hand(tx, HERE, (1, TURN)).await?
            && attachment::is_in_hand(tx, HERE, (1, TURN + 1)).await?
    );
    Ok(())
}

async fn the_same_content_is_kept_once(tx: &mut Tx<'_>) -> Result<()> {
    assert_eq!(file::keep(tx, HERE, &content(70, "aa"), NOW).await?, 70);
    assert_eq!(file::keep(tx, HERE, &content(71, "aa"), NOW).await?, 70);
    assert_eq!(file::keep(tx, HERE, &content(72, "bb"), NOW).await?, 72);
    assert_eq!(file::keep(tx, THERE, &content(70, "aa"), NOW).await?, 70, "another workspace has its own");
    Ok(())
}

async fn a_workspace_keeps_its_rules(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    assert_eq!(workspace::file_rules(tx, HERE).await?, FileRules::default());
    let rules = FileRules { most_bytes: 5, ..FileRules::default() };
    assert!(workspace::set_file_rules(tx, HERE, &rules).await?);
    assert_eq!(workspace::file_rules(tx, HERE).await?, rules);
    assert!(!workspace::set_file_rules(tx, 99, &rules).await?);
    assert_eq!(workspace::file_rules(tx, 99).await?, FileRules::default());
    Ok(())
}
