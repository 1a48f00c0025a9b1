//! The words in which a schedule is written: what is the case, and what happens one after the other.

use causeway_core::plan::settings::{ChatSync, Create, Reopen, Shape};
use serde_json::{Map, Value};

use crate::{failures::trap::Side, world::crm::Asking};

/// Customers of one schedule.
pub const CUSTOMERS: usize = 4;

/// What is the case from the beginning.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is the case or not, whatever the others are")]
pub struct Variant {
    /// The org has an external-id field for our keys.
    pub has_field: bool,
    pub zone: &'static str,
    /// Seconds since the epoch when it begins.
    pub starts_at: i64,
    pub settings: ChatSync,
    /// Each refresh hands out a new refresh token.
    pub rotates: bool,
    /// How long an access token lives.
    pub session_seconds: i64,
    /// How long a new record stays out of search.
    pub search_delay: i64,
    /// Switches of the org that its CRM alone has.
    pub switches: Map<String, Value>,
    /// Clocks of nodes may be wrong.
    pub has_skew: bool,
    /// Nodes may stand still for longer than their leases last.
    pub is_slow: bool,
    /// As what the org knows each customer.
    pub known: [Known; CUSTOMERS],
    /// Which node goes on when the faults have stopped.
    pub survivor: usize,
}

impl Variant {
    /// How much later a request that was cut may still come true, in seconds. The product promises ten minutes; a clock
    /// that is wrong by so much, or a sender that stood still, takes its part of them.
    pub fn latest(&self) -> i64 {
        if self.has_skew || self.is_slow { 400 } else { 590 }
    }
}

/// What an org has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Contact,
    Lead,
    Entry,
}

/// As what the org knows a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Nobody,
    Contact,
    OpenLead,
    ClosedLead,
    ContactAndLead,
    TwoContacts,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Step {
    /// People write. The provider tells it in one request, at once or later.
    Tell { sayings: Vec<Saying>, is_late: bool, is_one_second: bool },
    /// The provider tells something again.
    Repeat(usize),
    /// Something that is late comes.
    Deliver(usize),
    /// Seconds pass.
    Wait(i64),
    /// From now on a node's clock is wrong by so many seconds.
    Skew { node: usize, seconds: i64 },
    /// A node reads what was kept, or works on the lane.
    Act { node: usize, act: Act, end: End },
    /// Both nodes do it at once, where that can be; else one after the other.
    Both(Act),
    /// A node stands still at a request of its pass while other things happen.
    Meanwhile { node: usize, request: usize, side: Side, steps: Vec<Step> },
    /// Something goes wrong in the org from here on.
    Fault(Trouble),
    /// Somebody does something in the org.
    Hand(Hand),
    /// An administrator changes the settings.
    Choose(Choice),
}

/// What somebody says or does in a chat. Messages are named by a number of their own.
#[derive(Clone, Debug)]
pub enum Saying {
    In { message: usize, customer: usize },
    Out { message: usize, customer: usize },
    Group { message: usize, customer: usize },
    Edit { message: usize, time: usize },
    Revoke { message: usize },
    React { message: usize },
    Seen { message: usize },
}

/// What a node does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Read,
    Work,
}

/// How that ends.
#[derive(Clone, Debug)]
pub enum End {
    /// Well.
    Lives,
    /// The process dies at that request.
    DiesAtRequest(usize, Side),
    /// It dies when it looks at the clock for that time.
    DiesAtLook(usize),
    /// It dies when it waits for that time: only where a run need not be the same again.
    DiesAtWait(usize),
    /// From that request on a table cannot be reached.
    StoreFails { table: &'static str, request: usize },
}

/// Something that goes wrong in the org.
#[derive(Clone, Debug)]
pub struct Trouble {
    pub kind: &'static str,
    /// At these requests,
    pub asking: Asking,
    /// or at those that write these.
    pub thing: Option<Thing>,
    /// How many requests it spares first, how many it strikes, each so-manieth record, and by how many seconds it is late.
    pub after: usize,
    pub times: usize,
    pub every: usize,
    pub seconds: i64,
}

/// What people do in the org.
#[derive(Clone, Debug)]
pub enum Hand {
    Make {
        customer: usize,
        thing: Thing,
    },
    Convert {
        customer: usize,
    },
    Merge {
        customer: usize,
        keeps_new: bool,
    },
    Delete {
        customer: usize,
    },
    EditEntry(usize),
    DeleteEntry(usize),
    /// The acting user loses this right.
    Withdraw {
        right: &'static str,
        thing: Option<Thing>,
    },
    GiveBack,
    /// The owner of new records.
    Deactivate,
    Activate,
    /// New leads demand a further field.
    Demand,
    ExpireSessions,
    RevokeGrant,
    UseUp,
}

/// What an administrator chooses.
#[derive(Clone, Debug)]
pub enum Choice {
    Shape(Shape),
    Create(Create),
    Reopen(Reopen),
    Pause,
    Resume,
}

/// A schedule.
#[derive(Clone, Debug)]
pub struct Schedule {
    pub seed: u64,
    pub variant: Variant,
    pub steps: Vec<Step>,
}
