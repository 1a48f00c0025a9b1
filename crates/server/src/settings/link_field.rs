//! A field of its own for the link to the chat, made where the CRM allows it (R4.17).

use causeway_core::{
    call::Call,
    plan::{
        places::{self, LINK_LABEL},
        settings::ChatSync,
    },
    record::OrgProfile,
};
use serde_json::json;

use super::{
    draft::Member,
    in_crm::{Turn, Wisher, make},
};
use crate::{
    app::App,
    crm::{Failure, Line},
    store::{self, integration::Integration},
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
    let Some(turn) = Turn::take(app, integration.connection_id).await? else {
        let what = "somebody else is making something in the CRM at this moment; try again in a minute";
        return Err(FieldRefused::Refused(what.into()));
    };
    let made = find_or_make(app, member, integration, settings).await;
    turn.give_back().await?;
    made
}

async fn find_or_make(
    app: &App,
    (workspace_id, by): Member,
    integration: &Integration,
    settings: &ChatSync,
) -> Result<String, FieldRefused> {
    let silent = || FieldRefused::Refused("there is no such connection".into());
    let mut line = Line::open(app, integration.connection_id).await?.ok_or_else(silent)?;
    let org = line.describe().await?;
    if let Some(name) = find(settings, &org) {
        return Ok(name);
    }
    let wisher = Wisher { workspace_id, by: Some(by), integration_id: integration.id };
    for module in settings.modules() {
        let is_there = org.module(module).fields.iter().any(is_it);
        if !is_there {
            let call = Call::AddLinkField { module, label: LINK_LABEL.into() };
            let what = [("module".into(), json!(module.name())), ("field".into(), json!(LINK_LABEL))];
            let what = ("integration.make_field", what.into_iter().collect());
            make(app, &mut line, wisher, call, what).await?;
        }
    }
    find(settings, &line.describe().await?).ok_or_else(|| {
        let what = format!(
            "the CRM does not show \"{LINK_LABEL}\" to the connected user yet; look again in a minute"
        );
        FieldRefused::Refused(what)
    })
}

fn is_it(field: &causeway_core::record::FieldProfile) -> bool {
    field.label == LINK_LABEL && places::takes_link(field)
}

fn find(settings: &ChatSync, org: &OrgProfile) -> Option<String> {
    let found = places::link_fields(settings, org).into_iter().find(is_it);
    found.map(|field| field.name)
}
