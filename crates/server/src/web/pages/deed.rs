//! Writing down who did what, for deeds whose stage does not do so itself.

use serde_json::Value;

use super::super::{Web, session::Visitor};
use crate::store::{
    self,
    audit::{self, NewLine},
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
    let line = NewLine {
        id: web.app.nature.id(),
        at: web.app.now(),
        member_id: Some(visitor.member.id),
        action,
        subject,
        detail,
    };
    web.app.db.write(move |tx| Box::pin(async move { audit::append(tx, workspace_id, &line).await })).await
}
