//! Storing settings, with what follows from them, in one transaction.

use causeway_core::{
    crm,
    lane::HoldReason,
    plan::{
        revision::{Setting, changed},
        settings::ChatSync,
    },
    record::OrgProfile,
    time::Zone,
};
use serde_json::{Map, Value, json};

use super::{
    Problem,
    check::check,
    form::{lay, preset, to_json},
    prepare::{Applied, prepare},
};
use crate::{
    app::App,
    clock::Nature,
    id,
    live::Topic,
    store::{
        self, Tx,
        audit::{self, NewLine},
        connection,
        connection::Connection,
        integration::{self, Integration, State},
        integration_version, person, source, workspace,
    },
    timeline,
};

/// What a person wants of an integration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// The settings that change.
    pub settings: Map<String, Value>,
    /// Activate, pause or resume.
    pub state: Option<State>,
    /// The revision that the person saw.
    pub revision: i64,
    /// The member who wishes it.
    pub by: Option<i64>,
}

/// Why settings were not stored.
#[derive(Debug, thiserror::Error)]
pub enum ChangeRefused {
    /// No such integration.
    #[error("there is no such integration")]
    NoIntegration,
    /// No such connection.
    #[error("there is no such connection")]
    NoConnection,
    /// The org is not known, so nothing can be checked.
    #[error("the connection is not in use, so the settings cannot be checked against the org")]
    NotConnected,
    /// Some settings cannot be as they were sent.
    #[error("{}", words(.0))]
    Problems(Vec<Problem>),
    /// What is being set up begins as a whole.
    #[error(
        "the chat sync is still being set up: it syncs nothing, and begins by being activated as a whole"
    )]
    BeingSetUp,
    /// Somebody else was faster.
    #[error("the integration was changed meanwhile; its revision is {0} now")]
    Conflict(i64),
    /// Another active integration would sync the same messages to the same place.
    #[error("the integration {} of this connection already syncs some of these accounts", id::integration(*.0))]
    Overlap(i64),
    /// The CRM did not take the record that tries them out.
    #[error("{cause}")]
    NotTried {
        /// What went wrong, with the field where the CRM names one.
        cause: String,
        /// What to do about it.
        action: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

fn words(problems: &[Problem]) -> String {
    let each = problems.iter().map(|problem| format!("`{}`: {}", problem.field, problem.what));
    each.collect::<Vec<_>>().join("; ")
}

/// An integration with the settings that everybody begins with on this CRM; a draft.
pub(super) fn fresh(connection: &Connection, id: i64, now: i64) -> Integration {
    let habits = crm::named(&connection.crm).map(preset).unwrap_or_default();
    Integration {
        workspace_id: connection.workspace_id,
        id,
        connection_id: connection.id,
        state: State::Draft,
        settings: ChatSync { since: now, ..habits },
        revision: 1,
    }
}

/// Changes an integration, if nobody else did since. The org is prepared first, and what is otherwise is tried out.
pub async fn change(
    app: &App,
    workspace_id: i64,
    integration_id: i64,
    wish: Wish,
) -> Result<Applied, ChangeRefused> {
    let which = (workspace_id, integration_id);
    let seen = wish.clone();
    let (present, wanted) = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let both = match wished(tx, which, &seen).await? {
                    Ok(both) => both,
                    Err(refused) => return Ok(Err(refused)),
                };
                Ok(may_be(tx, &both.0, &both.1).await?.map(|()| both))
            })
        })
        .await??;
    let prepared = prepare(app, wish.by, Some(&present), &wanted).await?;
    let nature = app.nature.clone();
    let changed = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                // On the same revision the same wish comes to what was prepared.
                match wished(tx, which, &wish).await? {
                    Ok((present, wanted)) => put(tx, &present, wanted, wish.by, &nature).await,
                    Err(refused) => Ok(Err(refused)),
                }
            })
        })
        .await?;
    told(app, workspace_id);
    Ok(Applied { stored: changed?, prepared })
}

/// Lanes look again, and open pages are told.
pub(super) fn told(app: &App, workspace_id: i64) {
    app.bells.lanes.notify_one();
    app.live.tell(workspace_id, &[Topic::Connections, Topic::Deliveries]);
}

/// What is there, and what a person wishes in its place.
async fn wished(
    tx: &mut Tx<'_>,
    (workspace_id, integration_id): (i64, i64),
    wish: &Wish,
) -> store::Result<Result<(Integration, Integration), ChangeRefused>> {
    let Some(present) = integration::find(tx, workspace_id, integration_id).await? else {
        return Ok(Err(ChangeRefused::NoIntegration));
    };
    if present.revision != wish.revision {
        return Ok(Err(ChangeRefused::Conflict(present.revision)));
    }
    if present.state == State::Draft && wish.state.is_some() {
        return Ok(Err(ChangeRefused::BeingSetUp));
    }
    let settings = match lay(&present.settings, &wish.settings) {
        Ok(settings) => settings,
        Err(problems) => return Ok(Err(ChangeRefused::Problems(problems))),
    };
    let wanted = Integration { settings, state: wish.state.unwrap_or(present.state), ..present.clone() };
    Ok(Ok((present, wanted)))
}

/// Can what is wanted be put in the place of what is there, as far as we know without asking the CRM?
pub(super) async fn may_be(
    tx: &mut Tx<'_>,
    present: &Integration,
    wanted: &Integration,
) -> store::Result<Result<(), ChangeRefused>> {
    let begins = present.state == State::Draft && wanted.state != State::Draft;
    if begins || wanted.settings != present.settings {
        let found = connection::find(tx, present.connection_id).await?;
        let Some(connection) = found.filter(|connection| connection.workspace_id == present.workspace_id)
        else {
            return Ok(Err(ChangeRefused::NoConnection));
        };
        let before = (!begins).then_some(&present.settings);
        if let Err(refused) = fits(tx, &connection, before, &wanted.settings).await? {
            return Ok(Err(refused));
        }
    }
    let covers_more = present.state != State::Active || wanted.settings.accounts != present.settings.accounts;
    let other = if covers_more { overlapping(tx, wanted).await? } else { None };
    Ok(other.map_or(Ok(()), |other| Err(ChangeRefused::Overlap(other))))
}

/// Puts what is wanted in the place of what is there, with all that follows, and keeps both versions.
pub(super) async fn put(
    tx: &mut Tx<'_>,
    present: &Integration,
    mut wanted: Integration,
    by: Option<i64>,
    nature: &Nature,
) -> store::Result<Result<Integration, ChangeRefused>> {
    let now = nature.now().0;
    if ours(tx, present.workspace_id, present.connection_id).await?.is_none() {
        return Ok(Err(ChangeRefused::NoConnection));
    }
    if let Err(refused) = may_be(tx, present, &wanted).await? {
        return Ok(Err(refused));
    }
    if wanted.state != State::Draft
        && present.state == State::Draft
        && wanted.settings.since == present.settings.since
    {
        // Nothing waited for a draft: it begins with what comes from now on.
        wanted.settings.since = now;
    }
    if !integration::change(tx, &wanted).await? {
        return Ok(Err(ChangeRefused::Conflict(present.revision + 1)));
    }
    follow(tx, present, &wanted.settings, nature).await?;
    // One that was made before versions were kept has none of its present.
    integration_version::keep(tx, present, None, 0).await?;
    let stored = Integration { revision: present.revision + 1, ..wanted };
    integration_version::keep(tx, &stored, by, now).await?;
    let line = noted(nature, by, deed(present, &stored), stored.id, moved(present, &stored));
    audit::append(tx, stored.workspace_id, &line).await?;
    Ok(Ok(stored))
}

/// A line of the audit log.
pub(super) fn noted(
    nature: &Nature,
    by: Option<i64>,
    action: &'static str,
    integration_id: i64,
    detail: Value,
) -> NewLine {
    let subject = id::integration(integration_id);
    NewLine { id: nature.id(), at: nature.now().0, member_id: by, action, subject, detail }
}

/// The word for what was done.
fn deed(before: &Integration, after: &Integration) -> &'static str {
    match (before.state, after.state) {
        (State::Draft, State::Active) => "integration.activate",
        (State::Active, State::Paused) => "integration.pause",
        (State::Paused, State::Active) => "integration.resume",
        _ => "integration.change",
    }
}

/// The settings that differ, before and after.
fn moved(before: &Integration, after: &Integration) -> Value {
    let (was, is) = (to_json(&before.settings), to_json(&after.settings));
    let moved: Map<String, Value> = changed(&before.settings, &after.settings)
        .into_iter()
        .map(|setting| (setting.name().to_owned(), json!([was.get(setting.name()), is.get(setting.name())])))
        .collect();
    json!({ "revision": after.revision, "changed": moved })
}

/// An active integration of the same connection that covers an account which this one, if it is active, covers too.
pub(super) async fn overlapping(tx: &mut Tx<'_>, wanted: &Integration) -> store::Result<Option<i64>> {
    if wanted.state != State::Active {
        return Ok(None);
    }
    let present = integration::of_connection(tx, wanted.connection_id).await?;
    let other = present.iter().find(|other| {
        other.id != wanted.id
            && other.state == State::Active
            && have_common(&other.settings, &wanted.settings)
    });
    Ok(other.map(|other| other.id))
}

/// Whether both cover some account; without a choice, all are covered.
fn have_common(one: &ChatSync, other: &ChatSync) -> bool {
    match (&one.accounts, &other.accounts) {
        (Some(one), Some(other)) => one.iter().any(|account| other.contains(account)),
        (None, chosen) | (chosen, None) => chosen.as_ref().is_none_or(|chosen| !chosen.is_empty()),
    }
}

/// What waits is sliced anew by a new shape or kind, and whoever the old settings held is looked for again.
async fn follow(
    tx: &mut Tx<'_>,
    present: &Integration,
    settings: &ChatSync,
    nature: &Nature,
) -> store::Result<()> {
    if (present.settings.shape, present.settings.entry) != (settings.shape, settings.entry) {
        let workspace = workspace::find(tx, present.workspace_id).await?;
        let zone = workspace.map_or_else(Zone::utc, |workspace| workspace.zone);
        timeline::reslice(tx, present, settings, &zone, nature).await?;
    }
    for reason in helped(&present.settings, settings) {
        person::release_all(tx, present.connection_id, reason, nature.now().0).await?;
    }
    Ok(())
}

/// The holds of people that this change may end.
fn helped(before: &ChatSync, after: &ChatSync) -> Vec<HoldReason> {
    let mut reasons = Vec::new();
    let making = |of: &ChatSync| (of.create, of.module);
    if making(before) != making(after) && after.new_module().is_some() {
        reasons.push(HoldReason::NoRecord);
    }
    if before.default_owner != after.default_owner
        || before.use_assignment_rules != after.use_assignment_rules
    {
        reasons.push(HoldReason::NoOwner);
    }
    let values = |of: &ChatSync| {
        let texts = [&of.lead_source, &of.company, &of.name_template].map(Clone::clone);
        let fields = [&of.phone_field, &of.name_field, &of.source_field, &of.link_field].map(Clone::clone);
        (texts, of.new_record_values.clone(), fields, of.create)
    };
    if values(before) != values(after) {
        reasons.extend([HoldReason::RequiredField, HoldReason::ValueRefused, HoldReason::RuleRefused]);
    }
    reasons
}

/// The connection, if it is this workspace's. Until the transaction ends nobody else changes its integrations: two that
/// overlap must not come about at once.
pub(super) async fn ours(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    connection_id: i64,
) -> store::Result<Option<Connection>> {
    connection::lock(tx, connection_id).await?;
    let found = connection::find(tx, connection_id).await?;
    Ok(found.filter(|connection| connection.workspace_id == workspace_id))
}

/// Can the org do what is new in the settings? `before`: those in force, if some are.
pub(super) async fn fits(
    tx: &mut Tx<'_>,
    connection: &Connection,
    before: Option<&ChatSync>,
    settings: &ChatSync,
) -> store::Result<Result<(), ChangeRefused>> {
    let Some(org) = connection.profile.as_ref().filter(|_| connection.state == connection::State::Connected)
    else {
        return Ok(Err(ChangeRefused::NotConnected));
    };
    let accounts = source::accounts(tx, connection.workspace_id).await?;
    let accounts: Vec<i64> = accounts.iter().map(|account| account.id).collect();
    let problems = problems(before, settings, org, &accounts);
    Ok(if problems.is_empty() { Ok(()) } else { Err(ChangeRefused::Problems(problems)) })
}

/// Settings that name what one module has and another may lack: with another module they are looked at again (R4.27).
const OF_A_MODULE: [&str; 6] =
    ["create", "phone_field", "name_field", "source_field", "link_field", "new_record_values"];

/// What an org and a workspace cannot do of settings. What stood in those in force (`before`) may have become wrong in
/// the org; that is no reason to refuse another change.
pub fn problems(
    before: Option<&ChatSync>,
    settings: &ChatSync,
    org: &OrgProfile,
    accounts: &[i64],
) -> Vec<Problem> {
    let mut problems = check(settings, org, accounts);
    let Some(before) = before else { return problems };
    let moved: Vec<&str> = changed(before, settings).into_iter().map(Setting::name).collect();
    let statuses_moved = moved.contains(&"closed_statuses");
    let module_moved = moved.contains(&"module") || moved.contains(&"create");
    problems.retain(|problem| {
        let field = problem.field.as_str();
        moved.contains(&field)
            || (field == "reopen" && statuses_moved)
            || (module_moved && OF_A_MODULE.contains(&field))
    });
    problems
}
