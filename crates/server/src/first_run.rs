//! The first start with nothing set up: a workspace, its owner, and a token for the API.

use causeway_core::{address::phone::Region, rights::Role, time::Zone};

use crate::{
    app::App,
    store::{
        self,
        workspace::{self, Member, Workspace},
    },
};

/// What the first workspace is to be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wishes {
    /// Its name.
    pub name: String,
    /// The IANA name of its zone.
    pub zone: String,
    /// How numbers without a country are read.
    pub region: Option<Region>,
    /// The owner's e-mail.
    pub owner_email: String,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            name: "Workspace".into(),
            zone: "UTC".into(),
            region: None,
            owner_email: "owner@localhost".into(),
        }
    }
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The workspace.
    pub workspace_id: i64,
    /// The owner.
    pub owner_id: i64,
    /// The token of the owner; only its digest is kept.
    pub token: String,
}

/// Makes the first workspace. `None`: there is one already, and nothing was changed.
pub async fn prepare(app: &App, wishes: &Wishes) -> store::Result<Option<Made>> {
    let made = Made { workspace_id: app.nature.id(), owner_id: app.nature.id(), token: app.nature.secret() };
    let (wishes, now) = (wishes.clone(), app.now());
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if workspace::first(tx).await?.is_some() {
                    return Ok(None);
                }
                let new = Workspace {
                    id: made.workspace_id,
                    name: wishes.name,
                    zone: Zone::named(&wishes.zone).unwrap_or_else(Zone::utc),
                    region: wishes.region,
                };
                workspace::create(tx, &new, &wishes.zone, now).await?;
                let owner = Member {
                    id: made.owner_id,
                    name: "Owner".into(),
                    email: wishes.owner_email,
                    role: Role::Owner,
                };
                workspace::put_member(tx, made.workspace_id, &owner, now).await?;
                workspace::put_token(tx, &made.token, made.workspace_id, made.owner_id, now).await?;
                Ok(Some(made))
            })
        })
        .await
}
