//! Links that let somebody in once.

use causeway::store::{
    Result, Tx,
    ticket::{self, Kind, New},
};
use causeway_core::rights::Role;

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, HERE, MEMBER, THERE};

in_a_transaction!(
    a_ticket_reads_as_it_was_made_until_it_expires,
    a_ticket_is_used_up_once,
    a_newer_ticket_for_the_same_purpose_ends_the_older,
    pending_invitations_are_listed_newest_first_and_withdrawn,
    the_links_of_a_member_are_withdrawn_together,
    what_expired_is_forgotten,
);

pub fn a_ticket(workspace_id: i64, token: &str, kind: Kind) -> New {
    New { token: token.into(), kind, workspace_id, created_by: Some(MEMBER), expires_at: NOW + 1_000 }
}

pub fn an_invite(email: &str) -> Kind {
    Kind::Invite { email: email.into(), role: Role::Manager }
}

async fn a_ticket_reads_as_it_was_made_until_it_expires(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    for (token, kind) in
        [("s", Kind::Setup), ("i", an_invite("a@b.test")), ("l", Kind::SignIn { member_id: MEMBER })]
    {
        let new = a_ticket(if kind == Kind::Setup { 0 } else { HERE }, token, kind.clone());
        ticket::put(tx, &new, NOW).await?;
        let found = ticket::find(tx, token, NOW + 999).await?.expect("it is good");
        assert_eq!(
            (found.kind, found.workspace_id, found.created_by),
            (kind, new.workspace_id, Some(MEMBER))
        );
        assert_eq!((found.created_at, found.expires_at), (NOW, NOW + 1_000));
        assert_ne!(found.digest, token);
        assert_eq!(ticket::find(tx, token, NOW + 1_000).await?, None);
    }
    assert_eq!(ticket::find(tx, "invented", NOW).await?, None);
    Ok(())
}

async fn a_ticket_is_used_up_once(tx: &mut Tx<'_>) -> Result<()> {
    ticket::put(tx, &a_ticket(HERE, "i", an_invite("a@b.test")), NOW).await?;
    assert!(!ticket::use_up(tx, "i", NOW + 1_000).await?, "it is too old then");
    assert!(ticket::use_up(tx, "i", NOW + 1).await?);
    assert!(!ticket::use_up(tx, "i", NOW + 1).await?);
    assert_eq!(ticket::find(tx, "i", NOW + 1).await?, None);
    Ok(())
}

async fn a_newer_ticket_for_the_same_purpose_ends_the_older(tx: &mut Tx<'_>) -> Result<()> {
    ticket::put(tx, &a_ticket(HERE, "one", an_invite("a@b.test")), NOW).await?;
    ticket::put(tx, &a_ticket(HERE, "other", an_invite("c@d.test")), NOW).await?;
    ticket::put(tx, &a_ticket(THERE, "there", an_invite("a@b.test")), NOW).await?;
    ticket::put(tx, &a_ticket(HERE, "link", Kind::SignIn { member_id: 1 }), NOW).await?;
    ticket::put(tx, &a_ticket(HERE, "two", an_invite("a@b.test")), NOW).await?;
    ticket::put(tx, &a_ticket(HERE, "link of another", Kind::SignIn { member_id: 2 }), NOW).await?;
    assert_eq!(ticket::find(tx, "one", NOW).await?, None);
    for token in ["other", "there", "link", "two", "link of another"] {
        assert!(ticket::find(tx, token, NOW).await?.is_some(), "{token}");
    }
    Ok(())
}

async fn pending_invitations_are_listed_newest_first_and_withdrawn(tx: &mut Tx<'_>) -> Result<()> {
    ticket::put(tx, &a_ticket(HERE, "old", an_invite("a@b.test")), NOW).await?;
    ticket::put(tx, &a_ticket(HERE, "new", an_invite("c@d.test")), NOW + 1).await?;
    ticket::put(tx, &a_ticket(HERE, "used", an_invite("e@f.test")), NOW + 2).await?;
    ticket::use_up(tx, "used", NOW + 3).await?;
    ticket::put(tx, &a_ticket(HERE, "link", Kind::SignIn { member_id: MEMBER }), NOW).await?;
    let pending = ticket::invitations(tx, HERE, NOW + 5).await?;
    let kinds: Vec<_> = pending.iter().map(|one| one.kind.clone()).collect();
    assert_eq!(kinds, [an_invite("c@d.test"), an_invite("a@b.test")]);
    assert!(!ticket::withdraw(tx, THERE, &pending[0].digest).await?);
    assert!(ticket::withdraw(tx, HERE, &pending[0].digest).await?);
    assert!(!ticket::withdraw(tx, HERE, &pending[0].digest).await?);
    assert_eq!(ticket::find(tx, "new", NOW).await?, None);
    assert!(ticket::invitations(tx, HERE, NOW + 1_000).await?.is_empty());
    Ok(())
}

async fn the_links_of_a_member_are_withdrawn_together(tx: &mut Tx<'_>) -> Result<()> {
    ticket::put(tx, &a_ticket(HERE, "mine", Kind::SignIn { member_id: MEMBER }), NOW).await?;
    ticket::put(tx, &a_ticket(HERE, "other", Kind::SignIn { member_id: 99 }), NOW).await?;
    ticket::put(tx, &a_ticket(THERE, "there", Kind::SignIn { member_id: MEMBER }), NOW).await?;
    assert_eq!(ticket::withdraw_links(tx, HERE, MEMBER).await?, 1);
    assert_eq!(ticket::find(tx, "mine", NOW).await?, None);
    assert!(
        ticket::find(tx, "other", NOW).await?.is_some() && ticket::find(tx, "there", NOW).await?.is_some()
    );
    Ok(())
}

async fn what_expired_is_forgotten(tx: &mut Tx<'_>) -> Result<()> {
    ticket::put(tx, &a_ticket(HERE, "i", an_invite("a@b.test")), NOW).await?;
    assert_eq!(ticket::prune(tx, NOW + 999).await?, 0);
    assert_eq!(ticket::prune(tx, NOW + 1_000).await?, 1);
    Ok(())
}
