//! Sessions: browsers that are signed in.

use causeway::args;
use causeway::store::{
    Result, Tx, member,
    session::{self, New},
};

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, HERE, MEMBER, THERE, a_member, a_workspace};

in_a_transaction!(
    a_session_is_found_by_its_token_and_only_its_digest_is_kept,
    whoever_is_not_active_begins_none_and_has_none,
    a_session_is_noted_as_used_and_ended,
    all_sessions_of_a_member_end_but_one,
    sessions_are_listed_last_used_first,
    what_expired_or_was_not_used_is_forgotten,
);

pub fn a_session(workspace_id: i64, token: &str) -> New {
    New {
        token: token.into(),
        workspace_id,
        member_id: MEMBER,
        browser: "Firefox".into(),
        expires_at: NOW + 1_000,
    }
}

async fn a_session_is_found_by_its_token_and_only_its_digest_is_kept(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    assert!(session::begin(tx, &a_session(HERE, "secret"), NOW + 7).await?);
    let found = session::find(tx, "secret").await?.expect("it was begun");
    assert_eq!(session::known(tx, &found.digest).await?.as_ref(), Some(&found));
    assert_eq!((found.member, found.workspace), (a_member(), a_workspace(HERE)));
    assert_eq!((found.created_at, found.seen_at, found.browser.as_str()), (NOW + 7, NOW + 7, "Firefox"));
    assert_eq!(session::find(tx, "Secret").await?, None);
    let row = scene::ask(tx, "SELECT digest FROM session", args![]).await?;
    assert_ne!(row.text("digest")?, "secret");
    assert_eq!(member::find(tx, HERE, MEMBER).await?.unwrap().signed_in_at, Some(NOW + 7));
    Ok(())
}

async fn whoever_is_not_active_begins_none_and_has_none(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    session::begin(tx, &a_session(HERE, "before"), NOW).await?;
    member::set_active(tx, HERE, MEMBER, false).await?;
    assert_eq!(session::find(tx, "before").await?, None);
    assert!(!session::begin(tx, &a_session(HERE, "after"), NOW).await?);
    member::set_active(tx, HERE, MEMBER, true).await?;
    assert_eq!(session::find(tx, "after").await?, None);
    Ok(())
}

async fn a_session_is_noted_as_used_and_ended(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    session::begin(tx, &a_session(HERE, "secret"), NOW).await?;
    let digest = session::find(tx, "secret").await?.unwrap().digest;
    session::touch(tx, &digest, NOW + 5).await?;
    let found = session::find(tx, "secret").await?.unwrap();
    assert_eq!((found.created_at, found.seen_at), (NOW, NOW + 5));
    assert!(session::end(tx, &digest).await?);
    assert!(!session::end(tx, &digest).await?);
    assert_eq!(session::find(tx, "secret").await?, None);
    Ok(())
}

async fn all_sessions_of_a_member_end_but_one(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::set_in(tx, THERE).await?;
    for token in ["one", "two", "three"] {
        session::begin(tx, &a_session(HERE, token), NOW).await?;
    }
    session::begin(tx, &a_session(THERE, "there"), NOW).await?;
    let kept = session::find(tx, "two").await?.unwrap().digest;
    assert_eq!(session::end_all(tx, HERE, MEMBER, Some(&kept)).await?, 2);
    assert!(session::find(tx, "one").await?.is_none() && session::find(tx, "two").await?.is_some());
    assert_eq!(session::end_all(tx, HERE, MEMBER, None).await?, 1);
    assert!(session::find(tx, "there").await?.is_some());
    Ok(())
}

async fn sessions_are_listed_last_used_first(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    session::begin(tx, &New { browser: "A".into(), ..a_session(HERE, "a") }, NOW).await?;
    session::begin(tx, &New { browser: "B".into(), ..a_session(HERE, "b") }, NOW + 1).await?;
    let digest = session::find(tx, "a").await?.unwrap().digest;
    session::touch(tx, &digest, NOW + 9).await?;
    let listed = session::of_member(tx, HERE, MEMBER).await?;
    let shown: Vec<_> =
        listed.iter().map(|one| (one.browser.as_str(), one.created_at, one.seen_at)).collect();
    assert_eq!(shown, [("A", NOW, NOW + 9), ("B", NOW + 1, NOW + 1)]);
    assert_eq!(listed[0].digest, digest);
    assert!(session::of_member(tx, HERE, MEMBER + 1).await?.is_empty());
    Ok(())
}

async fn what_expired_or_was_not_used_is_forgotten(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    session::begin(tx, &New { expires_at: NOW + 100, ..a_session(HERE, "expires") }, NOW + 50).await?;
    session::begin(tx, &a_session(HERE, "idle"), NOW + 10).await?;
    session::begin(tx, &a_session(HERE, "stays"), NOW + 11).await?;
    assert_eq!(session::prune(tx, NOW + 99, NOW + 9).await?, 0);
    assert_eq!(session::prune(tx, NOW + 100, NOW + 10).await?, 2);
    assert!(session::find(tx, "stays").await?.is_some());
    Ok(())
}
