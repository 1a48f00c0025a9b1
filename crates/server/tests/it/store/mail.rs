//! Mails that are to be sent.

use causeway::args;
use causeway::store::{
    Result, Tx,
    mail::{self, NewMail, Trouble},
};
use serde_json::json;

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, HERE, MEMBER, a_member};

in_a_transaction!(
    a_mail_is_due_until_it_is_sent,
    a_refused_mail_is_tried_again_and_says_why,
    a_mail_to_somebody_who_left_has_no_recipient,
    old_mails_are_forgotten,
);

fn a_mail(id: i64) -> NewMail {
    NewMail {
        id,
        member_id: MEMBER,
        kind: "calls_near",
        subject: "con_1".into(),
        detail: json!({"spent": 80}),
    }
}

async fn ids(tx: &mut Tx<'_>, now: i64) -> Result<Vec<i64>> {
    Ok(mail::due(tx, now, 10).await?.iter().map(|mail| mail.id).collect())
}

async fn a_mail_is_due_until_it_is_sent(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    mail::put(tx, HERE, &a_mail(1), NOW).await?;
    mail::put(tx, HERE, &a_mail(2), NOW + 1).await?;
    assert!(ids(tx, NOW - 1).await?.is_empty());
    let due = mail::due(tx, NOW, 10).await?.remove(0);
    assert_eq!((due.workspace_id, due.id, due.tries, due.created_at), (HERE, 1, 0, NOW));
    assert_eq!(due.to, Some((a_member().name, a_member().email)));
    assert_eq!(
        (due.kind.as_str(), due.subject.as_str(), due.detail),
        ("calls_near", "con_1", json!({"spent": 80}))
    );
    assert_eq!(ids(tx, NOW + 1).await?, [1, 2]);
    assert_eq!(mail::due(tx, NOW + 1, 1).await?.len(), 1);
    mail::sent(tx, HERE, 1, NOW + 1).await?;
    assert_eq!(ids(tx, NOW + 1).await?, [2]);
    Ok(())
}

async fn a_refused_mail_is_tried_again_and_says_why(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    mail::put(tx, HERE, &a_mail(1), NOW).await?;
    assert_eq!(mail::troubles(tx, HERE, 0).await?, []);
    mail::refused(tx, HERE, 1, "no route", Some(NOW + 9)).await?;
    assert_eq!((ids(tx, NOW + 8).await?, ids(tx, NOW + 9).await?), (vec![], vec![1]));
    mail::refused(tx, HERE, 1, "nobody of that name", None).await?;
    assert!(ids(tx, i64::MAX).await?.is_empty());
    let told = Trouble {
        id: 1,
        to: a_member().email,
        kind: "calls_near".into(),
        is_given_up: true,
        reason: "nobody of that name".into(),
        tries: 2,
        due_at: NOW + 9,
    };
    assert_eq!(mail::troubles(tx, HERE, NOW).await?, [told]);
    assert_eq!(mail::troubles(tx, HERE, NOW + 1).await?, []);
    Ok(())
}

async fn a_mail_to_somebody_who_left_has_no_recipient(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    mail::put(tx, HERE, &a_mail(1), NOW).await?;
    tx.execute("UPDATE member SET is_active = 0 WHERE id = $1", args![MEMBER]).await?;
    assert_eq!(mail::due(tx, NOW, 10).await?.remove(0).to, None);
    Ok(())
}

async fn old_mails_are_forgotten(tx: &mut Tx<'_>) -> Result<()> {
    for (id, at) in [(1, NOW - 1), (2, NOW)] {
        mail::put(tx, HERE, &a_mail(id), at).await?;
    }
    assert_eq!(mail::prune(tx, NOW).await?, 1);
    assert_eq!(ids(tx, NOW).await?, [2]);
    Ok(())
}
