//! Users of an org who may own records: offered where somebody chooses a default owner.

use std::time::Duration;

use causeway_core::{
    call::{Answer, Call},
    record::CrmUser,
};

use crate::{
    app::App,
    clock,
    crm::Line,
    store::{self, connection::State, workspace},
};

/// How long a page waits for the CRM to name its users.
const PATIENCE: Duration = Duration::from_secs(3);

/// The org's users who correspond to members, those of `ids`, and the one in whose name we act. A CRM that is silent
/// costs the choice some names and nothing else.
pub async fn owners(
    app: &App,
    workspace_id: i64,
    connection_id: i64,
    ids: Vec<String>,
) -> store::Result<Vec<CrmUser>> {
    let Some(mut line) = Line::open(app, connection_id).await? else { return Ok(Vec::new()) };
    let connection = line.connection();
    let Some(acting) = connection.profile.as_ref().map(|org| org.acting_user.clone()) else {
        return Ok(Vec::new());
    };
    if connection.workspace_id != workspace_id || connection.state != State::Connected {
        return Ok(vec![acting]);
    }
    let members = app.db.read(move |tx| Box::pin(workspace::members(tx, workspace_id))).await?;
    let emails = members.into_iter().map(|member| member.email).collect();
    let asked = clock::within(PATIENCE, line.call(Call::Users { emails, ids, page: None })).await;
    let mut users = match asked {
        Some(Ok(Answer::Users(users))) => users,
        _ => Vec::new(),
    };
    if !users.iter().any(|user| user.id == acting.id) {
        users.push(acting);
    }
    users.sort_by(|one, other| one.name.cmp(&other.name).then_with(|| one.id.cmp(&other.id)));
    users.dedup_by(|one, other| one.id == other.id);
    Ok(users)
}
