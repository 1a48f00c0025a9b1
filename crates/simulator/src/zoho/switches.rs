//! What an administrator of the org can turn, and what the vendor leaves open: edition, limits, strictness, apps.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::centres::Centre;

/// A registered client of the API console.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct App {
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: String,
    /// Exact addresses that may receive a code; empty allows any.
    pub redirect_uris: Vec<String>,
    /// What the consent page calls it.
    pub label: String,
    /// The data centre of its console.
    pub home: Centre,
    /// Whether users of other data centres can consent too.
    pub single_centre: bool,
    /// Secrets of other data centres, where they differ.
    pub secrets: BTreeMap<Centre, String>,
}

/// What one user may not do. Everything else is allowed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Access {
    /// The profile lacks API access.
    pub api_disabled: bool,
    /// The profile may not change fields and picklists.
    pub no_customize: bool,
    /// Modules whose records the user may not create.
    pub no_create: BTreeSet<String>,
    /// Modules whose records the user may not edit.
    pub no_edit: BTreeSet<String>,
    /// Modules whose records the user may not delete.
    pub no_delete: BTreeSet<String>,
    /// Modules whose records the user does not see.
    pub no_read: BTreeSet<String>,
    /// `Module.Field` names that the user does not see.
    pub hidden_fields: BTreeSet<String>,
    /// `Module.Field` names that the user sees and cannot set.
    pub read_only_fields: BTreeSet<String>,
}

/// Which statuses a batch answers with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum BatchStatus {
    /// Mixed 207, all failed 400.
    #[default]
    #[serde(rename = "v8")]
    V8,
    /// Anything failed: 202.
    #[serde(rename = "legacy202")]
    Legacy202,
}

/// How a search by phone compares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneSearch {
    /// Digit strings, one ending with the other, seven digits at least.
    #[default]
    Lenient,
    /// The stored text, exactly.
    Strict,
}

/// In which order notes come without `sort_by`: a preference of the user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotesOrder {
    /// The vendor's default.
    #[default]
    OldestFirst,
    /// "Recent first", as some users choose.
    NewestFirst,
}

/// What the customer pays for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    Free,
    Standard,
    Professional,
    #[default]
    Enterprise,
    Ultimate,
}

impl Edition {
    /// Requests in flight.
    pub fn concurrency(self) -> u32 {
        match self {
            Self::Free => 5,
            Self::Standard => 10,
            Self::Professional => 15,
            Self::Enterprise => 20,
            Self::Ultimate => 25,
        }
    }

    /// Credits of a rolling day for so many users.
    pub fn credits(self, users: u64) -> u64 {
        match self {
            Self::Free => 5_000,
            Self::Standard => (50_000 + 250 * users).min(100_000),
            Self::Professional => (50_000 + 500 * users).min(3_000_000),
            Self::Enterprise => (50_000 + 1_000 * users).min(5_000_000),
            Self::Ultimate => 50_000 + 2_000 * users,
        }
    }

    /// `paid_type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Standard => "standard",
            Self::Professional => "professional",
            Self::Enterprise => "enterprise",
            Self::Ultimate => "ultimate",
        }
    }
}

/// Every switch of the org.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "switches are independent of each other")]
pub struct Switches {
    /// The data centre that the org lives in.
    pub centre: Centre,
    /// Whether addresses that are handed out bear the vendor's host names instead of the org's own address.
    pub vendor_hosts: bool,
    /// What is paid for: credits and concurrency follow.
    pub edition: Edition,
    /// Credits of a rolling day; by edition and users when null.
    pub daily_credits: Option<u64>,
    /// Requests in flight; by edition when null.
    pub concurrency: Option<u32>,
    /// Heavy requests in flight.
    pub sub_concurrency: u32,
    /// `production`, `sandbox`, `developer`.
    pub org_type: String,
    /// The zone of the org.
    pub time_zone: String,
    /// Which statuses a batch answers with.
    pub batch_status: BatchStatus,
    /// How a search by phone compares.
    pub phone_search: PhoneSearch,
    /// How long search, word search and count are blind to a write.
    pub index_delay_seconds: f64,
    /// How long a bulk job takes.
    pub bulk_seconds: i64,
    /// In which order notes come.
    pub notes_order: NotesOrder,
    /// Whether lists of related records need `fields` as the other lists do.
    pub related_fields_mandatory: bool,
    /// Whether notes and tasks can be made on a lead that was converted.
    pub converted_take_entries: bool,
    /// Whether a list cuts the text of a note to 500 characters, as lists do with rich text.
    pub lists_cut_notes: bool,
    /// Whether an unknown field of a record is an error.
    pub refuse_unknown_fields: bool,
    /// Whether phone numbers must look like the published pattern.
    pub phone_pattern: bool,
    /// Whether addresses must look like the published pattern.
    pub website_pattern: bool,
    /// Whether COQL wants parentheses around every pair of conditions.
    pub coql_pairs: bool,
    /// Whether an unknown id in a path is 204 instead of 400.
    pub unknown_id_is_empty: bool,
    /// How long an access token lives.
    pub token_seconds: i64,
    /// How long a code lives.
    pub code_seconds: i64,
    /// Refresh tokens of one user and client.
    pub refresh_tokens: usize,
    /// Access tokens of one refresh token that live at a time.
    pub access_tokens: usize,
    /// Access tokens of one refresh token in ten minutes.
    pub tokens_per_ten_minutes: usize,
    /// The status of the token throttle.
    pub throttle_status: u16,
    /// What it says, in the user's language.
    pub throttle_text: String,
    /// Whether token answers are those of older builds: `expires_in` in milliseconds beside `expires_in_sec`.
    pub old_token_answer: bool,
    /// Added to every answer.
    pub latency_ms: u64,
    /// Registered apps.
    pub apps: Vec<App>,
    /// Restrictions by user id.
    pub users: BTreeMap<String, Access>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            centre: Centre::Us,
            vendor_hosts: false,
            edition: Edition::Enterprise,
            daily_credits: None,
            concurrency: None,
            sub_concurrency: 10,
            org_type: "production".to_owned(),
            time_zone: "America/New_York".to_owned(),
            batch_status: BatchStatus::V8,
            phone_search: PhoneSearch::Lenient,
            index_delay_seconds: 0.0,
            bulk_seconds: 0,
            notes_order: NotesOrder::OldestFirst,
            related_fields_mandatory: false,
            converted_take_entries: true,
            lists_cut_notes: false,
            refuse_unknown_fields: false,
            phone_pattern: true,
            website_pattern: true,
            coql_pairs: true,
            unknown_id_is_empty: false,
            token_seconds: 3_600,
            code_seconds: 180,
            refresh_tokens: 20,
            access_tokens: 15,
            tokens_per_ten_minutes: 10,
            throttle_status: 400,
            throttle_text: "You have made too many requests continuously. Please try again after some time."
                .to_owned(),
            old_token_answer: false,
            latency_ms: 0,
            apps: vec![App {
                client_id: "1000.CAUSEWAYSIM".to_owned(),
                client_secret: "causeway-sim-secret".to_owned(),
                label: "Causeway".to_owned(),
                ..App::default()
            }],
            users: BTreeMap::new(),
        }
    }
}
