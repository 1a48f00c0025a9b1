//! Which files a workspace keeps.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What a workspace chose about files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FileRules {
    /// The largest file that is kept, in bytes.
    pub most_bytes: u64,
    /// Media types that are not kept: `application/zip`, or `video/*` for all of a kind.
    pub refused: BTreeSet<String>,
}

impl Default for FileRules {
    /// What the largest channel carries; programs are refused.
    fn default() -> Self {
        Self {
            most_bytes: 100 * 1024 * 1024,
            refused: PROGRAMS.iter().map(|kind| (*kind).to_owned()).collect(),
        }
    }
}

/// What runs when somebody opens it.
const PROGRAMS: [&str; 5] = [
    "application/vnd.microsoft.portable-executable",
    "application/x-executable",
    "application/x-mach-binary",
    "application/x-msi",
    "text/x-shellscript",
];

/// Why a file is not kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It has more bytes than are kept.
    #[error("it is larger than this workspace keeps ({} MB at most)", .most / (1024 * 1024))]
    TooLarge {
        /// As many as are kept at most.
        most: u64,
    },
    /// It is of a type that is not kept.
    #[error("this workspace keeps no files of the type {0}")]
    Type(String),
}

impl FileRules {
    /// Is a file of so many bytes kept?
    pub fn check_size(&self, bytes: u64) -> Result<(), Refused> {
        if bytes > self.most_bytes { Err(Refused::TooLarge { most: self.most_bytes }) } else { Ok(()) }
    }

    /// Is a file of that type kept? `media_type` is what its bytes say.
    pub fn check_type(&self, media_type: &str) -> Result<(), Refused> {
        let kind = media_type.split_once('/').map_or(media_type, |(kind, _)| kind);
        let is_refused = self.refused.iter().any(|refused| {
            refused == media_type || refused.strip_suffix("/*").is_some_and(|refused| refused == kind)
        });
        if is_refused { Err(Refused::Type(media_type.to_owned())) } else { Ok(()) }
    }
}
