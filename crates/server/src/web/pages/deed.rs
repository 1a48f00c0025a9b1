//! Writing down who did what, for deeds whose stage does not do so itself.

use serde_json::Value;

use super::super::{Web, session::Visitor};
use crate::{
    audit,
    store::{self, audit as log},
};

/// Notes that the visitor did this to that. `detail` holds values before and after; never a secret.
pub(super) async fn note(
    web: &Web,
    visitor: &Visitor,
    action: &'static str,
    subject: String,
    detail: Value,
) -> store::Result<()> {
    let workspace_id = visitor.workspace_id();
    let line = audit::line(&web.app, Some(visitor.member.id), action, subject, detail);
    web.app.db.write(move |tx| Box::pin(async move { log::append(tx, workspace_id, &line).await })).await
}
