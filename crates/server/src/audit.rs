//! Lines of the audit log: who did what to what. Whoever does something writes its line in the same transaction.

use serde_json::Value as Json;

use crate::{app::App, store::audit::NewLine};

/// A line about something that is done now. `subject` is an id with its prefix; `detail` holds no secret.
pub fn line(
    app: &App,
    member_id: Option<i64>,
    action: &'static str,
    subject: impl Into<String>,
    detail: Json,
) -> NewLine {
    NewLine { id: app.nature.id(), at: app.now(), member_id, action, subject: subject.into(), detail }
}
