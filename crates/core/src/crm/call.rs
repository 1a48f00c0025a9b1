//! The calls that requests carry, and the requests themselves.

pub use crate::call::{
    Answer, Call, Changes, DescribeFlow, EntryRecord, EntryWrite, Identity, KeyedEntry, Outcome, PanelFields,
    PanelQuery, PanelRecord, PanelValue, PeopleQuery, PersonWrite, Reply, Sought, Usage,
};
pub use crate::exchange::{Request, Response};
