//! The page on which a workspace chooses what a panel shows.

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use causeway_core::record::OrgProfile;
use causeway_pages::{
    Here,
    panel::{self as view, Fields, Org},
};
use serde::Deserialize;

use super::{
    super::super::{
        Web,
        render::{self, Page, Shown, Trouble, words},
        session::Visitor,
    },
    fields_form::Typed,
    org_shown,
};
use crate::{
    id,
    live::Topic,
    panel::{self as stage, ChangeRefused},
    store::{
        connection, org,
        panel::{self, Panel},
    },
};

/// What stands in the address after saving.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
}

/// What is chosen now, and what there is to choose from.
struct Known {
    connection_id: i64,
    panel: Panel,
    profile: OrgProfile,
    org: Org,
}

async fn known(web: &Web, visitor: &Visitor, connection: &str) -> Result<Known, Trouble> {
    let connection_id = id::read("con", connection).ok_or(Trouble::Nothing)?;
    let workspace_id = visitor.workspace_id();
    let found = web.app.db.read(move |tx| {
        Box::pin(async move {
            let Some(panel) = panel::find(tx, workspace_id, connection_id).await? else { return Ok(None) };
            let connection = connection::find(tx, connection_id).await?;
            let orgs = org::of_workspace(tx, workspace_id).await?;
            let org = orgs.into_iter().find(|org| org.connection_id == connection_id);
            Ok(connection.zip(org).map(|(connection, org)| (panel, connection.profile, org)))
        })
    });
    let (panel, profile, org) = found.await?.ok_or(Trouble::Nothing)?;
    // An org that was never described has nothing to choose from yet.
    let profile = profile.ok_or(Trouble::Nothing)?;
    Ok(Known { connection_id, panel, profile, org: org_shown(&org) })
}

pub(super) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Path(connection): Path<String>,
    Query(done): Query<Done>,
) -> Shown {
    let known = known(&web, &visitor, &connection).await?;
    let typed = Typed::of(&known.panel, &known.profile);
    let mut fields = typed.shown(known.org, &known.profile);
    fields.is_saved = done.done == "saved";
    answer(&web, &visitor, StatusCode::OK, &fields).await
}

async fn answer(web: &Web, visitor: &Visitor, status: StatusCode, fields: &Fields) -> Shown {
    let words = words();
    let content = view::fields(words, fields);
    if visitor.wants_fragment {
        let mut response: Response = render::fragment(content);
        *response.status_mut() = status;
        return Ok(response);
    }
    let title = words.say("fields-title");
    Ok(Page::new(Here::Integrations, &title).with(status).around(web, visitor, &content).await)
}

pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(connection): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Shown {
    let known = known(&web, &visitor, &connection).await?;
    let (mut typed, saves) = Typed::read(&pairs);
    if !saves {
        let mut fields = typed.shown(known.org, &known.profile);
        fields.is_changed = true;
        return answer(&web, &visitor, StatusCode::OK, &fields).await;
    }
    let mut problems = Vec::new();
    match typed.chosen(&known.profile) {
        None => problems.push(words().say("fields-number")),
        Some(chosen) => {
            let (workspace_id, by) = (visitor.workspace_id(), Some(visitor.member.id));
            match stage::change(&web.app, workspace_id, known.connection_id, by, chosen).await {
                Ok(stored) => typed.revision = stored.revision,
                Err(refused) => problems = told(refused, &mut typed)?,
            }
        }
    }
    if problems.is_empty() {
        web.app.live.tell(visitor.workspace_id(), &[Topic::Connections]);
        if !visitor.wants_fragment {
            let address = format!("/integrations/panel/{}?done=saved", id::connection(known.connection_id));
            return Ok(Redirect::to(&address).into_response());
        }
    }
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut fields = typed.shown(known.org, &known.profile);
    (fields.is_saved, fields.problems) = (problems.is_empty(), problems);
    answer(&web, &visitor, status, &fields).await
}

/// Why it was not stored, in words. After a conflict the form stands on what the other one stored.
fn told(refused: ChangeRefused, typed: &mut Typed) -> Result<Vec<String>, Trouble> {
    Ok(match refused {
        ChangeRefused::NoConnection => return Err(Trouble::Nothing),
        ChangeRefused::Store(error) => return Err(Trouble::Store(error)),
        ChangeRefused::NotConnected => vec![words().say("fields-not-connected")],
        ChangeRefused::Conflict(revision) => {
            typed.revision = revision;
            vec![words().say("fields-conflict")]
        }
        ChangeRefused::Problems(problems) => {
            problems.into_iter().map(|problem| sentence(&problem.what)).collect()
        }
    })
}

/// A clause as a sentence of its own.
fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}
