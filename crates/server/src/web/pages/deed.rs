//! Who did what, for the audit log: for the stage that writes it down with the deed, and for what is only read.

use serde_json::Value;

use super::super::{Web, session::Visitor};
use crate::{
    audit::Deed,
    store::{self, audit as log},
};

/// What the visitor does. `detail` holds values before and after; never a secret.
pub(super) fn deed(visitor: &Visitor, action: &'static str, detail: Value) -> Deed {
    Deed { by: Some(visitor.member.id), action, detail }
}

/// Notes that the visitor takes something out, which has no transaction of its own: before it goes.
pub(super) async fn note(
    web: &Web,
    visitor: &Visitor,
    action: &'static str,
    subject: String,
    detail: Value,
) -> store::Result<()> {
    let workspace_id = visitor.workspace_id();
    let line = deed(visitor, action, detail).to(&web.app, subject);
    web.app.db.write(move |tx| Box::pin(async move { log::append(tx, workspace_id, &line).await })).await
}
