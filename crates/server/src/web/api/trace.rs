//! Where is this message?

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

use super::{
    super::{
        Web,
        error::{Answer, Refused},
    },
    caller::Caller,
};
use crate::{
    id,
    receipts::{self, Found},
};

/// The receipts of a message, by our id or the provider's.
pub(super) async fn read(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    let found = receipts::find(&web.app, Some(caller.workspace_id), &id).await?;
    if found.is_empty() {
        return Err(Refused::not_found(
            format!("no message of the id {id} has been read"),
            "if it has only just come, ask again in a moment; what could not be read is under /api/v1/quarantine",
        ));
    }
    Ok(Json(json!({ "receipts": found.iter().map(show).collect::<Vec<_>>() })))
}

/// The receipt, with the ids by which a hold is acted on.
fn show(found: &Found) -> Value {
    let mut receipt = json!(found.receipt);
    receipt["contact"] = json!(found.contact_id.map(id::contact));
    for (place, entry) in found.entries.iter().enumerate() {
        receipt["deliveries"][place]["entry"] = json!(id::entry(*entry));
    }
    receipt
}
