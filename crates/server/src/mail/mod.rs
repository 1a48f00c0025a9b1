//! Mails: recorded with their cause, sent by one node, tried again until they are taken or it is clear that they never are.

use causeway_core::rights::Role;
use serde_json::Value;

use crate::{
    app::App,
    store::{
        Result, Tx,
        mail::{self, NewMail},
        workspace,
    },
};

/// API calls are near their end.
pub const CALLS_NEAR: &str = "calls_near";

/// The lane waits for API calls.
pub const CALLS_STOPPED: &str = "calls_stopped";

/// Records a mail (kind, what it is about, what it says) to every owner and admin of a workspace, in the transaction of its
/// cause. Where no mail server is set up, nothing is recorded: nobody wants it months later.
pub async fn record(
    tx: &mut Tx<'_>,
    app: &App,
    workspace_id: i64,
    (kind, subject, detail): (&'static str, String, Value),
) -> Result<()> {
    if !app.config.mail.is_on() {
        return Ok(());
    }
    let now = app.now();
    for member in workspace::members(tx, workspace_id).await? {
        if matches!(member.role, Role::Owner | Role::Admin) {
            let (subject, detail) = (subject.clone(), detail.clone());
            let new = NewMail { id: app.nature.id(), member_id: member.id, kind, subject, detail };
            mail::put(tx, workspace_id, &new, now).await?;
        }
    }
    Ok(())
}
