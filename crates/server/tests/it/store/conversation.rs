//! Conversations.

use causeway::args;
use causeway::store::{Result, Row, Tx, conversation};

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, ACCOUNT, CONTACT, HERE, MEMBER, THERE};

in_a_transaction!(
    a_contact_has_one_thread_on_an_account,
    the_latest_of_two_threads_goes_on,
    a_group_has_one_thread_and_keeps_its_subject,
    a_closed_thread_is_opened_by_a_customer_only,
    the_last_time_never_goes_backward,
    a_thread_is_assigned_to_a_member_and_to_nobody,
);

async fn thread(tx: &mut Tx<'_>, id: i64) -> Result<Row> {
    scene::ask(tx, "SELECT * FROM conversation WHERE workspace_id = $1 AND id = $2", args![HERE, id]).await
}

async fn a_contact_has_one_thread_on_an_account(tx: &mut Tx<'_>) -> Result<()> {
    assert_eq!(conversation::ensure(tx, HERE, ACCOUNT, CONTACT, 1, NOW).await?, 1);
    assert_eq!(conversation::ensure(tx, HERE, ACCOUNT, CONTACT, 2, NOW).await?, 1);
    assert_eq!(conversation::ensure(tx, HERE, ACCOUNT + 1, CONTACT, 2, NOW).await?, 2);
    assert_eq!(conversation::ensure(tx, HERE, ACCOUNT, CONTACT + 1, 3, NOW).await?, 3);
    assert_eq!(conversation::ensure(tx, THERE, ACCOUNT, CONTACT, 4, NOW).await?, 4);
    Ok(())
}

async fn the_latest_of_two_threads_goes_on(tx: &mut Tx<'_>) -> Result<()> {
    conversation::ensure(tx, HERE, ACCOUNT, CONTACT, 1, NOW).await?;
    conversation::ensure(tx, HERE, ACCOUNT, CONTACT + 1, 2, NOW).await?;
    conversation::touch(tx, HERE, 2, NOW + 5, false).await?;
    tx.execute("UPDATE conversation SET contact_id = $1", args![CONTACT]).await?;
    assert_eq!(conversation::ensure(tx, HERE, ACCOUNT, CONTACT, 3, NOW).await?, 2);
    Ok(())
}

async fn a_group_has_one_thread_and_keeps_its_subject(tx: &mut Tx<'_>) -> Result<()> {
    let named = ("g", Some("Team"));
    assert_eq!(conversation::ensure_group(tx, HERE, ACCOUNT, named, 1, NOW).await?, 1);
    assert_eq!(conversation::ensure_group(tx, HERE, ACCOUNT, ("g", None), 2, NOW).await?, 1);
    assert_eq!(thread(tx, 1).await?.text("subject")?, "Team");
    assert_eq!(conversation::ensure_group(tx, HERE, ACCOUNT, ("g", Some("Crew")), 2, NOW).await?, 1);
    assert_eq!(thread(tx, 1).await?.text("subject")?, "Crew");
    assert_eq!(conversation::ensure_group(tx, HERE, ACCOUNT, ("h", None), 2, NOW).await?, 2);
    assert_eq!(conversation::ensure_group(tx, HERE, ACCOUNT + 1, named, 3, NOW).await?, 3);
    assert_eq!(conversation::ensure_group(tx, THERE, ACCOUNT, named, 1, NOW).await?, 1);
    assert_eq!(thread(tx, 1).await?.opt_int("contact_id")?, None);
    Ok(())
}

async fn a_closed_thread_is_opened_by_a_customer_only(tx: &mut Tx<'_>) -> Result<()> {
    conversation::ensure(tx, HERE, ACCOUNT, CONTACT, 1, NOW).await?;
    for (before, reopens, after) in
        [("closed", false, "closed"), ("closed", true, "open"), ("pending", true, "pending")]
    {
        tx.execute("UPDATE conversation SET status = $1", args![before]).await?;
        conversation::touch(tx, HERE, 1, NOW, reopens).await?;
        assert_eq!(thread(tx, 1).await?.text("status")?, after);
    }
    Ok(())
}

async fn the_last_time_never_goes_backward(tx: &mut Tx<'_>) -> Result<()> {
    conversation::ensure(tx, HERE, ACCOUNT, CONTACT, 1, NOW).await?;
    for (at, last_at) in [(NOW - 1, NOW), (NOW + 2, NOW + 2), (NOW + 1, NOW + 2)] {
        conversation::touch(tx, HERE, 1, at, false).await?;
        assert_eq!(thread(tx, 1).await?.int("last_at")?, last_at);
    }
    Ok(())
}

async fn a_thread_is_assigned_to_a_member_and_to_nobody(tx: &mut Tx<'_>) -> Result<()> {
    conversation::ensure(tx, HERE, ACCOUNT, CONTACT, 1, NOW).await?;
    assert!(conversation::assign(tx, HERE, 1, Some(MEMBER)).await?);
    assert_eq!(thread(tx, 1).await?.opt_int("assignee_id")?, Some(MEMBER));
    assert!(!conversation::assign(tx, THERE, 1, Some(MEMBER)).await?);
    assert!(conversation::assign(tx, HERE, 1, None).await?);
    assert_eq!(thread(tx, 1).await?.opt_int("assignee_id")?, None);
    Ok(())
}
