//! Configured uses of a connection.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use causeway_core::plan::places::Source;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    super::{
        Web,
        error::{Answer, Refused},
    },
    body::Body,
    caller::Caller,
    no_such, number,
};
use crate::{
    crm::Failure,
    id, lane,
    settings::{self, Applied, ChangeRefused},
    store::integration::{self, Integration},
};

pub(super) async fn list(State(web): State<Web>, caller: Caller) -> Answer<Json<Value>> {
    let workspace_id = caller.workspace_id;
    let found = web.app.db.read(move |tx| Box::pin(integration::of_workspace(tx, workspace_id))).await?;
    Ok(Json(json!({ "integrations": found.iter().map(show).collect::<Vec<_>>() })))
}

pub(super) async fn read(
    State(web): State<Web>,
    caller: Caller,
    Path(integration): Path<String>,
) -> Answer<Json<Value>> {
    let (workspace_id, id) = (caller.workspace_id, number("int", "integration", &integration)?);
    let found = web.app.db.read(move |tx| Box::pin(integration::find(tx, workspace_id, id))).await?;
    let found = found.ok_or_else(|| no_such("int", "integration"))?;
    Ok(Json(show(&found)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    connection: String,
    #[serde(default)]
    settings: Map<String, Value>,
}

/// Makes an integration of a connection. It works once its settings are tried out.
pub(super) async fn add(
    State(web): State<Web>,
    caller: Caller,
    Body(new): Body<New>,
) -> Answer<(StatusCode, Json<Value>)> {
    let connection_id = number("con", "connection", &new.connection)?;
    let (app, member) = (web.app, (caller.workspace_id, Some(caller.member.id)));
    let made =
        to_its_end(async move { settings::add(&app, member, connection_id, new.settings).await }).await?;
    Ok((StatusCode::CREATED, Json(applied(&made))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// The revision that the caller saw.
    revision: i64,
    #[serde(default)]
    settings: Map<String, Value>,
    paused: Option<bool>,
}

/// Changes an integration, if nobody else did since.
pub(super) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(integration): Path<String>,
    Body(change): Body<Change>,
) -> Answer<Json<Value>> {
    let id = number("int", "integration", &integration)?;
    let state = change
        .paused
        .map(|paused| if paused { integration::State::Paused } else { integration::State::Active });
    let by = Some(caller.member.id);
    let wish = settings::Wish { settings: change.settings, state, revision: change.revision, by };
    let (app, workspace_id) = (web.app, caller.workspace_id);
    let changed = to_its_end(async move { settings::change(&app, workspace_id, id, wish).await }).await?;
    Ok(Json(applied(&changed)))
}

/// Puts in force what is being set up, or the draft that somebody began on a page.
pub(super) async fn activate(
    State(web): State<Web>,
    caller: Caller,
    Path(integration): Path<String>,
) -> Answer<Json<Value>> {
    let id = number("int", "integration", &integration)?;
    let (app, member) = (web.app, (caller.workspace_id, caller.member.id));
    let activated = to_its_end(async move { settings::activate(&app, member, id).await }).await?;
    Ok(Json(applied(&activated)))
}

/// Does it in a task of its own: a test record is removed although the caller goes away.
async fn to_its_end<T: Send + 'static>(
    deed: impl Future<Output = Result<T, ChangeRefused>> + Send + 'static,
) -> Answer<T> {
    let done = tokio::spawn(deed).await.map_err(|_| Refused::fault())?;
    done.map_err(Refused::from)
}

/// Makes a record to try the connection, and removes it again.
pub(super) async fn test_record(
    State(web): State<Web>,
    caller: Caller,
    Path(integration): Path<String>,
) -> Answer<Json<Value>> {
    let (workspace_id, id) = (caller.workspace_id, number("int", "integration", &integration)?);
    let found = web.app.db.read(move |tx| Box::pin(integration::find(tx, workspace_id, id))).await?;
    let found = found.ok_or_else(|| no_such("int", "integration"))?;
    // A task of its own: what was made is removed although the caller goes away.
    let app = web.app.clone();
    let tried =
        tokio::spawn(async move { lane::test_record(&app, found.connection_id, &found.settings).await });
    match tried.await.map_err(|_| Refused::fault())? {
        Ok(tried) => Ok(Json(json!(tried))),
        Err(Failure::Store(error)) => Err(error.into()),
        Err(failure) => Err(Refused::conflict(
            "crm_silent",
            format!("the CRM could not be asked: {failure}"),
            "see to the connection (GET /api/v1/connections), then try again",
        )),
    }
}

/// What is in force now, and what the CRM did not take.
fn applied(applied: &Applied) -> Value {
    let source = applied.prepared.refused.map(|stands| match stands {
        Source::LeftOut => {
            "the CRM did not take the lead source into its list, and its field takes nothing else: new records get none \
             until an administrator of the CRM adds it"
        }
        _ => {
            "the CRM did not take the lead source into its list; it is written on new records all the same, and an \
             administrator of the CRM can add it"
        }
    });
    let left_over = "the test record could not be removed yet; it is tried again";
    let left_over = applied.prepared.is_left_over.then_some(left_over);
    let mut shown = show(&applied.stored);
    shown["warnings"] = json!(source.into_iter().chain(left_over).collect::<Vec<_>>());
    shown
}

fn show(integration: &Integration) -> Value {
    json!({
        "id": id::integration(integration.id),
        "kind": "chat_sync",
        "connection": id::connection(integration.connection_id),
        "state": integration.state.word(),
        "paused": integration.state == integration::State::Paused,
        "settings": settings::to_json(&integration.settings),
        "revision": integration.revision,
    })
}

impl From<ChangeRefused> for Refused {
    fn from(refused: ChangeRefused) -> Self {
        match refused {
            ChangeRefused::Store(error) => error.into(),
            ChangeRefused::NoIntegration => no_such("int", "integration"),
            ChangeRefused::NoConnection => no_such("con", "connection"),
            ChangeRefused::NotConnected => {
                Self::conflict("not_connected", refused.to_string(), "connect the CRM again, then change it")
            }
            ChangeRefused::Conflict(_) => {
                let action = "read the integration again and repeat the change on what stands there now";
                Self::conflict("changed_meanwhile", refused.to_string(), action)
            }
            ChangeRefused::Overlap(_) => {
                let action = "change or pause that integration, or choose other accounts for this one";
                Self::conflict("already_synced", refused.to_string(), action)
            }
            ChangeRefused::BeingSetUp => {
                let action = "put it in force with POST /api/v1/integrations/{id}/activate";
                Self::conflict("being_set_up", refused.to_string(), action)
            }
            ChangeRefused::NotTried { cause, action } => {
                let message = format!("nothing was put in force, since it could not be tried out: {cause}");
                Self::conflict("not_tried", message, action)
            }
            ChangeRefused::Problems(_) => {
                Self::invalid(refused.to_string(), "correct these settings and send them again")
            }
        }
    }
}
