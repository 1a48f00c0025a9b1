//! Putting settings in force with what the CRM needs for it: a choice that new records get is made there, and before the
//! first message a test record is (R4.19, R4.23, R4.24). Nothing is done in the CRM for settings that cannot be.

use causeway_core::{
    call::{Answer, Call},
    plan::{
        places::{self, Need, Source},
        settings::ChatSync,
    },
};

use super::{
    change::{ChangeRefused, fits, overlapping},
    draft::{Member, apply, on_its_base},
};
use crate::{
    app::App,
    crm::{Failure, Line},
    lane,
    store::{
        self, Tx, connection,
        integration::{self, Integration, State},
    },
};

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activated {
    /// What is in force now.
    pub stored: Integration,
    /// How the lead source stands, where the CRM did not take it into its list.
    pub refused: Option<Source>,
    /// The test record is still there; it is removed later.
    pub is_left_over: bool,
}

/// Puts the draft in force. What was being set up is tried out first, and works from then on.
pub async fn activate(app: &App, member: Member, id: i64) -> Result<Activated, ChangeRefused> {
    let (present, settings) = app.db.read(move |tx| Box::pin(may_be(tx, member, id))).await??;
    let begins = present.state == State::Draft;
    let mut refused = None;
    if begins || settings != present.settings {
        refused = provide(app, present.connection_id, &settings).await?;
    }
    let mut is_left_over = false;
    if begins && settings.new_module().is_some() {
        is_left_over = !tried(app, present.connection_id, &settings).await?;
    }
    let stored = apply(app, member, id).await?;
    Ok(Activated { stored, refused, is_left_over })
}

/// What is to be put in force, if it can be, as far as we know without asking the CRM.
async fn may_be(
    tx: &mut Tx<'_>,
    member: Member,
    id: i64,
) -> store::Result<Result<(Integration, ChatSync), ChangeRefused>> {
    let Some(present) = integration::find(tx, member.0, id).await? else {
        return Ok(Err(ChangeRefused::NoIntegration));
    };
    let settings = match on_its_base(tx, member, &present).await? {
        Ok(draft) => draft.map_or_else(|| present.settings.clone(), |draft| draft.settings),
        Err(refused) => return Ok(Err(refused)),
    };
    let begins = present.state == State::Draft;
    if begins || settings != present.settings {
        let found = connection::find(tx, present.connection_id).await?;
        let Some(connection) = found.filter(|connection| connection.workspace_id == member.0) else {
            return Ok(Err(ChangeRefused::NoConnection));
        };
        let before = (!begins).then_some(&present.settings);
        if let Err(refused) = fits(tx, &connection, before, &settings).await? {
            return Ok(Err(refused));
        }
    }
    let state = if begins { State::Active } else { present.state };
    let wanted = Integration { state, settings, ..present.clone() };
    Ok(match overlapping(tx, &wanted).await? {
        Some(other) => Err(ChangeRefused::Overlap(other)),
        None => Ok((present, wanted.settings)),
    })
}

/// Gives the org what the settings need. A refusal is no reason to stop: the value is written as it is, where the field
/// takes it. Answers how the lead source stands then.
async fn provide(app: &App, connection_id: i64, settings: &ChatSync) -> store::Result<Option<Source>> {
    let Some(mut line) = Line::open(app, connection_id).await? else { return Ok(None) };
    let can_add = line.crm().capabilities().adds_fields;
    let Some(org) = line.connection().profile.clone() else { return Ok(None) };
    let needs = places::needs(settings, &org, can_add);
    if needs.is_empty() {
        return Ok(None);
    }
    let mut is_refused = false;
    for need in needs {
        let Need::Choice { module, field, choice } = need;
        match line.call(Call::AddChoice { module, field, choice }).await {
            Ok(Answer::Nothing) => {}
            Ok(_) => is_refused = true,
            Err(Failure::Store(error)) => return Err(error),
            Err(failure) => {
                tracing::warn!(
                    connection.id = connection_id,
                    failure = failure.for_log(),
                    "settings.add_choice"
                );
                is_refused = true;
            }
        }
    }
    if is_refused {
        return Ok(Some(places::source(settings, &org, false)));
    }
    match line.describe().await {
        Err(Failure::Store(error)) => Err(error),
        // It is described again within a day; until then the field is known without its new choice.
        _ => Ok(None),
    }
}

/// Makes a test record. `false`: it is still there.
async fn tried(app: &App, connection_id: i64, settings: &ChatSync) -> Result<bool, ChangeRefused> {
    match lane::test_record(app, connection_id, settings).await {
        Ok(tried) if tried.record_id.is_some() => Ok(tried.is_removed),
        Ok(tried) => Err(ChangeRefused::NotTried(tried.sentence)),
        Err(Failure::Store(error)) => Err(error.into()),
        Err(failure) => Err(ChangeRefused::NotTried(failure.to_string())),
    }
}
