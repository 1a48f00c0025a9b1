//! Contacts: the list, one of them, and what a person can do about somebody whom no rule could place.

use axum::{
    Json,
    extract::{Path, State},
};
use causeway_core::record::{Module, RecordRef};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{Web, error::Answer},
    asked::{self, Asked},
    body::Body,
    caller::Caller,
    conversations_shown::{called, row},
    no_such, number,
};
use crate::{
    holds::{self, LinkWish},
    id,
    store::{
        connection, contact, contact_list,
        conversation_list::{self, Called},
        person::{self, Person},
    },
};

/// Which contacts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listing {
    search: Option<String>,
    cursor: Option<String>,
}

/// A page of the contacts, the newest first.
pub(super) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Asked(listing): Asked<Listing>,
) -> Answer<Json<Value>> {
    let from = asked::cursor(listing.cursor.as_deref())?;
    let workspace_id = caller.workspace_id;
    let page = web.app.db.read(move |tx| {
        Box::pin(async move {
            let search = asked::search(tx, workspace_id, listing.search.as_deref()).await?;
            contact_list::page(tx, workspace_id, search.as_ref(), from).await
        })
    });
    let page = page.await?;
    let contacts = page.rows.iter().map(|listed| {
        let mut shown = called(&listed.called);
        shown["created_at"] = json!(listed.created_at);
        shown["conversations"] = json!(listed.conversations);
        shown["last_at"] = json!(listed.last_at);
        shown
    });
    Ok(Json(json!({
        "contacts": contacts.collect::<Vec<_>>(),
        "next": page.next.map(|next| next.to_string()),
    })))
}

/// A contact with addresses, conversations, and the record that each connection links it to.
pub(super) async fn read(
    State(web): State<Web>,
    caller: Caller,
    Path(contact): Path<String>,
) -> Answer<Json<Value>> {
    let contact_id = number("ctc", "contact", &contact)?;
    let workspace_id = caller.workspace_id;
    let found = web.app.db.read(move |tx| {
        Box::pin(async move {
            // Whoever asks for a contact that was absorbed gets the one that it became.
            let Some(contact) = contact::find(tx, workspace_id, contact_id).await? else { return Ok(None) };
            let addresses = contact::addresses_of(tx, workspace_id, contact.id).await?;
            let named = conversation_list::called(tx, workspace_id, &[contact.id]).await?.remove(&contact.id);
            let conversations = conversation_list::of_contact(tx, workspace_id, contact.id).await?;
            let mut links = Vec::new();
            for connection in connection::all(tx, Some(workspace_id)).await? {
                let person = person::of_contacts(tx, connection.id, &[contact.id]).await?.remove(&contact.id);
                links.extend(person.map(|person| link_shown(connection.id, &person)));
            }
            let named = named.unwrap_or(Called { contact_id: contact.id, ..Called::default() });
            let mut shown = called(&named);
            shown["addresses"] = json!(addresses);
            shown["conversations"] = conversations.iter().map(row).collect();
            shown["links"] = json!(links);
            Ok(Some(shown))
        })
    });
    Ok(Json(found.await?.ok_or_else(|| no_such("ctc", "contact"))?))
}

/// The link of a person under a connection, or why there is none.
fn link_shown(connection_id: i64, person: &Person) -> Value {
    json!({
        "connection": id::connection(connection_id),
        "record": person.record,
        "trace": person.trace,
        "held": person.hold.as_ref().map(|(reason, who, detail)| json!({
            "reason": reason,
            "who": who,
            "detail": detail,
        })),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    connection: String,
    module: Module,
    record: String,
}

/// Links a contact to a record by hand.
pub(super) async fn link(
    State(web): State<Web>,
    caller: Caller,
    Path(contact): Path<String>,
    Body(link): Body<Link>,
) -> Answer<Json<Value>> {
    let contact_id = number("ctc", "contact", &contact)?;
    let wish = LinkWish {
        contact_id,
        connection_id: number("con", "connection", &link.connection)?,
        record: RecordRef { module: link.module, id: link.record },
    };
    let linked = holds::link(&web.app, caller.workspace_id, &caller.member, wish).await?;
    Ok(Json(json!({ "contact": id::contact(contact_id), "record": linked })))
}

/// Lets a contact be looked for again.
pub(super) async fn retry(
    State(web): State<Web>,
    caller: Caller,
    Path(contact): Path<String>,
) -> Answer<Json<Value>> {
    let contact_id = number("ctc", "contact", &contact)?;
    let released = holds::retry_person(&web.app, caller.workspace_id, contact_id).await?;
    Ok(Json(json!({ "contact": id::contact(contact_id), "entries_released": released })))
}
