//! Entries as people look at them: each with its state, its reason in words, and where it stands in the CRM.

use std::collections::BTreeMap;

use causeway_core::{
    crm::{self, Crm},
    lane::{HoldReason, Who},
    plan::matching::Trace,
    receipt::{Attempt, EntryFacts, Facts, Held, State, WrittenPart, judge},
    record::RecordRef,
    time::{Timestamp, Zone},
};

use super::connection_hold;
use crate::{
    app::App,
    store::{
        self,
        connection::{self, Connection},
        entry_list::{self, Filter, First, Listed},
        integration, person, receipt, workspace,
    },
};

/// An entry with what it says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As the store lists it.
    pub listed: Listed,
    /// How it stands, with what stops its connection taken into account.
    pub state: State,
    /// That in a sentence.
    pub sentence: String,
    /// Why it waits.
    pub held: Option<Held>,
    /// What people call the CRM.
    pub crm: String,
    /// What people call the organisation.
    pub org: String,
    /// Where the person's record is looked at.
    pub person_url: Option<String>,
    /// The records that hold it.
    pub written: Vec<WrittenPart>,
}

/// An entry with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The entry.
    pub entry: Entry,
    /// Why its person's record was chosen, or none was.
    pub trace: Option<Trace>,
    /// The requests that tried to write it.
    pub attempts: Vec<Attempt>,
    /// The messages that it covers, in order: the first of them.
    pub messages: Vec<First>,
    /// Where the records of the candidates are looked at, in the order of the trace.
    pub candidate_urls: Vec<String>,
}

/// What is known of every connection and integration of a workspace.
struct Around {
    connections: BTreeMap<i64, Connection>,
    paused: Vec<i64>,
    zone: Zone,
    now: i64,
}

impl Around {
    async fn read(tx: &mut store::Tx<'_>, workspace_id: i64, now: i64) -> store::Result<Self> {
        let connections = connection::all(tx, Some(workspace_id)).await?;
        let integrations = integration::of_workspace(tx, workspace_id).await?;
        let workspace = workspace::find(tx, workspace_id).await?;
        Ok(Self {
            connections: connections.into_iter().map(|connection| (connection.id, connection)).collect(),
            paused: integrations
                .iter()
                .filter(|one| one.state == integration::State::Paused)
                .map(|one| one.id)
                .collect(),
            zone: workspace.map_or_else(Zone::utc, |workspace| workspace.zone),
            now,
        })
    }

    fn entry(&self, listed: Listed) -> Entry {
        let connection = self.connections.get(&listed.connection_id);
        let facts = Facts {
            entry: facts(&listed),
            person: listed.person.clone(),
            connection_hold: connection.and_then(|connection| connection_hold(connection, self.now)),
            is_paused: self.paused.contains(&listed.integration_id),
            is_unknown: listed.is_unknown,
        };
        let (state, sentence, held) = judge(&facts, !listed.records.is_empty(), &self.zone);
        let crm = connection.and_then(|connection| crm::named(&connection.crm));
        let written = listed.records.iter().map(|(part, id, at)| {
            let record = RecordRef { module: listed.kind.module(), id: id.clone() };
            let at = Timestamp(at.or(listed.written_at).unwrap_or(listed.at));
            let url = crm.zip(connection).map(|(crm, connection)| {
                crm.entry_url(connection.place(), listed.kind, id, listed.person.as_ref())
            });
            WrittenPart { url: url.unwrap_or_default(), record, part: *part, at }
        });
        Entry {
            state,
            sentence,
            held,
            crm: crm.map_or_else(String::new, |crm| crm.title().to_owned()),
            org: connection.map(org_name).unwrap_or_default(),
            person_url: listed.person.as_ref().and_then(|record| url(crm, connection, record)),
            written: written.collect(),
            listed,
        }
    }
}

fn url(crm: Option<&'static dyn Crm>, connection: Option<&Connection>, record: &RecordRef) -> Option<String> {
    Some(crm?.record_url(connection?.place(), record))
}

/// What people call the organisation of a connection.
pub(super) fn org_name(connection: &Connection) -> String {
    connection.profile.as_ref().map_or_else(|| connection.org_id.clone(), |org| org.org_name.clone())
}

fn facts(listed: &Listed) -> EntryFacts {
    match listed.state.as_str() {
        "written" => EntryFacts::Written,
        "skipped" => EntryFacts::Skipped(listed.detail.clone()),
        "held" => {
            let (reason, who) = listed.hold.unwrap_or((HoldReason::Unexpected, Who::Operator));
            EntryFacts::Held(reason, who, listed.detail.clone())
        }
        _ => EntryFacts::Due(Timestamp(listed.due_at)),
    }
}

/// A page of entries, newest first.
pub async fn entries(app: &App, workspace_id: i64, filter: Filter, most: i64) -> store::Result<Vec<Entry>> {
    let now = app.now();
    app.db
        .read(move |tx| {
            Box::pin(async move {
                let around = Around::read(tx, workspace_id, now).await?;
                let listed = entry_list::page(tx, workspace_id, &filter, most).await?;
                Ok(listed.into_iter().map(|listed| around.entry(listed)).collect())
            })
        })
        .await
}

/// Most messages of an entry that are shown with it.
const MOST_MESSAGES: i64 = 50;

/// One entry with everything that is known of it; `None`: there is no such entry in the workspace.
pub async fn entry(app: &App, workspace_id: i64, entry_id: i64) -> store::Result<Option<Whole>> {
    let now = app.now();
    app.db
        .read(move |tx| {
            Box::pin(async move {
                let Some(listed) = entry_list::find(tx, workspace_id, entry_id).await? else {
                    return Ok(None);
                };
                let around = Around::read(tx, workspace_id, now).await?;
                let entry = around.entry(listed);
                let trace = match entry.listed.contact_id {
                    Some(contact_id) => {
                        let mut people =
                            person::of_contacts(tx, entry.listed.connection_id, &[contact_id]).await?;
                        people.remove(&contact_id).and_then(|person| person.trace)
                    }
                    None => None,
                };
                let connection = around.connections.get(&entry.listed.connection_id);
                let crm = connection.and_then(|connection| crm::named(&connection.crm));
                let candidates = trace.iter().flat_map(|trace| &trace.candidates);
                let candidate_urls = candidates
                    .map(|candidate| url(crm, connection, &candidate.record).unwrap_or_default())
                    .collect();
                Ok(Some(Whole {
                    attempts: receipt::attempts(tx, workspace_id, entry_id).await?,
                    messages: entry_list::covered(tx, workspace_id, entry_id, MOST_MESSAGES).await?,
                    trace,
                    entry,
                    candidate_urls,
                }))
            })
        })
        .await
}
