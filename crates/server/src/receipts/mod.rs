//! Where is this message? What the store knows of it, judged by the deciding half.

mod causes;
mod entries;
mod render;

pub use causes::{Cause, Place, causes};
pub use entries::{Entry, Whole, entries, entry};
pub use render::render;

use causeway_core::{
    channels,
    crm::{self, Crm},
    governor::wording::WIDENED,
    lane::{HoldReason, Who},
    receipt::{Delivery, EntryFacts, Facts, Receipt, State, WrittenPart, judge},
    record::RecordRef,
    time::{Timestamp, Zone},
};

use crate::{
    app::App,
    id,
    store::{
        self, Tx,
        connection::{self, Connection},
        integration, person,
        receipt::{self, Covering, Message, Part},
        workspace,
    },
};

/// A receipt, with what a person acts on when something waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The receipt.
    pub receipt: Receipt,
    /// The person; `None` for a group.
    pub contact_id: Option<i64>,
    /// The entry behind each delivery, in their order.
    pub entries: Vec<i64>,
}

/// The receipts of a message, by our id of it (`msg_…`) or by the provider's. Several, if a provider's id is known
/// in several places; none, if nothing of that id was read yet. `None` looks in every workspace.
pub async fn of_message(
    app: &App,
    workspace_id: Option<i64>,
    id_or_provider_id: &str,
) -> store::Result<Vec<Receipt>> {
    let found = find(app, workspace_id, id_or_provider_id).await?;
    Ok(found.into_iter().map(|found| found.receipt).collect())
}

/// The same, with what a person acts on.
pub async fn find(
    app: &App,
    workspace_id: Option<i64>,
    id_or_provider_id: &str,
) -> store::Result<Vec<Found>> {
    // No database holds such a text, so nothing is called so.
    if id_or_provider_id.contains('\0') {
        return Ok(Vec::new());
    }
    let (provider_id, id) = (id_or_provider_id.to_owned(), id::read("msg", id_or_provider_id).unwrap_or(0));
    let app_here = app.clone();
    app.db
        .read(move |tx| {
            Box::pin(async move {
                let mut found = Vec::new();
                for message in receipt::messages(tx, workspace_id, &provider_id, id).await? {
                    found.push(of_one(tx, &app_here, &message).await?);
                }
                Ok(found)
            })
        })
        .await
}

async fn of_one(tx: &mut Tx<'_>, app: &App, message: &Message) -> store::Result<Found> {
    let workspace = workspace::find(tx, message.workspace_id).await?;
    let zone = workspace.map_or_else(Zone::utc, |workspace| workspace.zone);
    let (mut deliveries, mut entries) = (Vec::new(), Vec::new());
    for covering in receipt::covering(tx, message.workspace_id, message.id).await? {
        if let Some(delivery) = delivery(tx, message, &covering, &zone, app.now()).await? {
            deliveries.push(delivery);
            entries.push(covering.id);
        }
    }
    let channel = channels::named(&message.channel);
    let receipt = Receipt {
        message: id::message(message.id),
        provider_id: message.provider_id.clone(),
        conversation: id::conversation(message.conversation_id),
        chat_url: app.chat_url(message.conversation_id),
        channel: channel.map_or(message.channel.clone(), |channel| channel.title().to_owned()),
        direction: message.direction.clone(),
        at: Timestamp(message.at),
        received_at: Timestamp(message.received_at),
        channel_state: message.delivery.clone(),
        deliveries,
    };
    Ok(Found { receipt, contact_id: message.contact_id, entries })
}

/// How a message stands with regard to the integration that asked for this entry.
async fn delivery(
    tx: &mut Tx<'_>,
    message: &Message,
    covering: &Covering,
    zone: &Zone,
    now: i64,
) -> store::Result<Option<Delivery>> {
    let integration = integration::find(tx, message.workspace_id, covering.integration_id).await?;
    let connection = connection::find(tx, covering.connection_id).await?;
    let (Some(integration), Some(connection)) = (integration, connection) else { return Ok(None) };
    let person = match message.contact_id {
        Some(contact_id) => person::of_contacts(tx, connection.id, &[contact_id]).await?.remove(&contact_id),
        None => None,
    };
    let attempted = receipt::parts(tx, message.workspace_id, covering.id).await?;
    // An entry may have parts that were written before this message came.
    let mine: Vec<&Part> = attempted.iter().filter(|part| covering.parts.contains(&part.part)).collect();
    let record = person.as_ref().and_then(|person| person.record.clone());
    let facts = Facts {
        entry: entry_facts(covering),
        person: record.clone(),
        connection_hold: connection_hold(&connection, now),
        is_paused: integration.state != integration::State::Active,
        is_unknown: mine.iter().any(|part| part.is_unknown),
    };
    let has_record = !mine.is_empty() && mine.iter().all(|part| part.record_id.is_some());
    let (state, sentence, held) = judge(&facts, has_record, zone);
    let crm = crm::named(&connection.crm);
    let url = |record: &RecordRef| crm.map(|crm: &dyn Crm| crm.record_url(connection.place(), record));
    let written = mine
        .iter()
        .filter_map(|part| {
            let entry = RecordRef { module: covering.kind.module(), id: part.record_id.clone()? };
            let at = Timestamp(part.written_at.unwrap_or(message.received_at));
            let place = connection.place();
            let url = crm.map(|crm| crm.entry_url(place, covering.kind, &entry.id, record.as_ref()));
            Some(WrittenPart { url: url.unwrap_or_default(), record: entry, part: part.part, at })
        })
        .collect();
    let waits = matches!(state, State::Received | State::Matched | State::Checking);
    Ok(Some(Delivery {
        integration: id::integration(integration.id),
        crm: crm.map_or(connection.crm.clone(), |crm| crm.title().to_owned()),
        state,
        sentence,
        person_url: record.as_ref().and_then(url),
        person: record,
        trace: person.and_then(|person| person.trace),
        written,
        held,
        grouped_because: covering.is_widened.then(|| WIDENED.to_owned()),
        due_at: waits.then_some(Timestamp(covering.due_at)),
        attempts: receipt::attempts(tx, message.workspace_id, covering.id).await?,
    }))
}

fn entry_facts(covering: &Covering) -> EntryFacts {
    match covering.state.as_str() {
        "written" => EntryFacts::Written,
        "skipped" => EntryFacts::Skipped(covering.detail.clone()),
        "held" => {
            let (reason, who) = covering.hold.unwrap_or((HoldReason::Unexpected, Who::Operator));
            EntryFacts::Held(reason, who, covering.detail.clone())
        }
        _ => EntryFacts::Due(Timestamp(covering.due_at)),
    }
}

/// What stops everything that goes through a connection.
fn connection_hold(
    connection: &Connection,
    now: i64,
) -> Option<(HoldReason, Who, String, Option<Timestamp>)> {
    let refused = |reason| Some((reason, Who::WorkspaceAdmin, connection.detail.clone(), None));
    match connection.state {
        connection::State::Lost => return refused(HoldReason::GrantLost),
        connection::State::OtherOrg => return refused(HoldReason::OtherOrg),
        connection::State::Disconnected => return refused(HoldReason::Disconnected),
        connection::State::Connected => {}
    }
    let until = connection.wait_until.filter(|until| *until > now)?;
    let reason: HoldReason = person::of_word(connection.wait_reason.as_deref()?).ok()?;
    Some((reason, who_ends(reason), connection.detail.clone(), Some(Timestamp(until))))
}

/// Who can end the rest of a connection.
fn who_ends(reason: HoldReason) -> Who {
    match reason {
        HoldReason::LimitReached | HoldReason::Unreachable => Who::Nobody,
        HoldReason::NoApiAccess
        | HoldReason::NoApiForUser
        | HoldReason::NoPermission
        | HoldReason::StorageFull => Who::CrmAdmin,
        HoldReason::Unexpected => Who::Operator,
        _ => Who::WorkspaceAdmin,
    }
}
