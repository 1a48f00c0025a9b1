//! The entries of a batch: composed, compared, written in as few requests as the CRM allows.

use std::collections::{BTreeMap, BTreeSet};

use causeway_core::{
    address::AddressKind,
    call::{Answer, Call, Outcome},
    channels,
    lane::{Heal, HoldReason, Verdict, Who, retry},
    plan::entries::{self as plan, EntryState, Input, Known, Plan, Surroundings, Write},
    record::RecordRef,
    time::Timestamp,
};

use super::{
    MOST_COUNTED, MOST_REFUSALS,
    converted::leave_converted,
    detail_of, micros,
    pass::{Pass, keep_lease, rest_or_wait},
    people::{describe, whole_connection},
};
use crate::{
    crm::Failure,
    id,
    metrics::Tries,
    store::{
        self, connection, entry,
        lane::{self, Batch, Due, NewAttempt, PartWritten},
        person,
    },
};

/// Rounds of asking after which a batch is left for the next pass.
const MOST_ROUNDS: usize = 20;

/// What people call a channel.
pub fn channel_title(name: &str) -> String {
    channels::named(name).map_or_else(|| name.to_owned(), |channel| channel.title().to_owned())
}

/// Settles the entries of a batch whose people are linked. `false`: the connection has to rest.
pub async fn settle(
    pass: &mut Pass<'_>,
    batch: &Batch,
    linked: &BTreeMap<i64, RecordRef>,
) -> Result<bool, Failure> {
    let mut due: Vec<Due> = batch.entries.clone();
    due.retain(|entry| linked.contains_key(&entry.contact_id));
    let mut known = Known { users: pass.users.able(), ..Known::default() };
    for _ in 0..MOST_ROUNDS {
        let states: Vec<EntryState> = due.iter().map(|entry| state(pass, batch, linked, entry)).collect();
        let capabilities = pass.line.crm().capabilities();
        let plan = plan::plan(&Input {
            now: Timestamp(pass.app.now()),
            settled: pass.app.safety.settled(),
            zone: &pass.zone,
            region: pass.region,
            settings: &pass.integration.settings,
            org: &pass.org,
            described_at: Timestamp(pass.line.connection().profile_at.unwrap_or(i64::MAX)),
            entries_per_call: capabilities.entries_per_call,
            reads_per_call: capabilities.reads_per_call,
            entries: &states,
            known: &known,
        });
        // Whoever tries a hold again may have granted in the org what it is about.
        let is_about_org = plan.holds.iter().any(|hold| hold.reason == HoldReason::NoPermission);
        if is_about_org && !pass.line.has_described() {
            if !describe(pass, batch).await? {
                return Ok(false);
            }
            continue;
        }
        let was_lost = |adoption: &plan::Adoption| {
            let entry = due.iter().find(|entry| entry.id == adoption.entry_id);
            entry.and_then(|entry| entry.parts.get(&adoption.part)).is_some_and(|part| part.lost_at.is_some())
        };
        // Whether another attempt may still come true is read again from the store.
        let is_to_be_read_again = plan.adoptions.iter().any(was_lost);
        if !note(pass, &mut due, &plan).await? {
            if is_to_be_read_again {
                return Ok(true);
            }
            continue;
        }
        if !plan.asks.is_empty() {
            if !ask(pass, batch, &mut known, &plan).await? {
                return Ok(false);
            }
            let has_looked = plan.asks.iter().any(|call| matches!(call, Call::VerifyEntries { .. }));
            if has_looked && !leave_converted(pass, batch, linked, &mut due).await? {
                return Ok(false);
            }
            continue;
        }
        if plan.writes.is_empty() {
            return Ok(true);
        }
        // What follows is read from the store again: one way, whatever the answer.
        return write(pass, batch, linked, &plan.writes).await;
    }
    Ok(true)
}

fn state(pass: &Pass<'_>, batch: &Batch, linked: &BTreeMap<i64, RecordRef>, due: &Due) -> EntryState {
    let around = batch.conversations.get(&due.conversation_id).cloned().unwrap_or_default();
    let named = batch.contacts.get(&due.contact_id).cloned().unwrap_or_default();
    let member = |id: Option<i64>| id.and_then(|id| pass.members.get(&id));
    let address = |kind| named.addresses.iter().find(|address| address.kind == kind);
    let customer = address(AddressKind::Phone)
        .or_else(|| address(AddressKind::Email))
        .or_else(|| named.addresses.first())
        .map(|address| address.value.clone())
        .unwrap_or_default();
    let agent = member(around.assignee_id);
    EntryState {
        id: due.id,
        key: due.key.clone(),
        wanted: due.wanted,
        written: due.written,
        kind: due.kind,
        is_grouped: due.shape.is_grouped(),
        who: linked.get(&due.contact_id).cloned(),
        lines: due
            .lines
            .iter()
            .map(|line| {
                let message = format!("{} ({})", id::message(line.item_id), line.message);
                causeway_core::plan::compose::Line { message, ..line.clone() }
            })
            .collect(),
        parts: due.parts.clone(),
        surroundings: Surroundings {
            conversation_id: due.conversation_id,
            channel: channel_title(&around.channel),
            account: around.account.clone(),
            person: named.name.clone().unwrap_or_else(|| customer.clone()),
            customer,
            agent: agent.map(|member| member.name.clone()),
            conversation: id::conversation(due.conversation_id),
            chat_url: pass.app.chat_url(due.conversation_id),
            assignee_email: agent.map(|member| member.email.clone()),
            account_owner_email: member(around.account_owner_id).map(|member| member.email.clone()),
        },
    }
}

/// Stores what a plan decided without writing. `false`: something was adopted, so plan again.
async fn note(pass: &Pass<'_>, due: &mut Vec<Due>, plan: &Plan) -> store::Result<bool> {
    // What is to be written may be much, and nothing of it is stored here.
    let decided = Plan {
        adoptions: plan.adoptions.clone(),
        current: plan.current.clone(),
        holds: plan.holds.clone(),
        waits: plan.waits.clone(),
        ..Plan::default()
    };
    if decided == Plan::default() {
        return Ok(true);
    }
    let workspace_id = pass.line.connection().workspace_id;
    let (now, settled) = (pass.app.now(), micros(pass.app.safety.settled()));
    pass.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                for adoption in &decided.adoptions {
                    let part = (adoption.entry_id, adoption.part);
                    lane::part_written(tx, workspace_id, part, &adoption.record_id, &adoption.hash, now)
                        .await?;
                    lane::found(tx, workspace_id, part, now - settled, now).await?;
                }
                let current: Vec<_> =
                    decided.current.iter().map(|current| (current.entry_id, current.revision)).collect();
                lane::entries_written(tx, workspace_id, &current, now).await?;
                for hold in &decided.holds {
                    let why = (hold.reason, hold.who, hold.detail.as_str());
                    entry::hold(tx, workspace_id, hold.entry_id, why, false).await?;
                }
                for (entry_id, until, parts) in &decided.waits {
                    lane::entry_later(tx, workspace_id, *entry_id, until.0, false).await?;
                    for part in parts {
                        lane::part_looked(tx, workspace_id, (*entry_id, *part)).await?;
                    }
                }
                Ok(())
            })
        })
        .await?;
    for adoption in &plan.adoptions {
        for entry in due.iter_mut().filter(|entry| entry.id == adoption.entry_id) {
            let part = entry.parts.entry(adoption.part).or_default();
            part.record_id = Some(adoption.record_id.clone());
            part.written_hash = Some(adoption.hash.clone());
            part.unknown_since = None;
        }
    }
    let settled: BTreeSet<i64> = plan
        .current
        .iter()
        .map(|current| current.entry_id)
        .chain(plan.holds.iter().map(|hold| hold.entry_id))
        .chain(plan.waits.iter().map(|wait| wait.0))
        .collect();
    // Behind an entry that waits for its first writing, nothing of its conversation is attempted.
    let blocked: BTreeSet<i64> = due
        .iter()
        .filter(|entry| entry.written == 0 && plan.waits.iter().any(|wait| wait.0 == entry.id))
        .map(|entry| entry.conversation_id)
        .collect();
    due.retain(|entry| {
        let is_behind = blocked.contains(&entry.conversation_id) && entry.parts.is_empty();
        !settled.contains(&entry.id) && !is_behind
    });
    Ok(plan.adoptions.is_empty())
}

/// Answers what a plan needs to know. `false`: the connection has to rest.
async fn ask(pass: &mut Pass<'_>, batch: &Batch, known: &mut Known, plan: &Plan) -> Result<bool, Failure> {
    for call in &plan.asks {
        match pass.line.call(call.clone()).await {
            Ok(Answer::Users(users)) => {
                pass.users.known = Some(users);
                known.users = pass.users.able();
            }
            Ok(Answer::Keyed(mut found)) => {
                if let Call::VerifyEntries { keyed, .. } = call {
                    known
                        .keyed
                        .extend(keyed.iter().map(|keyed| (keyed.key.clone(), found.remove(&keyed.key))));
                }
            }
            Ok(Answer::Entries(found)) => {
                if let Call::ReadEntries { ids, .. } = call {
                    known.records.extend(ids.iter().map(|id| (id.clone(), None)));
                }
                known.records.extend(found.into_iter().map(|record| (record.id.clone(), Some(record))));
            }
            Ok(_) => {}
            Err(Failure::Verdict(verdict)) => {
                if let Verdict::Heal { to: Heal::Describe, .. } = verdict {
                    let id = pass.line.connection().id;
                    pass.app.db.write(move |tx| Box::pin(connection::forget_profile(tx, id))).await?;
                }
                rest_or_wait(pass.app, pass.line, &verdict, batch).await?;
                return Ok(false);
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(true)
}

/// Writes parts: the attempts are recorded, the request leaves, the verdicts are recorded.
async fn write(
    pass: &mut Pass<'_>,
    batch: &Batch,
    linked: &BTreeMap<i64, RecordRef>,
    writes: &[Write],
) -> Result<bool, Failure> {
    let contacts: BTreeMap<i64, i64> =
        batch.entries.iter().map(|entry| (entry.id, entry.contact_id)).collect();
    let person = |write: &Write| contacts.get(&write.entry_id).copied().unwrap_or(0);
    let planned = writes.iter().map(person).collect::<BTreeSet<_>>().into_iter();
    let planned = planned.filter_map(|id| Some((id, linked.get(&id)?.clone()))).collect();
    let in_hand = batch.entries.iter().map(|entry| entry.id).collect();
    let Some(begun) = begin(pass, planned, in_hand, writes).await? else { return Ok(false) };
    let (writes, attempts): (Vec<&Write>, Vec<i64>) = begun.into_iter().unzip();
    if writes.is_empty() {
        return Ok(true);
    }
    let call = Call::WriteEntries(writes.iter().map(|write| write.write.clone()).collect());
    let crate::crm::Written { outcomes, whole } = pass.line.write(call, writes.len()).await?;
    let tries: BTreeMap<i64, i64> = batch.entries.iter().map(|entry| (entry.id, entry.tries)).collect();
    let mut rest = None;
    let mut describe = false;
    let mut steps = Vec::with_capacity(writes.len());
    for ((write, outcome), attempt) in writes.iter().zip(&outcomes).zip(attempts) {
        rest = rest.or_else(|| whole_connection(&outcome.verdict));
        describe |= matches!(outcome.verdict, Verdict::Heal { to: Heal::Describe, .. });
        if let Verdict::Heal { to: Heal::Owner, .. } = outcome.verdict {
            pass.users.refused.extend(write.write.owner_id.clone());
        }
        let tries = tries.get(&write.entry_id).copied().unwrap_or(0);
        steps.push(Step {
            attempt,
            part: (write.entry_id, write.part),
            parts: write.parts,
            revision: write.revision,
            hash: write.hash.clone(),
            contact_id: person(write),
            then: conclude(pass, outcome, tries, whole.is_some()),
            verdict: outcome.verdict.word(),
            detail: detail_of(&outcome.verdict).to_owned(),
        });
    }
    record(pass, steps).await?;
    let verdicts = outcomes.iter().take(writes.len()).map(|outcome| &outcome.verdict);
    pass.app.metrics.judged(pass.line.connection().id, Tries::Entry, verdicts);
    let described = if describe { pass.line.describe().await.map(|_| ()) } else { Ok(()) };
    match described {
        Ok(()) => {}
        Err(Failure::Verdict(verdict)) => rest = rest.or(Some(verdict)),
        Err(failure) => return Err(failure),
    }
    let rest = rest.or(whole.filter(|verdict| !matches!(verdict, Verdict::Heal { .. })));
    if let Some(verdict) = rest {
        rest_or_wait(pass.app, pass.line, &verdict, batch).await?;
        return Ok(false);
    }
    Ok(true)
}

/// Records attempts. Answers those that may be made, with the ids of their attempts; `None` when the lane is no longer
/// ours, or somebody was linked to another record than the one that was planned with.
async fn begin<'w>(
    pass: &Pass<'_>,
    linked: BTreeMap<i64, RecordRef>,
    in_hand: Vec<i64>,
    writes: &'w [Write],
) -> store::Result<Option<Vec<(&'w Write, i64)>>> {
    let attempts: Vec<NewAttempt> = writes
        .iter()
        .map(|write| NewAttempt {
            id: pass.app.nature.id(),
            entry: Some((write.entry_id, write.part)),
            contact_id: None,
            revision: write.revision,
            action: if write.write.id.is_some() { "change" } else { "create" },
            key: write.write.key.clone(),
            on: write.write.id.is_none().then(|| write.write.who.clone()),
            crm_at: pass.line.crm_time().0,
            pieces: write.pieces.clone(),
        })
        .collect();
    let all = writes.iter().zip(attempts.iter().map(|attempt| attempt.id).collect::<Vec<_>>());
    if !pass.app.safety.records_attempts {
        return Ok(Some(all.collect()));
    }
    let connection = pass.line.connection();
    let (workspace_id, connection_id, now) = (connection.workspace_id, connection.id, pass.app.now());
    let holder = pass.app.node.clone();
    let begun = pass
        .app
        .db
        .write(move |tx| {
            Box::pin(async move {
                if !keep_lease(tx, connection_id, &holder, now).await? {
                    return Ok(None);
                }
                let contacts: Vec<i64> = linked.keys().copied().collect();
                if person::links(tx, connection_id, &contacts).await? != linked {
                    tracing::info!(connection.id = connection_id, "lane.people_changed_by_hand");
                    return Ok(None);
                }
                let late = lane::overtaking(tx, workspace_id, connection_id, &in_hand).await?;
                let mut attempts = attempts;
                attempts.retain(|attempt| attempt.entry.is_none_or(|(id, _)| !late.contains(&id)));
                lane::begin(tx, workspace_id, connection_id, &attempts, now).await.map(Some)
            })
        })
        .await?;
    Ok(begun.map(|begun| all.filter(|(_, attempt)| begun.contains(attempt)).collect()))
}

/// What one outcome leads to, with the attempt that it belongs to.
#[derive(Clone)]
struct Step {
    attempt: i64,
    /// The entry, and the number of the part.
    part: (i64, u32),
    /// Of how many.
    parts: u32,
    /// What the attempt carried.
    revision: i64,
    hash: String,
    contact_id: i64,
    then: Then,
    verdict: &'static str,
    detail: String,
}

/// What is to be stored because of an outcome.
#[derive(Clone)]
enum Then {
    Written(String),
    /// Not before, and whether it counts as a failure of the entry's own.
    Later(i64, bool),
    /// As before.
    Unknown(i64, bool),
    Follow(i64),
    /// It is in the CRM as this record, with whatever content: to be read and compared.
    Adopt(String, i64),
    Hold((HoldReason, Who, String)),
    /// Held, and it may or may not be in the CRM.
    Doubt((HoldReason, Who, String)),
    /// The whole connection rests; the entry is as it was.
    Stay,
}

fn conclude(pass: &Pass<'_>, outcome: &Outcome, tries: i64, is_whole: bool) -> Then {
    let now = pass.app.now();
    let backoff = micros(retry::backoff(u32::try_from(tries).unwrap_or(u32::MAX), pass.app.nature.roll()));
    let give_up = |detail: &str| {
        (HoldReason::Unexpected, Who::Operator, format!("given up after {tries} tries: {detail}"))
    };
    match &outcome.verdict {
        Verdict::Done => outcome.id.clone().map_or(Then::Unknown(now + backoff, true), Then::Written),
        Verdict::Unknown { .. } if !pass.app.safety.records_attempts => Then::Later(now + backoff, true),
        Verdict::Unknown { settle, .. } if is_whole => Then::Unknown(now + micros(*settle), false),
        Verdict::Unknown { detail, .. } if tries >= MOST_REFUSALS => Then::Doubt(give_up(detail)),
        Verdict::Unknown { settle, .. } => Then::Unknown(now + micros(*settle).max(backoff), true),
        // The connection rests; nothing was wrong with the entry.
        Verdict::Again { .. } | Verdict::Renew | Verdict::Hold { .. } if is_whole => Then::Stay,
        // What passes by itself never counts towards giving up.
        Verdict::Again { after, .. } => Then::Later(now + micros(*after).max(backoff), tries < MOST_COUNTED),
        Verdict::Renew => Then::Later(now + backoff, false),
        Verdict::Heal { detail, .. } if tries >= MOST_REFUSALS => Then::Hold(give_up(detail)),
        Verdict::Heal { to, detail } => match to {
            Heal::Person => Then::Follow(now + backoff / 2),
            Heal::EntryDeleted => Then::Hold((HoldReason::DeletedInCrm, Who::Agent, detail.clone())),
            Heal::Adopt(record) => Then::Adopt(record.id.clone(), now + backoff),
            Heal::Owner | Heal::Describe | Heal::Reread | Heal::Duplicates(_) => {
                Then::Later(now + backoff, true)
            }
        },
        Verdict::Hold { .. } if whole_connection(&outcome.verdict).is_some() => Then::Stay,
        Verdict::Hold { reason, who, detail } => Then::Hold((*reason, *who, detail.clone())),
    }
}

/// Records verdicts and what follows from them, in one transaction. What somebody else has settled meanwhile is theirs.
async fn record(pass: &Pass<'_>, steps: Vec<Step>) -> store::Result<()> {
    let connection = pass.line.connection();
    let (workspace_id, connection_id, now) = (connection.workspace_id, connection.id, pass.app.now());
    let records = pass.app.safety.records_attempts;
    pass.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                record_written(tx, workspace_id, &steps, records, now).await?;
                for step in steps.iter().filter(|step| !step.is_written()) {
                    let judged =
                        lane::judge(tx, workspace_id, step.attempt, step.verdict, &step.detail, now).await?;
                    if judged || !records {
                        take_step(tx, (workspace_id, connection_id), step, now).await?;
                    }
                }
                Ok(())
            })
        })
        .await
}

impl Step {
    fn is_written(&self) -> bool {
        matches!(self.then, Then::Written(_))
    }
}

/// What was written: as a rule everything, so a few statements for all.
async fn record_written(
    tx: &mut store::Tx<'_>,
    workspace_id: i64,
    steps: &[Step],
    records: bool,
    now: i64,
) -> store::Result<()> {
    let attempts: Vec<i64> = steps.iter().filter(|step| step.is_written()).map(|step| step.attempt).collect();
    let judged = lane::judge_done(tx, workspace_id, &attempts, now).await?;
    let (mut parts, mut entries) = (Vec::new(), Vec::new());
    for step in steps.iter().filter(|step| !records || judged.contains(&step.attempt)) {
        let Then::Written(record_id) = &step.then else { continue };
        let (record_id, hash) = (record_id.clone(), step.hash.clone());
        parts.push(PartWritten { part: step.part, record_id, hash });
        // An entry of several parts is looked at again: is every one of them written?
        if step.parts == 1 {
            entries.push((step.part.0, step.revision));
        }
    }
    lane::parts_written(tx, workspace_id, &parts, now).await?;
    lane::entries_written(tx, workspace_id, &entries, now).await
}

async fn take_step(
    tx: &mut store::Tx<'_>,
    (workspace_id, connection_id): (i64, i64),
    step: &Step,
    now: i64,
) -> store::Result<()> {
    let (part, entry_id) = (step.part, step.part.0);
    match &step.then {
        // All of them at once (`record_written`).
        Then::Written(_) => {}
        Then::Later(due_at, counts) => {
            lane::part_absent(tx, workspace_id, part).await?;
            lane::entry_later(tx, workspace_id, entry_id, *due_at, *counts).await?;
        }
        Then::Unknown(due_at, counts) => {
            lane::part_unknown(tx, workspace_id, part, now).await?;
            lane::entry_later(tx, workspace_id, entry_id, *due_at, *counts).await?;
        }
        Then::Adopt(record_id, due_at) => {
            lane::part_found(tx, workspace_id, part, record_id).await?;
            lane::entry_later(tx, workspace_id, entry_id, *due_at, true).await?;
        }
        Then::Follow(due_at) => {
            lane::part_moved(tx, workspace_id, part).await?;
            person::must_follow(tx, connection_id, step.contact_id).await?;
            lane::entry_later(tx, workspace_id, entry_id, *due_at, true).await?;
        }
        Then::Doubt((reason, who, detail)) => {
            lane::part_unknown(tx, workspace_id, part, now).await?;
            entry::hold(tx, workspace_id, entry_id, (*reason, *who, detail), false).await?;
        }
        Then::Hold((reason, who, detail)) => {
            lane::part_absent(tx, workspace_id, part).await?;
            entry::hold(tx, workspace_id, entry_id, (*reason, *who, detail), false).await?;
        }
        Then::Stay => lane::part_absent(tx, workspace_id, part).await?,
    }
    Ok(())
}
