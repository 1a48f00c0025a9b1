//! The answer to "where is this message?": a pure reading of the entry that covers it, and why it is as it is.

use serde::{Deserialize, Serialize};

use crate::{
    lane::{HoldReason, Who},
    plan::{matching::Trace, wording},
    record::RecordRef,
    time::{Timestamp, Zone},
};

/// Where a message stands with regard to one integration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is in the timeline; nothing has been decided yet.
    Received,
    /// Its record is known; it is about to be written, or waits for its window to end.
    Matched,
    /// It was sent to the CRM and the answer was lost; the CRM is asked before anything is repeated.
    Checking,
    /// It is in the CRM.
    Written,
    /// It waits, with a reason and an action.
    Held,
    /// A stated rule leaves it out.
    Skipped,
}

/// One record that holds the message (or a part of it).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenPart {
    /// The record.
    pub record: RecordRef,
    /// Where a person looks at it.
    pub url: String,
    /// The number of the part.
    pub part: u32,
    /// When it was written.
    pub at: Timestamp,
}

/// Why a message waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The reason, as a word that programs can rely on.
    pub reason: HoldReason,
    /// The reason in a sentence.
    pub because: String,
    /// The CRM's words, or more of ours.
    pub detail: String,
    /// Who can act.
    pub who: Who,
    /// What they can do.
    pub action: String,
    /// When it is tried again by itself, if it is.
    pub until: Option<Timestamp>,
}

/// How a message stands with regard to one integration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The integration.
    pub integration: String,
    /// What people call the CRM.
    pub crm: String,
    /// The state.
    pub state: State,
    /// The state in a sentence.
    pub sentence: String,
    /// The record of the person.
    pub person: Option<RecordRef>,
    /// Where a person looks at it.
    pub person_url: Option<String>,
    /// Why this record.
    pub trace: Option<Trace>,
    /// The records that hold the message.
    pub written: Vec<WrittenPart>,
    /// Why it waits.
    pub held: Option<Held>,
    /// When it will be written, if it waits for its window or for a repeat.
    pub due_at: Option<Timestamp>,
    /// Why it was put together with others although that was not chosen.
    pub grouped_because: Option<String>,
    /// Requests that tried to write it.
    pub attempts: Vec<Attempt>,
}

/// One recorded try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When the request left.
    pub sent_at: Timestamp,
    /// The revision it carried.
    pub revision: i64,
    /// `create` or `change`.
    pub action: String,
    /// What its answer meant; `None` while none has come.
    pub verdict: Option<String>,
    /// More words.
    pub detail: Option<String>,
}

/// The receipt of one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The message's id.
    pub message: String,
    /// The provider's id.
    pub provider_id: String,
    /// The conversation's id.
    pub conversation: String,
    /// Where it is read.
    pub chat_url: String,
    /// The channel's title.
    pub channel: String,
    /// `in` or `out`.
    pub direction: String,
    /// The provider's time.
    pub at: Timestamp,
    /// When we had it on disk.
    pub received_at: Timestamp,
    /// How far it has come on its channel, if it is an outgoing one.
    pub channel_state: Option<String>,
    /// How it stands with each integration; empty when there is none.
    pub deliveries: Vec<Delivery>,
}

/// What the store knows of an entry and what stands above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The entry's own state.
    pub entry: EntryFacts,
    /// The link of the person.
    pub person: Option<RecordRef>,
    /// A reason that stops the whole connection, with more words.
    pub connection_hold: Option<(HoldReason, Who, String, Option<Timestamp>)>,
    /// The integration is paused.
    pub is_paused: bool,
    /// A part was sent and its answer was lost.
    pub is_unknown: bool,
}

/// The state of an entry as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryFacts {
    /// To be written, not before this.
    Due(Timestamp),
    /// In step.
    Written,
    /// Held.
    Held(HoldReason, Who, String),
    /// Left out by a rule, in words.
    Skipped(String),
}

/// State, sentence and hold of a delivery.
pub fn judge(facts: &Facts, has_record: bool, zone: &Zone) -> (State, String, Option<Held>) {
    match &facts.entry {
        EntryFacts::Skipped(rule) => (State::Skipped, format!("left out: {rule}"), None),
        EntryFacts::Written => (State::Written, "written".into(), None),
        EntryFacts::Held(reason, who, detail) => held(*reason, *who, detail, None),
        EntryFacts::Due(at) => {
            if let Some((reason, who, detail, until)) = &facts.connection_hold {
                return held(*reason, *who, detail, *until);
            }
            if facts.is_paused {
                return held(HoldReason::Paused, Who::WorkspaceAdmin, "", None);
            }
            if facts.is_unknown {
                let next = wording::moment(*at, zone);
                let said = format!("sent, and the answer was lost; the CRM is asked again at {next}");
                return (State::Checking, said, None);
            }
            if has_record {
                return (State::Written, "written; a change follows".into(), None);
            }
            match facts.person {
                Some(_) => (State::Matched, format!("to be written at {}", wording::moment(*at, zone)), None),
                None => (State::Received, "received; its record is being looked for".into(), None),
            }
        }
    }
}

fn held(
    reason: HoldReason,
    who: Who,
    detail: &str,
    until: Option<Timestamp>,
) -> (State, String, Option<Held>) {
    let (because, action) = wording::hold(reason);
    let sentence = if detail.is_empty() { because.to_owned() } else { format!("{because}: {detail}") };
    let held = Held {
        reason,
        because: because.to_owned(),
        detail: detail.to_owned(),
        who,
        action: action.to_owned(),
        until,
    };
    (State::Held, sentence, Some(held))
}

#[cfg(test)]
mod tests;
