//! What has to be done in the CRM before settings are in force: a choice that new records get is made there, and a test
//! record is (R4.19, R4.23, R4.24). Whatever way settings go in force, they come through here first.

use causeway_core::{
    call::Call,
    plan::{
        people::Trial,
        places::{self, Need, Source},
        settings::ChatSync,
    },
};

use serde_json::json;

use super::{
    change::ChangeRefused,
    in_crm::{Turn, Wisher, make},
};
use crate::{
    app::App,
    crm::{Failure, Line},
    lane,
    store::{
        self,
        integration::{Integration, State},
    },
};

/// Settings that were put in force, and what the CRM made of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// What is in force now.
    pub stored: Integration,
    /// What else there is to say.
    pub prepared: Prepared,
}

/// What became of preparing an org.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// How the lead source stands, where the CRM did not take it into its list.
    pub refused: Option<Source>,
    /// The test record is still there; it is removed later.
    pub is_left_over: bool,
}

/// Prepares the org for what is wanted. Nothing is done for what is in force already, or is still being set up.
/// `present`: what it takes the place of.
pub(super) async fn prepare(
    app: &App,
    by: Option<i64>,
    present: Option<&Integration>,
    wanted: &Integration,
) -> Result<Prepared, ChangeRefused> {
    let in_force = present.filter(|present| present.state != State::Draft).map(|present| &present.settings);
    let mut prepared = Prepared::default();
    if wanted.state == State::Draft || in_force == Some(&wanted.settings) {
        return Ok(prepared);
    }
    let wisher = Wisher { workspace_id: wanted.workspace_id, by, integration_id: wanted.id };
    prepared.refused = provide(app, wisher, wanted).await?;
    if Trial::is_due(in_force, &wanted.settings) {
        prepared.is_left_over = !tried(app, wanted.connection_id, &wanted.settings).await?;
    }
    Ok(prepared)
}

/// Gives the org what the settings need. A refusal is no reason to stop: the value is written as it is, where the field
/// takes it. Answers how the lead source stands then.
async fn provide(app: &App, wisher: Wisher, wanted: &Integration) -> store::Result<Option<Source>> {
    let connection_id = wanted.connection_id;
    let Some(line) = Line::open(app, connection_id).await? else { return Ok(None) };
    let can_add = line.crm().capabilities().adds_fields;
    let Some(org) = line.connection().profile.clone() else { return Ok(None) };
    if places::needs(&wanted.settings, &org, can_add).is_empty() {
        return Ok(None);
    }
    let is_there = match Turn::take(app, connection_id).await? {
        Some(turn) => {
            let made = make_choices(app, line, wisher, &wanted.settings).await;
            turn.give_back().await?;
            match made {
                Ok(()) => true,
                Err(Failure::Store(error)) => return Err(error),
                Err(failure) => {
                    let failure = failure.for_log();
                    tracing::warn!(connection.id = connection_id, failure, "settings.add_choice");
                    false
                }
            }
        }
        None => false,
    };
    Ok((!is_there).then(|| places::source(&wanted.settings, &org, false)))
}

/// Makes the choices that are missing in the org as it is now: what was known of it may be a day old.
async fn make_choices(app: &App, mut line: Line, wisher: Wisher, settings: &ChatSync) -> Result<(), Failure> {
    let org = line.describe().await?;
    let needs = places::needs(settings, &org, line.crm().capabilities().adds_fields);
    if needs.is_empty() {
        return Ok(());
    }
    for Need::Choice { module, field, choice } in needs {
        let what = [("module", module.name()), ("field", &field), ("choice", &choice)];
        let what = what.map(|(key, value)| (key.to_owned(), json!(value))).into_iter().collect();
        let call = Call::AddChoice { module, field, choice };
        make(app, &mut line, wisher, call, ("integration.add_choice", what)).await?;
    }
    match line.describe().await {
        Err(Failure::Store(error)) => Err(error.into()),
        // It is described again within a day; until then the field is known without its new choice.
        _ => Ok(()),
    }
}

/// Makes a test record. `false`: it is still there.
async fn tried(app: &App, connection_id: i64, settings: &ChatSync) -> Result<bool, ChangeRefused> {
    match lane::test_record(app, connection_id, settings).await {
        Ok(tried) if tried.record_id.is_some() => Ok(tried.is_removed),
        Ok(tried) => {
            let action = tried.action.unwrap_or_default();
            Err(ChangeRefused::NotTried { cause: tried.sentence, action })
        }
        Err(Failure::Store(error)) => Err(error.into()),
        Err(failure) => {
            Err(ChangeRefused::NotTried { cause: failure.to_string(), action: failure.action().to_owned() })
        }
    }
}
