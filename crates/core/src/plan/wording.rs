//! The words that go into the CRM, and the sentences that a receipt says. English; every sentence has one home.

use crate::{
    address::phone,
    lane::{HoldReason, Who},
    plan::{
        compose::{Line, Scene},
        ownership::{Because, Owner},
        text,
    },
    record::Module,
    time::{Timestamp, Zone},
    timeline::{Attachment, AttachmentKind, Content, Direction, Part},
};

/// A message as text, part by part. Never empty: a message without words says what it is.
pub fn content(content: &Content) -> String {
    let parts: Vec<String> = content.parts.iter().map(part).filter(|text| !text.is_empty()).collect();
    if parts.is_empty() { "[empty message]".into() } else { parts.join("\n") }
}

fn part(part: &Part) -> String {
    match part {
        Part::Text(text) => text.clone(),
        Part::Attachment(file) => attachment(file),
        Part::Location { latitude, longitude, name, address, url } => {
            let words = [name, address, url].into_iter().flatten().cloned();
            let place = words.chain([format!("{latitude}, {longitude}")]).collect::<Vec<_>>().join(", ");
            format!("[location: {place}]")
        }
        Part::Card { name, phones, emails } => {
            let words =
                [name.clone()].into_iter().chain(phones.iter().cloned()).chain(emails.iter().cloned());
            format!(
                "[contact card: {}]",
                words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
            )
        }
        Part::Choice { title, value } => match value {
            Some(value) if value != title => format!("[chose: {title} ({value})]"),
            _ => format!("[chose: {title}]"),
        },
        Part::Order { lines } => {
            let lines =
                lines.iter().map(|(product, quantity, price)| format!("\n{quantity} × {product} at {price}"));
            format!("[order]{}", lines.collect::<String>())
        }
        Part::Unsupported { kind, reason } => match reason {
            Some(reason) => format!("[a message of a kind the channel does not pass on: {kind} — {reason}]"),
            None => format!("[a message of a kind the channel does not pass on: {kind}]"),
        },
    }
}

fn attachment(file: &Attachment) -> String {
    let kind = match file.kind {
        AttachmentKind::Image => "image",
        AttachmentKind::Video => "video",
        AttachmentKind::Audio => "audio",
        AttachmentKind::Voice => "voice message",
        AttachmentKind::Document => "document",
        AttachmentKind::Sticker => "sticker",
    };
    match &file.name {
        Some(name) => format!("[{kind}: {name}]"),
        None => format!("[{kind}]"),
    }
}

/// What stands in place of a message that its sender deleted.
pub const REVOKED: &str = "[deleted by the sender]";

/// Date, full time and offset as people of the zone read them: `2026-01-02 14:04:05 +09:00`.
pub fn moment(at: Timestamp, zone: &Zone) -> String {
    at.in_zone(zone).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// The day in the zone: `2026-01-02`.
pub fn day(at: Timestamp, zone: &Zone) -> String {
    at.in_zone(zone).strftime("%Y-%m-%d").to_string()
}

/// The first line of an entry for one message, without its time.
pub fn subject_of_message(scene: &Scene<'_>, line: &Line) -> String {
    match line.direction {
        Direction::In => format!("{} from {}", scene.channel, line.author),
        Direction::Out => format!("{} to {}", scene.channel, scene.person),
    }
}

/// The first line of an entry for several messages, without its time.
pub fn subject_of_slice(scene: &Scene<'_>) -> String {
    format!("{} chat with {}", scene.channel, scene.person)
}

/// The line above one message within an entry for several.
pub fn block_head(line: &Line, zone: &Zone) -> String {
    let at = line.at.in_zone(zone).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let edited = if line.is_edited { " (edited)" } else { "" };
    format!("[{at}] {}{edited}:", text::shorten(&line.author, MOST_OF_A_NAME))
}

/// Longer names are shortened where they only help to find the way.
const MOST_OF_A_NAME: usize = 40;

/// The mark where a text goes on from an earlier part.
pub const CONTINUED: &str = "[continued]";

/// What stands in a part whose text became shorter, or moved on.
pub const NOTHING_MORE: &str = "[nothing more here]";

/// The lines below an entry's text (X8), each with a rank: the highest may be left out first where room is short.
pub fn foot(
    scene: &Scene<'_>,
    only: Option<&Line>,
    (starts_at, ends_at): (Timestamp, Timestamp),
    way: Option<Direction>,
    address: &str,
) -> Vec<(u8, String)> {
    let mut lines = vec![(5, format!("Channel: {} ({})", scene.channel, account_name(scene.account)))];
    if let Some(line) = only {
        lines.push((3, format!("Direction: {}", direction(line.direction))));
        lines.push((2, format!("Time: {}", moment(line.at, scene.zone))));
        if line.is_edited {
            lines.push((8, "Edited by the sender".into()));
        }
    } else {
        lines.push((3, format!("Direction: {}", way.map_or("received and sent", direction))));
        let (first, last) = (moment(starts_at, scene.zone), moment(ends_at, scene.zone));
        lines.push((2, format!("Time: {first} to {last}")));
    }
    lines.push((4, format!("Customer: {}", scene.customer)));
    if let Some(agent) = scene.agent {
        lines.push((7, format!("Agent: {agent}")));
    }
    lines.push((6, format!("Conversation: {}", scene.conversation)));
    if let Some(line) = only {
        lines.push((1, format!("Message: {}", line.message)));
    }
    // Names may be of any length; the link is of no use unless it is whole.
    let mut lines: Vec<_> =
        lines.into_iter().map(|(rank, line)| (rank, text::shorten(&line, MOST_OF_A_LINE))).collect();
    lines.push((0, format!("Chat: {address}")));
    lines
}

/// What people call a channel account: a provider tells a number without the `+` that makes it one.
pub fn account_name(display: &str) -> String {
    let is_digits = !display.is_empty() && display.bytes().all(|byte| byte.is_ascii_digit());
    // A provider's own id of an account is of digits too, but no phone number of any country.
    let number = phone::parse_international(display).e164.filter(|_| is_digits);
    number.filter(|number| number[1..] == *display).unwrap_or_else(|| display.to_owned())
}

/// The rank of the line of the foot that is left out first.
pub const LAST_RANK: u8 = 8;

/// Of a line of the foot.
const MOST_OF_A_LINE: usize = 250;

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "received",
        Direction::Out => "sent",
    }
}

/// The chat link as it stands in a description.
pub fn chat_link(channel: &str, url: &str) -> String {
    format!("{channel} chat: {url}")
}

/// The sentence for a hold, and the one action that helps.
pub fn hold(reason: HoldReason) -> (&'static str, &'static str) {
    match reason {
        HoldReason::NoRecord => (
            "nobody in the CRM matches this person and creating is switched off",
            "create the lead or contact in the CRM; what waits follows by itself within minutes",
        ),
        HoldReason::NoAddress => (
            "the person has neither a phone number nor an e-mail address to be found by",
            "ask the customer for a number, or link the contact to a record by hand",
        ),
        HoldReason::SeveralCandidates => (
            "several records match equally and no rule decides",
            "link the contact to the right record by hand",
        ),
        HoldReason::ValueRefused => (
            "the CRM refused a value",
            "correct the field's settings in the CRM or the integration, then retry",
        ),
        HoldReason::RuleRefused => {
            ("a rule of the CRM refused the record", "adapt the rule for the acting user, then retry")
        }
        HoldReason::NoPermission => {
            ("the acting user lacks a permission", "grant the permission in the CRM, then retry")
        }
        HoldReason::NoApiAccess => {
            ("the CRM does not allow API access", "switch on API access for the org and the user, then retry")
        }
        HoldReason::NoApiForUser => {
            ("the acting user may not use the CRM's API", "grant the user API access in the CRM, then retry")
        }
        HoldReason::RequiredField => (
            "the CRM demands a field that has no value",
            "give the field a value under the integration's new-record values, then retry",
        ),
        HoldReason::NoOwner => ("no active CRM user could become the owner", "choose a default owner"),
        HoldReason::RecordLocked => {
            ("the record is locked by a process of the CRM", "finish the approval in the CRM, then retry")
        }
        HoldReason::StorageFull => ("the CRM has no storage left", "free storage or buy more, then retry"),
        HoldReason::GrantLost => {
            ("the CRM no longer accepts our grant", "connect the CRM again; what waits follows by itself")
        }
        HoldReason::Disconnected => {
            ("the CRM is disconnected", "connect the CRM again; what waits follows by itself")
        }
        HoldReason::LimitReached => (
            "the CRM's API limit (or our share of it) is used up",
            "nothing: what waits follows after the reset",
        ),
        HoldReason::Unreachable => (
            "the CRM does not answer as it should",
            "nothing: it is asked again, and what waits follows by itself",
        ),
        HoldReason::Paused => {
            ("the integration is paused", "resume the integration; what waits follows by itself")
        }
        HoldReason::DeletedInCrm => (
            "somebody deleted the entry in the CRM; it is left alone",
            "ask for it to be created again, if wanted",
        ),
        HoldReason::EditedInCrm => (
            "somebody edited the entry in the CRM; it is left alone",
            "ask for it to be written again, if wanted",
        ),
        HoldReason::OtherOrg => (
            "the grant now leads to another organisation",
            "connect the organisation that this connection was made for",
        ),
        HoldReason::Unexpected => {
            ("the CRM answered in a way we do not know", "report the detail to the operator, then retry")
        }
    }
}

/// Who can act, in words.
pub fn who(who: Who) -> &'static str {
    match who {
        Who::CrmAdmin => "an administrator of the CRM",
        Who::CrmUser => "a user of the CRM",
        Who::WorkspaceAdmin => "an administrator of the workspace",
        Who::Agent => "an agent",
        Who::Operator => "the operator of the server",
        Who::Nobody => "nobody needs to",
    }
}

/// Whose a new record becomes, and why.
pub fn owner(owner: &Owner, name: &str) -> String {
    let who = if name.is_empty() { owner.user_id.as_str() } else { name };
    match owner.because {
        Because::Assignee => format!("it belongs to {who}, to whom the conversation is assigned"),
        Because::AccountOwner => format!("it belongs to {who}, who owns the channel account"),
        Because::DefaultOwner => format!("it belongs to {who}, the default owner"),
        Because::ActingUser => format!("it belongs to {who}, who connected the CRM"),
    }
}

/// What people call a module.
pub fn module(module: &Module) -> &str {
    match module {
        Module::Contact => "Contact",
        Module::Lead => "Lead",
        Module::Task => "Task",
        Module::Note => "Note",
        Module::Other(name) => name.as_str(),
    }
}
