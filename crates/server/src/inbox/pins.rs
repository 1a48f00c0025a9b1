//! Records of a CRM that members pin to a conversation (R2.60). A pin is a signpost: nothing is written in the CRM, and
//! nothing is read from it.

use serde_json::json;

use super::By;
use crate::{
    app::App,
    audit, id,
    panel::{self, PointerRefused},
    store::{
        self, audit as audit_log, conversation,
        pin::{self, Pin},
    },
};

/// Longest name of a pin, in characters.
const LONGEST_LABEL: usize = 200;

/// Why a record was not pinned.
#[derive(Debug, thiserror::Error)]
pub enum PinRefused {
    /// No such conversation (in this workspace).
    #[error("there is no such conversation")]
    NoConversation,
    /// What was given names no record.
    #[error(transparent)]
    Pointer(#[from] PointerRefused),
    /// It is pinned there already.
    #[error("this record is pinned here already")]
    Already,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What somebody wants to pin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Under which connection.
    pub connection_id: i64,
    /// The id of the record, or its address.
    pub record: String,
    /// What the member calls it; empty: its kind and id.
    pub label: String,
}

/// Pins a record of any kind.
pub async fn pin(app: &App, by: By, wish: Wish) -> Result<(), PinRefused> {
    let (_, pointer) = panel::point(app, by.workspace_id, wish.connection_id, &wish.record).await?;
    let label: String =
        wish.label.trim().chars().filter(|letter| !letter.is_control()).take(LONGEST_LABEL).collect();
    let label =
        if label.is_empty() { format!("{} {}", pointer.kind, pointer.id).trim().to_owned() } else { label };
    let new = Pin {
        id: app.nature.id(),
        connection_id: wish.connection_id,
        module: pointer.kind,
        record_id: pointer.id,
        label,
        created_by: by.member_id,
        created_at: app.now(),
    };
    let detail = json!({ "connection": id::connection(new.connection_id), "record": new.record_id, "label": new.label });
    let told = line(app, by, "conversation.pin", detail);
    let done = app.db.write(move |tx| {
        Box::pin(async move {
            if conversation::standing(tx, by.workspace_id, by.conversation_id).await?.is_none() {
                return Ok(Err(PinRefused::NoConversation));
            }
            if !pin::add(tx, by.workspace_id, by.conversation_id, &new).await? {
                return Ok(Err(PinRefused::Already));
            }
            audit_log::append(tx, by.workspace_id, &told).await?;
            Ok(Ok(()))
        })
    });
    done.await?
}

/// Takes a pin off. `false`: there is no such pin.
pub async fn unpin(app: &App, by: By, pin_id: i64) -> store::Result<bool> {
    let told = line(app, by, "conversation.unpin", json!({}));
    let done = app.db.write(move |tx| {
        Box::pin(async move {
            let pins = pin::of_conversation(tx, by.workspace_id, by.conversation_id).await?;
            let Some(gone) = pins.into_iter().find(|pin| pin.id == pin_id) else { return Ok(false) };
            pin::remove(tx, by.workspace_id, by.conversation_id, pin_id).await?;
            let mut told = told;
            told.detail = json!({ "connection": id::connection(gone.connection_id), "record": gone.record_id,
                                  "label": gone.label });
            audit_log::append(tx, by.workspace_id, &told).await?;
            Ok(true)
        })
    });
    done.await
}

fn line(app: &App, by: By, action: &'static str, detail: serde_json::Value) -> audit_log::NewLine {
    audit::line(app, Some(by.member_id), action, id::conversation(by.conversation_id), detail)
}
