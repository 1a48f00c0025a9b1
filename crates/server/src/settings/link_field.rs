//! A field of its own for the link to the chat, made where the CRM allows it (R4.17).

use causeway_core::{
    call::{Answer, Call},
    plan::{
        places::{self, LINK_LABEL},
        settings::ChatSync,
    },
    record::OrgProfile,
};
use serde_json::json;

use super::{change::noted, draft::Member};
use crate::{
    app::App,
    crm::{Failure, Line},
    store::{self, audit, integration::Integration},
};

/// Why there is no such field.
#[derive(Debug, thiserror::Error)]
pub enum FieldRefused {
    /// The CRM did not make it, or made it and does not show it.
    #[error("{0}")]
    Refused(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Failure> for FieldRefused {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => Self::Store(error),
            Failure::Verdict(_) => Self::Refused(failure.to_string()),
        }
    }
}

/// The CRM's name of a field for the link on every module that these settings search. One that is there already is
/// taken; where there is none it is made.
pub async fn make_link_field(
    app: &App,
    member: Member,
    integration: &Integration,
    settings: &ChatSync,
) -> Result<String, FieldRefused> {
    let silent = || FieldRefused::Refused("there is no such connection".into());
    let mut line = Line::open(app, integration.connection_id).await?.ok_or_else(silent)?;
    let org = line.describe().await?;
    if let Some(name) = find(settings, &org) {
        return Ok(name);
    }
    for module in settings.modules() {
        let is_there = org.module(module).fields.iter().any(is_it);
        if !is_there {
            let call = Call::AddLinkField { module, label: LINK_LABEL.into() };
            let Answer::Nothing = line.call(call).await? else {
                return Err(FieldRefused::Refused("the CRM answered otherwise than expected".into()));
            };
        }
    }
    let made = find(settings, &line.describe().await?);
    let name = made.ok_or_else(|| {
        let what = format!(
            "the CRM does not show \"{LINK_LABEL}\" to the connected user yet; look again in a minute"
        );
        FieldRefused::Refused(what)
    })?;
    let detail = json!({ "field": name });
    let line = noted(&app.nature, Some(member.1), "integration.make_field", integration.id, detail);
    app.db.write(move |tx| Box::pin(async move { audit::append(tx, member.0, &line).await })).await?;
    Ok(name)
}

fn is_it(field: &causeway_core::record::FieldProfile) -> bool {
    field.label == LINK_LABEL && places::takes_link(field)
}

fn find(settings: &ChatSync, org: &OrgProfile) -> Option<String> {
    let found = places::link_fields(settings, org).into_iter().find(is_it);
    found.map(|field| field.name)
}
