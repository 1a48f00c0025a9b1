//! Drafts: settings that are tried out before they are in force. Leaving and coming back keeps them (R4.28, X11).

use causeway_core::plan::{revision, settings::ChatSync};

use serde_json::json;

use super::change::{ChangeRefused, fresh, noted, put, told};
use crate::{
    app::App,
    live::Topic,
    store::{
        self, Tx, audit, connection,
        integration::{self, Draft, Integration},
        integration_version,
    },
};

/// Who does it: workspace and member.
pub(super) type Member = (i64, i64);

type Changed = Result<Integration, ChangeRefused>;

/// Makes an integration that is being set up: it syncs nothing until it is activated.
pub async fn begin(app: &App, member: Member, connection_id: i64) -> Changed {
    let (id, now, nature) = (app.nature.id(), app.now(), app.nature.clone());
    let made = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let found = connection::find(tx, connection_id).await?;
                let Some(connection) = found.filter(|connection| connection.workspace_id == member.0) else {
                    return Ok(Err(ChangeRefused::NoConnection));
                };
                let made = fresh(&connection, id, now);
                integration::insert(tx, &made, now).await?;
                integration_version::keep(tx, &made, Some(member.1), now).await?;
                let line = noted(&nature, Some(member.1), "integration.set_up", id, json!({}));
                audit::append(tx, member.0, &line).await?;
                Ok(Ok(made))
            })
        })
        .await?;
    app.live.tell(member.0, &[Topic::Connections]);
    made
}

/// Keeps settings as a draft that was begun on revision `base`. Settings that change nothing are no draft.
pub async fn save(app: &App, member: Member, id: i64, settings: ChatSync, base: i64) -> Changed {
    let (at, nature) = (app.now(), app.nature.clone());
    let kept = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let Some(present) = integration::find(tx, member.0, id).await? else {
                    return Ok(Err(ChangeRefused::NoIntegration));
                };
                if settings == present.settings && base == present.revision {
                    let was_one = integration::drop_draft(tx, member.0, id).await?;
                    return Ok(Ok((present, was_one)));
                }
                let is_new = integration::draft(tx, member.0, id).await?.is_none();
                if is_new {
                    let detail = json!({ "base": base });
                    let line = noted(&nature, Some(member.1), "integration.begin_draft", id, detail);
                    audit::append(tx, member.0, &line).await?;
                }
                let draft = Draft { settings, base, by: Some(member.1), at };
                integration::save_draft(tx, member.0, id, &draft).await?;
                Ok(Ok((present, is_new)))
            })
        })
        .await?;
    let (present, is_news) = kept?;
    if is_news {
        app.live.tell(member.0, &[Topic::Connections]);
    }
    Ok(present)
}

/// Drops the draft. `false`: there was none.
pub async fn discard(app: &App, member: Member, id: i64) -> store::Result<bool> {
    let nature = app.nature.clone();
    let dropped = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let dropped = integration::drop_draft(tx, member.0, id).await?;
                if dropped {
                    let line = noted(&nature, Some(member.1), "integration.discard_draft", id, json!({}));
                    audit::append(tx, member.0, &line).await?;
                }
                Ok(dropped)
            })
        })
        .await?;
    app.live.tell(member.0, &[Topic::Connections]);
    Ok(dropped)
}

/// Puts the draft in force, if it was begun on what is in force now and is still what was prepared: those settings, on
/// that revision. What was being set up works from now on.
pub(super) async fn apply(app: &App, member: Member, id: i64, prepared: (i64, ChatSync)) -> Changed {
    let nature = app.nature.clone();
    let applied = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let Some(present) = integration::find(tx, member.0, id).await? else {
                    return Ok(Err(ChangeRefused::NoIntegration));
                };
                let draft = match on_its_base(tx, member, &present).await? {
                    Ok(draft) => draft,
                    Err(refused) => return Ok(Err(refused)),
                };
                let state = present.state.begun();
                let settings = draft.map_or_else(|| present.settings.clone(), |draft| draft.settings);
                if (present.revision, &settings) != (prepared.0, &prepared.1) {
                    return Ok(Err(ChangeRefused::Conflict(present.revision)));
                }
                if state == present.state && settings == present.settings {
                    integration::drop_draft(tx, member.0, id).await?;
                    return Ok(Ok(present));
                }
                let wanted = Integration { state, settings, ..present.clone() };
                let stored = put(tx, &present, wanted, Some(member.1), &nature).await?;
                if stored.is_ok() {
                    integration::drop_draft(tx, member.0, id).await?;
                }
                Ok(stored)
            })
        })
        .await?;
    told(app, member.0);
    applied
}

/// The draft, if it was begun on what is in force now.
pub(super) async fn on_its_base(
    tx: &mut Tx<'_>,
    member: Member,
    present: &Integration,
) -> store::Result<Result<Option<Draft>, ChangeRefused>> {
    let draft = integration::draft(tx, member.0, present.id).await?;
    let is_behind = draft.as_ref().is_some_and(|draft| draft.base != present.revision);
    Ok(if is_behind { Err(ChangeRefused::Conflict(present.revision)) } else { Ok(draft) })
}

/// Lays the draft over what somebody else applied meanwhile: what the draft changed stands, all else is as it is now.
pub async fn rebase(app: &App, member: Member, id: i64) -> Changed {
    app.db.write(move |tx| Box::pin(rebase_in(tx, member, id))).await?
}

async fn rebase_in(tx: &mut Tx<'_>, member: Member, id: i64) -> store::Result<Changed> {
    let Some(present) = integration::find(tx, member.0, id).await? else {
        return Ok(Err(ChangeRefused::NoIntegration));
    };
    let Some(draft) = integration::draft(tx, member.0, id).await? else { return Ok(Ok(present)) };
    let base = integration_version::find(tx, member.0, id, draft.base).await?;
    // Without its base nobody knows what the draft changed: all of it stands.
    let settings = base.map_or_else(
        || draft.settings.clone(),
        |base| revision::rebase(&base.settings, &draft.settings, &present.settings),
    );
    integration::save_draft(tx, member.0, id, &Draft { settings, base: present.revision, ..draft }).await?;
    Ok(Ok(present))
}

/// Makes a version of before the draft, to be looked at and applied (X11). `None`: there is no such version.
pub async fn restore(
    app: &App,
    member: Member,
    id: i64,
    revision: i64,
) -> store::Result<Option<Integration>> {
    let (at, nature) = (app.now(), app.nature.clone());
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let present = integration::find(tx, member.0, id).await?;
                let version = integration_version::find(tx, member.0, id, revision).await?;
                let (Some(present), Some(version)) = (present, version) else { return Ok(None) };
                integration::drop_draft(tx, member.0, id).await?;
                let line =
                    noted(&nature, Some(member.1), "integration.restore", id, json!({ "version": revision }));
                audit::append(tx, member.0, &line).await?;
                let draft =
                    Draft { settings: version.settings, base: present.revision, by: Some(member.1), at };
                if draft.settings != present.settings {
                    integration::save_draft(tx, member.0, id, &draft).await?;
                }
                Ok(Some(present))
            })
        })
        .await
}
