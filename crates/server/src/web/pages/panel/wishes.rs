//! What members do in a panel: read it anew, say which record is the person, end a link. Our script gets the panel back;
//! without it one comes back to the page that the panel stands on.

use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use causeway_core::{crm, record::RecordRef};
use causeway_pages::{
    Here, args,
    message::{self, Message},
    part::Tone,
};
use serde::Deserialize;

use super::{
    super::super::{
        Web,
        render::{Page, Shown, Trouble, sentence, words},
        session::Visitor,
    },
    Outcome, Which, answer, number, said, trouble,
};
use crate::{
    holds::{self, LinkWish, WishRefused},
    id,
    live::Topic,
    panel::{self, Freshness, PointerRefused},
    store::{
        org::{self, Org},
        person,
    },
};

/// What is wished for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    #[serde(flatten)]
    which: Which,
    module: String,
    record: String,
}

pub(super) async fn refresh(
    State(web): State<Web>,
    visitor: Visitor,
    Path(contact): Path<String>,
    Form(wish): Form<Wish>,
) -> Shown {
    let contact_id = number(&contact)?;
    let answer =
        answer(&web, &visitor, contact_id, &wish.which, Freshness::Fresh, Outcome::default()).await?;
    if visitor.wants_fragment {
        Ok(answer)
    } else {
        Ok(Redirect::to(&wish.which.page(contact_id)).into_response())
    }
}

/// One of several, or one that came near: from now on the contact is linked to it.
pub(super) async fn choose(
    State(web): State<Web>,
    visitor: Visitor,
    Path(contact): Path<String>,
    Form(wish): Form<Wish>,
) -> Shown {
    let (contact_id, org) = (number(&contact)?, org(&web, &visitor, &wish.which).await?);
    let modules = holds::modules(&web.app, org.connection_id).await?;
    let module = modules.into_iter().map(|(module, _)| module).find(|module| module.name() == wish.module);
    let record = RecordRef { module: module.ok_or(Trouble::Nothing)?, id: wish.record.clone() };
    let link = LinkWish { contact_id, connection_id: org.connection_id, record };
    let done = panel::choose(&web.app, visitor.workspace_id(), &visitor.member, link).await;
    let done = done.map_err(PointerRefused::Wish);
    finish(&web, &visitor, contact_id, &org, wish, done.map(|_| "linked")).await
}

/// A record that somebody names by its id or its address.
pub(super) async fn link(
    State(web): State<Web>,
    visitor: Visitor,
    Path(contact): Path<String>,
    Form(wish): Form<Wish>,
) -> Shown {
    let (contact_id, org) = (number(&contact)?, org(&web, &visitor, &wish.which).await?);
    let whose = (contact_id, org.connection_id);
    let done = panel::link(&web.app, visitor.workspace_id(), &visitor.member, whose, &wish.record).await;
    finish(&web, &visitor, contact_id, &org, wish, done.map(|_| "linked")).await
}

/// Ends the link. The form of the question names the connection in its address.
pub(super) async fn unlink(
    State(web): State<Web>,
    visitor: Visitor,
    Path(contact): Path<String>,
    Query(asked): Query<Which>,
    Form(mut wish): Form<Wish>,
) -> Shown {
    if wish.which.connection.is_empty() {
        wish.which = asked;
    }
    let (contact_id, org) = (number(&contact)?, org(&web, &visitor, &wish.which).await?);
    let was = panel::unlink(&web.app, visitor.workspace_id(), &visitor.member, contact_id, org.connection_id);
    let done = if was.await.map_err(trouble)? { "unlinked" } else { "was-not-linked" };
    finish(&web, &visitor, contact_id, &org, wish, Ok(done)).await
}

/// The question before it, with what the link is.
pub(super) async fn ask_unlink(
    State(web): State<Web>,
    visitor: Visitor,
    Path(contact): Path<String>,
    Query(which): Query<Which>,
) -> Shown {
    let (contact_id, org) = (number(&contact)?, org(&web, &visitor, &which).await?);
    let connection_id = org.connection_id;
    let workspace_id = visitor.workspace_id();
    let person = web.app.db.read(move |tx| {
        Box::pin(async move {
            let found = crate::store::contact::find(tx, workspace_id, contact_id).await?;
            let Some(contact) = found else { return Ok(None) };
            Ok(person::of_contacts(tx, connection_id, &[contact.id]).await?.remove(&contact.id))
        })
    });
    let person = person.await?.ok_or(Trouble::Nothing)?;
    let words = words();
    let title = title(&org);
    let record = person.record.map(|record| format!("{} {}", title, record.id)).unwrap_or_default();
    let rules = person.trace.map(|trace| trace.rules).unwrap_or_default();
    let question = Message {
        title: words.say("unlink-title"),
        tone: Tone::Warning,
        says: vec![words.with("panel-unlink-text", args!["crm" => title])],
        rows: vec![(words.say("unlink-record"), record)],
        notes: (!rules.is_empty()).then(|| (words.say("panel-why"), rules)),
        ..Message::default()
    };
    let action = format!(
        "/contacts/{}/panel/unlink?connection={}",
        id::contact(contact_id),
        id::connection(org.connection_id)
    );
    let back = format!("/contacts/{}", id::contact(contact_id));
    let content = message::question(words, &question, &action, &[], (&words.say("unlink-yes"), &back));
    Ok(Page::new(Here::Contacts, &question.title).around(&web, &visitor, &content).await)
}

fn title(org: &Org) -> String {
    crm::named(&org.crm).map_or_else(|| org.crm.clone(), |crm| crm.title().to_owned())
}

/// The org that is meant, if it is the workspace's.
async fn org(web: &Web, visitor: &Visitor, which: &Which) -> Result<Org, Trouble> {
    let connection_id = id::read("con", &which.connection).ok_or(Trouble::Nothing)?;
    let workspace_id = visitor.workspace_id();
    let orgs = web.app.db.read(move |tx| Box::pin(org::of_workspace(tx, workspace_id))).await?;
    orgs.into_iter().find(|org| org.connection_id == connection_id).ok_or(Trouble::Nothing)
}

/// The panel after it, or what stood in the way, at its place.
async fn finish(
    web: &Web,
    visitor: &Visitor,
    contact_id: i64,
    org: &Org,
    wish: Wish,
    done: Result<&str, PointerRefused>,
) -> Shown {
    let (done, outcome) = match done {
        Ok(done) => (done, Outcome::default()),
        Err(refused) => ("", Outcome { problem: Some(problem(org, refused)?), typed: typed(&wish.record) }),
    };
    if outcome.problem.is_none() {
        web.app.live.tell(visitor.workspace_id(), &[Topic::Contact(contact_id), Topic::Deliveries]);
        if !visitor.wants_fragment {
            return Ok(back(&wish.which, contact_id, done));
        }
    }
    answer(web, visitor, contact_id, &wish.which, Freshness::Cached, outcome).await
}

fn typed(record: &str) -> String {
    record.chars().take(500).collect()
}

/// To the page that the panel stands on; it says what was done, if it is the contact's.
fn back(which: &Which, contact_id: i64, done: &str) -> Response {
    let page = which.page(contact_id);
    let question = if page.contains('?') { '&' } else { '?' };
    let address = if said(done).is_some() { format!("{page}{question}done={done}") } else { page };
    Redirect::to(&address).into_response()
}

/// Why it was not done, in words.
pub(super) fn problem(org: &Org, refused: PointerRefused) -> Result<String, Trouble> {
    let words = words();
    let crm = title(org);
    Ok(match refused {
        PointerRefused::NoRecord => words.with("pointer-none", args!["crm" => crm]),
        PointerRefused::OtherOrg(org) => words.with("pointer-other-org", args!["crm" => crm, "org" => org]),
        PointerRefused::NotAPerson | PointerRefused::Wish(WishRefused::WrongModule(_)) => {
            words.say("pointer-no-person")
        }
        PointerRefused::Wish(WishRefused::NoRecord { module, id }) => {
            words.with("panel-no-record", args!["crm" => crm, "kind" => module, "id" => id])
        }
        PointerRefused::Wish(WishRefused::Moved { id, module, survivor }) => {
            words.with("panel-moved", args!["id" => id, "kind" => module, "survivor" => survivor])
        }
        PointerRefused::Wish(WishRefused::Crm(failure)) => {
            words.with("panel-crm-silent", args!["crm" => crm, "detail" => sentence(&failure.to_string())])
        }
        PointerRefused::Wish(WishRefused::Store(error)) | PointerRefused::Store(error) => {
            return Err(Trouble::Store(error));
        }
        PointerRefused::Wish(_) => return Err(Trouble::Nothing),
    })
}
