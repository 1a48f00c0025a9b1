//! Integrations: which CRMs there are, what is connected, and how it stands.

mod calls;
mod card;
mod catalogue;
mod connect;
mod connection;
mod panel;

pub use calls::{Calls, Chosen};
pub use catalogue::{Catalogue, Offer, catalogue, connections};
pub use connect::{Connect, Opened, connect, connect_part, opened, opened_part};
pub use connection::{Actions, connection, connection_parts, disconnecting};
pub use panel::{PanelPage, panel};

use causeway_core::{governor::Purpose, time::Timestamp};

use crate::{Words, args, part::Tone};

/// A connection as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Its id, as addresses have it.
    pub id: String,
    /// The CRM's word and title.
    pub crm: (String, String),
    /// The organisation's name, once known; its id until then.
    pub org: String,
    /// The organisation's id.
    pub org_id: String,
    /// A copy for testing? Told by the org, once known; else by where somebody logged in.
    pub is_sandbox: bool,
    /// The host that grants come from.
    pub host: String,
    /// How it stands.
    pub state: Standing,
    /// Why it stands so, in the CRM's words.
    pub detail: String,
    /// In whose name we act there.
    pub user: Option<String>,
    /// Who connected it (if they are still here), and when.
    pub made: (Option<String>, Timestamp),
    /// What uses it.
    pub uses: Vec<Use>,
    /// Something is synchronised by it, or is being set up to be.
    pub has_sync: bool,
    /// Calls of the org's limit that are used, and the limit.
    pub usage: Option<(u64, u64)>,
    /// Our calls to the org today, by purpose.
    pub calls: Vec<(Purpose, u64)>,
    /// What is missing in the org: what, what to do about it, whether nothing works without it.
    pub missing: Vec<(String, String, bool)>,
    /// What the grant does not allow, by the CRM's names.
    pub scopes: Vec<String>,
    /// Grants of the same user that we hold, and how many the CRM lets live, where it comes to that.
    pub grants: Option<(u64, u64)>,
    /// It rests until then.
    pub rests: Option<Timestamp>,
}

/// How a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It works.
    Connected,
    /// The CRM refuses the grant.
    Lost,
    /// The grant leads to another organisation.
    OtherOrg,
    /// Somebody disconnected it.
    Disconnected,
}

impl Standing {
    fn key(self) -> &'static str {
        match self {
            Self::Connected => "standing-connected",
            Self::Lost => "standing-lost",
            Self::OtherOrg => "standing-other-org",
            Self::Disconnected => "standing-disconnected",
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Connected => Tone::Good,
            Self::Lost | Self::OtherOrg => Tone::Bad,
            Self::Disconnected => Tone::Plain,
        }
    }

    fn label(self, words: &Words) -> String {
        // words: standing-*
        words.say(self.key())
    }
}

/// Something that uses a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// What it is called.
    pub name: String,
    /// It synchronises; otherwise it only shows.
    pub is_sync: bool,
    /// Where it is set up, for those who may.
    pub address: Option<String>,
    /// Whether it works.
    pub state: Working,
    /// Somebody began to change it.
    pub has_draft: bool,
}

/// Whether a use of a connection works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Working {
    /// It is being set up.
    Draft,
    /// It works.
    Active,
    /// It is paused.
    Paused,
}

impl Working {
    /// The colour of its badge.
    pub fn tone(self) -> Tone {
        match self {
            Self::Draft => Tone::Busy,
            Self::Active => Tone::Good,
            Self::Paused => Tone::Warning,
        }
    }

    /// Its word.
    pub fn label(self, words: &Words) -> String {
        words.say(match self {
            Self::Draft => "working-draft",
            Self::Active => "working-active",
            Self::Paused => "working-paused",
        })
    }
}

/// That one user's grants are more than the CRM lets live: a number, and nobody's name (R1.13). `grants`: how many we
/// hold, and how many live.
pub fn grants_warning(words: &Words, crm: &str, user: &str, grants: (u64, u64)) -> String {
    words.with("grants-many", args!["crm" => crm, "user" => user, "used" => grants.0, "most" => grants.1])
}
