//! What has to be done in the CRM before settings are in force: a choice that new records get is made there, and a test
//! record is (R4.19, R4.23, R4.24). Whatever way settings go in force, they come through here first.

use causeway_core::{
    call::{Answer, Call},
    plan::{
        people::Trial,
        places::{self, Need, Source},
        settings::ChatSync,
    },
};

use super::change::ChangeRefused;
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
    present: Option<&Integration>,
    wanted: &Integration,
) -> Result<Prepared, ChangeRefused> {
    let in_force = present.filter(|present| present.state != State::Draft).map(|present| &present.settings);
    let mut prepared = Prepared::default();
    if wanted.state == State::Draft || in_force == Some(&wanted.settings) {
        return Ok(prepared);
    }
    prepared.refused = provide(app, wanted.connection_id, &wanted.settings).await?;
    if Trial::is_due(in_force, &wanted.settings) {
        prepared.is_left_over = !tried(app, wanted.connection_id, &wanted.settings).await?;
    }
    Ok(prepared)
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
