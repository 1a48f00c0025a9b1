//! What a panel shows: the form, each of whose buttons stores the choice as it is then.

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use causeway_core::{
    panel::settings::{MODULES, PanelField, PanelSettings, is_showable},
    record::{Module, OrgProfile},
    rights::{ROLES, Role},
};
use causeway_pages::{
    Here,
    integrations::{self as view, PanelPage},
    part::Tone,
};

use super::{
    super::super::{
        Web,
        render::{Page, Shown, Trouble, sentence, words},
        session::Visitor,
    },
    connection::Done,
};
use crate::{
    id,
    panel::{self as stage, ChangeRefused},
    store::{
        connection::{self, Connection},
        panel::{self, Chosen, Panel},
    },
};

/// What was sent, field by field.
type Given = Vec<(String, String)>;

async fn known(web: &Web, visitor: &Visitor, text: &str) -> Result<(Connection, Panel), Trouble> {
    let (workspace_id, id) = (visitor.workspace_id(), id::read("con", text).ok_or(Trouble::Nothing)?);
    let found = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let connection = connection::find(tx, id).await?;
                let panel = panel::find(tx, workspace_id, id).await?;
                Ok(connection.zip(panel))
            })
        })
        .await?;
    found.ok_or(Trouble::Nothing)
}

pub(super) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Path(connection): Path<String>,
    Query(query): Query<Done>,
) -> Shown {
    let known = known(&web, &visitor, &connection).await?;
    let said = match query.done.as_str() {
        "saved" => Some((Tone::Good, words().say("said-saved"))),
        "conflict" => Some((Tone::Warning, words().say("said-conflict"))),
        _ => None,
    };
    let page = page(&known.0, known.1.settings.clone(), known.1.is_on, known.1.revision, said);
    answer(&web, &visitor, StatusCode::OK, &page).await
}

async fn answer(web: &Web, visitor: &Visitor, status: StatusCode, page: &PanelPage) -> Shown {
    let title = words().say("panel-settings-title");
    let content = view::panel(words(), page);
    Ok(Page::new(Here::Integrations, &title).with(status).around(web, visitor, &content).await)
}

fn page(
    connection: &Connection,
    settings: PanelSettings,
    is_on: bool,
    revision: i64,
    said: Option<(Tone, String)>,
) -> PanelPage {
    let org = connection.profile.as_ref();
    let chosen =
        org.map_or_else(|| settings.fields.clone().unwrap_or_default(), |org| settings.fields_in(org));
    let label = |field: &PanelField| {
        let known = org.map(|org| org.module(field.module));
        let known = known.as_ref().and_then(|profile| profile.field(&field.name));
        known.map_or_else(|| field.name.clone(), |known| named(&known.label, &known.name))
    };
    PanelPage {
        address: address(connection.id),
        connection: (
            super::address(connection.id),
            org.map_or_else(|| connection.org_id.clone(), |org| org.org_name.clone()),
        ),
        is_on,
        more: org.map(|org| more(org, &chosen)).unwrap_or_default(),
        phones: org.map(phones).unwrap_or_default(),
        fields: chosen.into_iter().map(|field| (field.clone(), label(&field))).collect(),
        settings,
        revision,
        cache_error: None,
        said,
    }
}

/// The page on which a panel is set up.
pub(super) fn address(connection_id: i64) -> String {
    format!("/integrations/panel/{}", id::connection(connection_id))
}

fn named(label: &str, name: &str) -> String {
    if label.is_empty() { name.to_owned() } else { label.to_owned() }
}

/// Fields of the org that can be shown and are not, by what people call them.
fn more(org: &OrgProfile, chosen: &[PanelField]) -> Vec<(Module, String, String)> {
    let mut more = Vec::new();
    for module in MODULES {
        let is_chosen = |name: &str| {
            chosen.iter().any(|field| field.module == module && field.name.eq_ignore_ascii_case(name))
        };
        for field in
            org.module(module).fields.iter().filter(|field| is_showable(field) && !is_chosen(&field.name))
        {
            more.push((module, field.name.clone(), named(&field.label, &field.name)));
        }
    }
    more.sort_by_key(|field| field.2.to_lowercase());
    more
}

/// Phone fields that can be searched, once each.
fn phones(org: &OrgProfile) -> Vec<String> {
    let mut names: Vec<String> = MODULES
        .into_iter()
        .flat_map(|module| org.module(module).fields)
        .filter(|field| field.kind == "phone" && field.is_filterable)
        .map(|field| field.name)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Stores the choice as it is in the form, after what the pressed button does with it.
pub(super) async fn save(
    State(web): State<Web>,
    visitor: Visitor,
    Path(connection): Path<String>,
    Form(given): Form<Given>,
) -> Shown {
    let (connection, panel) = known(&web, &visitor, &connection).await?;
    let Some(revision) = one(&given, "revision").and_then(|text| text.parse().ok()) else {
        return Ok(back(connection.id, "conflict"));
    };
    let org = connection.profile.as_ref();
    let shown = org.map_or_else(
        || panel.settings.fields.clone().unwrap_or_default(),
        |org| panel.settings.fields_in(org),
    );
    let (settings, is_read) = read(&given, &panel.settings, &shown);
    let is_on = one(&given, "on") == Some("on");
    let refused = |said: Option<(Tone, String)>, cache_error: Option<String>| PanelPage {
        cache_error,
        ..page(&connection, settings.clone(), is_on, revision, said)
    };
    if !is_read {
        let shown = refused(None, Some(words().say("panel-cache-bad")));
        return answer(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &shown).await;
    }
    let (workspace_id, by) = (visitor.workspace_id(), Some(visitor.member.id));
    let chosen = Chosen { is_on, settings: settings.clone(), revision };
    match stage::change(&web.app, workspace_id, connection.id, by, chosen).await {
        Ok(_) => Ok(back(connection.id, "saved")),
        Err(ChangeRefused::Store(error)) => Err(error.into()),
        Err(ChangeRefused::NoConnection) => Err(Trouble::Nothing),
        Err(ChangeRefused::Conflict(_)) => Ok(back(connection.id, "conflict")),
        Err(ChangeRefused::NotConnected) => {
            let said = Some((Tone::Bad, words().say("said-not-connected")));
            answer(&web, &visitor, StatusCode::CONFLICT, &refused(said, None)).await
        }
        Err(problems @ ChangeRefused::Problems(_)) => {
            let said = Some((Tone::Bad, sentence(&problems.to_string())));
            answer(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &refused(said, None)).await
        }
    }
}

fn back(connection_id: i64, done: &str) -> axum::response::Response {
    Redirect::to(&format!("{}?done={done}", address(connection_id))).into_response()
}

fn one<'a>(given: &'a Given, name: &str) -> Option<&'a str> {
    given.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn all<'a>(given: &'a Given, name: &'a str) -> impl Iterator<Item = &'a str> {
    given.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// The choice that was sent. `false`: its number of seconds is none.
/// `shown`: the fields that stood in the form; while they are as they were, so is the choice.
fn read(given: &Given, present: &PanelSettings, shown: &[PanelField]) -> (PanelSettings, bool) {
    let rows = all(given, "field").zip(all(given, "roles"));
    let mut fields: Vec<PanelField> = rows.filter_map(|(field, roles)| field_of(field, roles)).collect();
    let deed = one(given, "do").unwrap_or("save");
    let place = deed.split_once(':').and_then(|(_, place)| place.parse::<usize>().ok()).unwrap_or(usize::MAX);
    match deed.split(':').next().unwrap_or_default() {
        "up" if place > 0 && place < fields.len() => fields.swap(place - 1, place),
        "down" if place.saturating_add(1) < fields.len() => fields.swap(place, place + 1),
        "remove" if place < fields.len() => drop(fields.remove(place)),
        "add" => fields.extend(one(given, "add").and_then(|field| field_of(field, Role::Agent.word()))),
        _ => {}
    }
    let cache = one(given, "cache").map(str::trim).and_then(|text| text.parse::<u32>().ok());
    let settings = PanelSettings {
        fields: match deed {
            "usual" => None,
            _ if fields == shown => present.fields.clone(),
            _ => Some(fields),
        },
        literal: one(given, "literal") == Some("on"),
        cache_seconds: cache.unwrap_or(present.cache_seconds),
        phone_fields: (one(given, "phones") == Some("some"))
            .then(|| all(given, "phone").map(str::to_owned).collect()),
    };
    (settings, cache.is_some_and(|seconds| seconds <= 3_600))
}

/// A field as the form names it: `lead:Email`, and the weakest role that sees it.
fn field_of(field: &str, weakest: &str) -> Option<PanelField> {
    let (module, name) = field.split_once(':')?;
    let module = MODULES.into_iter().find(|known| known.name() == module)?;
    let roles = match Role::named(weakest) {
        Some(Role::Agent) => None,
        Some(weakest) => Some(ROLES.iter().copied().filter(|role| *role <= weakest).collect()),
        None => Some(Vec::new()),
    };
    Some(PanelField { module, name: name.to_owned(), roles })
}
