//! Which entry covers a message: made due in the transaction of the message, for every integration that asks.

use causeway_core::{
    lane::HoldReason,
    plan::{
        admission::{self, Facts},
        grouping::{self, Place, Widened},
        key::Seed,
        settings::{ChatSync, Shape},
    },
    time::{Timestamp, Zone},
};

use super::Context;
use crate::{
    clock::Nature,
    store::{
        Result, Tx, connection,
        entry::{self, NewEntry},
        integration::{Integration, State},
        person,
    },
};

/// A message to cover.
#[derive(Clone, Debug)]
pub struct Message {
    /// The item.
    pub item_id: i64,
    /// Its conversation.
    pub conversation_id: i64,
    /// It was written in a group.
    pub is_group: bool,
    /// Its person; in a group whoever wrote it, where groups are synced.
    pub contact_id: Option<i64>,
    /// Its account.
    pub account_id: i64,
    /// The provider's id of it.
    pub provider_id: String,
    /// Provider time.
    pub at: i64,
    /// Place in its payload.
    pub position: i64,
    /// From before the account was connected.
    pub is_history: bool,
    /// When it came.
    pub received_at: i64,
}

/// Covers a new message for every integration of the workspace that is more than a draft.
pub async fn cover(tx: &mut Tx<'_>, context: &Context, message: &Message, now: i64) -> Result<()> {
    let live = context.integrations.iter().filter(|integration| integration.state != State::Draft);
    for integration in live {
        let is_short = context.short.contains(&integration.connection_id);
        place(tx, integration, is_short, &context.zone, &context.nature, message, now).await?;
    }
    Ok(())
}

async fn place(
    tx: &mut Tx<'_>,
    integration: &Integration,
    is_short: bool,
    zone: &Zone,
    nature: &Nature,
    message: &Message,
    now: i64,
) -> Result<()> {
    let facts = Facts {
        account_id: message.account_id,
        is_group: message.is_group,
        has_sender: message.contact_id.is_some(),
        is_history: message.is_history,
        at: Timestamp(message.at),
    };
    if let Err(rule) = admission::admit(&integration.settings, &facts) {
        let entry = new_entry(integration, nature, message, &message.provider_id, Shape::PerMessage);
        return make(tx, NewEntry { due: Err(rule.to_owned()), ..entry }, message, now).await;
    }
    let shape = integration.settings.shape;
    let is_widened = is_short && integration.settings.group_when_short;
    let at = Timestamp(message.at);
    let open = match message.contact_id {
        Some(contact_id) if shape.is_grouped() || is_widened => {
            let thread = (message.conversation_id, contact_id);
            entry::taking(tx, integration.workspace_id, integration.id, thread, message.at).await?
        }
        _ => Vec::new(),
    };
    let placed = if is_widened {
        grouping::place_widened(shape, zone, at, Timestamp(now), &message.provider_id, &open)
    } else {
        let place = grouping::place(shape, zone, at, Timestamp(now), &message.provider_id, &open);
        Widened { place, shape, is_wider: false, raise_at: Timestamp(now) }
    };
    let raise_at = placed.raise_at.0;
    match placed.place {
        Place::Join(id) => {
            if entry::cover(tx, integration.workspace_id, integration.id, message.item_id, id).await? {
                entry::raise(tx, integration.workspace_id, id, (message.at, message.position), raise_at)
                    .await?;
            }
            Ok(())
        }
        Place::Open { opened_by, starts_at, ends_at, due_at } => {
            // Each participant of a group has entries of their own.
            let opened_by = match message.contact_id.filter(|_| message.is_group) {
                Some(sender) => format!("{sender}/{opened_by}"),
                None => opened_by,
            };
            let entry = new_entry(integration, nature, message, &opened_by, placed.shape);
            let slice = (starts_at.0, ends_at.0);
            let entry = NewEntry { slice, due: Ok(due_at.0), is_widened: placed.is_wider, ..entry };
            make(tx, entry, message, now).await
        }
    }
}

fn new_entry(
    integration: &Integration,
    nature: &Nature,
    message: &Message,
    opened_by: &str,
    shape: Shape,
) -> NewEntry {
    let seed = Seed {
        workspace_id: integration.workspace_id,
        integration_id: integration.id,
        conversation_id: message.conversation_id,
        opened_by,
    };
    NewEntry {
        workspace_id: integration.workspace_id,
        id: nature.id(),
        connection_id: integration.connection_id,
        integration_id: integration.id,
        conversation_id: message.conversation_id,
        contact_id: message.contact_id,
        key: seed.key(),
        shape,
        kind: integration.settings.entry,
        order: (message.at, message.position),
        slice: (message.at, message.at),
        due: Ok(message.received_at),
        is_widened: false,
        is_backfill: admission::is_backfill(Timestamp(message.at), Timestamp(message.received_at)),
    }
}

/// Makes the entry, or raises the one of the same key (a day that was written and re-sliced since).
async fn make(tx: &mut Tx<'_>, entry: NewEntry, message: &Message, now: i64) -> Result<()> {
    let (workspace_id, integration_id) = (entry.workspace_id, entry.integration_id);
    let is_new = entry::insert(tx, &entry, now).await?;
    let id = if is_new {
        entry.id
    } else {
        entry::of_key(tx, workspace_id, integration_id, &entry.key).await?.unwrap_or(entry.id)
    };
    if entry::cover(tx, workspace_id, integration_id, message.item_id, id).await? && !is_new {
        entry::raise(tx, workspace_id, id, (message.at, message.position), now).await?;
    }
    Ok(())
}

/// Slices again what was never attempted, after the frequency was changed (R2.45): nothing is lost, nothing twice.
pub async fn reslice(
    tx: &mut Tx<'_>,
    integration: &Integration,
    settings: &ChatSync,
    zone: &Zone,
    nature: &Nature,
) -> Result<usize> {
    let now = nature.now().0;
    let short = connection::short(tx, integration.workspace_id).await?;
    let is_short = short.contains(&integration.connection_id);
    let loose = entry::loosen(tx, integration.workspace_id, integration.id).await?;
    let integration = Integration { settings: settings.clone(), ..integration.clone() };
    let count = loose.len();
    for item in loose {
        let message = Message {
            item_id: item.item_id,
            conversation_id: item.conversation_id,
            is_group: item.is_group,
            contact_id: item.contact_id,
            account_id: item.account_id,
            provider_id: item.provider_id,
            at: item.at,
            position: item.position,
            is_history: false,
            received_at: item.received_at,
        };
        place(tx, &integration, is_short, zone, nature, &message, now).await?;
    }
    Ok(count)
}

/// A person gained an address: whoever was held for want of one, or of a record, is looked for again.
pub async fn release_for_new_address(
    tx: &mut Tx<'_>,
    context: &Context,
    contact_id: i64,
    now: i64,
) -> Result<()> {
    let live = context.integrations.iter().filter(|integration| integration.state != State::Draft);
    for integration in live {
        let held = person::of_contacts(tx, integration.connection_id, &[contact_id]).await?;
        let reason = held.get(&contact_id).and_then(|person| person.hold.as_ref()).map(|hold| hold.0);
        if matches!(reason, Some(HoldReason::NoAddress | HoldReason::NoRecord)) {
            person::release(tx, integration.connection_id, contact_id, now).await?;
        }
    }
    Ok(())
}
