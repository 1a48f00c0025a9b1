//! Requests and their answers on the wire, as plain data; and the calls that they carry.

pub use crate::call::{
    Answer, Call, Changes, DescribeFlow, EntryRecord, EntryWrite, Identity, KeyedEntry, Outcome, PanelFields,
    PanelQuery, PanelRecord, PanelValue, PeopleQuery, PersonWrite, Reply, Usage,
};

/// An HTTP request, to be sent as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`, `PATCH`, `DELETE`.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// Headers, without authorization.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty for none.
    pub body: Vec<u8>,
}

/// An HTTP answer, read to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header names in lower case with their values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
