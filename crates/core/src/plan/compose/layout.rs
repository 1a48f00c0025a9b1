//! Which piece of which message stands in which part.
//!
//! First every part is given back to the messages that were written in it; where an edit made one too long, those that
//! were not edited keep their room, and the rest of the long one goes behind everything. Then come the messages that
//! were never written. Laying out once more with the outcome changes nothing.

use std::collections::BTreeMap;

use super::Line;
use crate::{
    plan::{
        text::{split, split_some, units},
        wording,
    },
    time::{Timestamp, Zone},
    timeline::Direction,
};

/// Between two messages in a part.
const GAP: &str = "\n\n";

/// A piece shorter than this is not worth a head, unless it is all there is.
const LEAST_PIECE: usize = 16;

/// One part on its way.
pub(super) struct Draft {
    used: usize,
    /// The pieces by the place of their messages.
    blocks: BTreeMap<usize, String>,
    directions: Vec<Direction>,
    /// A message goes on in a later part: what comes behind must not take its room.
    is_cut: bool,
    /// First and last message.
    pub(super) span: (Timestamp, Timestamp),
}

impl Draft {
    fn of(line: &Line) -> Self {
        let span = (line.at, line.at);
        Self { used: 0, blocks: BTreeMap::new(), directions: Vec::new(), is_cut: false, span }
    }

    fn note(&mut self, line: &Line) {
        self.span = (self.span.0.min(line.at), self.span.1.max(line.at));
        self.directions.push(line.direction);
    }

    fn free(&self, room: usize) -> usize {
        let gap = if self.blocks.is_empty() { 0 } else { GAP.len() };
        room.saturating_sub(self.used + gap)
    }

    fn add(&mut self, place: usize, block: String) {
        let gap = if self.blocks.is_empty() { 0 } else { GAP.len() };
        self.used += gap + units(&block);
        self.blocks.insert(place, block);
    }

    /// The text of the part.
    pub(super) fn text(&self) -> String {
        if self.blocks.is_empty() {
            return wording::NOTHING_MORE.to_owned();
        }
        self.blocks.values().map(String::as_str).collect::<Vec<_>>().join(GAP)
    }

    /// The way of its messages, if it is the same for all.
    pub(super) fn direction(&self) -> Option<Direction> {
        let first = self.directions.first().copied();
        first.filter(|first| self.directions.iter().all(|direction| direction == first))
    }
}

/// A message on its way into parts.
struct Flow<'a> {
    line: &'a Line,
    place: usize,
    head: String,
    rest: &'a str,
    is_begun: bool,
    parts: Vec<u32>,
}

impl Flow<'_> {
    fn is_done(&self) -> bool {
        self.is_begun && self.rest.is_empty()
    }

    /// What stands above the next piece: nothing that would fill half a part.
    fn lead(&self, room: usize) -> String {
        let mark = if self.is_begun { format!("{}\n", wording::CONTINUED) } else { String::new() };
        let lead = format!("{}{mark}", self.head);
        if units(&lead) * 2 > room { String::new() } else { lead }
    }

    /// Puts as much as fits into a part; nothing if that would be too little to read.
    fn fill(&mut self, draft: &mut Draft, room: usize) {
        if self.is_done() {
            return;
        }
        let lead = self.lead(room);
        let free = draft.free(room).saturating_sub(units(&lead));
        let (piece, rest) =
            if draft.blocks.is_empty() { split_some(self.rest, free) } else { split(self.rest, free) };
        let is_enough = rest.is_empty() || units(piece) >= LEAST_PIECE || draft.blocks.is_empty();
        if is_enough && (!piece.is_empty() || free > 0) {
            draft.add(self.place, format!("{lead}{piece}"));
            draft.is_cut |= !rest.is_empty();
            self.rest = rest;
            self.is_begun = true;
        }
    }

    fn fits(&self, draft: &Draft, room: usize) -> bool {
        !draft.is_cut && units(&self.lead(room)) + units(self.rest) <= draft.free(room)
    }
}

/// Lays out the messages: the parts by number, and for each message the parts that hold it.
pub(super) fn lay_out(
    lines: &[Line],
    is_grouped: bool,
    zone: &Zone,
    room: usize,
) -> (BTreeMap<u32, Draft>, BTreeMap<i64, Vec<u32>>) {
    let texts: Vec<String> = lines.iter().map(text).collect();
    let mut flows: Vec<Flow<'_>> = lines
        .iter()
        .zip(&texts)
        .enumerate()
        .map(|(place, (line, text))| Flow {
            line,
            place,
            head: if is_grouped { format!("{}\n", wording::block_head(line, zone)) } else { String::new() },
            rest: text,
            is_begun: false,
            parts: line.parts.clone(),
        })
        .collect();
    let mut drafts = give_back(&mut flows, room);
    for flow in &mut flows {
        append(flow, room, &mut drafts);
    }
    (drafts, flows.into_iter().map(|flow| (flow.line.item_id, flow.parts)).collect())
}

fn text(line: &Line) -> String {
    if line.is_revoked { wording::REVOKED.to_owned() } else { wording::content(&line.content) }
}

/// Fills the parts that were written before, each with the messages that it held.
fn give_back(flows: &mut [Flow<'_>], room: usize) -> BTreeMap<u32, Draft> {
    let mut drafts: BTreeMap<u32, Draft> = BTreeMap::new();
    for flow in flows.iter() {
        for part in &flow.parts {
            drafts.entry(*part).or_insert_with(|| Draft::of(flow.line)).note(flow.line);
        }
    }
    for (part, draft) in &mut drafts {
        let mut here: Vec<&mut Flow<'_>> =
            flows.iter_mut().filter(|flow| flow.parts.contains(part) && !flow.is_done()).collect();
        here.sort_by_key(|flow| (flow.line.is_edited, units(flow.rest), flow.place));
        for flow in here {
            flow.fill(draft, room);
        }
    }
    drafts
}

/// Puts what has no place yet behind everything: into the last part if all of it fits there, else into new ones.
fn append(flow: &mut Flow<'_>, room: usize, drafts: &mut BTreeMap<u32, Draft>) {
    while !flow.is_done() {
        let last = drafts.last_key_value();
        let part = match last {
            Some((last, draft)) if flow.fits(draft, room) && !flow.parts.contains(last) => *last,
            last => last.map_or(1, |(last, _)| last + 1),
        };
        let draft = drafts.entry(part).or_insert_with(|| Draft::of(flow.line));
        draft.note(flow.line);
        flow.fill(draft, room);
        flow.parts.push(part);
    }
}
