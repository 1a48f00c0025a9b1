//! What a channel says happened: the total translation of one raw request into events.
//!
//! A channel never drops anything: what it cannot read becomes [`Poison`] (shown, kept, its siblings go on),
//! and what it can read but does not know becomes a message with a [`Part::Unsupported`] or a [`Event::Notice`].

use serde::{Deserialize, Serialize};

use crate::{address::Address, time::Timestamp};

/// Everything one raw request said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parsed {
    /// What happened, in the order of the payload.
    pub events: Vec<Inbound>,
    /// Parts that could not be read.
    pub poison: Vec<Poison>,
}

/// A part of a request that could not be read; its siblings are not affected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poison {
    /// Where it stands: `entry[0].changes[2].value.messages[1]`.
    pub path: String,
    /// What was wrong with it.
    pub reason: String,
    /// The part itself, as text.
    pub raw: String,
}

/// One thing that happened on a channel account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    /// The provider's id of the channel account (WhatsApp: `phone_number_id`).
    pub account: String,
    /// What people call the account (WhatsApp: the display number), if the event says.
    pub account_display: Option<String>,
    /// The provider's time of the event; `None` when it gave none (then arrival counts).
    pub at: Option<Timestamp>,
    /// The place of the event in its payload, counted through the whole request.
    pub position: u32,
    /// In which thread it happened.
    pub chat: Chat,
    /// What happened.
    pub event: Event,
}

/// The thread that an event belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chat {
    /// One customer.
    Person(Party),
    /// A group; `author` is the participant who acted, if the event says.
    Group {
        /// The provider's id of the group.
        id: String,
        /// Its subject, if the event says.
        subject: Option<String>,
        /// Who acted.
        author: Option<Party>,
    },
    /// No thread: the event names its target message, or concerns the account.
    Account,
}

/// A person on the other side: every address by which the event names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Phone, e-mail, the channel's own ids; never empty for a person.
    pub addresses: Vec<Address>,
    /// The name that the person chose.
    pub name: Option<String>,
    /// A user name for display; changeable, not an identity.
    pub username: Option<String>,
}

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the customer.
    In,
    /// To the customer.
    Out,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A message was sent or received.
    Message(Message),
    /// A message has new content.
    Edit {
        /// The edit's own id, by which a repeat is recognised.
        id: String,
        /// The provider's id of the edited message.
        target: String,
        /// What it says now.
        content: Content,
    },
    /// A message was deleted for everyone.
    Revoke {
        /// The revoke's own id.
        id: String,
        /// The provider's id of the deleted message.
        target: String,
    },
    /// Somebody reacted to a message; no emoji takes the reaction away.
    Reaction {
        /// The reaction's own id.
        id: String,
        /// The provider's id of the message.
        target: String,
        /// The reaction, or its removal.
        emoji: Option<String>,
        /// Which side reacted.
        direction: Direction,
    },
    /// How far an outgoing message has come.
    Status {
        /// The provider's id of the message.
        target: String,
        /// How far.
        delivery: Delivery,
        /// Whose copy, in a group.
        participant: Option<String>,
        /// Why it failed, in the provider's words.
        error: Option<String>,
    },
    /// The person of the thread is from now on (also) reached by these addresses.
    NewAddresses {
        /// The event's own id.
        id: String,
        /// The new addresses; those of the thread stay as history.
        addresses: Vec<Address>,
        /// What the provider said about it.
        text: String,
    },
    /// Anything else that is worth keeping and showing: identity changes, group affairs, account notices, kinds
    /// that we do not know.
    Notice {
        /// An id by which a repeat is recognised, if the provider gives one.
        id: Option<String>,
        /// The provider's word for it.
        kind: String,
        /// What a person may read.
        text: String,
    },
}

/// How far an outgoing message has come: a lattice, in rising order. `Failed` gives way to a later `Delivered`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Accepted by the provider.
    Sent,
    /// Refused on the way.
    Failed,
    /// On the person's device.
    Delivered,
    /// Seen.
    Read,
    /// Heard (voice).
    Played,
}

impl Delivery {
    /// The state after `next` was reported: never backward, whatever the order of arrival.
    #[must_use]
    pub fn join(self, next: Self) -> Self {
        self.max(next)
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The provider's id, by which a repeat is recognised.
    pub id: String,
    /// From or to the customer.
    pub direction: Direction,
    /// What it says.
    pub content: Content,
    /// The provider's id of the message it answers.
    pub reply_to: Option<String>,
    /// It was passed on from another chat.
    pub is_forwarded: bool,
    /// It is from before the account was connected: shown, never synced by itself.
    pub is_history: bool,
    /// The advertisement or page that led the customer here.
    pub referral: Option<Referral>,
}

/// The way by which a customer came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// The page or advertisement.
    pub url: Option<String>,
    /// The provider's id of it.
    pub id: Option<String>,
    /// Its headline.
    pub headline: Option<String>,
}

/// What a message says, as parts in the order in which a person reads them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The parts.
    pub parts: Vec<Part>,
}

/// One part of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Text, or the caption of the attachment before it. Free of U+0000.
    Text(String),
    /// A file, fetched later; a message never waits for it.
    Attachment(Attachment),
    /// A place.
    Location {
        /// Degrees north, as the provider wrote them.
        latitude: String,
        /// Degrees east, as the provider wrote them.
        longitude: String,
        /// What the place is called.
        name: Option<String>,
        /// Where it is.
        address: Option<String>,
        /// A page about it.
        url: Option<String>,
    },
    /// Somebody's visiting card. A third party: never merged into the sender.
    Card {
        /// The name on it.
        name: String,
        /// Numbers as written.
        phones: Vec<String>,
        /// Addresses as written.
        emails: Vec<String>,
    },
    /// A button or list entry that the customer chose, or a form that they filled in.
    Choice {
        /// What they saw.
        title: String,
        /// What stands behind it.
        value: Option<String>,
    },
    /// An order from a catalogue.
    Order {
        /// Lines as (product, quantity, price with currency).
        lines: Vec<(String, String, String)>,
    },
    /// A kind that the channel does not carry; kept and shown as such.
    Unsupported {
        /// The provider's word for it.
        kind: String,
        /// The provider's explanation.
        reason: Option<String>,
    },
}

/// A file that belongs to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What sort of file.
    pub kind: AttachmentKind,
    /// The provider's id, by which it is fetched.
    pub id: Option<String>,
    /// The declared media type, with parameters; not to be trusted.
    pub media_type: Option<String>,
    /// The declared name; not to be trusted.
    pub name: Option<String>,
    /// The declared digest, as written.
    pub sha256: Option<String>,
    /// A direct address, if given; needs the channel's credentials and expires.
    pub url: Option<String>,
}

/// Sorts of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentKind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A sound file.
    Audio,
    /// A sound that was recorded in the chat.
    Voice,
    /// Any document.
    Document,
    /// A sticker.
    Sticker,
}
