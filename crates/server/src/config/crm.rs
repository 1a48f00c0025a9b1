//! What the operator chose for each CRM. The sections and their comments come with the CRMs; their keys are the same.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use causeway_core::{
    crm::{self, App, Crm},
    governor::Rules,
};
use serde::Deserialize;
use toml::{Table, Value};

use super::{Config, ConfigError, one_line, secret_of};
use crate::seal::Secret;

/// The section of a CRM.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    /// The public id of our registration; empty for none.
    client_id: String,
    /// Its secret.
    client_secret: String,
    /// A file with it.
    client_secret_file: PathBuf,
    /// The API version to speak; empty: the CRM's usual one.
    api_version: String,
    /// Hosts beyond the CRM's own.
    extra_hosts: Vec<String>,
    /// The part of an org's calls that is left to others, unless an administrator chose.
    reserve_percent: Percent,
    /// The most of them that we spend, unless an administrator chose.
    share_percent: Percent,
}

impl fmt::Debug for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Section").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// A part of a whole: 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u8")]
struct Percent(u8);

impl TryFrom<u8> for Percent {
    type Error = &'static str;

    fn try_from(percent: u8) -> Result<Self, Self::Error> {
        if percent <= 100 { Ok(Self(percent)) } else { Err("a percentage is 0 to 100") }
    }
}

/// Every CRM's section as the reference shows it.
pub(super) fn reference() -> String {
    let sections = crm::ALL.iter().map(|crm| ["\n[", crm.name(), "]\n", crm.config()].concat());
    sections.collect()
}

/// Takes the CRMs' sections out of the whole.
pub(super) fn take(table: &mut Table, origin: &str) -> Result<BTreeMap<&'static str, Section>, ConfigError> {
    let mut sections = BTreeMap::new();
    for crm in crm::ALL {
        let section = table.remove(crm.name()).unwrap_or(Value::Table(Table::new()));
        let section = section.try_into().map_err(|error: toml::de::Error| ConfigError::Value {
            origin: origin.to_owned(),
            what: format!("[{}] {}", crm.name(), one_line(&error.to_string())),
        })?;
        sections.insert(crm.name(), section);
    }
    Ok(sections)
}

/// May nobody be shown the value of this key?
pub(super) fn is_secret(key: &str) -> bool {
    key.split_once('.').is_some_and(|(section, key)| crm::named(section).is_some() && key == "client_secret")
}

impl Config {
    /// Our registration at a CRM; `None` where none is configured.
    pub fn crm_app(&self, crm: &str) -> Result<Option<App>, ConfigError> {
        let Some(section) = self.crms.get(crm).filter(|section| !section.client_id.is_empty()) else {
            return Ok(None);
        };
        let secret = secret_of(&section.client_secret, &section.client_secret_file)?;
        let client_secret = (!secret.is_empty()).then_some(secret);
        Ok(Some(App { client_id: section.client_id.clone(), client_secret }))
    }

    /// What the operator allows of the calls of a CRM's orgs, unless an administrator chooses otherwise.
    pub fn call_rules(&self, crm: &str) -> Rules {
        self.crms.get(crm).map_or(Rules { share_percent: 100, reserve_percent: 0 }, |section| Rules {
            share_percent: section.share_percent.0,
            reserve_percent: section.reserve_percent.0,
        })
    }

    /// The API version to speak with a CRM.
    pub fn api_version(&self, crm: &dyn Crm) -> String {
        let chosen = self.crms.get(crm.name()).map(|section| section.api_version.as_str());
        chosen.filter(|version| !version.is_empty()).unwrap_or(crm.default_version()).to_owned()
    }

    /// Hosts beyond the CRM's own that may be spoken to.
    pub fn extra_hosts(&self, crm: &str) -> &[String] {
        self.crms.get(crm).map_or(&[], |section| &section.extra_hosts)
    }

    /// Registers the app of a CRM's simulated orgs, which are at these hosts (demo and tests).
    pub fn simulate(&mut self, crm: &str, hosts: &[String], client_id: &str, client_secret: &Secret) {
        let Some(section) = self.crms.get_mut(crm) else { return };
        section.extra_hosts = hosts.to_vec();
        client_id.clone_into(&mut section.client_id);
        client_secret.expose().clone_into(&mut section.client_secret);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Sources, *};

    fn load(text: &str) -> Result<Config, String> {
        let file = Some(("causeway.toml".into(), text.into()));
        Config::load(&Sources { file, environment: Vec::new() }).map_err(|error| error.to_string())
    }

    #[test]
    fn every_crm_has_a_section_whose_keys_are_explained() {
        let config = Config::defaults();
        for crm in crm::ALL {
            let name = crm.name();
            assert!(config.crm_app(name).is_ok_and(|app| app.is_none()), "{name} is registered by nobody");
            assert_eq!(config.api_version(*crm), crm.default_version(), "{name}");
            assert!(config.extra_hosts(name).is_empty(), "{name}");
            assert!(is_secret(&format!("{name}.client_secret")), "{name}");
            assert!(crm.config().starts_with("# "), "{name}");
            assert!(super::super::reference().contains(&format!("\n[{name}]\n# ")), "{name}");
        }
    }

    #[test]
    fn what_is_chosen_for_a_crm_holds_for_that_one() {
        let config = load("[salesforce]\nshare_percent = 40\nreserve_percent = 7\nclient_id = \"key\"")
            .expect("it is valid");
        assert_eq!(config.call_rules("salesforce"), Rules { share_percent: 40, reserve_percent: 7 });
        let usual = Config::defaults();
        for crm in crm::ALL.iter().map(|crm| crm.name()).filter(|name| *name != "salesforce") {
            assert_eq!(config.call_rules(crm), usual.call_rules(crm), "{crm}");
            assert!(config.crm_app(crm).is_ok_and(|app| app.is_none()), "{crm}");
        }
        assert_eq!(config.call_rules("none").share_percent, 100);
        assert!(load("[salesforce]\nshare_percent = 101").is_err_and(|error| error.contains("[salesforce]")));
    }
}
