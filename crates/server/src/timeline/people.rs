//! Who is this? Finds, makes or joins the contact that an event names.

use causeway_core::timeline::{
    Party,
    identity::{Identity, identify},
};

use super::Context;
use crate::store::{Result, Tx, contact};

/// The contact that a party is, as an event of the time `at` tells it.
pub async fn contact_of(tx: &mut Tx<'_>, context: &Context, party: &Party, at: i64, now: i64) -> Result<i64> {
    let workspace_id = context.source.workspace_id;
    let found = contact::acquaintances(tx, workspace_id, &party.addresses).await?;
    let id = match identify(&party.addresses, &found) {
        Identity::Known(id) => id,
        Identity::New | Identity::Successor { .. } => {
            let id = context.nature.id();
            contact::create(tx, workspace_id, id, now).await?;
            id
        }
        Identity::Merge { keep, absorb } => {
            for absorbed in absorb {
                contact::merge(tx, workspace_id, keep, absorbed).await?;
            }
            keep
        }
    };
    let gained = contact::give(tx, workspace_id, id, &party.addresses, now).await?;
    if gained > 0 && !found.is_empty() {
        super::cover::release_for_new_address(tx, context, id, now).await?;
    }
    contact::rename(tx, workspace_id, id, party.name.as_deref(), party.username.as_deref(), at).await?;
    Ok(id)
}
