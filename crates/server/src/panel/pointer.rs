//! Records as people name them, by an id or by the address that their browser shows.

use causeway_core::{
    crm::{self, Crm, Pointer, PointerRefused as Unread},
    record::{Module, RecordRef},
};

use super::choose;
use crate::{
    app::App,
    holds::{LinkWish, WishRefused},
    store::{
        self,
        org::{self, Org},
        workspace::Member,
    },
};

/// Why a text leads to no record.
#[derive(Debug, thiserror::Error)]
pub enum PointerRefused {
    /// It is neither an id nor an address of a record.
    #[error("this is neither the id nor the address of a record")]
    NoRecord,
    /// It is an address of another organisation than this one.
    #[error("this is an address of another organisation than {0}")]
    OtherOrg(String),
    /// It is a record, but not of a person.
    #[error("a person is linked to a contact or a lead; this is neither")]
    NotAPerson,
    /// The link was refused.
    #[error(transparent)]
    Wish(#[from] WishRefused),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What a text points at in the org behind a connection of the workspace.
pub async fn point(
    app: &App,
    workspace_id: i64,
    connection_id: i64,
    text: &str,
) -> Result<(Org, Pointer), PointerRefused> {
    let orgs = app.db.read(move |tx| Box::pin(org::of_workspace(tx, workspace_id))).await?;
    let org = orgs.into_iter().find(|org| org.connection_id == connection_id);
    let org = org.ok_or(WishRefused::NoConnection)?;
    let crm = named(&org)?;
    match crm.pointer(org.place(), text) {
        Ok(pointer) => Ok((org, pointer)),
        Err(Unread::NoRecord) => Err(PointerRefused::NoRecord),
        Err(Unread::OtherOrg) => Err(PointerRefused::OtherOrg(org.name)),
    }
}

fn named(org: &Org) -> Result<&'static dyn Crm, WishRefused> {
    crm::named(&org.crm).ok_or(WishRefused::NoConnection)
}

/// Links a contact to the record that a text names, after the CRM has shown that it is there.
pub async fn link(
    app: &App,
    workspace_id: i64,
    by: &Member,
    (contact_id, connection_id): (i64, i64),
    text: &str,
) -> Result<RecordRef, PointerRefused> {
    let (org, pointer) = point(app, workspace_id, connection_id, text).await?;
    let module = named(&org)?.module_named(&pointer.kind);
    let module = module.filter(Module::is_person).ok_or(PointerRefused::NotAPerson)?;
    let record = RecordRef { module, id: pointer.id };
    Ok(choose(app, workspace_id, by, LinkWish { contact_id, connection_id, record }).await?)
}
