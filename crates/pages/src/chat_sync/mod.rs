//! Chat sync: what is synchronised, to which record, how often; tried out as a draft, with an explanation of what the
//! settings do, and every version that was in force.

mod explain;
mod fields;
mod form;
mod page;
mod spell;
mod versions;

pub use explain::explain;
pub use form::FieldFaults;
pub use page::{ChatSyncPage, Conflict, DraftState, Tried, Working, chat_sync, fragment, tried};
pub use versions::{Shown, versions};

use causeway_core::{
    plan::{places, settings::ChatSync},
    record::{Module, OrgProfile},
    time::Zone,
};

/// What the settings are about: the org, the accounts, the people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What people call the CRM.
    pub crm: String,
    /// The org as described, once it is.
    pub org: Option<OrgProfile>,
    /// Records can be made without setting off what the customer has automated.
    pub holds_automation_back: bool,
    /// Fields and choices can be added to the org by us.
    pub adds_fields: bool,
    /// The workspace's channel accounts.
    pub accounts: Vec<Account>,
    /// Users of the org that we know of: id, name, whether they can own records.
    pub users: Vec<(String, String, bool)>,
    /// The workspace's zone.
    pub zone: Zone,
}

/// A channel account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its number in the settings.
    pub id: i64,
    /// Its id in forms.
    pub key: String,
    /// What people call it.
    pub label: String,
}

impl Facts {
    /// The name of a user of the org; their id where nobody knows it.
    pub fn user(&self, id: &str) -> String {
        let known = self.users.iter().find(|(known, _, _)| known == id);
        known.map_or_else(|| id.to_owned(), |(_, name, _)| name.clone())
    }

    /// In whose name we act.
    pub fn acting(&self) -> String {
        self.org.as_ref().map(|org| org.acting_user.name.clone()).unwrap_or_default()
    }

    /// What people call a module that conversations can go to.
    fn destination(&self, module: Module) -> String {
        places::label(module, self.org.as_ref())
    }

    /// What people call a field of the records that these settings make or search, by the CRM's own name.
    fn field(&self, settings: &ChatSync, name: &str) -> String {
        let mut modules = vec![places::new_module(settings)];
        modules.extend(settings.modules());
        let labels = modules
            .into_iter()
            .filter_map(|module| Some(self.org.as_ref()?.module(module).field(name)?.label.clone()));
        labels.into_iter().find(|label| !label.is_empty()).unwrap_or_else(|| name.to_owned())
    }

    fn account(&self, id: i64) -> String {
        let known = self.accounts.iter().find(|account| account.id == id);
        known.map_or_else(|| id.to_string(), |account| account.label.clone())
    }
}
