//! Putting settings in force that were being drafted.

use causeway_core::plan::settings::ChatSync;

use super::{
    change::{ChangeRefused, may_be},
    draft::{Member, apply, on_its_base},
    prepare::{Applied, prepare},
};
use crate::{
    app::App,
    store::{
        self, Tx,
        integration::{self, Integration},
    },
};

/// Puts the draft in force. What was being set up is tried out first, and works from then on.
pub async fn activate(app: &App, member: Member, id: i64) -> Result<Applied, ChangeRefused> {
    let (present, wanted) = app.db.read(move |tx| Box::pin(drafted(tx, member, id))).await??;
    let prepared = prepare(app, Some(member.1), Some(&present), &wanted).await?;
    let stored = apply(app, member, id, (present.revision, wanted.settings)).await?;
    Ok(Applied { stored, prepared })
}

/// What is there, and what is to be put in force, if it can be as far as we know without asking the CRM.
async fn drafted(
    tx: &mut Tx<'_>,
    member: Member,
    id: i64,
) -> store::Result<Result<(Integration, Integration), ChangeRefused>> {
    let Some(present) = integration::find(tx, member.0, id).await? else {
        return Ok(Err(ChangeRefused::NoIntegration));
    };
    let settings: ChatSync = match on_its_base(tx, member, &present).await? {
        Ok(draft) => draft.map_or_else(|| present.settings.clone(), |draft| draft.settings),
        Err(refused) => return Ok(Err(refused)),
    };
    let wanted = Integration { state: present.state.begun(), settings, ..present.clone() };
    Ok(may_be(tx, &present, &wanted).await?.map(|()| (present, wanted)))
}
