//! A chat sync made in one go, as programs do.

use serde_json::{Map, Value, json};

use super::{
    change::{ChangeRefused, fits, fresh, noted, ours, overlapping, told},
    form::{lay, to_json},
    prepare::{Applied, prepare},
};
use crate::{
    app::App,
    store::{
        self, Tx, audit,
        connection::{self, Connection},
        integration::{self, Integration, State},
        integration_version,
    },
};

/// Makes an integration of a connection, which works at once: the org is prepared and the settings are tried out first.
/// Unless the settings say otherwise, it syncs what comes from now on.
pub async fn add(
    app: &App,
    (workspace_id, by): (i64, Option<i64>),
    connection_id: i64,
    given: Map<String, Value>,
) -> Result<Applied, ChangeRefused> {
    let (id, now) = (app.nature.id(), app.now());
    let made = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let found = connection::find(tx, connection_id).await?;
                let Some(connection) = found.filter(|connection| connection.workspace_id == workspace_id)
                else {
                    return Ok(Err(ChangeRefused::NoConnection));
                };
                let fresh = fresh(&connection, id, now);
                let settings = match lay(&fresh.settings, &given) {
                    Ok(settings) => settings,
                    Err(problems) => return Ok(Err(ChangeRefused::Problems(problems))),
                };
                let made = Integration { state: State::Active, settings, ..fresh };
                Ok(may_be(tx, &connection, &made).await?.map(|()| made))
            })
        })
        .await??;
    let prepared = prepare(app, by, None, &made).await?;
    let nature = app.nature.clone();
    let stored = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let Some(connection) = ours(tx, workspace_id, connection_id).await? else {
                    return Ok(Err(ChangeRefused::NoConnection));
                };
                if let Err(refused) = may_be(tx, &connection, &made).await? {
                    return Ok(Err(refused));
                }
                integration::insert(tx, &made, now).await?;
                integration_version::keep(tx, &made, by, now).await?;
                let detail = json!({ "settings": to_json(&made.settings) });
                audit::append(tx, workspace_id, &noted(&nature, by, "integration.create", id, detail))
                    .await?;
                Ok(Ok(made))
            })
        })
        .await?;
    told(app, workspace_id);
    Ok(Applied { stored: stored?, prepared })
}

/// Can it stand beside what is there, as far as we know without asking the CRM?
async fn may_be(
    tx: &mut Tx<'_>,
    connection: &Connection,
    made: &Integration,
) -> store::Result<Result<(), ChangeRefused>> {
    if let Err(refused) = fits(tx, connection, None, &made.settings).await? {
        return Ok(Err(refused));
    }
    let other = overlapping(tx, made).await?;
    Ok(other.map_or(Ok(()), |other| Err(ChangeRefused::Overlap(other))))
}
