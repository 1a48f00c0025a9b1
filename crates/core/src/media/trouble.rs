//! Why a file is not here, who can do something about it, and when the provider is asked again.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Refused;
use crate::lane::Who;

/// Why a file is not here. Each is shown with what to do; asking again is always possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// It is larger than the workspace keeps.
    TooLarge,
    /// It is of a type that the workspace does not keep.
    TypeRefused,
    /// The provider does not have it any more, or never had it.
    Gone,
    /// The channel has no access token, or one that the provider does not take.
    NoAccess,
    /// It lies at a host that nobody allowed.
    HostRefused,
    /// What came is not what the provider had announced, time and again.
    WrongContent,
    /// The provider could not be reached, time and again.
    Unreachable,
}

impl Trouble {
    /// Who can do something about it.
    pub fn who(self) -> Who {
        match self {
            Self::TooLarge | Self::TypeRefused | Self::NoAccess => Who::WorkspaceAdmin,
            Self::HostRefused => Who::Operator,
            Self::Gone | Self::WrongContent | Self::Unreachable => Who::Nobody,
        }
    }
}

impl From<&Refused> for Trouble {
    fn from(refused: &Refused) -> Self {
        match refused {
            Refused::TooLarge { .. } => Self::TooLarge,
            Refused::Type(_) => Self::TypeRefused,
        }
    }
}

/// Waits between tries, in minutes. Providers block whoever fails too often (WhatsApp: some twenty errors in an hour), and
/// keep a file for days.
const WAITS: [u64; 9] = [1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60, 48 * 60];

/// How long to wait after that many failed tries (1 or more); `None`: it is given up. `roll` is from 0 to below 1 and
/// spreads those that failed together.
pub fn next_try(failed: u32, roll: f64) -> Option<Duration> {
    let minutes = WAITS.get(usize::try_from(failed.checked_sub(1)?).ok()?)?;
    Some(Duration::from_mins(*minutes).mul_f64(1.0 + roll.clamp(0.0, 1.0) / 4.0))
}
