//! Leads on which something was looked for and not found: was one converted meanwhile? Then what was looked for has moved on
//! with everything else, and "not there" says nothing. Only of CRMs that might take an entry on such a lead.

use std::collections::{BTreeMap, BTreeSet};

use causeway_core::{
    call::{Answer, Call},
    record::{Module, RecordRef},
};

use super::{micros, pass::Pass, people::stop};
use crate::{
    crm::Failure,
    store::{
        lane::{self, Batch, Due},
        person,
    },
};

/// When whoever has moved is gone after.
const SOON: std::time::Duration = std::time::Duration::from_secs(1);

/// Takes the entries of those out whose lead was converted since it was read; the next pass goes after them. `false`: the
/// connection has to rest.
pub async fn leave_converted(
    pass: &mut Pass<'_>,
    batch: &Batch,
    linked: &BTreeMap<i64, RecordRef>,
    due: &mut Vec<Due>,
) -> Result<bool, Failure> {
    let was_lost = |entry: &&Due| entry.parts.values().any(|part| part.unknown_since.is_some());
    let lead = |entry: &Due| {
        let record = linked.get(&entry.contact_id).filter(|record| record.module == Module::Lead)?;
        Some((entry.contact_id, record.clone()))
    };
    let leads: BTreeMap<i64, RecordRef> = due.iter().filter(was_lost).filter_map(lead).collect();
    if leads.is_empty() || !pass.line.crm().capabilities().converted_take_entries {
        return Ok(true);
    }
    let records = leads.values().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    let found = match pass.line.call(Call::ReadPeople { records, extra: Vec::new() }).await {
        Ok(Answer::People(found)) => found,
        Ok(_) => Vec::new(),
        Err(Failure::Verdict(verdict)) => return stop(pass, batch, &verdict).await,
        Err(failure) => return Err(failure),
    };
    let stands = |lead: &RecordRef| {
        found.iter().any(|person| person.record == *lead && !person.is_converted && !person.is_deleted)
    };
    let moved: BTreeSet<i64> = leads.iter().filter(|(_, lead)| !stands(lead)).map(|(id, _)| *id).collect();
    let (left, waiting): (Vec<Due>, Vec<Due>) =
        std::mem::take(due).into_iter().partition(|entry| !moved.contains(&entry.contact_id));
    *due = left;
    if moved.is_empty() {
        return Ok(true);
    }
    let connection = pass.line.connection();
    let (workspace_id, connection_id) = (connection.workspace_id, connection.id);
    let due_at = pass.app.now() + micros(SOON);
    let leaving = pass.app.db.write(move |tx| {
        Box::pin(async move {
            for contact_id in moved {
                person::must_follow(tx, connection_id, contact_id).await?;
            }
            for entry in waiting {
                lane::entry_later(tx, workspace_id, entry.id, due_at, false).await?;
            }
            Ok(())
        })
    });
    leaving.await?;
    Ok(true)
}
