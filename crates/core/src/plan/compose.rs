//! The desired content of an entry: its messages laid out in numbered parts within the lengths that the CRM
//! reports. Nothing is ever cut silently, and a message stays in the part in which it was first written.

use std::collections::BTreeMap;

use crate::{
    plan::{key, wording},
    time::{Timestamp, Zone},
    timeline::{Content, Direction},
};

/// Everything about an entry's surroundings that its text names.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// What people call the channel.
    pub channel: &'a str,
    /// The channel account: name or number.
    pub account: &'a str,
    /// The person's name, or the address in place of one.
    pub person: &'a str,
    /// The person's address, as the CRM should show it.
    pub customer: &'a str,
    /// The member to whom the conversation is assigned.
    pub agent: Option<&'a str>,
    /// The conversation's id for people.
    pub conversation: &'a str,
    /// Where the conversation is to be read.
    pub chat_url: &'a str,
    /// The workspace's zone.
    pub zone: &'a Zone,
}

/// One message of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The item.
    pub item_id: i64,
    /// The message's id for people, with the provider's.
    pub message: String,
    /// The provider's time.
    pub at: Timestamp,
    /// From or to the customer.
    pub direction: Direction,
    /// Who wrote it.
    pub author: String,
    /// What it says now.
    pub content: Content,
    /// It was edited.
    pub is_edited: bool,
    /// Its sender deleted it.
    pub is_revoked: bool,
    /// The parts in which its pieces were written, in order; empty if it never was.
    pub parts: Vec<u32>,
}

/// Lengths that the CRM takes, in UTF-16 units (the conservative count).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    /// Of the first line.
    pub subject: usize,
    /// Of the text.
    pub body: usize,
}

/// One numbered part, fully specified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartText {
    /// Its number, from 1.
    pub part: u32,
    /// The first line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The day in the workspace's zone.
    pub date: String,
    /// First message in it.
    pub starts_at: Timestamp,
    /// Last message in it.
    pub ends_at: Timestamp,
    /// The way of its messages, if it is the same for all.
    pub direction: Option<Direction>,
    /// A digest of subject and text.
    pub hash: String,
}

/// An entry's parts, and for each item the parts that hold its pieces, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composition {
    /// The parts, in order.
    pub parts: Vec<PartText>,
    /// Item to parts.
    pub pieces: BTreeMap<i64, Vec<u32>>,
}

#[derive(Default)]
struct Draft {
    used: usize,
    blocks: Vec<String>,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    directions: Vec<Direction>,
}

/// Lays out the messages of an entry, in the given order. `is_grouped`: the entry is made for several.
pub fn compose(scene: &Scene<'_>, lines: &[Line], is_grouped: bool, lengths: Lengths) -> Composition {
    let single = if is_grouped { None } else { lines.first() };
    let foot = format!("\n\n—\n{}", wording::foot(scene, single));
    let room = lengths.body.saturating_sub(units(&foot)).max(64);
    let mut drafts: BTreeMap<u32, Draft> = BTreeMap::new();
    let mut pieces = BTreeMap::new();
    for line in lines {
        let parts = place_line(line, is_grouped, scene.zone, room, &mut drafts);
        pieces.insert(line.item_id, parts);
    }
    let count = drafts.len();
    let parts = drafts
        .into_iter()
        .map(|(part, draft)| finish(scene, single, part, count, &draft, &foot, lengths))
        .collect();
    Composition { parts, pieces }
}

/// Puts one message's text into drafts: first into the parts that already hold it, then behind everything.
fn place_line(
    line: &Line,
    is_grouped: bool,
    zone: &Zone,
    room: usize,
    drafts: &mut BTreeMap<u32, Draft>,
) -> Vec<u32> {
    let text = if line.is_revoked { wording::REVOKED.to_owned() } else { wording::content(&line.content) };
    let head = if is_grouped { format!("{}\n", wording::block_head(line, zone)) } else { String::new() };
    let mut rest: &str = &text;
    let mut written = Vec::new();
    let mut assigned = line.parts.iter().copied();
    let mut is_first = true;
    loop {
        let fixed = assigned.next();
        let part = fixed.unwrap_or_else(|| open_part(drafts, room, &head, rest));
        let draft = drafts.entry(part).or_default();
        let lead = if is_first { head.clone() } else { format!("{head}{}\n", wording::CONTINUED) };
        let gap = if draft.blocks.is_empty() { 0 } else { 2 };
        let free = room.saturating_sub(draft.used + gap + units(&lead));
        // A part always takes something, or a head as long as the field would never end.
        let free = if gap == 0 && fixed.is_none() { free.max(16) } else { free };
        let (piece, later) = split(rest, free);
        draft.add(format!("{lead}{piece}"), gap, line);
        written.push(part);
        rest = later;
        is_first = false;
        let is_complete = rest.is_empty() && assigned.len() == 0;
        if is_complete {
            return written;
        }
    }
}

/// The part for a piece that has none: the last one if the piece fits (or starts there usefully), else a new one.
fn open_part(drafts: &BTreeMap<u32, Draft>, room: usize, head: &str, rest: &str) -> u32 {
    let Some((last, draft)) = drafts.last_key_value() else { return 1 };
    let free = room.saturating_sub(draft.used + 2 + units(head) + units(wording::CONTINUED) + 1);
    if free >= units(rest) { *last } else { last + 1 }
}

impl Draft {
    fn add(&mut self, block: String, gap: usize, line: &Line) {
        self.used += gap + units(&block);
        self.blocks.push(block);
        self.first = Some(self.first.map_or(line.at, |first| first.min(line.at)));
        self.last = Some(self.last.map_or(line.at, |last| last.max(line.at)));
        self.directions.push(line.direction);
    }
}

fn finish(
    scene: &Scene<'_>,
    single: Option<&Line>,
    part: u32,
    count: usize,
    draft: &Draft,
    foot: &str,
    lengths: Lengths,
) -> PartText {
    let starts_at = draft.first.unwrap_or_default();
    let ends_at = draft.last.unwrap_or_default();
    let title = single
        .map_or_else(|| wording::subject_of_slice(scene), |line| wording::subject_of_message(scene, line));
    let number = if count > 1 || part > 1 { format!(" (part {part})") } else { String::new() };
    let tail = format!(" · {}{number}", wording::moment(starts_at, scene.zone));
    let subject = format!("{}{tail}", shorten(&title, lengths.subject.saturating_sub(units(&tail))));
    let body = format!("{}{foot}", draft.blocks.join("\n\n"));
    let same = draft.directions.windows(2).all(|pair| pair[0] == pair[1]);
    PartText {
        part,
        hash: fingerprint(&subject, &body),
        subject,
        body,
        date: wording::day(starts_at, scene.zone),
        starts_at,
        ends_at,
        direction: draft.directions.first().copied().filter(|_| same),
    }
}

/// A digest of what an entry says, blind to what a CRM may do to white space.
pub fn fingerprint(subject: &str, body: &str) -> String {
    let plain = |text: &str| {
        let lines = text.replace("\r\n", "\n");
        lines.split('\n').map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
    };
    key::content_hash(&[&plain(subject), &plain(body)])
}

/// Shortens a name for a first line with a visible mark; the whole text stands in the body.
fn shorten(text: &str, most: usize) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if units(&one_line) <= most {
        return one_line;
    }
    let (kept, _) = split(&one_line, most.saturating_sub(1));
    format!("{}…", kept.trim_end())
}

/// Length in UTF-16 units: what the strictest of our CRMs counts.
fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Splits so that the first piece has at most `most` units, at a blank or line end if one is near, and never
/// between a character and what combines with it. The first piece is empty only if nothing fits.
fn split(text: &str, most: usize) -> (&str, &str) {
    let mut used = 0;
    let mut cut = None;
    let mut blank = None;
    let mut joined = false;
    for (at, letter) in text.char_indices() {
        if !combines(letter) && !std::mem::take(&mut joined) {
            cut = Some(at);
            if letter.is_whitespace() {
                blank = Some(at + letter.len_utf8());
            }
        }
        joined |= letter == '\u{200D}';
        used += letter.len_utf16();
        if used > most {
            let hard = cut.unwrap_or(0);
            let soft = blank.filter(|soft| *soft <= hard && *soft * 4 >= hard * 3);
            return text.split_at(soft.unwrap_or(hard));
        }
    }
    (text, "")
}

/// Characters that belong to the one before: combining marks, variation selectors, joiners, skin tones.
fn combines(letter: char) -> bool {
    matches!(u32::from(letter),
        0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05BD | 0x064B..=0x065F | 0x0900..=0x0903 | 0x093A..=0x094F
        | 0x0E31 | 0x0E34..=0x0E3A | 0x0E47..=0x0E4E | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x200C..=0x200D
        | 0x20D0..=0x20FF | 0x3099..=0x309A | 0xFE00..=0xFE0F | 0xFE20..=0xFE2F | 0x1F3FB..=0x1F3FF
        | 0xE0100..=0xE01EF)
}
