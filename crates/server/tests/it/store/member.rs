//! Members as those see them who look after people; their API tokens.

use causeway::store::{
    Result, Tx, api_token,
    member::{self, Profile},
    sign_in, workspace,
    workspace::Member,
};
use causeway_core::rights::Role;

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, HERE, MEMBER, THERE, a_member};

in_a_transaction!(
    everybody_is_listed_the_active_ones_first,
    somebody_is_found_by_id_and_by_e_mail_active_or_not,
    owners_are_counted_while_they_are_active,
    a_role_is_set_for_one_member,
    tokens_are_listed_noted_and_revoked,
    every_token_of_a_member_is_revoked_at_once,
);

fn profile(member: Member, is_active: bool) -> Profile {
    Profile { member, is_active, signed_in_at: None, has_password: false }
}

fn bo() -> Member {
    Member { id: 20, name: "Bo".into(), email: "bo@acme.test".into(), role: Role::Agent }
}

async fn everybody_is_listed_the_active_ones_first(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    workspace::put_member(tx, HERE, &bo(), NOW).await?;
    assert_eq!(member::all(tx, HERE).await?, [profile(a_member(), true), profile(bo(), true)]);
    assert!(member::set_active(tx, HERE, MEMBER, false).await?);
    sign_in::put_password(tx, HERE, 20, "hash").await?;
    let with_password = Profile { has_password: true, ..profile(bo(), true) };
    assert_eq!(member::all(tx, HERE).await?, [with_password, profile(a_member(), false)]);
    assert!(!member::set_active(tx, THERE, MEMBER, false).await?);
    assert!(member::all(tx, THERE).await?.is_empty());
    Ok(())
}

async fn somebody_is_found_by_id_and_by_e_mail_active_or_not(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    member::set_active(tx, HERE, MEMBER, false).await?;
    let ann = Some(profile(a_member(), false));
    assert_eq!(member::find(tx, HERE, MEMBER).await?, ann);
    assert_eq!(member::of_email(tx, HERE, "ANN@acme.test").await?, ann);
    assert_eq!(member::find(tx, THERE, MEMBER).await?, None);
    assert_eq!(member::of_email(tx, THERE, "ann@acme.test").await?, None);
    Ok(())
}

async fn owners_are_counted_while_they_are_active(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    workspace::put_member(tx, HERE, &Member { role: Role::Owner, ..bo() }, NOW).await?;
    assert_eq!(member::owners(tx, HERE).await?, 2);
    member::set_active(tx, HERE, MEMBER, false).await?;
    assert_eq!(member::owners(tx, HERE).await?, 1);
    assert_eq!(member::owners(tx, THERE).await?, 0);
    Ok(())
}

async fn a_role_is_set_for_one_member(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::set_in(tx, THERE).await?;
    assert!(member::set_role(tx, HERE, MEMBER, Role::Manager).await?);
    assert!(!member::set_role(tx, HERE, MEMBER + 1, Role::Manager).await?);
    assert_eq!(member::find(tx, HERE, MEMBER).await?.unwrap().member.role, Role::Manager);
    assert_eq!(member::find(tx, THERE, MEMBER).await?.unwrap().member.role, Role::Owner);
    Ok(())
}

async fn tokens_are_listed_noted_and_revoked(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    api_token::make(tx, HERE, MEMBER, ("one", "Export"), NOW).await?;
    workspace::put_token(tx, "two", HERE, MEMBER, NOW + 1).await?;
    api_token::note_use(tx, "one", NOW + 9).await?;
    assert_eq!(api_token::last_use(tx, "one").await?, Some(NOW + 9));
    assert_eq!(api_token::last_use(tx, "two").await?, None);
    assert_eq!(api_token::last_use(tx, "invented").await?, None);
    let listed = api_token::of_member(tx, HERE, MEMBER).await?;
    let shown: Vec<_> = listed.iter().map(|one| (one.name.as_str(), one.created_at, one.used_at)).collect();
    assert_eq!(shown, [("", NOW + 1, None), ("Export", NOW, Some(NOW + 9))]);
    assert_eq!(workspace::token_holder(tx, "one").await?, Some((HERE, a_member())));
    assert!(!api_token::revoke(tx, THERE, MEMBER, &listed[1].digest).await?);
    assert!(!api_token::revoke(tx, HERE, MEMBER + 1, &listed[1].digest).await?);
    assert!(api_token::revoke(tx, HERE, MEMBER, &listed[1].digest).await?);
    assert_eq!(workspace::token_holder(tx, "one").await?, None);
    Ok(())
}

async fn every_token_of_a_member_is_revoked_at_once(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    workspace::put_member(tx, HERE, &bo(), NOW).await?;
    for (token, member) in [("one", MEMBER), ("two", MEMBER), ("bo", 20)] {
        api_token::make(tx, HERE, member, (token, ""), NOW).await?;
    }
    assert_eq!(api_token::revoke_all(tx, HERE, MEMBER).await?, 2);
    assert!(workspace::token_holder(tx, "bo").await?.is_some());
    Ok(())
}
