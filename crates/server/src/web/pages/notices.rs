//! What everybody should know, above every page: one notice per cause.

use causeway_core::rights::Right;
use causeway_pages::{args, frame::Notice, part::Tone};

use super::super::{Web, render::words, session::Visitor};
use crate::store::{
    self,
    connection::{self, State},
};

/// The notices for somebody.
pub(in crate::web) async fn all(web: &Web, visitor: &Visitor) -> store::Result<Vec<Notice>> {
    let workspace_id = visitor.workspace_id();
    let connections = web.app.db.read(move |tx| Box::pin(connection::all(tx, Some(workspace_id)))).await?;
    let words = words();
    let lost = connections.iter().filter(|one| matches!(one.state, State::Lost | State::OtherOrg));
    let notices = lost.map(|connection| {
        let org = connection.profile.as_ref().map_or(connection.org_id.as_str(), |org| org.org_name.as_str());
        Notice {
            tone: Tone::Bad,
            text: words.with("notice-grant-lost", args!["org" => org]),
            action: visitor
                .may(Right::ConnectPanel)
                .then(|| ("/integrations".to_owned(), words.say("notice-reconnect"))),
        }
    });
    Ok(notices.collect())
}
