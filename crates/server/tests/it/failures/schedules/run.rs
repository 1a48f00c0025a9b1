//! Many schedules, what became of them, and one that failed told so that it can be understood.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use causeway::app::Safety;

use super::{
    draw::{draw, faults},
    judge::Judgement,
    liar::Lie,
    play::{Played, play, play_before},
    script::Schedule,
    stage::Arena,
};
use crate::{
    failures::{
        story::Findings,
        tally::{Chapter, Tally},
    },
    world::crm::Crm,
};

/// Schedules that are played with a safety device switched off: the first of those that are played with all on, until so
/// many have gone wrong.
const MOST: u64 = 200;
const ENOUGH: u64 = 3;

/// What happens within schedules beside what goes wrong in the org, in the words in which it is counted.
const HAPPENS: [&str; 20] = [
    "a process dies at a request",
    "a process dies between two steps",
    "a node stands still at a request",
    "two nodes at once",
    "a node's clock jumps",
    "a table cannot be reached",
    "a webhook comes twice",
    "a webhook comes late",
    "settings are changed",
    "a record is made by hand",
    "a lead is converted",
    "two records are merged",
    "a person's record is deleted",
    "an entry is edited",
    "an entry is deleted",
    "a right is withdrawn",
    "the owner is deactivated",
    "every session ends",
    "the grant is revoked",
    "others use the limit up",
];

/// What schedules came to.
#[derive(Default)]
struct Sum {
    schedules: u64,
    findings: Findings,
    stuck: u64,
    counts: BTreeMap<String, u64>,
}

impl Sum {
    fn add(&mut self, played: Played) {
        self.schedules += 1;
        self.stuck += played.judgement.stuck.len() as u64;
        let (ours, theirs) = (&mut self.findings, played.judgement.findings);
        ours.missing.extend(theirs.missing);
        ours.doubled.extend(theirs.doubled);
        ours.disordered.extend(theirs.disordered);
        ours.misplaced.extend(theirs.misplaced);
        ours.people_doubled.extend(theirs.people_doubled);
        for (what, times) in played.counts {
            *self.counts.entry(what).or_default() += times;
        }
    }

    /// Notes everything in the tally: a line for all, and how often each thing happened within them.
    fn note(&self, tally: &mut Tally, crm: &dyn Crm) {
        let (whole, within) = match crm.name() {
            "zoho" => ("whole schedules, Zoho CRM", "within them, Zoho CRM"),
            _ => ("whole schedules", "within them"),
        };
        tally.note(("everything at once", whole), self.schedules, &self.findings, self.stuck);
        let faults: BTreeSet<String> = faults(crm).iter().map(|kind| format!("org: {kind}")).collect();
        for what in faults.iter().map(String::as_str).chain(HAPPENS) {
            let times = self.counts.get(what).copied().unwrap_or_default();
            tally.note((what, within), times, &Findings::default(), 0);
        }
    }
}

/// Plays the schedules of these seeds; fails with the story of the first that goes wrong, and the seeds of all.
pub async fn play_all(name: &str, arena: &mut Arena, seeds: Range<u64>) {
    let chapter = if name.starts_with("long") { Chapter::LongSchedules } else { Chapter::Schedules };
    let (name, crm) = (format!("{name}-{}", arena.crm.name()), arena.crm);
    let mut tally = Tally::open(&name, chapter, &arena.place().await);
    let mut sum = Sum::default();
    let mut wrong: Vec<(Schedule, Judgement)> = Vec::new();
    for seed in seeds {
        let schedule = draw(seed, crm);
        let played = play(arena, &schedule, Safety::default(), false).await;
        if !played.judgement.is_clean() {
            let Judgement { findings, stuck } = &played.judgement;
            eprintln!("seed {seed}: {findings:?} {stuck:?}");
            wrong.push((schedule, played.judgement.clone()));
        }
        sum.add(played);
    }
    sum.note(&mut tally, crm);
    let Some((schedule, judgement)) = wrong.first() else { return tally.end() };
    let seeds: Vec<u64> = wrong.iter().map(|(schedule, _)| schedule.seed).collect();
    panic!(
        "{} of {} schedules go wrong: seeds {seeds:?}.\n{judgement:#?}\nTold by\n    CAUSEWAY_TEST_SEED={} cargo test -p \
         causeway --test it failures::schedules::{}one -- --nocapture",
        wrong.len(),
        sum.schedules,
        schedule.seed,
        if crm.name() == "zoho" { "zoho::" } else { "" },
    );
}

/// Plays one schedule, leaves out what is not needed for it to go wrong, and tells the rest.
pub async fn tell_one(arena: &mut Arena, seed: u64) {
    let whole = draw(seed, arena.crm);
    let mut schedule = whole.clone();
    if !play(arena, &whole, Safety::default(), false).await.judgement.is_clean() {
        schedule = shorten(arena, whole).await;
    }
    let played = play(arena, &schedule, Safety::default(), true).await;
    println!("seed {seed}: {:#?}", schedule.variant);
    for line in &played.diary {
        println!("{line}");
    }
    assert!(played.judgement.is_clean(), "{:#?}", played.judgement);
}

/// The same schedule without the steps that do not matter: as many as possible at once, then one by one.
async fn shorten(arena: &mut Arena, mut schedule: Schedule) -> Schedule {
    let mut width = schedule.steps.len() / 2;
    while width > 0 {
        let mut place = 0;
        while place < schedule.steps.len() {
            let mut shorter = schedule.clone();
            shorter.steps.drain(place..(place + width).min(schedule.steps.len()));
            if play(arena, &shorter, Safety::default(), false).await.judgement.is_clean() {
                place += width;
            } else {
                schedule = shorter;
            }
        }
        width /= 2;
    }
    schedule
}

/// How much of what is to be noticed was found: of what the org holds, and of what is stuck or held untruly.
pub type Noticed = fn(&Findings, usize) -> usize;

/// A safety device that is switched off, or something that is falsified.
pub struct Switched {
    pub what: &'static str,
    pub safety: Safety,
    pub lie: Option<Lie>,
    pub noticed: Noticed,
}

/// Schedules with one safety device switched off report what it is there for; those very schedules report nothing with all
/// of them on.
pub async fn compare(arena: &mut Arena, switched: Switched) {
    let name = format!("switched-off-{}", switched.what.replace([' ', '"', '\''], "-"));
    let mut tally = Tally::open(&name, Chapter::SwitchedOff, &arena.place().await);
    let (mut on, mut off) = (Sum::default(), Sum::default());
    for seed in 0..MOST {
        if on.schedules == ENOUGH {
            break;
        }
        let schedule = draw(seed, arena.crm);
        let played = Box::pin(play_before(arena, &schedule, (switched.safety, switched.lie), false)).await;
        if !played.judgement.is_clean() {
            on.add(play(arena, &schedule, Safety::default(), false).await);
        }
        off.add(played);
    }
    assert_eq!((&on.findings, on.stuck), (&Findings::default(), 0), "with all safety devices on");
    let stuck = usize::try_from(off.stuck).unwrap();
    assert!((switched.noticed)(&off.findings, stuck) > 0, "{}, and nobody notices", switched.what);
    tally.note((switched.what, "schedules by chance"), off.schedules, &off.findings, off.stuck);
}
