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
use crate::receipts;

/// The receipts of a message, by our id or the provider's.
pub(super) async fn read(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    let found = receipts::of_message(&web.app, Some(caller.workspace_id), &id).await?;
    if found.is_empty() {
        return Err(Refused::not_found(
            format!("no message of the id {id} has been read"),
            "if it has only just come, ask again in a moment; what could not be read is under /api/v1/quarantine",
        ));
    }
    Ok(Json(json!({ "receipts": found })))
}
