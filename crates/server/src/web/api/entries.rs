//! What a person can do about an entry.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        Web,
        error::{Answer, Refused},
    },
    body::Body,
    caller::Caller,
    no_such, number,
};
use crate::{
    holds::{self, WishRefused},
    id,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Retry {
    /// Write anew what a person deleted or edited in the CRM.
    #[serde(default)]
    recreate: bool,
}

/// Lets a held entry be tried again.
pub(super) async fn retry(
    State(web): State<Web>,
    caller: Caller,
    Path(entry): Path<String>,
    Body(wish): Body<Retry>,
) -> Answer<Json<Value>> {
    let entry_id = number("ent", "entry", &entry)?;
    holds::retry_entry(&web.app, caller.workspace_id, entry_id, wish.recreate).await?;
    Ok(Json(json!({ "id": id::entry(entry_id), "state": "due" })))
}

impl From<WishRefused> for Refused {
    fn from(refused: WishRefused) -> Self {
        match refused {
            WishRefused::Store(error) => error.into(),
            WishRefused::NoEntry => no_such("ent", "entry"),
            WishRefused::NoContact => no_such("ctc", "contact"),
            WishRefused::NoConnection => no_such("con", "connection"),
            WishRefused::NotHeld => {
                Self::conflict("not_held", refused.to_string(), "nothing needs to be done")
            }
            WishRefused::WrongModule(_) | WishRefused::NoRecord { .. } | WishRefused::Moved { .. } => {
                Self::invalid(refused.to_string(), "send the id of a lead or contact that is there")
            }
            WishRefused::Crm(_) => {
                let action = "see to the connection (GET /api/v1/connections), then try again";
                Self::conflict("crm_silent", refused.to_string(), action)
            }
        }
    }
}
