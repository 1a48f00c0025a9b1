//! The panel beside a conversation and on a contact's page, and what members do in it.

mod pins;
mod wishes;

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use causeway_core::{
    crm::{self, Pointer},
    panel::{matching::How, view::View},
    rights::Right,
};
use causeway_pages::{
    Here,
    panel::{self as view, Place},
};
use serde::Deserialize;

use super::{
    super::{
        Web,
        render::{self, Page, Shown, Trouble, words},
        session::Visitor,
    },
    Routes,
};
use crate::{
    id,
    panel::{self, Ask, Freshness, Refused},
    store::{
        connection::State as Standing,
        contact, conversation_list,
        org::{self, Org},
        person, pin,
    },
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/contacts/{contact}/panel", Right::Read, show)
        .post("/contacts/{contact}/panel/refresh", Right::Read, wishes::refresh)
        .post("/contacts/{contact}/panel/choose", Right::Work, wishes::choose)
        .post("/contacts/{contact}/panel/link", Right::Work, wishes::link)
        .get("/contacts/{contact}/panel/unlink", Right::Work, wishes::ask_unlink)
        .post("/contacts/{contact}/panel/unlink", Right::Work, wishes::unlink)
        .get("/conversations/{conversation}/pins", Right::Read, pins::show)
        .post("/conversations/{conversation}/pins", Right::Work, pins::add)
        .post("/conversations/{conversation}/pins/{pin}/remove", Right::Work, pins::remove)
}

/// Which org, and beside which conversation. What cannot be read asks for nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Which {
    connection: String,
    conversation: String,
}

impl Which {
    /// The page that the panel stands on.
    fn page(&self, contact_id: i64) -> String {
        let connection =
            id::read("con", &self.connection).map(|id| format!("?connection={}", id::connection(id)));
        let page = match id::read("cnv", &self.conversation) {
            Some(conversation) => format!("/inbox/{}", id::conversation(conversation)),
            None => format!("/contacts/{}", id::contact(contact_id)),
        };
        page + &connection.unwrap_or_default()
    }
}

/// What came of what was just asked for.
#[derive(Default)]
struct Outcome {
    problem: Option<String>,
    typed: String,
}

async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Path(contact): Path<String>,
    Query(which): Query<Which>,
) -> Shown {
    let contact_id = number(&contact)?;
    answer(&web, &visitor, contact_id, &which, Freshness::Cached, Outcome::default()).await
}

fn number(contact: &str) -> Result<i64, Trouble> {
    id::read("ctc", contact).ok_or(Trouble::Nothing)
}

/// The panel, as a fragment or as a page of its own.
async fn answer(
    web: &Web,
    visitor: &Visitor,
    contact_id: i64,
    which: &Which,
    freshness: Freshness,
    outcome: Outcome,
) -> Shown {
    let status = if outcome.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (name, panel) = read(web, visitor, contact_id, which, freshness, outcome).await?;
    let clock = render::clock(web, visitor);
    if visitor.wants_fragment {
        let mut response: Response = render::fragment(view::panel(&clock, &panel));
        *response.status_mut() = status;
        return Ok(response);
    }
    let name = name.unwrap_or_else(|| words().say("contact-unnamed"));
    let content = view::alone(&clock, &panel, &name);
    Ok(Page::new(Here::Contacts, &name).with(status).around(web, visitor, &content).await)
}

/// The panel as it is, with the contact's name.
async fn read(
    web: &Web,
    visitor: &Visitor,
    contact_id: i64,
    which: &Which,
    freshness: Freshness,
    outcome: Outcome,
) -> Result<(Option<String>, view::Panel), Trouble> {
    let workspace_id = visitor.workspace_id();
    let conversation_id = id::read("cnv", &which.conversation);
    let found = web.app.db.read(move |tx| {
        Box::pin(async move {
            let Some(contact) = contact::find(tx, workspace_id, contact_id).await? else { return Ok(None) };
            let beside = match conversation_id {
                Some(id) => conversation_list::find(tx, workspace_id, id).await?,
                None => None,
            };
            let orgs = org::of_workspace(tx, workspace_id).await?;
            Ok(Some((contact, orgs, beside)))
        })
    });
    let (contact, orgs, beside) = found.await?.ok_or(Trouble::Nothing)?;
    let panels = panel::connections(&web.app, workspace_id).await?;
    let mut shown_orgs: Vec<&Org> = orgs.iter().collect();
    shown_orgs.retain(|org| panels.iter().any(|panel| panel.connection_id == org.connection_id));
    let wanted = id::read("con", &which.connection);
    let first = shown_orgs.iter().find(|org| Some(org.connection_id) == wanted);
    let first = first.or_else(|| shown_orgs.iter().find(|org| org.state == Standing::Connected));
    let shown = match first.or(shown_orgs.first()) {
        None => None,
        Some(org) => {
            let settings = panels.iter().find(|panel| panel.connection_id == org.connection_id);
            let is_literal = settings.is_some_and(|panel| panel.settings.literal);
            Some(shown(web, visitor, contact.id, org, is_literal, freshness).await?)
        }
    };
    let pins = match &beside {
        Some(beside) => Some(pins::read(web, visitor, beside.id, &orgs).await?),
        None => None,
    };
    let place =
        Place::of(&id::contact(contact.id)).beside(beside.map(|one| id::conversation(one.id)).as_deref());
    let panel = view::Panel {
        place: place.on(shown.as_ref().map(|shown| shown.org.connection.as_str())),
        orgs: shown_orgs.into_iter().map(org_shown).collect(),
        shown,
        may_link: visitor.may(Right::Work),
        may_connect: visitor.may(Right::ConnectPanel),
        problem: outcome.problem,
        typed: outcome.typed,
        pins,
    };
    Ok((contact.name, panel))
}

async fn shown(
    web: &Web,
    visitor: &Visitor,
    contact_id: i64,
    org: &Org,
    is_literal: bool,
    freshness: Freshness,
) -> Result<view::Shown, Trouble> {
    let (workspace_id, connection_id, role) =
        (visitor.workspace_id(), org.connection_id, visitor.member.role);
    let ask = Ask { workspace_id, contact_id, connection_id, role };
    let view = panel::view(&web.app, ask, freshness).await.map_err(trouble)?;
    let how = match &view {
        View::Matched(matched) => Some(&matched.how),
        View::Stale(stale) => Some(&stale.last.how),
        _ => None,
    };
    let is_linked = match how {
        Some(How::Link { .. }) => true,
        Some(How::Followed { .. }) => {
            let people = web.app.db.read(move |tx| {
                Box::pin(async move { person::of_contacts(tx, connection_id, &[contact_id]).await })
            });
            people.await?.values().any(|person| person.record.is_some())
        }
        _ => false,
    };
    Ok(view::Shown { org: org_shown(org), view, is_literal, is_linked })
}

fn trouble(refused: Refused) -> Trouble {
    match refused {
        Refused::NoContact | Refused::NoConnection => Trouble::Nothing,
        Refused::Store(error) => Trouble::Store(error),
    }
}

/// An org as pages name it.
pub(super) fn org_shown(org: &Org) -> view::Org {
    view::Org {
        connection: id::connection(org.connection_id),
        name: org.name.clone(),
        crm: crm::named(&org.crm).map_or_else(|| org.crm.clone(), |crm| crm.title().to_owned()),
        is_sandbox: org.is_sandbox,
    }
}

/// A pin with its link out.
pub(super) fn pin_shown(org: &Org, pin: &pin::Pin) -> view::Pin {
    let pointer = Pointer { kind: pin.module.clone(), id: pin.record_id.clone() };
    view::Pin {
        id: id::pin(pin.id),
        url: crm::named(&org.crm).map(|crm| crm.pointer_url(org.place(), &pointer)).unwrap_or_default(),
        kind: pointer.kind,
        label: pin.label.clone(),
        org: org.name.clone(),
    }
}

/// What was done, as the page says it after coming back.
pub(super) fn said(done: &str) -> Option<String> {
    let key = match done {
        "linked" => "panel-done-linked",
        "unlinked" => "panel-done-unlinked",
        "was-not-linked" => "panel-was-not-linked",
        _ => return None,
    };
    Some(words().say(key))
}
