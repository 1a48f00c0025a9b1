//! The region whose dialling rules a number is read with.

use std::{fmt, str::FromStr};

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region as Code};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{country_names, numbering::Number};

/// A country or territory with a numbering plan, written as its ISO 3166 two-letter code.
///
/// Parses from the code or from an English country name, since CRM records hold either: `"JP"`, `"Japan"`,
/// `"Korea, Republic of"`. A region says how a *national* number is to be read; numbers with a `+` need none.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[serde(try_from = "String", into = "String")]
pub struct Region(Code);

/// The text is neither a two-letter code nor a country name that we know.
#[derive(Error, Clone, Debug, PartialEq, Eq)]
#[error("{0:?} is not a country; give a two-letter code such as JP or an English country name")]
pub struct UnknownRegion(pub String);

impl Region {
    /// The region of a number in international form (`+819012345678` is in Japan). For a number that no region claims
    /// (reserved test numbers) the main region of its calling code; `None` for networks without a country (`+800`).
    pub fn of_number(e164: &str) -> Option<Self> {
        let digits = e164.strip_prefix('+')?;
        Number::international(digits)?.region()
    }

    /// The calling code without `+`: 81 for Japan.
    pub fn calling_code(self) -> u16 {
        let code = PHONE_NUMBER_UTIL.get_country_code_for_region(self.0);
        code.and_then(|code| u16::try_from(code).ok()).unwrap_or_default()
    }

    /// Takes over the library's region if it stands for a country with a numbering plan.
    pub(super) fn from_library(code: Code) -> Option<Self> {
        let known = code != Code::World && PHONE_NUMBER_UTIL.get_country_code_for_region(code).is_some();
        known.then_some(Self(code))
    }

    /// The same region for the library's ears.
    pub(super) fn library(self) -> Code {
        self.0
    }
}

impl FromStr for Region {
    type Err = UnknownRegion;

    fn from_str(text: &str) -> Result<Self, UnknownRegion> {
        let trimmed = text.trim();
        let by_code = |code: &str| Code::from_code(code).ok().and_then(Self::from_library);
        by_code(trimmed)
            .or_else(|| country_names::code_of(trimmed).and_then(by_code))
            .ok_or_else(|| UnknownRegion(text.to_owned()))
    }
}

impl TryFrom<String> for Region {
    type Error = UnknownRegion;

    fn try_from(text: String) -> Result<Self, UnknownRegion> {
        text.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.to_string()
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
