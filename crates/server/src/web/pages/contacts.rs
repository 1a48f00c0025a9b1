//! Contacts: the list, and one of them.

use std::collections::HashMap;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect},
};
use causeway_core::{
    crm, plan::wording, rights::Right, search::Search, time::Timestamp, timeline::Direction,
};
use causeway_pages::{
    Here, args,
    contacts::{self as view, AddressLine, Contact, List, PinnedTo, Row},
    panel::{Link, Pin},
};
use serde::Deserialize;

use super::{
    super::{
        Web,
        render::{self, Page, Shown, Trouble, words},
        session::Visitor,
    },
    Routes,
    panel::{org_shown, pin_shown, said},
};
use crate::{
    id,
    store::{
        self, Cursor, Tx, contact, contact_list,
        conversation_list::{self, Conversation},
        org::{self, Org},
        person::{self, Person},
        pin,
    },
};

/// Longest line of a message in a list, in characters.
const EXCERPT: usize = 160;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/contacts", Right::Read, list).get("/contacts/{contact}", Right::Read, show)
}

/// What stands in the list's address. What cannot be read asks for nothing.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    search: String,
    cursor: String,
}

async fn list(State(web): State<Web>, visitor: Visitor, Query(asked): Query<Asked>) -> Shown {
    let workspace_id = visitor.workspace_id();
    // No database holds a NUL in a text, and nobody's name has one.
    let typed = asked.search.replace('\0', "");
    let search = Search::read(&typed, visitor.workspace.region);
    let from: Option<Cursor> = asked.cursor.parse().ok();
    let read = web.app.db.read(move |tx| {
        Box::pin(async move {
            let page = contact_list::page(tx, workspace_id, search.as_ref(), from).await?;
            let ids: Vec<i64> = page.rows.iter().map(|row| row.called.contact_id).collect();
            let marks = contact_list::marks(tx, workspace_id, &ids).await?;
            Ok((page, marks))
        })
    });
    let (page, mut marks) = read.await?;
    let rows = page.rows.into_iter().map(|listed| {
        let marks = marks.remove(&listed.called.contact_id).unwrap_or_default();
        Row {
            id: id::contact(listed.called.contact_id),
            name: listed.called.name,
            address: listed.called.address,
            channels: marks.channels.into_iter().collect(),
            is_linked: marks.is_linked,
            conversations: listed.conversations,
            last_at: listed.last_at.map(Timestamp),
        }
    });
    let list = List {
        rows: rows.collect(),
        next: page.next.map(|next| next.to_string()),
        is_later: from.is_some(),
        search: typed,
    };
    let content = view::list(&render::clock(&web, &visitor), &list);
    Ok(Page::new(Here::Contacts, &words().say("contacts-title")).around(&web, &visitor, &content).await)
}

/// What stands in the address of a contact.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Beside {
    connection: Option<String>,
    done: String,
}

/// All that the store knows of a contact.
struct Known {
    contact_id: i64,
    name: Option<String>,
    addresses: Vec<AddressLine>,
    conversations: Vec<Conversation>,
    orgs: Vec<Org>,
    people: HashMap<i64, Person>,
    pins: Vec<(i64, pin::Pin)>,
}

async fn known(tx: &mut Tx<'_>, workspace_id: i64, contact_id: i64) -> store::Result<Option<Known>> {
    let Some(contact) = contact::find(tx, workspace_id, contact_id).await? else { return Ok(None) };
    let addresses = contact::addresses_of(tx, workspace_id, contact.id).await?;
    let called = conversation_list::called(tx, workspace_id, &[contact.id]).await?.remove(&contact.id);
    let orgs = org::of_workspace(tx, workspace_id).await?;
    let mut people = HashMap::new();
    for org in &orgs {
        let person = person::of_contacts(tx, org.connection_id, &[contact.id]).await?.remove(&contact.id);
        people.extend(person.map(|person| (org.connection_id, person)));
    }
    Ok(Some(Known {
        contact_id: contact.id,
        name: called.and_then(|called| called.name).or(contact.name),
        addresses: addresses.into_iter().map(|address| AddressLine { address }).collect(),
        conversations: conversation_list::of_contact(tx, workspace_id, contact.id).await?,
        orgs,
        people,
        pins: pin::of_contact(tx, workspace_id, contact.id).await?,
    }))
}

async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Path(contact): Path<String>,
    Query(beside): Query<Beside>,
) -> Shown {
    let (workspace_id, contact_id) =
        (visitor.workspace_id(), id::read("ctc", &contact).ok_or(Trouble::Nothing)?);
    let known = web.app.db.read(move |tx| Box::pin(known(tx, workspace_id, contact_id))).await?;
    let known = known.ok_or(Trouble::Nothing)?;
    if known.contact_id != contact_id {
        // The contact turned out to be another one: links that were kept lead there.
        return Ok(
            Redirect::permanent(&format!("/contacts/{}", id::contact(known.contact_id))).into_response()
        );
    }
    let content = contact_of(&visitor, known, &beside);
    let title = content.name.clone().unwrap_or_else(|| words().say("contact-unnamed"));
    let shown = view::contact(&render::clock(&web, &visitor), &content);
    Ok(Page::new(Here::Contacts, &title).around(&web, &visitor, &shown).await)
}

fn contact_of(visitor: &Visitor, known: Known, beside: &Beside) -> Contact {
    let contact = id::contact(known.contact_id);
    let (orgs, mut people) = (&known.orgs, known.people);
    let links =
        orgs.iter().filter_map(|org| Some(link(visitor, &contact, org, people.remove(&org.connection_id)?)));
    let links = links.collect();
    let pins = known.pins.iter().filter_map(|(conversation_id, pin)| {
        Some(PinnedTo { pin: pinned(orgs, pin)?, conversation: id::conversation(*conversation_id) })
    });
    Contact {
        name: known.name,
        addresses: known.addresses,
        has_more: known.conversations.len() >= conversation_list::PAGE,
        conversations: known.conversations.into_iter().map(conversation).collect(),
        links,
        pins: pins.collect(),
        connection: beside.connection.clone(),
        said: said(&beside.done),
        id: contact,
    }
}

fn pinned(orgs: &[Org], pin: &pin::Pin) -> Option<Pin> {
    orgs.iter().find(|org| org.connection_id == pin.connection_id).map(|org| pin_shown(org, pin))
}

fn conversation(talk: Conversation) -> view::Conversation {
    let last = talk.preview.as_ref().map(|preview| {
        let text = wording::content(&preview.content).split_whitespace().collect::<Vec<_>>().join(" ");
        text.chars().take(EXCERPT).collect()
    });
    view::Conversation {
        id: id::conversation(talk.id),
        status: talk.status,
        channel: talk.channel,
        account: talk.account,
        is_ours: talk.preview.as_ref().is_some_and(|preview| preview.direction == Direction::Out),
        last,
        at: Timestamp(talk.last_at),
        unread: talk.unread,
    }
}

fn link(visitor: &Visitor, contact: &str, org: &Org, person: Person) -> Link {
    let held = person.hold.as_ref().map(|(reason, _, detail)| {
        let (why, action) = wording::hold(*reason);
        let told =
            if detail.is_empty() { format!("{why}. {action}") } else { format!("{why}: {detail}. {action}") };
        words().with("contact-held", args!["detail" => told])
    });
    let named = |record: &causeway_core::record::RecordRef| {
        let candidates = person.trace.iter().flat_map(|trace| &trace.candidates);
        candidates.filter(|one| one.record == *record).map(|one| one.name.clone()).next()
    };
    let record = person.record.clone().map(|record| {
        let url = crm::named(&org.crm).map(|crm| crm.record_url(org.place(), &record));
        let name = named(&record);
        (record, name, url)
    });
    Link {
        contact: contact.to_owned(),
        org: org_shown(org),
        record,
        held,
        trace: person.trace,
        may_unlink: visitor.may(Right::Work),
    }
}
