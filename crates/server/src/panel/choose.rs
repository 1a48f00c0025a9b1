//! What people decide about a panel: which of several records it is, that a link ends, what is shown.

use causeway_core::{
    panel::settings::{MODULES, PanelSettings},
    plan::{matching::Trace, people::Written},
    record::{OrgProfile, RecordRef},
};
use serde_json::json;

use super::Refused;
use crate::{
    app::App,
    audit,
    crm::{Failure, Line},
    holds::{self, LinkWish, WishRefused},
    id,
    live::Topic,
    settings::Problem,
    store::{
        self, audit as audit_log, contact,
        panel::{self, Chosen, Panel},
        person,
        workspace::Member,
    },
};

/// Longest time for which what was read is shown without asking again, in seconds.
const LONGEST_CACHE: u32 = 3_600;

/// Most fields of a panel.
const MOST_FIELDS: usize = 100;

/// A person picks one of several records, or one that came near: from now on the contact is linked to it.
pub async fn choose(
    app: &App,
    workspace_id: i64,
    by: &Member,
    wish: LinkWish,
) -> Result<RecordRef, WishRefused> {
    holds::link(app, workspace_id, by, wish).await
}

/// Ends the link of a contact under a connection; what is written next is matched anew. `false`: there was none.
pub async fn unlink(
    app: &App,
    workspace_id: i64,
    by: &Member,
    contact_id: i64,
    connection_id: i64,
) -> Result<bool, Refused> {
    let now = app.now();
    let rule = format!("the link was ended by {} ({})", by.name, id::member(by.id));
    let detail = json!({ "connection": id::connection(connection_id) });
    let told = audit::line(app, Some(by.id), "contact.unlink", id::contact(contact_id), detail);
    let done = app
        .db
        .write(move |tx| {
            let trace = Trace { rules: vec![rule.clone()], ..Trace::default() };
            Box::pin(async move {
                let Some(contact) = contact::find(tx, workspace_id, contact_id).await? else {
                    return Ok(Err(Refused::NoContact));
                };
                if panel::find(tx, workspace_id, connection_id).await?.is_none() {
                    return Ok(Err(Refused::NoConnection));
                }
                panel::forget(tx, workspace_id, connection_id, contact.id).await?;
                let people = person::of_contacts(tx, connection_id, &[contact.id]).await?;
                let linked = people.into_values().find(|person| person.record.is_some());
                let Some(mut linked) = linked else { return Ok(Ok((contact.id, false))) };
                let mut told = told;
                told.detail["record"] = json!(linked.record);
                linked.record = None;
                linked.trace = Some(trace);
                // What was written stands on the record that is let go.
                linked.written = Written::default();
                linked.must_follow = false;
                linked.suspects.clear();
                person::put(tx, workspace_id, connection_id, &linked, now).await?;
                audit_log::append(tx, workspace_id, &told).await?;
                Ok(Ok((contact.id, true)))
            })
        })
        .await??;
    app.panel.forget_contact(connection_id, done.0);
    Ok(done.1)
}

/// Why a choice was not stored.
#[derive(Debug, thiserror::Error)]
pub enum ChangeRefused {
    /// No such connection.
    #[error("there is no such connection")]
    NoConnection,
    /// The org is not known, so nothing can be checked.
    #[error("the connection is not in use, so the fields cannot be checked against the org")]
    NotConnected,
    /// Some settings cannot be as they were sent.
    #[error("{}", words(.0))]
    Problems(Vec<Problem>),
    /// Somebody else was faster.
    #[error("the panel was changed meanwhile; its revision is {0} now")]
    Conflict(i64),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

fn words(problems: &[Problem]) -> String {
    let each = problems.iter().map(|problem| format!("`{}`: {}", problem.field, problem.what));
    each.collect::<Vec<_>>().join("; ")
}

/// Changes what a panel shows, if nobody else did since, and if the org has what is chosen.
pub async fn change(
    app: &App,
    workspace_id: i64,
    connection_id: i64,
    by: Option<i64>,
    chosen: Chosen,
) -> Result<Panel, ChangeRefused> {
    let present = app.db.read(move |tx| Box::pin(panel::find(tx, workspace_id, connection_id))).await?;
    let present = present.ok_or(ChangeRefused::NoConnection)?;
    if chosen.settings != present.settings {
        let org = profile(app, connection_id).await?.ok_or(ChangeRefused::NotConnected)?;
        let problems = check(&chosen.settings, &org);
        if !problems.is_empty() {
            return Err(ChangeRefused::Problems(problems));
        }
    }
    let now = app.now();
    let detail = json!({ "before": { "on": present.is_on, "settings": present.settings },
                         "after": { "on": chosen.is_on, "settings": chosen.settings } });
    let told = audit::line(app, by, "panel.change", id::connection(connection_id), detail);
    let (is_stored, stored) = app
        .db
        .write(move |tx| {
            let (chosen, told) = (chosen.clone(), told.clone());
            Box::pin(async move {
                let is_stored = panel::choose(tx, workspace_id, connection_id, &chosen, by, now).await?;
                if is_stored {
                    audit_log::append(tx, workspace_id, &told).await?;
                }
                Ok((is_stored, panel::find(tx, workspace_id, connection_id).await?))
            })
        })
        .await?;
    let stored = stored.ok_or(ChangeRefused::NoConnection)?;
    if !is_stored {
        return Err(ChangeRefused::Conflict(stored.revision));
    }
    app.panel.forget(connection_id);
    app.live.tell(workspace_id, &[Topic::Connections]);
    Ok(stored)
}

/// The org as it was described last.
async fn profile(app: &App, connection_id: i64) -> store::Result<Option<OrgProfile>> {
    let Some(mut line) = Line::open(app, connection_id).await? else { return Ok(None) };
    match line.profile().await {
        Ok(profile) => Ok(Some(profile)),
        Err(Failure::Store(error)) => Err(error),
        Err(Failure::Verdict(_)) => Ok(None),
    }
}

/// What the org cannot do of it.
fn check(settings: &PanelSettings, org: &OrgProfile) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut found = |field: &str, what: String| problems.push(Problem { field: field.to_owned(), what });
    if settings.cache_seconds > LONGEST_CACHE {
        found("cache_seconds", format!("what was read is kept for an hour at most: {LONGEST_CACHE}"));
    }
    let fields = settings.fields.as_deref().unwrap_or_default();
    if fields.len() > MOST_FIELDS {
        found("fields", format!("a panel shows at most {MOST_FIELDS} fields"));
    }
    for (place, field) in fields.iter().enumerate() {
        let (module, name) = (field.module, &field.name);
        if !MODULES.contains(&module) {
            found("fields", format!("a panel shows contacts and leads, not a {}", module.name()));
        } else if !name.contains('.') && org.module(module).field(name).is_none() {
            let what = format!("the {} has no field `{name}` that the acting user sees", module.name());
            found("fields", what);
        }
        let earlier = fields.iter().take(place);
        if earlier.into_iter().any(|known| known.module == module && known.name.eq_ignore_ascii_case(name)) {
            found("fields", format!("`{name}` of the {} is chosen twice", module.name()));
        }
    }
    for name in settings.phone_fields.iter().flatten() {
        let is_phone = MODULES.into_iter().any(|module| {
            let profile = org.module(module);
            profile.field(name).is_some_and(|field| field.kind == "phone" && field.is_filterable)
        });
        if !is_phone {
            found("phone_fields", format!("the org has no phone field `{name}` that can be searched"));
        }
    }
    problems
}
