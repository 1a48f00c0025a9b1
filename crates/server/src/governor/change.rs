//! The admin chooses share and reserve.

use causeway_core::governor::Rules;
use serde_json::json;

use crate::{
    app::App,
    id,
    live::Topic,
    store::{
        self,
        audit::{self, NewLine},
        connection,
    },
};

/// Why a choice was not stored.
#[derive(Debug, thiserror::Error)]
pub enum ChangeRefused {
    /// No such connection.
    #[error("there is no such connection")]
    NoConnection,
    /// Not a percentage.
    #[error("`{0}` is a percentage: a whole number from 0 to 100")]
    Percent(&'static str),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Stores what an admin allows (share, reserve); `None` is what the operator set. Answers what holds now.
pub async fn change(
    app: &App,
    (workspace_id, member_id): (i64, i64),
    connection_id: i64,
    share_percent: Option<i64>,
    reserve_percent: Option<i64>,
) -> Result<Rules, ChangeRefused> {
    let share = percent("share_percent", share_percent)?;
    let reserve = percent("reserve_percent", reserve_percent)?;
    let (id, now, here) = (app.nature.id(), app.now(), app.clone());
    let changed = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let found = connection::find(tx, connection_id).await?;
                let Some(before) = found.filter(|found| found.workspace_id == workspace_id) else {
                    return Ok(None);
                };
                let was = super::rules(&here, &before);
                if !connection::put_rules(tx, workspace_id, connection_id, share, reserve).await? {
                    return Ok(None);
                }
                let mut after = before;
                (after.budget.share_percent, after.budget.reserve_percent) = (share, reserve);
                let holds = super::rules(&here, &after);
                let line = NewLine {
                    id,
                    at: now,
                    member_id: Some(member_id),
                    action: "connection.calls",
                    subject: id::connection(connection_id),
                    detail: json!({ "before": was, "after": holds }),
                };
                audit::append(tx, workspace_id, &line).await?;
                if super::is_stopped(&after, now) {
                    // It is looked at anew, by what holds now.
                    connection::rest_until_now(tx, connection_id, now).await?;
                }
                Ok(Some(holds))
            })
        })
        .await?;
    app.bells.lanes.notify_one();
    app.live.tell(workspace_id, &[Topic::Connections, Topic::Notices]);
    changed.ok_or(ChangeRefused::NoConnection)
}

fn percent(name: &'static str, given: Option<i64>) -> Result<Option<u8>, ChangeRefused> {
    given
        .map(|given| u8::try_from(given).ok().filter(|percent| *percent <= 100))
        .map_or(Ok(None), |read| read.map(Some).ok_or(ChangeRefused::Percent(name)))
}
