//! Passwords as hashes, and failures to sign in.

use causeway::store::{
    Result, Tx, member,
    sign_in::{self, Candidate},
};
use causeway_core::time::Timestamp;

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, HERE, MEMBER, THERE, a_member};

in_a_transaction!(
    candidates_are_the_active_members_of_an_e_mail_wherever_they_work,
    a_password_is_kept_for_its_member_only,
    failures_count_under_their_subject_and_are_forgiven,
    whoever_counts_takes_turns_and_that_is_no_failure,
    one_try_is_taken_back,
    old_failures_are_forgotten,
);

async fn candidates_are_the_active_members_of_an_e_mail_wherever_they_work(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::set_in(tx, THERE).await?;
    sign_in::put_password(tx, THERE, MEMBER, "hash").await?;
    let here = Candidate { workspace_id: HERE, member: a_member(), password: None };
    let there = Candidate { workspace_id: THERE, member: a_member(), password: Some("hash".into()) };
    assert_eq!(sign_in::candidates(tx, "Ann@ACME.test").await?, [here, there.clone()]);
    member::set_active(tx, HERE, MEMBER, false).await?;
    assert_eq!(sign_in::candidates(tx, "ann@acme.test").await?, [there]);
    assert!(sign_in::candidates(tx, "nobody@acme.test").await?.is_empty());
    Ok(())
}

async fn a_password_is_kept_for_its_member_only(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::set_in(tx, THERE).await?;
    assert_eq!(sign_in::password_of(tx, HERE, MEMBER).await?, None);
    assert!(sign_in::put_password(tx, HERE, MEMBER, "hash").await?);
    assert!(!sign_in::put_password(tx, HERE, MEMBER + 1, "hash").await?);
    assert_eq!(sign_in::password_of(tx, HERE, MEMBER).await?.as_deref(), Some("hash"));
    assert_eq!(sign_in::password_of(tx, THERE, MEMBER).await?, None);
    assert_eq!(sign_in::password_of(tx, HERE, MEMBER + 1).await?, None);
    Ok(())
}

async fn failures_count_under_their_subject_and_are_forgiven(tx: &mut Tx<'_>) -> Result<()> {
    for (id, at) in [(1, NOW), (2, NOW), (3, NOW + 5)] {
        sign_in::note_failure(tx, "a", id, at).await?;
    }
    sign_in::note_failure(tx, "b", 1, NOW).await?;
    assert_eq!(sign_in::failures(tx, "a", NOW).await?, [Timestamp(NOW), Timestamp(NOW), Timestamp(NOW + 5)]);
    assert_eq!(sign_in::failures(tx, "a", NOW + 1).await?, [Timestamp(NOW + 5)]);
    sign_in::forgive(tx, "a").await?;
    assert!(sign_in::failures(tx, "a", 0).await?.is_empty());
    assert_eq!(sign_in::failures(tx, "b", 0).await?.len(), 1);
    Ok(())
}

async fn whoever_counts_takes_turns_and_that_is_no_failure(tx: &mut Tx<'_>) -> Result<()> {
    sign_in::take_turn(tx, "a").await?;
    sign_in::take_turn(tx, "a").await?;
    assert!(sign_in::failures(tx, "a", 1).await?.is_empty());
    assert_eq!(sign_in::prune(tx, NOW).await?, 1, "what is left of it is forgotten");
    Ok(())
}

async fn one_try_is_taken_back(tx: &mut Tx<'_>) -> Result<()> {
    sign_in::note_failure(tx, "a", 1, NOW).await?;
    sign_in::note_failure(tx, "a", 2, NOW + 1).await?;
    sign_in::note_failure(tx, "b", 1, NOW).await?;
    sign_in::take_back(tx, "a", 1).await?;
    assert_eq!(sign_in::failures(tx, "a", 0).await?, [Timestamp(NOW + 1)]);
    assert_eq!(sign_in::failures(tx, "b", 0).await?.len(), 1);
    Ok(())
}

async fn old_failures_are_forgotten(tx: &mut Tx<'_>) -> Result<()> {
    sign_in::note_failure(tx, "a", 1, NOW).await?;
    sign_in::note_failure(tx, "a", 2, NOW + 1).await?;
    assert_eq!(sign_in::prune(tx, NOW + 1).await?, 1);
    assert_eq!(sign_in::failures(tx, "a", 0).await?, [Timestamp(NOW + 1)]);
    Ok(())
}
