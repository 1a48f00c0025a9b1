//! Inboxes.

use causeway::args;
use causeway::store::{
    Result, Tx,
    inbox::{self, Inbox, InboxMember},
};

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, ACCOUNT, HERE, MEMBER};

in_a_transaction!(
    an_inbox_has_a_name_that_may_change,
    members_work_in_an_inbox_some_as_its_administrators,
    an_inbox_owns_accounts_until_it_is_removed,
);

fn sales() -> Inbox {
    Inbox { id: 1, name: "Sales".into() }
}

async fn an_inbox_has_a_name_that_may_change(tx: &mut Tx<'_>) -> Result<()> {
    let help = Inbox { id: 2, name: "Help".into() };
    inbox::put(tx, HERE, &sales(), NOW).await?;
    inbox::put(tx, HERE, &help, NOW).await?;
    assert_eq!(inbox::all(tx, HERE).await?, [help.clone(), sales()]);
    let renamed = Inbox { name: "Zurich".into(), ..help };
    inbox::put(tx, HERE, &renamed, NOW).await?;
    assert_eq!(inbox::all(tx, HERE).await?, [sales(), renamed.clone()]);
    assert_eq!(inbox::find(tx, HERE, 2).await?, Some(renamed));
    Ok(())
}

async fn members_work_in_an_inbox_some_as_its_administrators(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    inbox::put(tx, HERE, &sales(), NOW).await?;
    inbox::put_member(tx, HERE, 1, MEMBER, false).await?;
    inbox::put_member(tx, HERE, 1, MEMBER, true).await?;
    let ann = InboxMember { member_id: MEMBER, name: "Ann".into(), is_admin: true };
    assert_eq!(inbox::members(tx, HERE, 1).await?, [ann]);
    tx.execute("UPDATE member SET is_active = 0", args![]).await?;
    assert_eq!(inbox::members(tx, HERE, 1).await?, [], "who is gone works nowhere");
    assert!(inbox::remove_member(tx, HERE, 1, MEMBER).await?);
    assert!(!inbox::remove_member(tx, HERE, 1, MEMBER).await?);
    Ok(())
}

async fn an_inbox_owns_accounts_until_it_is_removed(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    inbox::put(tx, HERE, &sales(), NOW).await?;
    inbox::put_member(tx, HERE, 1, MEMBER, false).await?;
    assert!(inbox::give_account(tx, HERE, ACCOUNT, Some(1)).await?);
    assert!(!inbox::give_account(tx, HERE, ACCOUNT + 1, Some(1)).await?);
    assert_eq!(inbox::of_accounts(tx, HERE).await?, [(ACCOUNT, 1)]);
    assert!(inbox::remove(tx, HERE, 1).await?);
    assert!(!inbox::remove(tx, HERE, 1).await?);
    assert_eq!(inbox::of_accounts(tx, HERE).await?, []);
    assert_eq!(inbox::members(tx, HERE, 1).await?, []);
    assert!(inbox::give_account(tx, HERE, ACCOUNT, None).await?);
    Ok(())
}
