//! What a member does in a conversation, as it stands in the timeline. The customer never sees it, and no CRM does.

use serde::{Deserialize, Serialize};

/// How a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Somebody should answer.
    Open,
    /// It waits for something.
    Pending,
    /// Nothing is left to do; a customer's message opens it again.
    Closed,
}

/// Every status, in the order in which it is shown.
pub const STATUSES: &[Status] = &[Status::Open, Status::Pending, Status::Closed];

impl Status {
    /// The word for the store, the API and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Pending => "pending",
            Self::Closed => "closed",
        }
    }

    /// The status behind a word.
    pub fn named(word: &str) -> Option<Self> {
        STATUSES.iter().copied().find(|status| status.word() == word)
    }
}

/// A note of the team for itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Memo(String);

/// Why a text is no memo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoRefused {
    /// Nothing but blanks.
    Empty,
    /// Longer than [`Memo::LONGEST`]; this many characters.
    TooLong(usize),
    /// It holds U+0000, which no database keeps.
    Nul,
}

impl Memo {
    /// Most characters of a memo.
    pub const LONGEST: usize = 10_000;

    /// A memo of that text, without blanks around it. Line breaks are `\n`, however a browser sent them.
    pub fn new(text: &str) -> Result<Self, MemoRefused> {
        let text = text.trim().replace("\r\n", "\n");
        let length = text.chars().count();
        if text.is_empty() {
            Err(MemoRefused::Empty)
        } else if text.contains('\0') {
            Err(MemoRefused::Nul)
        } else if length > Self::LONGEST {
            Err(MemoRefused::TooLong(length))
        } else {
            Ok(Self(text))
        }
    }

    /// What it says.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// What a member did. Members are named by their ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Wrote a memo.
    Memo(Memo),
    /// Gave the conversation to somebody, or to nobody.
    Assignment {
        /// Whose it was.
        before: Option<i64>,
        /// Whose it is.
        after: Option<i64>,
    },
    /// Changed how it stands.
    Status {
        /// How it stood.
        before: Status,
        /// How it stands.
        after: Status,
    },
}

impl Act {
    /// The kind of its item.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Memo(_) => "memo",
            Self::Assignment { .. } => "assignment",
            Self::Status { .. } => "status",
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn a_memo_says_something_and_is_not_too_long() {
        assert_eq!(Memo::new(" call\r\nback \n").unwrap().text(), "call\nback");
        for blank in ["", " \n\t\u{3000}"] {
            assert_eq!(Memo::new(blank), Err(MemoRefused::Empty));
        }
        assert!(Memo::new(&"あ".repeat(Memo::LONGEST)).is_ok());
        assert_eq!(Memo::new(&"x".repeat(10_001)), Err(MemoRefused::TooLong(10_001)));
        assert_eq!(Memo::new("a\0b"), Err(MemoRefused::Nul));
    }

    #[test]
    fn an_act_reads_back_from_its_text() {
        for (act, text) in [
            (Act::Memo(Memo::new("hi").unwrap()), r#"{"memo":"hi"}"#),
            (Act::Assignment { before: None, after: Some(7) }, r#"{"assignment":{"before":null,"after":7}}"#),
            (
                Act::Status { before: Status::Open, after: Status::Closed },
                r#"{"status":{"before":"open","after":"closed"}}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&act).unwrap(), text);
            assert_eq!(serde_json::from_str::<Act>(text).unwrap(), act);
            assert!(text.contains(act.kind()));
        }
    }

    #[test]
    fn a_status_reads_back_from_its_word() {
        for status in STATUSES {
            assert_eq!(Status::named(status.word()), Some(*status));
        }
        assert_eq!(Status::named("archived"), None);
    }
}
