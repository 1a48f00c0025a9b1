//! What must hold when the faults have stopped: every message that was acknowledged stands exactly once in the org, as it
//! reads now, on a record that the rules allow, in order; or it is held, and the reason is the case.

use std::collections::{BTreeMap, BTreeSet};

use causeway::store::{connection, integration};
use causeway_core::{
    plan::{
        settings::{ChatSync, Create, Reopen},
        wording::REVOKED,
    },
    record::Module,
    time::{Timestamp, Zone},
};

use super::{
    order,
    script::Schedule,
    stage::{self, LINK_FIELD, Stage, settings_modules},
    told::{Message, Way, message_of, wamid},
};
use crate::{
    failures::story::{Findings, number},
    store::evidence::{self, Entry, Evidence},
    world::crm::{self, Person},
};

/// What is wrong.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    pub findings: Findings,
    /// Neither written nor held with a true reason.
    pub stuck: Vec<String>,
}

impl Judgement {
    /// Nothing is.
    pub fn is_clean(&self) -> bool {
        self.stuck.is_empty() && self.findings == Findings::default()
    }

    /// Both together.
    pub fn add(&mut self, other: Self) {
        let (ours, theirs) = (&mut self.findings, other.findings);
        join(&mut ours.missing, theirs.missing);
        join(&mut ours.doubled, theirs.doubled);
        join(&mut ours.disordered, theirs.disordered);
        join(&mut ours.misplaced, theirs.misplaced);
        join(&mut ours.people_doubled, theirs.people_doubled);
        join(&mut self.stuck, other.stuck);
    }
}

/// Those that are not there yet.
fn join(all: &mut Vec<String>, more: Vec<String>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

/// One place in the org where a message stands.
pub struct Telling {
    /// The place of its entry among all, in the order in which they were made.
    pub place: usize,
    pub says: String,
}

/// Everything that a judgement rests on.
pub struct Scene<'a> {
    pub stage: &'a Stage,
    pub schedule: &'a Schedule,
    pub settings: ChatSync,
    pub evidence: Evidence,
    /// Why the whole connection rests, if it does.
    pub rest: Option<String>,
    /// Every entry of the org, deleted ones too, in the order in which they were made.
    pub entries: Vec<crm::Entry>,
    /// Leads and contacts by id, deleted ones too.
    pub people: BTreeMap<String, Person>,
    pub tellings: BTreeMap<usize, Vec<Telling>>,
}

/// Judges what the org holds against what was said.
pub async fn judge(stage: &Stage, schedule: &Schedule) -> Judgement {
    let mut judgement = Judgement::default();
    let scene = Scene::read(stage, schedule, &mut judgement).await;
    for (number, message) in &stage.told.messages {
        scene.message(*number, message, &mut judgement);
    }
    scene.places(&mut judgement);
    scene.persons(&mut judgement);
    order::check(&scene, &mut judgement.findings.disordered);
    if scene.evidence.unread + scene.evidence.poison > 0 {
        let Evidence { unread, poison, .. } = scene.evidence;
        judgement.stuck.push(format!("{unread} requests are not read, {poison} parts could not be"));
    }
    judgement
}

impl<'a> Scene<'a> {
    async fn read(stage: &'a Stage, schedule: &'a Schedule, judgement: &mut Judgement) -> Self {
        let (workspace_id, id) = (stage.world.workspace_id, stage.world.integration_id);
        let found = stage.world.app.db.read(move |tx| Box::pin(integration::find(tx, workspace_id, id)));
        let connection_id = stage.world.connection_id;
        let connection = stage.world.app.db.read(move |tx| Box::pin(connection::find(tx, connection_id)));
        let rest = connection.await.unwrap().and_then(|connection| connection.wait_reason);
        let people = stage.curtain().people().await;
        let mut scene = Self {
            stage,
            schedule,
            settings: found.await.unwrap().unwrap().settings,
            rest,
            evidence: evidence::read(&stage.world.app.db, stage.world.connection_id).await,
            entries: stage.curtain().all_entries().await,
            people: people.into_iter().map(|person| (person.id.clone(), person)).collect(),
            tellings: BTreeMap::new(),
        };
        scene.listen(judgement);
        scene
    }

    /// What each entry tells, part by part and message by message.
    fn listen(&mut self, judgement: &mut Judgement) {
        let zone = Zone::named(self.schedule.variant.zone).unwrap();
        for (place, entry) in self.entries.iter().enumerate().filter(|(_, entry)| entry.is_there) {
            let (body, id) = (&entry.body, &entry.id);
            let (said, foot) = body.rsplit_once("\n\n—\n").unwrap_or((body, ""));
            let told = match foot.split_once("(wamid.") {
                Some((_, rest)) => {
                    let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
                    vec![(number.parse().unwrap(), said.to_owned())]
                }
                None => self.blocks(said, &entry.on, &zone),
            };
            if told.is_empty() && said != "[nothing more here]" {
                judgement.findings.doubled.push(format!("nobody said what entry {id} says: {said}"));
            }
            let orders: Vec<_> = told
                .iter()
                .filter_map(|(number, _)| self.stage.told.messages.get(number))
                .map(|message| message.order)
                .collect();
            if !orders.is_sorted() {
                judgement.findings.disordered.push(format!("within entry {id}: {told:?}"));
            }
            for (number, says) in told {
                self.tellings.entry(number).or_default().push(Telling { place, says });
            }
        }
    }

    /// The messages of an entry for several, on that record. One that was deleted is known by its time; of several people's
    /// that were deleted in one second it is rather theirs.
    fn blocks(&self, said: &str, who: &str, zone: &Zone) -> Vec<(usize, String)> {
        let phone = self.people.get(who).map(|person| &person.phone);
        let is_theirs = |message: &Message| phone == Some(&format!("+{}", number(message.customer)));
        let mut told: Vec<(usize, String)> = Vec::new();
        for block in said.split("\n\n") {
            let Some((head, says)) = block.split_once('\n') else { continue };
            let time =
                head.strip_prefix('[').and_then(|head| head.split_once(']')).map_or("", |(time, _)| time);
            let is_it = |(number, message): &(&usize, &Message)| {
                let at = Timestamp::from_seconds(message.order.0).in_zone(zone);
                message.is_revoked
                    && at.strftime("%Y-%m-%d %H:%M:%S").to_string() == time
                    && !told.iter().any(|(known, _)| known == *number)
            };
            let number = if says == REVOKED {
                let fitting = self.stage.told.messages.iter().filter(is_it);
                fitting.min_by_key(|(_, message)| !is_theirs(message)).map(|(number, _)| *number)
            } else {
                message_of(says)
            };
            // What nobody said is a message that nobody knows.
            told.push((number.unwrap_or(0), says.to_owned()));
        }
        told
    }

    /// The entries that cover a message.
    fn covering(&self, number: usize) -> Vec<&Entry> {
        let (id, again) = (wamid(number), format!("{}/", wamid(number)));
        let covers = |entry: &&Entry| {
            entry.items.iter().any(|item| item.provider_id == id || item.provider_id.starts_with(&again))
        };
        self.evidence.entries.values().filter(covers).collect()
    }

    fn message(&self, number: usize, message: &Message, judgement: &mut Judgement) {
        let told = self.tellings.get(&number).map_or(&[][..], Vec::as_slice);
        let findings = &mut judgement.findings;
        if message.way == Way::Group {
            if !told.is_empty() {
                findings.misplaced.push(format!("message {number} was said in a group and is in the org"));
            }
            return;
        }
        if told.len() > 1 {
            findings.doubled.push(format!("message {number} stands in the org {} times", told.len()));
        }
        let entries = self.covering(number);
        if entries.is_empty() {
            findings.missing.push(format!("message {number} is covered by no entry"));
        }
        for entry in entries {
            match entry.state.as_str() {
                "written" => {
                    if told.is_empty() && !self.is_touched(entry) {
                        findings
                            .missing
                            .push(format!("message {number} counts as written and is not in the org"));
                    }
                    let wanted = if message.is_revoked { REVOKED } else { &message.text };
                    if told.iter().any(|telling| telling.says != wanted) && !self.is_touched(entry) {
                        findings
                            .missing
                            .push(format!("message {number} says what it said before: {:?}", told[0].says));
                    }
                }
                "held" => {
                    if let Some(why) = self.untruth(entry, message.customer) {
                        judgement
                            .stuck
                            .push(format!("message {number} is held untruly: {why} ({})", entry.detail));
                    }
                }
                // What the connection lacks is said of the connection, and everything waits with it.
                "due" if stage::rests_truly(self.rest.as_deref(), &self.stage.done) => {}
                other => judgement.stuck.push(format!("message {number} is {other}")),
            }
        }
    }

    /// Somebody edited or deleted it in the org.
    fn is_touched(&self, entry: &Entry) -> bool {
        entry.parts.values().flatten().any(|record| self.stage.done.entries.contains(record))
    }

    /// Why the reason of a hold is not the case; `None` if it is.
    fn untruth(&self, entry: &Entry, customer: usize) -> Option<String> {
        let reason = entry.reason.as_deref().unwrap_or_default();
        let done = &self.stage.done;
        let there = |record: &String| self.entries.iter().find(|entry| entry.id == *record);
        let touched = entry.parts.values().flatten().filter(|record| done.entries.contains(*record));
        let touched: Vec<bool> = touched.filter_map(there).map(|entry| entry.is_there).collect();
        let searched: Vec<_> =
            settings_modules(&self.settings).into_iter().map(|thing| self.stage.module(thing)).collect();
        let is_found = |id: &&String| searched.contains(&self.people[*id].module);
        let is_true = match reason {
            "no_record" => self.settings.create == Create::Off && !self.usable(customer).iter().any(is_found),
            "no_permission" => !done.withdrawn.is_empty(),
            "required_field" => done.demands,
            "deleted_in_crm" => touched.contains(&false),
            "edited_in_crm" => !touched.is_empty(),
            _ => false,
        };
        (!is_true).then(|| reason.to_owned())
    }

    /// Records on which a customer's messages may stand now.
    fn usable(&self, customer: usize) -> Vec<&String> {
        let phone = format!("+{}", number(customer));
        let is_usable = |person: &Person| person.phone == phone && person.is_there;
        self.people.iter().filter(|(_, person)| is_usable(person)).map(|(id, _)| id).collect()
    }

    /// Every entry stands on one customer's record, and on the one that the rules choose.
    fn places(&self, judgement: &mut Judgement) {
        let mut who: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (number, told) in &self.tellings {
            let Some(message) = self.stage.told.messages.get(number) else {
                judgement.findings.doubled.push(format!("nobody said message {number}: {:?}", told[0].says));
                continue;
            };
            for telling in told {
                who.entry(telling.place).or_default().insert(message.customer);
            }
        }
        for (place, customers) in who {
            let crm::Entry { id, on: record, .. } = &self.entries[place];
            let allowed = |customer: &usize| {
                let done = &self.stage.done;
                let was_deleted = done.deleted.contains(&(*customer, record.clone()));
                let is_home = done.homes.get(customer).is_none_or(|home| home == record);
                let is_usable = self.usable(*customer).contains(&record);
                was_deleted
                    || self.was_on_its_way(*customer, id, record)
                    || (is_usable && (is_home || done.touched.contains(customer)))
            };
            if customers.len() > 1 || !customers.iter().all(allowed) {
                judgement
                    .findings
                    .misplaced
                    .push(format!("entry {id} of customer {customers:?} stands on {record}"));
            }
        }
    }

    /// The request that made the entry was on its way to a lead when somebody converted it.
    fn was_on_its_way(&self, customer: usize, id: &String, record: &String) -> bool {
        let mut converted = self.stage.done.converted.iter();
        let Some((.., converted)) = converted.find(|(whose, lead, _)| *whose == customer && lead == record)
        else {
            return false;
        };
        let mut entries = self.evidence.entries.values();
        let made = entries.find(|entry| entry.parts.values().flatten().any(|record| record == id));
        let first = made.and_then(|entry| entry.attempts.first());
        first.is_some_and(|first| order::step(self, first.sent_at) <= *converted)
    }

    /// Nobody was made twice, and each record has its chat link once.
    fn persons(&self, judgement: &mut Judgement) {
        let done = &self.stage.done;
        for customer in 0..self.schedule.variant.known.len() {
            let phone = format!("+{}", number(customer));
            let ours = self.people.iter().filter(|(id, person)| {
                person.phone == phone
                    && person.source == self.settings.lead_source
                    && !done.by_hand.contains(*id)
            });
            let deleted = done.deleted.iter().filter(|(whose, _)| *whose == customer).count();
            // Where only leads are looked for, somebody whose lead was converted is a stranger again.
            let is_of_leads = self.settings.module == Some(Module::Lead);
            let lost = done.converted.iter().filter(|(whose, ..)| is_of_leads && *whose == customer).count();
            let most = deleted + lost + usize::from(!done.homes.contains_key(&customer));
            let made = ours.count();
            if made > most {
                judgement.findings.people_doubled.push(format!("customer {customer} was made {made} times"));
            }
        }
        let url = "/inbox/";
        let field = self.stage.crm().own_field(LINK_FIELD);
        let [_, _, closed] = self.stage.crm().stages();
        for (id, person) in self.people.iter().filter(|(_, person)| !person.is_deleted) {
            let chosen = person.row[&field].as_str().unwrap_or_default();
            let links = person.description.matches(url).count() + chosen.matches(url).count();
            let untouched =
                done.homes.iter().find(|(customer, home)| *home == id && !done.touched.contains(customer));
            let has_entries = self.entries.iter().any(|entry| entry.on == *id);
            let least = usize::from(untouched.is_some() && has_entries && done.withdrawn.is_empty());
            if links > 1 || links < least {
                judgement.findings.misplaced.push(format!("{id} has {links} chat links"));
            }
            let reopens = self.settings.reopen == Reopen::ToDefault;
            if least > 0 && reopens && person.stage == closed {
                judgement.findings.misplaced.push(format!("{id} was written on and is not reopened"));
            }
        }
    }
}
