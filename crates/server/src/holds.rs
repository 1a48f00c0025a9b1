//! What a person can do about a hold: try an entry or a person again, or link a person to a record by hand.

use causeway_core::{
    call::{Answer, Call},
    lane::Verdict,
    plan::{matching::Trace, people::Written, places, wording},
    record::{Module, PersonRecord, RecordRef},
};

use serde_json::json;

use crate::{
    app::App,
    audit,
    crm::{Failure, Line},
    id,
    live::Topic,
    store::{
        self, Tx,
        audit::{self as audit_log, NewLine},
        connection::{self, Connection},
        contact, entry,
        entry_list::{self, Filter, State},
        person,
        workspace::Member,
    },
};

/// Why a wish was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum WishRefused {
    /// No such entry.
    #[error("there is no such entry")]
    NoEntry,
    /// No such contact.
    #[error("there is no such contact")]
    NoContact,
    /// No such connection.
    #[error("there is no such connection")]
    NoConnection,
    /// It does not wait.
    #[error("it is not held; there is nothing to try again")]
    NotHeld,
    /// People are contacts or leads.
    #[error("a person is linked to a contact or a lead, not to a {0}")]
    WrongModule(String),
    /// The CRM knows no such record.
    #[error("the CRM shows no {module} of the id {id}; it may be deleted, or hidden from the acting user")]
    NoRecord {
        /// What kind of record.
        module: String,
        /// The id asked for.
        id: String,
    },
    /// The record lives on as another one.
    #[error("{id} is no longer the record to write on; link to {module} {survivor} instead")]
    Moved {
        /// The id asked for.
        id: String,
        /// What kind of record it became.
        module: String,
        /// Its id.
        survivor: String,
    },
    /// The CRM could not be asked.
    #[error("the CRM could not be asked for the record: {0}")]
    Crm(Failure),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Lets a held entry be tried again: together with its person, if that is what it waits for. `recreate` also writes
/// anew what a person deleted or edited in the CRM.
pub async fn retry_entry(
    app: &App,
    workspace_id: i64,
    entry_id: i64,
    recreate: bool,
) -> Result<(), WishRefused> {
    let now = app.now();
    let done = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let Some(standing) = entry::standing(tx, workspace_id, entry_id).await? else {
                    return Ok(Err(WishRefused::NoEntry));
                };
                if !standing.is_held {
                    return Ok(Err(WishRefused::NotHeld));
                }
                match standing.contact_id.filter(|_| standing.is_person_hold) {
                    Some(contact_id) => {
                        person::release(tx, standing.connection_id, contact_id, now).await?;
                    }
                    None => {
                        entry::retry(tx, workspace_id, entry_id, recreate, now).await?;
                    }
                }
                Ok(Ok(()))
            })
        })
        .await?;
    app.live.tell(workspace_id, &[Topic::Deliveries, Topic::Notices]);
    app.bells.lanes.notify_one();
    done
}

/// Entries in one transaction of a bulk retry.
const BATCH: i64 = 500;

/// Transactions of one bulk retry; whoever has more to retry asks again.
const MOST_BATCHES: usize = 20;

/// What a bulk retry came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retried {
    /// Entries that are tried again.
    pub entries: u64,
    /// There may be more that fit; ask again.
    pub is_more: bool,
}

/// Lets every held entry that fits be tried again, those of a held person with the person. What a person deleted or
/// edited in the CRM is written anew only if `recreate` says so, and left alone otherwise. At most 500 entries in one
/// transaction, and at most 10,000 in all.
pub async fn retry_all(
    app: &App,
    workspace_id: i64,
    filter: Filter,
    recreate: bool,
) -> store::Result<Retried> {
    retry_all_by(app, (workspace_id, None), filter, recreate).await
}

/// The same because that member wishes it; `None`: the program does. Each transaction writes down what it does.
pub async fn retry_all_by(
    app: &App,
    (workspace_id, by): (i64, Option<i64>),
    filter: Filter,
    recreate: bool,
) -> store::Result<Retried> {
    let cause = filter.reason.as_ref().map(person::word).unwrap_or_default();
    let mut filter = Filter { state: Some(State::Held), ..filter };
    let mut retried = Retried::default();
    for _ in 0..MOST_BATCHES {
        let now = app.now();
        let line = audit::line(app, by, "entries.retry", cause.clone(), json!({ "recreate": recreate }));
        let (entries, last) = app
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let (entries, last) = retry_batch(tx, workspace_id, filter, recreate, now).await?;
                    if entries > 0 {
                        let detail = json!({ "recreate": recreate, "entries": entries });
                        audit_log::append(tx, workspace_id, &NewLine { detail, ..line }).await?;
                    }
                    Ok((entries, last))
                })
            })
            .await?;
        retried.entries += entries;
        if entries > 0 {
            app.live.tell(workspace_id, &[Topic::Deliveries, Topic::Notices]);
            app.bells.lanes.notify_one();
        }
        retried.is_more = last.is_some();
        if last.is_none() {
            break;
        }
        // Those that are held again at once are not met a second time.
        filter.before = last;
    }
    Ok(retried)
}

/// One batch: how many entries wait no more, and the oldest that was looked at, if there may be older ones.
async fn retry_batch(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    filter: Filter,
    recreate: bool,
    now: i64,
) -> store::Result<(u64, Option<i64>)> {
    let ids = entry_list::ids(tx, workspace_id, &filter, BATCH).await?;
    let last = ids.last().copied().filter(|_| i64::try_from(ids.len()) == Ok(BATCH));
    let mut entries = 0;
    for id in ids {
        let standing = entry::standing(tx, workspace_id, id).await?;
        let Some(standing) = standing.filter(|standing| standing.is_held) else { continue };
        if standing.is_touched && !recreate {
            continue;
        }
        entries += match standing.contact_id.filter(|_| standing.is_person_hold) {
            Some(contact_id) => person::release(tx, standing.connection_id, contact_id, now).await?,
            None => u64::from(entry::retry(tx, workspace_id, id, recreate, now).await?),
        };
    }
    Ok((entries, last))
}

/// Lets a person be looked for again, under every connection that holds them. Returns how many entries wait no more.
pub async fn retry_person(app: &App, workspace_id: i64, contact_id: i64) -> Result<u64, WishRefused> {
    let now = app.now();
    let done = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let Some(contact) = contact::find(tx, workspace_id, contact_id).await? else {
                    return Ok(Err(WishRefused::NoContact));
                };
                let mut released = 0;
                let mut was_held = false;
                for connection in connection::all(tx, Some(workspace_id)).await? {
                    let people = person::of_contacts(tx, connection.id, &[contact.id]).await?;
                    was_held |= people.values().any(|person| person.hold.is_some());
                    released += person::release(tx, connection.id, contact.id, now).await?;
                }
                Ok(if was_held || released > 0 { Ok(released) } else { Err(WishRefused::NotHeld) })
            })
        })
        .await?;
    app.live.tell(workspace_id, &[Topic::Deliveries, Topic::Notices, Topic::Contact(contact_id)]);
    app.bells.lanes.notify_one();
    done
}

/// A link that a person asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkWish {
    /// The contact.
    pub contact_id: i64,
    /// The connection.
    pub connection_id: i64,
    /// The record.
    pub record: RecordRef,
}

/// The kinds of records that a person may be linked to in the org behind a connection, with what people call them.
pub async fn modules(app: &App, connection_id: i64) -> store::Result<Vec<(Module, String)>> {
    let found = app.db.read(move |tx| Box::pin(connection::find(tx, connection_id))).await?;
    Ok(places::linkable(found.and_then(|connection| connection.profile).as_ref()))
}

/// Links a person to a record by hand, after the CRM has shown that it is there; whatever waited for it goes on.
pub async fn link(
    app: &App,
    workspace_id: i64,
    by: &Member,
    wish: LinkWish,
) -> Result<RecordRef, WishRefused> {
    if !wish.record.module.is_person() {
        return Err(WishRefused::WrongModule(wording::module(&wish.record.module).to_owned()));
    }
    let contact_id = wish.contact_id;
    let found = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let contact = contact::find(tx, workspace_id, contact_id).await?;
                let connection = connection::find(tx, wish.connection_id).await?;
                Ok((contact, connection.filter(|connection| connection.workspace_id == workspace_id)))
            })
        })
        .await?;
    let contact = found.0.ok_or(WishRefused::NoContact)?;
    let connection = found.1.ok_or(WishRefused::NoConnection)?;
    let modules = places::linkable(connection.profile.as_ref());
    if !modules.iter().any(|(module, _)| *module == wish.record.module) {
        return Err(WishRefused::WrongModule(wording::module(&wish.record.module).to_owned()));
    }
    let record = usable(&wish.record, read(app, &connection, &wish.record).await?)?;
    let trace = Trace {
        rules: vec![format!("linked by {} ({})", by.name, id::member(by.id))],
        winner: Some(record.clone()),
        ..Trace::default()
    };
    let (linked, now) = (record.clone(), app.now());
    let seen = (connection.id, contact.id);
    let detail = json!({ "connection": id::connection(connection.id), "record": record });
    let told = audit::line(app, Some(by.id), "contact.link", id::contact(contact.id), detail);
    app.db
        .write(move |tx| {
            Box::pin(async move {
                audit_log::append(tx, workspace_id, &told).await?;
                store_link(tx, &connection, contact.id, linked, trace, now).await
            })
        })
        .await?;
    app.panel.forget_contact(seen.0, seen.1);
    app.live.tell(workspace_id, &[Topic::Deliveries, Topic::Notices, Topic::Contact(contact_id)]);
    app.bells.lanes.notify_one();
    Ok(record)
}

async fn store_link(
    tx: &mut Tx<'_>,
    connection: &Connection,
    contact_id: i64,
    record: RecordRef,
    trace: Trace,
    now: i64,
) -> store::Result<()> {
    let mut people = person::of_contacts(tx, connection.id, &[contact_id]).await?;
    let mut linked = people.remove(&contact_id).unwrap_or_default();
    if linked.record.as_ref() != Some(&record) {
        // What was written stands on another record.
        linked.written = Written::default();
    }
    linked.contact_id = contact_id;
    linked.record = Some(record);
    linked.trace = Some(trace);
    linked.must_follow = false;
    linked.unknown_since = None;
    linked.suspects.clear();
    person::put(tx, connection.workspace_id, connection.id, &linked, now).await?;
    person::release(tx, connection.id, contact_id, now).await?;
    Ok(())
}

async fn read(
    app: &App,
    connection: &Connection,
    record: &RecordRef,
) -> Result<Option<PersonRecord>, WishRefused> {
    let line = Line::open(app, connection.id).await?;
    let mut line = line.ok_or(WishRefused::NoConnection)?;
    let call = Call::ReadPeople { records: vec![record.clone()], extra: Vec::new() };
    match line.call(call).await {
        Ok(Answer::People(people)) => Ok(people.into_iter().next()),
        Err(Failure::Store(error)) => Err(error.into()),
        // The CRM understood the question and has nothing of that id.
        Ok(_) | Err(Failure::Verdict(Verdict::Heal { .. })) => Ok(None),
        Err(failure) => Err(WishRefused::Crm(failure)),
    }
}

/// The record as the CRM calls it, if a person can be written on it.
fn usable(wished: &RecordRef, found: Option<PersonRecord>) -> Result<RecordRef, WishRefused> {
    let missing = || WishRefused::NoRecord {
        module: wording::module(&wished.module).to_owned(),
        id: wished.id.clone(),
    };
    let person = found.ok_or_else(missing)?;
    let survivor = person.merged_into.as_ref().or(person.converted_to.as_ref());
    if let Some(survivor) = survivor {
        return Err(WishRefused::Moved {
            id: wished.id.clone(),
            module: wording::module(&survivor.module).to_owned(),
            survivor: survivor.id.clone(),
        });
    }
    if person.is_deleted || person.is_converted { Err(missing()) } else { Ok(person.record) }
}
