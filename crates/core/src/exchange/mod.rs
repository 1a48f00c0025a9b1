//! What goes over the wire in either direction, as plain data: requests, answers, and the hosts that may be spoken to. Both
//! edges speak it.

pub mod hosts;

pub use hosts::{HostRefused, Hosts};

use crate::time::Timestamp;

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

    /// The time of the answer, by the clock of whoever sent it.
    pub fn date(&self) -> Option<Timestamp> {
        let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(self.header("date")?).ok()?;
        Some(Timestamp::from_seconds(at.as_second()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_answer_is_the_other_sides_clock() {
        let with = |value: &str| Response {
            headers: vec![("date".to_owned(), value.to_owned())],
            ..Response::default()
        };
        assert_eq!(with("Fri, 02 Jan 2026 03:04:05 GMT").date(), Timestamp::parse("2026-01-02T03:04:05Z"));
        assert_eq!(with("soon").date(), None);
    }
}
