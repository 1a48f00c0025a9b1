//! What deliveries wait for, cause by cause: one line for each, however many entries wait.

use causeway_core::{
    lane::{HOLD_REASONS, HoldReason, Who},
    time::Timestamp,
};

use super::{connection_hold, entries::org_name};
use crate::{
    app::App,
    store::{
        self, connection,
        entry_list::{self, MOST_COUNTED},
        integration,
    },
};

/// Something that entries wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The reason.
    pub reason: HoldReason,
    /// Who can act.
    pub who: Who,
    /// How many entries wait: this many, or more if `is_more`.
    pub count: i64,
    /// There are more, and they were not counted.
    pub is_more: bool,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
    /// What it holds up.
    pub place: Place,
}

/// What a cause holds up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Entries, each by itself.
    Entries,
    /// Everything that goes through a connection.
    Connection {
        /// The connection.
        id: i64,
        /// What people call its organisation.
        org: String,
    },
    /// Everything that an integration asks for.
    Integration {
        /// The integration.
        id: i64,
        /// Its connection.
        connection_id: i64,
        /// What people call the organisation.
        org: String,
    },
}

/// What the entries of a workspace wait for, what stops most first.
pub async fn causes(app: &App, workspace_id: i64) -> store::Result<Vec<Cause>> {
    let now = app.now();
    let mut found = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let (held, _) = entry_list::causes(tx, workspace_id).await?;
                let mut found: Vec<Cause> = held.into_iter().map(of_entries).collect();
                let integrations = integration::of_workspace(tx, workspace_id).await?;
                for connection in connection::all(tx, Some(workspace_id)).await? {
                    let (id, org) = (connection.id, org_name(&connection));
                    if let Some((reason, who, _, until)) = connection_hold(&connection, now) {
                        let count = entry_list::waiting(tx, workspace_id, id, None).await?;
                        let place = Place::Connection { id, org };
                        found.push(cause(reason, who, count, until, place));
                        continue;
                    }
                    for paused in integrations
                        .iter()
                        .filter(|one| one.connection_id == id && one.state == integration::State::Paused)
                    {
                        let count = entry_list::waiting(tx, workspace_id, id, Some(paused.id)).await?;
                        let place = Place::Integration { id: paused.id, connection_id: id, org: org.clone() };
                        found.push(cause(HoldReason::Paused, Who::WorkspaceAdmin, count, None, place));
                    }
                }
                found.retain(|cause| cause.count > 0);
                Ok(found)
            })
        })
        .await?;
    let rank = |cause: &Cause| HOLD_REASONS.iter().position(|reason| *reason == cause.reason);
    found.sort_by_key(rank);
    Ok(found)
}

/// A cause that holds entries one by one.
fn of_entries(held: entry_list::Cause) -> Cause {
    cause(held.reason, held.who, held.count, None, Place::Entries)
}

fn cause(reason: HoldReason, who: Who, count: i64, until: Option<Timestamp>, place: Place) -> Cause {
    Cause { reason, who, count: count.min(MOST_COUNTED), is_more: count > MOST_COUNTED, until, place }
}
