//! What a workspace chose for chat sync. Presets differ in these values only; there is one engine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::record::{EntryKind, LeadStatus, Module, OrgProfile};

/// The settings of a chat-sync integration. Every default is the product's stated default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "choices are independent of each other")]
pub struct ChatSync {
    /// Which channel accounts are synced (R2.35); `None` means all, present and future.
    pub accounts: Option<Vec<i64>>,
    /// What a participant writes in a group goes on that person's record; otherwise groups are left out (R4.33).
    pub groups: bool,
    /// How messages become entries (R2.5, R2.6, R2.37, R2.38).
    pub shape: Shape,
    /// As what kind of record they are written (X3).
    pub entry: EntryKind,
    /// The first line of an entry for several messages: `{channel}`, `{name}`, `{phone}` and `{account}` are filled in,
    /// and a pattern as in `{DD/MM/YYYY}` with the day. Empty takes the usual line, with the time (R4.44).
    pub title_template: String,
    /// The module whose records conversations go to (R4.10); `None`: contacts, then open leads, then closed ones (X2).
    pub module: Option<Module>,
    /// The field that takes the number of a new record, by the CRM's own name; `None`: the main one (R4.13).
    pub phone_field: Option<String>,
    /// The field that takes the whole name of a new record; `None`: given and family name (R4.14).
    pub name_field: Option<String>,
    /// The field that takes the lead source of a new record; `None`: the CRM's own (R4.18).
    pub source_field: Option<String>,
    /// Follow the name that the channel tells, as long as the record's name is the one that we wrote (R4.37, X9).
    pub rename: bool,
    /// While API calls run short, put more messages into one entry than `shape` says (X17).
    pub group_when_short: bool,
    /// What to make for a person whom the CRM does not know (R2.39 to R2.41).
    pub create: Create,
    /// What to do with a closed lead that was chosen (R2.17).
    pub reopen: Reopen,
    /// The lead stages that count as closed; `None` takes the org's default reading.
    pub closed_statuses: Option<Vec<String>>,
    /// The user who owns new records when neither assignee nor account owner has one (R2.25); by id.
    pub default_owner: Option<String>,
    /// Let the CRM's assignment rules choose the owner of new leads instead of our chain.
    pub use_assignment_rules: bool,
    /// A new record sets off what the customer has automated, where the CRM can keep it from running: workflow rules on the lead
    /// source, for one (R4.21). Off: people who are synchronised are sent no mails by it.
    pub run_automation: bool,
    /// The lead source of new records; empty leaves it alone.
    pub lead_source: String,
    /// The company of new leads, where the CRM demands one.
    pub company: String,
    /// The last name of a person without a profile name; `{phone}` and `{channel}` are filled in.
    pub name_template: String,
    /// The CRM's own name of the field that takes the chat link; `None` uses the description (X7).
    pub link_field: Option<String>,
    /// Values for further fields of new records, by the CRM's own names: what the org demands.
    pub new_record_values: BTreeMap<String, String>,
    /// Messages before this instant (microseconds) are not synced: new only, by default (X10).
    pub since: i64,
}

impl Default for ChatSync {
    fn default() -> Self {
        Self {
            accounts: None,
            groups: false,
            shape: Shape::PerMessage,
            entry: EntryKind::Task,
            title_template: String::new(),
            module: None,
            phone_field: None,
            name_field: None,
            source_field: None,
            rename: true,
            group_when_short: false,
            create: Create::Lead,
            reopen: Reopen::ToDefault,
            closed_statuses: None,
            default_owner: None,
            use_assignment_rules: false,
            run_automation: false,
            lead_source: "WhatsApp".into(),
            company: "[not provided]".into(),
            name_template: "{channel} {phone}".into(),
            link_field: None,
            new_record_values: BTreeMap::new(),
            since: 0,
        }
    }
}

/// How messages become entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Each message is its own entry, written at once.
    #[default]
    PerMessage,
    /// One entry per window: it opens with the first message, lasts this long and is written at its end.
    #[serde(rename = "every_1_hour")]
    Hour,
    /// Six hours.
    #[serde(rename = "every_6_hours")]
    SixHours,
    /// Twelve hours.
    #[serde(rename = "every_12_hours")]
    TwelveHours,
    /// Twenty-four hours.
    #[serde(rename = "every_24_hours")]
    TwentyFourHours,
    /// One entry per day in the workspace's zone; it is written at once and grows in place.
    LocalDay,
}

impl Shape {
    /// The length of a window in hours, for the shapes that have one.
    pub fn window_hours(self) -> Option<u64> {
        match self {
            Self::PerMessage | Self::LocalDay => None,
            Self::Hour => Some(1),
            Self::SixHours => Some(6),
            Self::TwelveHours => Some(12),
            Self::TwentyFourHours => Some(24),
        }
    }

    /// The shape that takes its place while API calls run short: a wider one, of a day at most.
    #[must_use]
    pub fn wider(self) -> Self {
        match self {
            Self::PerMessage => Self::Hour,
            Self::Hour => Self::SixHours,
            Self::SixHours => Self::TwelveHours,
            Self::TwelveHours | Self::TwentyFourHours => Self::TwentyFourHours,
            Self::LocalDay => Self::LocalDay,
        }
    }

    /// Does an entry of this shape hold several messages?
    pub fn is_grouped(self) -> bool {
        self != Self::PerMessage
    }
}

/// What to make for a person whom the CRM does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Create {
    /// Nothing: hold until somebody makes the record.
    Off,
    /// A lead.
    #[default]
    Lead,
    /// A contact.
    Contact,
}

impl Create {
    /// The module to create in, if any.
    pub fn module(self) -> Option<Module> {
        match self {
            Self::Off => None,
            Self::Lead => Some(Module::Lead),
            Self::Contact => Some(Module::Contact),
        }
    }
}

/// What to do with a closed lead that was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reopen {
    /// Leave it closed; only write the entries.
    Never,
    /// Set the org's default stage (or its first open one, when the default counts as closed).
    #[default]
    ToDefault,
    /// Set this stage.
    To(String),
}

impl ChatSync {
    /// Does this lead stage count as closed here?
    pub fn is_closed(&self, status: &str, org: &OrgProfile) -> bool {
        let known = org.lead_statuses.iter().find(|known| known.value.eq_ignore_ascii_case(status));
        match &self.closed_statuses {
            Some(chosen) => chosen.iter().any(|closed| closed.eq_ignore_ascii_case(status)),
            None => known.is_some_and(|known| known.is_closed_by_default),
        }
    }

    /// The stage that a reopened lead gets; `None` leaves it closed.
    pub fn reopened_status(&self, org: &OrgProfile) -> Option<String> {
        let open = |status: &&LeadStatus| !status.is_converted && !self.is_closed(&status.value, org);
        match &self.reopen {
            Reopen::Never => None,
            Reopen::To(status) => Some(status.clone()),
            Reopen::ToDefault => {
                let default = org.lead_statuses.iter().filter(open).find(|status| status.is_default);
                default.or_else(|| org.lead_statuses.iter().find(open)).map(|status| status.value.clone())
            }
        }
    }

    /// The modules that are searched for a person.
    pub fn modules(&self) -> Vec<Module> {
        self.module.map_or_else(|| vec![Module::Contact, Module::Lead], |module| vec![module])
    }

    /// The module in which a record is made for a person whom the CRM does not know; `None` makes none.
    pub fn new_module(&self) -> Option<Module> {
        let usual = self.create.module()?;
        Some(self.module.unwrap_or(usual))
    }

    /// Is this channel account synced?
    pub fn covers_account(&self, account_id: i64) -> bool {
        self.accounts.as_ref().is_none_or(|chosen| chosen.contains(&account_id))
    }
}
