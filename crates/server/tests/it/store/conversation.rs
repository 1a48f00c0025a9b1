//! Conversations.

use causeway::args;
use causeway::store::{
    Result, Row, Tx,
    conversation::{self, Spoke},
};
use causeway_core::timeline::Status;

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, ACCOUNT, CONTACT, HERE, MEMBER, THERE};

in_a_transaction!(
    a_contact_has_one_thread_on_an_account,
    the_latest_of_two_threads_goes_on,
    a_group_has_one_thread_and_keeps_its_subject,
    a_closed_thread_is_opened_by_a_customer_only,
    the_last_time_never_goes_backward,
    a_thread_is_assigned_to_a_member_and_to_nobody,
    what_the_customer_says_is_unread_until_somebody_looks_or_answers,
    a_thread_stands_as_somebody_says,
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
    conversation::touch(tx, HERE, 2, NOW + 5, Spoke::Before).await?;
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
    for (before, spoke, after) in [
        ("closed", Spoke::Team, "closed"),
        ("closed", Spoke::Before, "closed"),
        ("closed", Spoke::Customer, "open"),
        ("pending", Spoke::Customer, "pending"),
    ] {
        tx.execute("UPDATE conversation SET status = $1", args![before]).await?;
        conversation::touch(tx, HERE, 1, NOW, spoke).await?;
        assert_eq!(thread(tx, 1).await?.text("status")?, after);
    }
    Ok(())
}

async fn the_last_time_never_goes_backward(tx: &mut Tx<'_>) -> Result<()> {
    conversation::ensure(tx, HERE, ACCOUNT, CONTACT, 1, NOW).await?;
    for (at, last_at) in [(NOW - 1, NOW), (NOW + 2, NOW + 2), (NOW + 1, NOW + 2)] {
        conversation::touch(tx, HERE, 1, at, Spoke::Customer).await?;
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

async fn what_the_customer_says_is_unread_until_somebody_looks_or_answers(tx: &mut Tx<'_>) -> Result<()> {
    conversation::ensure(tx, HERE, ACCOUNT, CONTACT, 1, NOW).await?;
    assert!(!conversation::mark_read(tx, HERE, 1).await?, "nothing is unread yet");
    for (spoke, at, unread) in [
        (Spoke::Before, NOW + 1, 0),
        (Spoke::Customer, NOW + 5, 1),
        (Spoke::Customer, NOW + 6, 2),
        (Spoke::Customer, NOW + 2, 3),
        (Spoke::Team, NOW + 5, 3),
        (Spoke::Before, NOW + 6, 3),
        (Spoke::Team, NOW + 6, 0),
        (Spoke::Customer, NOW + 7, 1),
    ] {
        conversation::touch(tx, HERE, 1, at, spoke).await?;
        assert_eq!(thread(tx, 1).await?.int("unread")?, unread, "{spoke:?} at {at}");
    }
    assert!(!conversation::mark_read(tx, THERE, 1).await?);
    assert!(conversation::mark_read(tx, HERE, 1).await?);
    assert!(!conversation::mark_read(tx, HERE, 1).await?);
    assert_eq!(thread(tx, 1).await?.int("unread")?, 0);
    Ok(())
}

async fn a_thread_stands_as_somebody_says(tx: &mut Tx<'_>) -> Result<()> {
    conversation::ensure(tx, HERE, ACCOUNT, CONTACT, 1, NOW).await?;
    assert_eq!(conversation::standing(tx, THERE, 1).await?, None);
    assert!(!conversation::set_status(tx, THERE, 1, Status::Closed).await?);
    for status in [Status::Pending, Status::Closed, Status::Open] {
        assert!(conversation::set_status(tx, HERE, 1, status).await?);
        let standing = conversation::Standing { account_id: ACCOUNT, status, assignee_id: None };
        assert_eq!(conversation::standing(tx, HERE, 1).await?, Some(standing));
    }
    Ok(())
}
