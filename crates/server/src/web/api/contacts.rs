//! What a person can do about somebody whom no rule could place.

use axum::{
    Json,
    extract::{Path, State},
};
use causeway_core::record::{Module, RecordRef};
use causeway_core::rights::Right;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{Web, error::Answer},
    body::Body,
    caller::Caller,
    number,
};
use crate::{
    holds::{self, LinkWish},
    id,
};

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
    caller.needs(Right::Work)?;
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
    caller.needs(Right::Work)?;
    let contact_id = number("ctc", "contact", &contact)?;
    let released = holds::retry_person(&web.app, caller.workspace_id, contact_id).await?;
    Ok(Json(json!({ "contact": id::contact(contact_id), "entries_released": released })))
}
