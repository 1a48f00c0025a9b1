//! One tally of what faults did: which fault, where, on which engine, how often, and what came of it.
//!
//! A test notes its cases here; they lie as JSON lines in `target/reliability`, one file per tally, and `table` makes
//! the tables of `docs/reliability.md` out of them.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::story::{Findings, Story, states};
use crate::{store::engine::Place, world::World};

/// The table of `docs/reliability.md` in which a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Chapter {
    /// Requests to the org and their answers.
    Requests,
    /// Tokens, and the grant behind them.
    Grant,
    /// What people change in the org meanwhile.
    Org,
    /// Our database and its disk.
    Store,
    /// Our processes and their clocks.
    Nodes,
    /// The dearest of these again with a field; under `./test --long` only.
    WithAField,
    /// Everything at once, by chance.
    Schedules,
    /// The same, as often as `./test --long` has time for.
    LongSchedules,
    /// Every fault again on Zoho CRM.
    Zoho,
    /// With one safety device switched off: here the last columns must not all be zero.
    SwitchedOff,
    /// Real processes killed; under `./test --long` only.
    Kills,
}

impl Chapter {
    /// Where a case of this chapter stands that is tried with a token in every build, and with a field more seldom.
    pub fn keyed(self, has_external_id: bool) -> Self {
        if has_external_id { Self::WithAField } else { self }
    }

    /// Does it wait for `./test --long`?
    pub fn is_long(self) -> bool {
        matches!(self, Self::WithAField | Self::LongSchedules | Self::Kills)
    }
}

/// One kind of case and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub chapter: Chapter,
    pub fault: String,
    #[serde(rename = "where")]
    pub place: String,
    pub engine: String,
    pub tried: u64,
    /// Acknowledged and not in the org, or on a record that it must not be on.
    pub lost: u64,
    /// Messages in the org twice, and people.
    pub doubled: u64,
    pub out_of_order: u64,
    /// Neither written nor held with a true reason, though the fault is over.
    pub stuck: u64,
}

impl Line {
    /// Nothing went wrong.
    pub fn is_clean(&self) -> bool {
        self.lost + self.doubled + self.out_of_order + self.stuck == 0
    }
}

/// What one test has tried.
pub struct Tally {
    chapter: Chapter,
    engine: &'static str,
    file: File,
    wrong: Vec<String>,
}

/// Where all tallies lie.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("reliability")
}

impl Tally {
    /// Begins anew. No two tests that may run at once have a name and an engine in common.
    pub fn open(name: &str, chapter: Chapter, place: &Place) -> Self {
        Self::open_on(name, chapter, place.engine())
    }

    /// The same, for an engine by its name.
    pub fn open_on(name: &str, chapter: Chapter, engine: &'static str) -> Self {
        let folder = folder();
        fs::create_dir_all(&folder).unwrap();
        let file = File::create(folder.join(format!("{name}-{engine}.jsonl"))).unwrap();
        Self { chapter, engine, file, wrong: Vec::new() }
    }

    /// So many tries of that fault at that place, and what all of them left behind.
    pub fn note(&mut self, (fault, place): (&str, &str), tried: u64, findings: &Findings, stuck: u64) {
        let count = |found: &[&Vec<String>]| found.iter().map(|found| found.len() as u64).sum();
        let line = Line {
            chapter: self.chapter,
            fault: fault.into(),
            place: place.into(),
            engine: self.engine.into(),
            tried,
            lost: count(&[&findings.missing, &findings.misplaced]),
            doubled: count(&[&findings.doubled, &findings.people_doubled]),
            out_of_order: count(&[&findings.disordered]),
            stuck,
        };
        if !line.is_clean() {
            self.wrong.push(format!("{fault} at {place}: {stuck} stuck, {findings:?}"));
        }
        writeln!(self.file, "{}", serde_json::to_string(&line).unwrap()).unwrap();
    }

    /// One try, after which everything that was told should be written.
    pub async fn judge(&mut self, case: (&str, &str), story: &Story, world: &World) {
        let (findings, stuck) = (story.findings(world).await, stuck(story, world).await);
        if stuck > 0 {
            self.wrong.push(format!("{} at {}: {:?}", case.0, case.1, states(world).await));
        }
        self.note(case, 1, &findings, stuck);
    }

    /// Fails if anything went wrong in any case.
    pub fn end(self) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
    }
}

/// How many of the messages, or of the entries where one is for several, are not written.
pub async fn stuck(story: &Story, world: &World) -> u64 {
    let states = states(world).await;
    let written = states.get(&("written".to_owned(), String::new())).copied().unwrap_or_default();
    // An entry for several messages waits for all of them; what no entry covers is missing.
    let entries = if story.is_grouped { states.values().sum() } else { i64::try_from(story.len()).unwrap() };
    u64::try_from(entries.saturating_sub(written)).unwrap_or_default()
}
