//! The people of a batch: found, followed, made, reopened; the chat link put on their record.

use std::collections::{BTreeMap, BTreeSet};

use causeway_core::{
    call::{Answer, Call, Outcome},
    lane::{Heal, HoldReason, Verdict, Who, retry},
    plan::{
        people::{self as plan, Conversation, Input, Known, PersonState, Plan, Write},
        wording,
    },
    record::{Module, PersonField, RecordRef},
    time::Timestamp,
};

use super::{
    MOST_COUNTED, MOST_REFUSALS, detail_of, micros,
    pass::{Pass, keep_lease, rest_or_wait},
};
use crate::{
    crm::Failure,
    metrics::Tries,
    store::{
        self,
        lane::{self, Batch, NewAttempt},
        person::{self, Change, Person},
    },
};

/// Rounds of planning after which people are left for the next pass.
const MOST_ROUNDS: usize = 60;

/// Settles the people of a batch as far as this instant allows. Answers who is linked, and where to; `None` when
/// the connection has to rest.
pub async fn settle(pass: &mut Pass<'_>, batch: &Batch) -> Result<Option<BTreeMap<i64, RecordRef>>, Failure> {
    let mut people = load(pass, batch).await?;
    let mut known = Known { users: pass.users.able(), ..Known::default() };
    for _ in 0..MOST_ROUNDS {
        let states = states(pass, batch, &people);
        let plan = plan::plan(&Input {
            now: Timestamp(pass.app.now()),
            settled: pass.app.safety.settled(),
            region: pass.region,
            settings: &pass.integration.settings,
            org: &pass.org,
            finds_per_call: pass.line.crm().capabilities().finds_per_call,
            people: &states,
            known: &known,
        });
        if plan == Plan::default() {
            break;
        }
        // Whoever tries a hold again may have changed in the org what it is about.
        let is_about_org = plan.holds.iter().any(|hold| hold.reason == HoldReason::RequiredField);
        if is_about_org && !pass.line.has_described() {
            if !describe(pass, batch).await? {
                return Ok(None);
            }
            continue;
        }
        note(pass, &mut people, &plan).await?;
        if !ask(pass, batch, &mut known, &plan).await?
            || !write(pass, batch, &mut people, &mut known, &plan).await?
        {
            return Ok(None);
        }
        let is_settled = plan.asks.is_empty() && plan.writes.is_empty() && plan.links.is_empty();
        if is_settled && plan.unlinks.is_empty() {
            break;
        }
    }
    let now = pass.app.now();
    let ready = people.into_values().filter(|person| person.hold.is_none() && person.due_at <= now);
    Ok(Some(ready.filter_map(|person| Some((person.contact_id, person.record?))).collect()))
}

/// The people of a batch who may be planned now. The entries of all others wait with them.
async fn load(pass: &Pass<'_>, batch: &Batch) -> store::Result<BTreeMap<i64, Person>> {
    let contacts: Vec<i64> =
        batch.entries.iter().map(|entry| entry.contact_id).collect::<BTreeSet<_>>().into_iter().collect();
    let (connection_id, now) = (pass.line.connection().id, pass.app.now());
    pass.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let mut stored = person::of_contacts(tx, connection_id, &contacts).await?;
                let mut ready = BTreeMap::new();
                for contact_id in contacts {
                    let person =
                        stored.remove(&contact_id).unwrap_or(Person { contact_id, ..Person::default() });
                    if let Some((reason, who, detail)) = &person.hold {
                        lane::hold_with_person(tx, connection_id, contact_id, (*reason, *who, detail))
                            .await?;
                    } else if person.due_at > now {
                        lane::person_later(tx, connection_id, contact_id, person.due_at).await?;
                    } else {
                        ready.insert(contact_id, person);
                    }
                }
                Ok(ready)
            })
        })
        .await
}

fn states(pass: &Pass<'_>, batch: &Batch, people: &BTreeMap<i64, Person>) -> Vec<PersonState> {
    let now = pass.app.now();
    let mut first = BTreeMap::new();
    for entry in &batch.entries {
        first.entry(entry.contact_id).or_insert(entry.conversation_id);
    }
    let may_be_converted = pass.line.crm().capabilities().converted_take_entries;
    let ready = people.values().filter(|person| person.hold.is_none() && person.due_at <= now);
    ready
        .map(|person| {
            let named = batch.contacts.get(&person.contact_id).cloned().unwrap_or_default();
            let around = first
                .get(&person.contact_id)
                .and_then(|id| batch.conversations.get(id))
                .cloned()
                .unwrap_or_default();
            let email =
                |id: Option<i64>| id.and_then(|id| pass.members.get(&id)).map(|member| member.email.clone());
            PersonState {
                contact_id: person.contact_id,
                addresses: named.addresses,
                name: named.name,
                link: person.record.clone(),
                must_follow: person.must_follow,
                may_be_converted: may_be_converted
                    && person.record.as_ref().is_some_and(|record| record.module == Module::Lead),
                written: person.written.clone(),
                unknown_since: person.unknown_since.map(Timestamp),
                looks: u32::try_from(person.looks).unwrap_or(0),
                suspects: person.suspects.clone(),
                allow_duplicate: person.allow_duplicate,
                conversation: Conversation {
                    id: around.conversation_id,
                    channel: super::entries::channel_title(&around.channel),
                    chat_url: pass.app.chat_url(around.conversation_id),
                    assignee_email: email(around.assignee_id),
                    account_owner_email: email(around.account_owner_id),
                },
            }
        })
        .collect()
}

/// Stores what a plan decided without the CRM: links, holds, waits, forgotten links.
async fn note(pass: &Pass<'_>, people: &mut BTreeMap<i64, Person>, plan: &Plan) -> store::Result<()> {
    let mut changed = BTreeSet::new();
    for (contact_id, why) in &plan.unlinks {
        if let Some(person) = people.get_mut(contact_id) {
            tracing::info!(contact.id = contact_id, why, "lane.unlink");
            *person = Person { contact_id: *contact_id, ..Person::default() };
            changed.insert(*contact_id);
        }
    }
    for link in &plan.links {
        if let Some(person) = people.get_mut(&link.contact_id) {
            person.record = Some(link.record.clone());
            person.trace = Some(link.trace.clone());
            person.must_follow = false;
            person.unknown_since = None;
            person.looks = 0;
            person.written.reopen_to.clone_from(&link.reopen_to);
            changed.insert(link.contact_id);
        }
    }
    for hold in &plan.holds {
        if let Some(person) = people.get_mut(&hold.contact_id) {
            person.hold = Some((hold.reason, hold.who, hold.detail.clone()));
            person.trace = hold.trace.clone().or(person.trace.take());
            changed.insert(hold.contact_id);
        }
    }
    for (contact_id, until) in &plan.waits {
        if let Some(person) = people.get_mut(contact_id) {
            person.due_at = until.0;
            person.looks += i64::from(person.unknown_since.is_some());
            changed.insert(*contact_id);
        }
    }
    let changed: Vec<Person> = changed.into_iter().filter_map(|id| people.get(&id).cloned()).collect();
    for contact_id in put(pass, changed).await? {
        leave(people, contact_id);
    }
    Ok(())
}

/// Somebody has linked this person by hand meanwhile, or merged them with another: what this pass knows of them is out
/// of date, and the next one begins with what stands.
fn leave(people: &mut BTreeMap<i64, Person>, contact_id: i64) {
    tracing::info!(contact.id = contact_id, "lane.person_changed_by_hand");
    people.remove(&contact_id);
}

/// Stores people, and lets their entries wait with them. Answers who was changed by hand meanwhile.
async fn put(pass: &Pass<'_>, people: Vec<Person>) -> store::Result<Vec<i64>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let (workspace_id, connection_id) = (pass.line.connection().workspace_id, pass.line.connection().id);
    let now = pass.app.now();
    pass.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let mut changed = Vec::new();
                for person in &people {
                    if !keep(tx, (workspace_id, connection_id), person, now).await? {
                        changed.push(person.contact_id);
                    }
                }
                Ok(changed)
            })
        })
        .await
}

/// Stores a person, and lets their entries wait with them. `false`: somebody has changed them by hand meanwhile, and
/// nothing is stored.
async fn keep(
    tx: &mut store::Tx<'_>,
    (workspace_id, connection_id): (i64, i64),
    person: &Person,
    now: i64,
) -> store::Result<bool> {
    if !person::put_if_unchanged(tx, workspace_id, connection_id, person, now).await? {
        return Ok(false);
    }
    if let Some((reason, who, detail)) = &person.hold {
        lane::hold_with_person(tx, connection_id, person.contact_id, (*reason, *who, detail)).await?;
    } else if person.due_at > now {
        lane::person_later(tx, connection_id, person.contact_id, person.due_at).await?;
    }
    Ok(true)
}

/// Answers what a plan needs to know. `false`: the connection has to rest.
async fn ask(pass: &mut Pass<'_>, batch: &Batch, known: &mut Known, plan: &Plan) -> Result<bool, Failure> {
    for ask in &plan.asks {
        if let Call::ReadPeople { records, .. } = &ask.call {
            known.read.extend(records.iter().cloned());
        }
        match pass.line.call(ask.call.clone()).await {
            Ok(Answer::People(found)) => {
                known.people.extend(found.into_iter().map(|person| (person.record.clone(), person)));
                known.searched.extend(&ask.contacts);
            }
            Ok(Answer::Users(users)) => {
                pass.users.known = Some(users);
                known.users = pass.users.able();
            }
            Ok(_) => {}
            Err(Failure::Verdict(verdict)) => return stop(pass, batch, &verdict).await,
            Err(failure) => return Err(failure),
        }
    }
    Ok(true)
}

/// Describes the org anew: a hold about what the org is like is made by what it is like now. `false`: the connection has
/// to rest.
pub async fn describe(pass: &mut Pass<'_>, batch: &Batch) -> Result<bool, Failure> {
    let described = match pass.line.describe().await {
        Ok(org) => Verdict::of_org(&org).map_or(Ok(org), Err),
        Err(Failure::Verdict(verdict)) => Err(verdict),
        Err(failure) => return Err(failure),
    };
    match described {
        Ok(org) => {
            pass.org = org;
            Ok(true)
        }
        Err(verdict) => stop(pass, batch, &verdict).await,
    }
}

/// A whole call failed: describe anew, rest, or let everything wait a little.
pub async fn stop(pass: &Pass<'_>, batch: &Batch, verdict: &Verdict) -> Result<bool, Failure> {
    if let Verdict::Heal { to: Heal::Describe, .. } = verdict {
        let id = pass.line.connection().id;
        pass.app.db.write(move |tx| Box::pin(store::connection::forget_profile(tx, id))).await?;
    }
    rest_or_wait(pass.app, pass.line, verdict, batch).await?;
    Ok(false)
}

/// Writes what a plan wants written. `false`: the connection has to rest.
async fn write(
    pass: &mut Pass<'_>,
    batch: &Batch,
    people: &mut BTreeMap<i64, Person>,
    known: &mut Known,
    plan: &Plan,
) -> Result<bool, Failure> {
    let can = pass.line.crm().capabilities();
    for writes in plan::requests(&plan.writes, can.people_per_call, can.mixes_writes) {
        // An empty write says only that nothing has to be written any more.
        let (empty, real): (Vec<&Write>, Vec<&Write>) =
            writes.into_iter().partition(|write| write.write.id.is_some() && write.write.fields.is_empty());
        let done = Outcome { verdict: Verdict::Done, id: None };
        for write in empty {
            conclude(pass, people, known, write, &done, None, false).await?;
        }
        if real.is_empty() {
            continue;
        }
        let Some(attempts) = begin(pass, people, &real).await? else { return Ok(false) };
        let call = Call::WritePeople(real.iter().map(|write| write.write.clone()).collect());
        let crate::crm::Written { outcomes, whole } = pass.line.write(call, real.len()).await?;
        let mut rest = None;
        let mut is_ours = true;
        for ((write, outcome), attempt) in real.iter().zip(&outcomes).zip(attempts) {
            is_ours &= conclude(pass, people, known, write, outcome, Some(attempt), whole.is_some()).await?;
            rest = rest.or_else(|| whole_connection(&outcome.verdict));
        }
        if !is_ours {
            return Ok(false);
        }
        // A field that is demanded now was not when the org was described; whoever gives it a value must be able to
        // name it.
        let is_stale = |outcome: &Outcome| {
            matches!(
                outcome.verdict,
                Verdict::Heal { to: Heal::Describe, .. }
                    | Verdict::Hold { reason: HoldReason::RequiredField, .. }
            )
        };
        if outcomes.iter().any(is_stale) {
            match pass.line.describe().await {
                Ok(org) => {
                    rest = rest.or_else(|| Verdict::of_org(&org));
                    pass.org = org;
                }
                Err(Failure::Verdict(verdict)) => rest = rest.or(Some(verdict)),
                Err(failure) => return Err(failure),
            }
        }
        let rest = rest.or(whole.filter(|verdict| !matches!(verdict, Verdict::Heal { .. })));
        if let Some(verdict) = rest {
            return stop(pass, batch, &verdict).await;
        }
    }
    Ok(true)
}

/// The verdict, if it concerns the whole connection rather than this record.
pub fn whole_connection(verdict: &Verdict) -> Option<Verdict> {
    match verdict {
        Verdict::Hold { reason, .. } if super::rest_for(*reason).is_some() => Some(verdict.clone()),
        _ => None,
    }
}

/// Records tries on people before their request leaves. `None`: the lane is no longer ours, or one of them was changed
/// by hand meanwhile and what is to be written has to be planned anew.
async fn begin(
    pass: &Pass<'_>,
    people: &BTreeMap<i64, Person>,
    writes: &[&Write],
) -> store::Result<Option<Vec<i64>>> {
    let attempts: Vec<NewAttempt> = writes
        .iter()
        .map(|write| NewAttempt {
            id: pass.app.nature.id(),
            entry: None,
            contact_id: Some(write.contact_id),
            revision: 0,
            action: if write.write.id.is_some() { "change" } else { "create" },
            key: write.write.id.clone().unwrap_or_default(),
            on: None,
            crm_at: pass.line.crm_time().0,
            pieces: BTreeMap::new(),
        })
        .collect();
    let ids = attempts.iter().map(|attempt| attempt.id).collect();
    if pass.app.safety.records_attempts {
        let connection = pass.line.connection();
        let (workspace_id, connection_id, now) = (connection.workspace_id, connection.id, pass.app.now());
        let holder = pass.app.node.clone();
        // The person must have a row before the request leaves: a crash marks it as unknown there.
        let planned: Vec<(i64, i64)> = writes
            .iter()
            .map(|write| {
                (write.contact_id, people.get(&write.contact_id).map_or(0, |person| person.revision))
            })
            .collect();
        let is_ours = pass
            .app
            .db
            .write(move |tx| {
                Box::pin(async move {
                    if !keep_lease(tx, connection_id, &holder, now).await? {
                        return Ok(false);
                    }
                    let contacts: Vec<i64> = planned.iter().map(|(contact_id, _)| *contact_id).collect();
                    let stored = person::revisions(tx, connection_id, &contacts).await?;
                    for (contact_id, revision) in planned {
                        let fresh = Person { contact_id, ..Person::default() };
                        let is_as_planned = match stored.get(&contact_id) {
                            Some(present) => *present == revision,
                            None => {
                                person::put_if_unchanged(tx, workspace_id, connection_id, &fresh, now).await?
                            }
                        };
                        if !is_as_planned {
                            return Ok(false);
                        }
                    }
                    lane::begin(tx, workspace_id, connection_id, &attempts, now).await?;
                    Ok(true)
                })
            })
            .await?;
        if !is_ours {
            return Ok(None);
        }
    }
    Ok(Some(ids))
}

/// Carries out what an outcome means for a person. `false`: somebody else has settled the attempt meanwhile, and what
/// became of the person is theirs.
async fn conclude(
    pass: &mut Pass<'_>,
    people: &mut BTreeMap<i64, Person>,
    known: &mut Known,
    write: &Write,
    outcome: &Outcome,
    attempt: Option<i64>,
    is_whole: bool,
) -> Result<bool, Failure> {
    let Some(person) = people.get_mut(&write.contact_id) else { return Ok(true) };
    let now = pass.app.now();
    let mut changes = Vec::new();
    match &outcome.verdict {
        Verdict::Done => {
            let made = outcome.id.clone().map(|id| RecordRef { module: write.write.module, id });
            person.record = made.or(person.record.take());
            person.trace = write.trace.clone().or(person.trace.take());
            person.written.clone_from(&write.written);
            person.unknown_since = None;
            (person.looks, person.tries) = (0, 0);
            person.suspects.clear();
            if let Some(trace) = &mut person.trace {
                trace.winner.clone_from(&person.record);
            }
            changes = journal(write, person);
            if write.write.id.is_none() {
                // The search that found nobody is out of date now.
                known.searched.retain(|id| *id == write.contact_id);
            }
            if let Some(record) = &person.record {
                // What was read before it was written is out of date too: another person of this pass may be on it.
                known.read.remove(record);
            }
        }
        // The connection rests; nothing was wrong with the person.
        Verdict::Again { .. } | Verdict::Renew | Verdict::Hold { .. } if is_whole => {}
        Verdict::Renew => later(pass, person, 0, false),
        // What passes by itself never counts towards giving up.
        Verdict::Again { after, .. } => later(pass, person, micros(*after), person.tries < MOST_COUNTED),
        Verdict::Unknown { settle, .. } => {
            if pass.app.safety.records_attempts && write.write.id.is_none() {
                // The latest request is the one that may still come true.
                (person.unknown_since, person.looks) = (Some(now), 0);
            }
            later(pass, person, micros(*settle), !is_whole);
        }
        Verdict::Heal { to, detail } => {
            if let (Heal::Reread | Heal::Person, Some(id)) = (to, &write.write.id) {
                // It is not any more as it was read in this pass.
                known.read.remove(&RecordRef { module: write.write.module, id: id.clone() });
            }
            heal(pass, person, write, to, detail);
        }
        Verdict::Hold { reason, who, detail } => {
            // A reason that stops the connection is not the person's.
            if super::rest_for(*reason).is_none() {
                person.hold = Some((*reason, *who, detail.clone()));
            }
        }
    }
    if person.hold.is_none() && person.tries > MOST_REFUSALS {
        let detail = format!("given up after {} tries: {}", person.tries, detail_of(&outcome.verdict));
        person.hold = Some((HoldReason::Unexpected, Who::Operator, detail));
    }
    let person = person.clone();
    let connection = pass.line.connection();
    let (workspace_id, connection_id) = (connection.workspace_id, connection.id);
    let judged = attempt.map(|id| (id, outcome.verdict.word(), detail_of(&outcome.verdict).to_owned()));
    let judged = judged.filter(|_| pass.app.safety.records_attempts);
    let ids: Vec<i64> = changes.iter().map(|_| pass.app.nature.id()).collect();
    // One transaction: an attempt that is judged and a person who does not know it would be made again.
    let made = person.record.clone().filter(|_| write.write.id.is_none() && outcome.verdict == Verdict::Done);
    let settled = pass
        .app
        .db
        .write(move |tx| {
            let made = made.clone();
            Box::pin(async move {
                if let Some((id, verdict, detail)) = &judged
                    && !lane::judge(tx, workspace_id, *id, verdict, detail, now).await?
                {
                    return Ok(Settled::Elsewhere);
                }
                for (change, id) in changes.iter().zip(ids) {
                    person::note_change(tx, workspace_id, connection_id, id, change, now).await?;
                }
                if !keep(tx, (workspace_id, connection_id), &person, now).await? {
                    note_superfluous(tx, (workspace_id, connection_id), &person, made.as_ref(), now).await?;
                    return Ok(Settled::ByHand);
                }
                Ok(Settled::Here)
            })
        })
        .await?;
    if settled != Settled::Elsewhere && attempt.is_some() {
        pass.app.metrics.judged(connection_id, Tries::Person, [&outcome.verdict]);
    }
    if settled == Settled::ByHand {
        leave(people, write.contact_id);
    }
    Ok(settled != Settled::Elsewhere)
}

/// By whom an attempt on a person was settled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settled {
    /// By this pass.
    Here,
    /// By a member, who changed the person while the request was under way.
    ByHand,
    /// By another holder of the lane.
    Elsewhere,
}

/// A record was made for somebody whom a member linked to another one at the same time. It is left alone, and whoever
/// asks why the person is linked as they are is told of it.
async fn note_superfluous(
    tx: &mut store::Tx<'_>,
    (workspace_id, connection_id): (i64, i64),
    person: &Person,
    made: Option<&RecordRef>,
    now: i64,
) -> store::Result<()> {
    let Some(made) = made else { return Ok(()) };
    let stored = person::of_contacts(tx, connection_id, &[person.contact_id]).await?;
    let Some(mut stored) = stored.into_values().next().filter(|stored| stored.record.as_ref() != Some(made))
    else {
        return Ok(());
    };
    let trace = stored.trace.get_or_insert_default();
    let module = wording::module(&made.module);
    trace.rules.push(format!(
        "{module} {} was made for them in the same moment and is not used; delete it in the CRM if nobody needs it",
        made.id
    ));
    person::put(tx, workspace_id, connection_id, &stored, now).await
}

fn later(pass: &Pass<'_>, person: &mut Person, after: i64, counts: bool) {
    let tries = u32::try_from(person.tries).unwrap_or(u32::MAX);
    let backoff = micros(retry::backoff(tries, pass.app.nature.roll()));
    person.tries += i64::from(counts);
    person.due_at = pass.app.now() + after.max(backoff);
}

fn heal(pass: &mut Pass<'_>, person: &mut Person, write: &Write, to: &Heal, detail: &str) {
    person.tries += 1;
    if person.tries > MOST_REFUSALS {
        person.hold = Some((HoldReason::Unexpected, Who::Operator, detail.to_owned()));
        return;
    }
    match to {
        Heal::Person => person.must_follow = true,
        Heal::Adopt(record) => person.suspects = vec![record.clone()],
        Heal::Duplicates(suspects) => {
            person.suspects.clone_from(suspects);
            person.allow_duplicate = true;
        }
        Heal::Owner => pass.users.refused.extend(write.write.fields.get(&PersonField::Owner).cloned()),
        Heal::EntryDeleted | Heal::Describe | Heal::Reread => {}
    }
    // It is planned again with what has changed: at once, but not at once again and again.
    let tries = u32::try_from(person.tries).unwrap_or(u32::MAX);
    let wait = if tries > 3 { micros(retry::backoff(tries, pass.app.nature.roll())) } else { 0 };
    person.due_at = pass.app.now() + wait;
}

fn journal(write: &Write, person: &Person) -> Vec<Change> {
    let Some(record) = &person.record else { return Vec::new() };
    let change = |(field, after): (&PersonField, &String)| Change {
        contact_id: write.contact_id,
        record: record.clone(),
        field: match field {
            PersonField::Custom(name) => name.clone(),
            generic => person::word(generic),
        },
        before: write.before.get(field).cloned(),
        after: after.clone(),
    };
    write.write.fields.iter().map(change).collect()
}
