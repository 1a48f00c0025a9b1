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

/// What somebody does, to be written down by the stage that does it: in the transaction of the deed, with the id of what it
/// was done to.
#[derive(Clone, Debug)]
pub struct Deed {
    /// Who; `None`: the program by itself.
    pub by: Option<i64>,
    /// A word: `channel.add`.
    pub action: &'static str,
    /// Values before and after; never a secret.
    pub detail: Json,
}

impl Deed {
    /// Its line, once it is known what it was done to.
    pub fn to(self, app: &App, subject: impl Into<String>) -> NewLine {
        line(app, self.by, self.action, subject, self.detail)
    }
}
