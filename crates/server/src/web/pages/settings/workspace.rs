//! The workspace's name, zone and country.

use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect},
};
use causeway_core::{address::phone::Region, rights::Right, time::Zone};
use causeway_pages::{Here, form::Field, settings::workspace as view};
use serde::Deserialize;
use serde_json::json;

use super::super::{
    super::{
        Web,
        render::{Page, Shown, words},
        session::Visitor,
    },
    Routes,
    setup::{workspace_error, zones},
};
use crate::{
    audit as lines,
    store::{
        audit,
        workspace::{self, Workspace},
    },
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/settings/workspace", Right::ManageWorkspace, show).post(
        "/settings/workspace",
        Right::ManageWorkspace,
        change,
    )
}

#[derive(Deserialize)]
struct Asked {
    done: Option<String>,
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Given {
    name: String,
    zone: String,
    region: String,
}

async fn show(State(web): State<Web>, visitor: Visitor, Query(asked): Query<Asked>) -> Shown {
    let workspace_id = visitor.workspace_id();
    let zone = web.app.db.read(move |tx| Box::pin(workspace::zone_name(tx, workspace_id))).await?;
    let present = Given {
        name: visitor.workspace.name.clone(),
        zone: zone.unwrap_or_default(),
        region: visitor.workspace.region.map(|region| region.to_string()).unwrap_or_default(),
    };
    let done = asked.done.map(|_| words().say("saved"));
    page(&web, &visitor, StatusCode::OK, &present, [None, None, None], done).await
}

async fn page(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    given: &Given,
    errors: [Option<String>; 3],
    done: Option<String>,
) -> Shown {
    let words = words();
    let [name, zone, region] = errors;
    let mut zones = zones();
    // A zone under an old name is chosen as it is, and not quietly changed to another.
    if Zone::named(&given.zone).is_some() && !zones.iter().any(|(known, _)| *known == given.zone) {
        zones.push((given.zone.clone(), given.zone.clone()));
    }
    let form = view::Form {
        name: Field::new("name", words.say("setup-workspace-name"))
            .value(&given.name)
            .hint(words.say("setup-workspace-hint"))
            .error(name)
            .required(),
        zone: Field::new("zone", words.say("setup-zone"))
            .value(&given.zone)
            .hint(words.say("setup-zone-hint"))
            .error(zone),
        zones,
        region: Field::new("region", words.say("setup-region"))
            .value(&given.region)
            .hint(words.say("setup-region-hint"))
            .error(region),
        done,
    };
    let content = view::workspace(words, visitor.member.role, &form);
    let title = words.say("settings-workspace");
    Ok(Page::new(Here::Settings, &title).with(status).around(web, visitor, &content).await)
}

async fn change(State(web): State<Web>, visitor: Visitor, Form(given): Form<Given>) -> Shown {
    let words = words();
    let zone = Zone::named(&given.zone);
    let region = match given.region.trim() {
        "" => Some(None),
        told => told.parse::<Region>().ok().map(Some),
    };
    let errors = [
        workspace_error(words, &given.name),
        zone.is_none().then(|| words.say("zone-unknown")),
        region.is_none().then(|| words.say("setup-region-unknown")),
    ];
    let (Some(zone), Some(region), [None, None, None]) = (zone, region, &errors) else {
        return page(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &given, errors, None).await;
    };
    let id = visitor.workspace_id();
    let wished = Workspace { id, name: given.name.trim().to_owned(), zone, region };
    let detail = json!({
        "name": wished.name,
        "zone": given.zone,
        "region": region.map(|region| region.to_string()),
    });
    let line = lines::line(&web.app, Some(visitor.member.id), "workspace.change", "", detail);
    web.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                workspace::change(tx, &wished, &given.zone).await?;
                audit::append(tx, id, &line).await
            })
        })
        .await?;
    Ok(Redirect::to("/settings/workspace?done=saved").into_response())
}
