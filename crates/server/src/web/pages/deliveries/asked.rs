//! What a list of deliveries is narrowed to, as it stands in an address.

use causeway_core::lane::HoldReason;
use serde::Deserialize;

use causeway_pages::part::in_address;

use super::super::super::render::Trouble;
use crate::{
    id,
    store::{
        entry_list::{Filter, State},
        person::of_word,
    },
};

/// The query of the list, the file and the bulk actions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) state: String,
    pub(super) cause: String,
    pub(super) connection: String,
    pub(super) account: String,
    pub(super) contact: String,
    pub(super) before: String,
    /// What was just done: a code.
    pub(super) done: String,
    /// To how many.
    pub(super) count: u64,
    /// There are more.
    pub(super) more: bool,
    /// Write anew what a person deleted or edited in the CRM.
    pub(super) recreate: String,
}

impl Asked {
    /// As the store wants it. What is no filter leads nowhere.
    pub(super) fn filter(&self) -> Result<Filter, Trouble> {
        let number = |prefix: &str, text: &str| match text {
            "" => Ok(None),
            text => id::read(prefix, text).map(Some).ok_or(Trouble::Nothing),
        };
        let state = match self.state.as_str() {
            "" => None,
            word => Some(State::named(word).ok_or(Trouble::Nothing)?),
        };
        Ok(Filter {
            state,
            reason: self.reason()?,
            connection_id: number("con", &self.connection)?,
            account_id: number("acc", &self.account)?,
            contact_id: number("ctc", &self.contact)?,
            before: number("ent", &self.before)?,
        })
    }

    /// The cause.
    pub(super) fn reason(&self) -> Result<Option<HoldReason>, Trouble> {
        match self.cause.as_str() {
            "" => Ok(None),
            word => of_word(word).map(Some).map_err(|_| Trouble::Nothing),
        }
    }

    /// It is narrowed to something.
    pub(super) fn is_narrow(&self) -> bool {
        [&self.state, &self.cause, &self.connection, &self.account, &self.contact]
            .iter()
            .any(|value| !value.is_empty())
    }

    /// The same without the page.
    pub(super) fn newest(&self) -> Self {
        Self { before: String::new(), done: String::new(), ..self.clone() }
    }

    /// The address of that page, narrowed as this.
    pub(super) fn address(&self, path: &str) -> String {
        let pairs = [
            ("state", &self.state),
            ("cause", &self.cause),
            ("connection", &self.connection),
            ("account", &self.account),
            ("contact", &self.contact),
            ("before", &self.before),
        ];
        let given: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", in_address(value)))
            .collect();
        if given.is_empty() { path.to_owned() } else { format!("{path}?{}", given.join("&")) }
    }
}
