//! Workspaces, members, tokens.

use causeway::args;
use causeway::store::{
    Result, Tx,
    workspace::{self, Member, Workspace},
};
use causeway_core::time::Zone;

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, HERE, MEMBER, THERE, a_member, a_workspace};

in_a_transaction!(
    a_workspace_reads_as_it_was_made,
    the_first_workspace_is_the_oldest,
    a_zone_that_is_not_known_is_utc,
    a_member_of_a_known_mail_is_changed_and_not_doubled,
    a_member_who_left_is_not_listed_and_has_no_token,
    a_token_leads_to_its_holder_and_is_not_kept,
    one_member_is_found_in_their_workspace_only,
    a_workspace_is_changed_and_held,
);

async fn a_workspace_reads_as_it_was_made(tx: &mut Tx<'_>) -> Result<()> {
    assert_eq!(workspace::first(tx).await?, None);
    workspace::create(tx, &a_workspace(7), "Asia/Tokyo", NOW).await?;
    assert_eq!(workspace::find(tx, 7).await?, Some(a_workspace(7)));
    assert_eq!(workspace::find(tx, 8).await?, None);
    Ok(())
}

async fn the_first_workspace_is_the_oldest(tx: &mut Tx<'_>) -> Result<()> {
    workspace::create(tx, &a_workspace(3), "Asia/Tokyo", NOW + 1).await?;
    workspace::create(tx, &a_workspace(9), "Asia/Tokyo", NOW).await?;
    workspace::create(tx, &a_workspace(8), "Asia/Tokyo", NOW).await?;
    assert_eq!(workspace::first(tx).await?, Some(a_workspace(8)));
    Ok(())
}

async fn a_zone_that_is_not_known_is_utc(tx: &mut Tx<'_>) -> Result<()> {
    workspace::create(tx, &a_workspace(7), "Mars/Olympus", NOW).await?;
    assert_eq!(workspace::find(tx, 7).await?.unwrap().zone, Zone::utc());
    Ok(())
}

async fn a_member_of_a_known_mail_is_changed_and_not_doubled(tx: &mut Tx<'_>) -> Result<()> {
    let ann = Member { email: "Ann@Acme.test".into(), ..a_member() };
    assert_eq!(workspace::put_member(tx, HERE, &ann, NOW).await?, MEMBER);
    let again =
        Member { id: 99, name: "Anna".into(), role: causeway_core::rights::Role::Agent, ..a_member() };
    assert_eq!(workspace::put_member(tx, HERE, &again, NOW).await?, MEMBER);
    assert_eq!(workspace::put_member(tx, THERE, &again, NOW).await?, 99);
    assert_eq!(workspace::members(tx, HERE).await?, [Member { id: MEMBER, ..again.clone() }]);
    assert_eq!(workspace::members(tx, THERE).await?, [again]);
    Ok(())
}

async fn a_member_who_left_is_not_listed_and_has_no_token(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    workspace::put_token(tx, "secret", HERE, MEMBER, NOW).await?;
    tx.execute("UPDATE member SET is_active = 0 WHERE workspace_id = $1", args![HERE]).await?;
    assert_eq!(workspace::members(tx, HERE).await?, []);
    assert_eq!(workspace::token_holder(tx, "secret").await?, None);
    Ok(())
}

async fn a_token_leads_to_its_holder_and_is_not_kept(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::set_in(tx, THERE).await?;
    workspace::put_token(tx, "secret", HERE, MEMBER, NOW).await?;
    workspace::put_token(tx, "secret", THERE, MEMBER, NOW).await?;
    assert_eq!(workspace::token_holder(tx, "secret").await?, Some((HERE, a_member())));
    assert_eq!(workspace::token_holder(tx, "Secret").await?, None);
    let kept = scene::ask(tx, "SELECT digest FROM api_token", args![]).await?.text("digest")?;
    assert_eq!(kept, workspace::digest("secret"));
    Ok(())
}

async fn one_member_is_found_in_their_workspace_only(tx: &mut Tx<'_>) -> Result<()> {
    workspace::put_member(tx, HERE, &a_member(), NOW).await?;
    assert_eq!(workspace::member(tx, HERE, MEMBER).await?, Some(a_member()));
    assert_eq!(workspace::member(tx, THERE, MEMBER).await?, None);
    Ok(())
}

async fn a_workspace_is_changed_and_held(tx: &mut Tx<'_>) -> Result<()> {
    workspace::create(tx, &a_workspace(HERE), "Asia/Tokyo", NOW).await?;
    workspace::create(tx, &a_workspace(THERE), "Asia/Tokyo", NOW).await?;
    workspace::hold(tx, HERE).await?;
    let wished = Workspace { id: HERE, name: "Acme".into(), zone: Zone::utc(), region: None };
    assert!(workspace::change(tx, &wished, "UTC").await?);
    assert_eq!(workspace::find(tx, HERE).await?, Some(wished.clone()));
    assert_eq!(workspace::zone_name(tx, HERE).await?.as_deref(), Some("UTC"));
    assert_eq!(workspace::find(tx, THERE).await?, Some(a_workspace(THERE)));
    assert_eq!(workspace::zone_name(tx, THERE).await?.as_deref(), Some("Asia/Tokyo"));
    assert!(!workspace::change(tx, &Workspace { id: 99, ..wished }, "UTC").await?);
    assert_eq!(workspace::zone_name(tx, 99).await?, None);
    Ok(())
}
