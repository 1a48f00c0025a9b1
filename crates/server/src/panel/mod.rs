//! The panel: a person's fields in the CRM, read when somebody looks and kept for a minute.
//!
//! A stored link shows its record; else the record that the panel found before, while the contact's addresses and the
//! settings are the same; else the CRM is searched. The panel only reads, never waits for the lane, and may use the share
//! of the API limit that the lane leaves: somebody is waiting for it.

mod cache;
mod choose;
mod load;
mod pointer;
mod standing;

pub use cache::Cache;
pub use choose::{ChangeRefused, change, choose, unlink};
pub use pointer::{PointerRefused, link, point};

use std::sync::Arc;

use causeway_core::{
    lane::Verdict,
    panel::{trouble::Trouble, view::View},
    rights::Role,
    time::Timestamp,
};

use self::{cache::Looked, standing::Standing};
use crate::{
    app::App,
    crm::Failure,
    metrics::PanelRead,
    store::{
        self,
        connection::State,
        panel::{self, Panel},
    },
};

/// How often a view begins anew because everything changed under it.
const MOST_TRIES: usize = 4;

/// May what was read lately be shown?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Yes, for as long as the settings say.
    Cached,
    /// No: somebody asked for what is in the CRM now. Whoever asks while it is being read gets that reading.
    Fresh,
}

/// Which panel, and who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The workspace.
    pub workspace_id: i64,
    /// The contact.
    pub contact_id: i64,
    /// The connection.
    pub connection_id: i64,
    /// The role of whoever looks.
    pub role: Role,
}

/// Why there is no panel to show.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// No such contact.
    #[error("there is no such contact")]
    NoContact,
    /// No such connection.
    #[error("there is no such connection")]
    NoConnection,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// The connections of a workspace that show a panel: all that were not disconnected or switched off (R1.12).
pub async fn connections(app: &App, workspace_id: i64) -> store::Result<Vec<Panel>> {
    let mut panels = app.db.read(move |tx| Box::pin(panel::of_workspace(tx, workspace_id))).await?;
    panels.retain(|panel| panel.is_on && panel.state != State::Disconnected);
    Ok(panels)
}

/// The panel of a contact under a connection, in whichever state it is. A trouble with the CRM is a state, not an error.
pub async fn view(app: &App, ask: Ask, freshness: Freshness) -> Result<View, Refused> {
    for _ in 0..MOST_TRIES {
        let standing = standing::read(app, ask).await?;
        if let Some(view) = without_asking(app, &standing) {
            return Ok(view);
        }
        let seconds = standing.panel.settings.cache_seconds;
        let landed = match app.panel.look(standing.key(), standing.basis(), app.now(), seconds, freshness) {
            Looked::Held(held) => {
                app.metrics.panel_shown(standing.panel.connection_id, PanelRead::Kept);
                return Ok(show(&held, ask.role, app, seconds));
            }
            Looked::Wait(flight) => {
                app.metrics.panel_shown(standing.panel.connection_id, PanelRead::Joined);
                flight.landed().await
            }
            Looked::Load(ticket) => {
                app.metrics.panel_shown(standing.panel.connection_id, PanelRead::Asked);
                let flight = ticket.flight();
                let (app, standing) = (app.clone(), Arc::new(standing));
                // A task of its own: whoever began it may go away while others wait for it.
                tokio::spawn(async move {
                    let begun = app.nature.now();
                    let outcome = load::load(&app, &standing, freshness).await.map_err(|failure| {
                        let until = standing.limit_retry_at(Timestamp(app.now()));
                        trouble(&failure, until)
                    });
                    app.metrics.panel_read(app.nature.now().since(begun));
                    app.panel.land(&ticket, outcome, app.now());
                });
                flight.landed().await
            }
        };
        match landed {
            // What was read is no longer what would be read: somebody disconnected, linked, or changed a setting.
            Some(landed) if !landed.is_kept => {}
            Some(landed) => return Ok(show(&landed.held, ask.role, app, seconds)),
            None => break,
        }
    }
    Ok(View::Failed { detail: "the panel could not be read; it is in the server's log".into() })
}

/// What the store alone can tell.
fn without_asking(app: &App, standing: &Standing) -> Option<View> {
    let lost = || View::GrantLost { detail: standing.panel.detail.clone() };
    let view = match standing.panel.state {
        State::Connected if standing.panel.is_on => return None,
        State::Connected | State::Disconnected => View::NotConnected,
        State::Lost | State::OtherOrg => lost(),
    };
    app.panel.forget(standing.panel.connection_id);
    Some(view)
}

fn show(held: &cache::Held, role: Role, app: &App, cache_seconds: u32) -> View {
    let now = Timestamp(app.now());
    match &held.outcome {
        Ok(loaded) => loaded.view(role, now, cache_seconds),
        Err(trouble) => {
            let last = held.last.as_ref().filter(|last| now.since(last.read_at) < cache::LAST_KNOWN);
            let stale = last.zip(trouble.because());
            stale.and_then(|(last, because)| last.stale(role, now, because)).unwrap_or_else(|| trouble.view())
        }
    }
}

fn trouble(failure: &Failure, until: Option<Timestamp>) -> Trouble {
    match failure {
        Failure::Verdict(verdict) => {
            if let Verdict::Hold { .. } = verdict {
                tracing::info!(failure = failure.for_log(), "panel.refused");
            }
            Trouble::of(verdict, until)
        }
        Failure::Store(error) => {
            tracing::error!(%error, "panel.store");
            Trouble::Failed("the database could not be used; it is in the server's log".into())
        }
    }
}
