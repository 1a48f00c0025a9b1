//! Mails: recorded with their cause, sent by one node, tried again until they are taken or a day has passed.
//!
//! Nothing waits for a mail. One that cannot be sent says why on every page of those who could see to it.

mod outbox;
mod smtp;

pub use outbox::{run, send_due};

use causeway_core::{
    call::Usage,
    governor::{Level, Outlook, Rules},
    rights::Right,
};
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    store::{
        Result, Tx,
        mail::{self, NewMail},
        workspace,
    },
};

/// What a mail about API calls says: as it was when there was cause for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// What people call the org.
    pub org: String,
    /// Percent of what messages may use that is spent.
    pub spent: Option<u64>,
    /// Everybody's calls.
    pub usage: Option<Usage>,
    /// Ours among them.
    pub ours: u64,
    /// What the admin allows.
    pub rules: Rules,
    /// When what messages may use is spent at this rate.
    pub reached: Outlook,
    /// When the lane looks again.
    pub until: Option<i64>,
}

/// The word under which a mail is kept.
fn kind(level: Level) -> &'static str {
    match level {
        Level::Near => "calls_near",
        Level::Stopped => "calls_stopped",
    }
}

/// Records a mail about the calls of a connection (`subject` is its id with its prefix) to everybody who may see to it in
/// its workspace, in the transaction of its cause. Where no mail server is set up, nothing is recorded: nobody wants it
/// months later.
pub async fn record(
    tx: &mut Tx<'_>,
    app: &App,
    workspace_id: i64,
    (level, subject): (Level, &str),
    says: &Calls,
) -> Result<()> {
    if !app.config.mail.is_on() {
        return Ok(());
    }
    let detail = serde_json::to_value(says).unwrap_or_default();
    for member in workspace::members(tx, workspace_id).await? {
        if member.role.has(Right::ConnectSync) {
            let new = NewMail {
                id: app.nature.id(),
                member_id: member.id,
                kind: kind(level),
                subject: subject.to_owned(),
                detail: detail.clone(),
            };
            mail::put(tx, workspace_id, &new, app.now()).await?;
        }
    }
    Ok(())
}
