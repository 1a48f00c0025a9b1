//! The desired content of an entry: its messages laid out in numbered parts within the lengths that the CRM
//! reports. Nothing is ever cut silently, and a message stays in the part in which it was first written (`layout`).

mod layout;
pub mod title;

use std::collections::BTreeMap;

use self::layout::Draft;
use crate::{
    plan::{
        key,
        text::{shorten, units},
        wording,
    },
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
    /// The template of the first line of an entry for several messages; empty for the usual one.
    pub title: &'a str,
    /// The entry's key, where its text has to carry it: in the address of the conversation.
    pub key: Option<&'a str>,
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

/// Least room for text in a part, whatever its foot says.
const LEAST_ROOM: usize = 32;

/// Lays out the messages of an entry, in the given order. `is_grouped`: the entry is made for several.
pub fn compose(scene: &Scene<'_>, lines: &[Line], is_grouped: bool, lengths: Lengths) -> Composition {
    let single = if is_grouped { None } else { lines.first() };
    let foot = Foot::of(scene, single, lengths.body / 2);
    let room = lengths.body.saturating_sub(foot.most).max(LEAST_ROOM);
    let (drafts, pieces) = layout::lay_out(lines, is_grouped, scene.zone, room);
    let count = drafts.len();
    let parts =
        drafts.into_iter().map(|(part, draft)| finish(&foot, (part, count), &draft, lengths)).collect();
    Composition { parts, pieces }
}

fn finish(foot: &Foot<'_>, (part, count): (u32, usize), draft: &Draft, lengths: Lengths) -> PartText {
    let (scene, (starts_at, ends_at)) = (foot.scene, draft.span);
    let number = if count > 1 || part > 1 { format!(" (part {part})") } else { String::new() };
    let subject = match foot.single {
        Some(line) => {
            timed(&wording::subject_of_message(scene, line), starts_at, scene, &number, lengths.subject)
        }
        None => first_line(scene, starts_at, &number, lengths.subject),
    };
    let direction = draft.direction();
    let body = format!("{}{}", draft.text(), foot.text(part, draft.span, direction));
    PartText {
        part,
        hash: fingerprint(&subject, &body),
        subject,
        body,
        date: wording::day(starts_at, scene.zone),
        starts_at,
        ends_at,
        direction,
    }
}

/// The first line of an entry for several messages that begins then, as the template or the habit has it (R4.44).
/// `number` stands at its end; the whole keeps within `room`.
pub fn first_line(scene: &Scene<'_>, at: Timestamp, number: &str, room: usize) -> String {
    if scene.title.is_empty() {
        return timed(&wording::subject_of_slice(scene), at, scene, number, room);
    }
    format!("{}{number}", title::fill(scene, at, room.saturating_sub(units(number))))
}

/// A title with its time and number behind it.
fn timed(title: &str, at: Timestamp, scene: &Scene<'_>, number: &str, room: usize) -> String {
    let tail = format!(" · {}{number}", wording::moment(at, scene.zone));
    format!("{}{tail}", shorten(title, room.saturating_sub(units(&tail))))
}

/// What stands below every part's text. Where the body is short, the lines that matter least are left out; they stand
/// in the conversation.
struct Foot<'a> {
    scene: &'a Scene<'a>,
    single: Option<&'a Line>,
    /// Lines above this rank are left out.
    highest_rank: u8,
    /// Its greatest length; times and directions vary by part.
    most: usize,
}

impl<'a> Foot<'a> {
    fn of(scene: &'a Scene<'a>, single: Option<&'a Line>, most: usize) -> Self {
        let now = single.map_or_else(Timestamp::default, |line| line.at);
        let mut foot = Self { scene, single, highest_rank: u8::MAX, most: usize::MAX };
        for highest_rank in (0..=wording::LAST_RANK).rev() {
            foot.highest_rank = highest_rank;
            foot.most = units(&foot.text(1, (now, now), None));
            if foot.most <= most {
                return foot;
            }
        }
        Self { most: 0, single, scene, highest_rank: 0 }
    }

    fn text(&self, part: u32, span: (Timestamp, Timestamp), direction: Option<Direction>) -> String {
        let address = self.address(part);
        if self.most == 0 {
            // What recognises the text again is never left out.
            return if self.scene.key.is_some() { format!("\n\n{address}") } else { String::new() };
        }
        let lines = wording::foot(self.scene, self.single, span, direction, &address).into_iter();
        let kept = lines.filter(|(rank, _)| *rank <= self.highest_rank);
        let lines: Vec<String> = kept.map(|(_, line)| line).collect();
        format!("\n\n—\n{}", lines.join("\n"))
    }
}

impl Foot<'_> {
    /// Where the conversation is read. Where no field takes the entry's key, the address carries it.
    fn address(&self, part: u32) -> String {
        let url = self.scene.chat_url;
        self.scene.key.map_or_else(|| url.to_owned(), |entry| format!("{url}#{}", key::part_key(entry, part)))
    }
}

/// A digest of what an entry says, blind to what a CRM may do to white space: blanks at the ends of lines and around
/// the whole, and the way in which lines end.
pub fn fingerprint(subject: &str, body: &str) -> String {
    let plain = |text: &str| {
        let lines = text.replace("\r\n", "\n");
        lines.split('\n').map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
    };
    key::content_hash(&[&plain(subject), &plain(body)])
}
