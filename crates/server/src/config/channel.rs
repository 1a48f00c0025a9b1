//! What the operator chose for each channel. The sections and their comments come with the channels; their keys are the same.

use std::collections::BTreeMap;

use causeway_core::channels::{self, files::Place};
use serde::Deserialize;
use toml::{Table, Value};

use super::{Config, ConfigError, one_line};

/// The section of a channel.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    /// Scheme and host of the provider's API.
    api_url: String,
    /// The API version to speak.
    api_version: String,
    /// Hosts beyond the provider's own.
    extra_hosts: Vec<String>,
}

/// Every channel's section as the reference shows it.
pub(super) fn reference() -> String {
    let sections = channels::ALL.iter();
    sections.map(|channel| ["\n[", channel.name(), "]\n", channel.config()].concat()).collect()
}

/// Takes the channels' sections out of the whole.
pub(super) fn take(table: &mut Table, origin: &str) -> Result<BTreeMap<&'static str, Section>, ConfigError> {
    let mut sections = BTreeMap::new();
    for channel in channels::ALL {
        let name = channel.name();
        let wrong =
            |what: String| ConfigError::Value { origin: origin.to_owned(), what: format!("[{name}] {what}") };
        let section = table.remove(name).unwrap_or(Value::Table(Table::new()));
        let mut section: Section =
            section.try_into().map_err(|error: toml::de::Error| wrong(one_line(&error.to_string())))?;
        while section.api_url.ends_with('/') {
            section.api_url.pop();
        }
        match channels::files::origin(&section.api_url) {
            Some((scheme, host))
                if matches!(scheme.as_str(), "http" | "https")
                    && !host.is_empty()
                    && section.api_url.len() == scheme.len() + 3 + host.len() => {}
            _ => return Err(wrong("`api_url` takes a scheme and a host: https://HOST".into())),
        }
        sections.insert(name, section);
    }
    Ok(sections)
}

impl Config {
    /// Where a channel's files are, for an account of that provider id; `None`: there is no such channel.
    pub fn files_at<'a>(&'a self, channel: &str, account: &'a str) -> Option<Place<'a>> {
        let section = self.channels.get(channel)?;
        Some(Place {
            api_url: &section.api_url,
            version: &section.api_version,
            account,
            extra_hosts: &section.extra_hosts,
        })
    }

    /// A simulated provider, at this address, stands in for that of a channel (demo and tests).
    pub fn simulate_channel(&mut self, channel: &str, api_url: &str) {
        if let Some(section) = self.channels.get_mut(channel) {
            api_url.clone_into(&mut section.api_url);
        }
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
    fn every_channel_has_a_section_whose_keys_are_explained() {
        let config = Config::defaults();
        for channel in channels::ALL {
            let name = channel.name();
            let place = config.files_at(name, "1").expect(name);
            assert!(place.api_url.starts_with("https://") && place.extra_hosts.is_empty(), "{name}");
            assert!(super::super::reference().contains(&format!("\n[{name}]\n# ")), "{name}");
        }
    }

    #[test]
    fn the_address_of_an_api_is_a_scheme_and_a_host() {
        for wrong in ["graph.facebook.com", "ftp://x", "https://", "https://host/path", "https://host?x"] {
            let refused = load(&format!("[whatsapp]\napi_url = \"{wrong}\"")).expect_err(wrong);
            assert!(refused.contains("[whatsapp] `api_url`"), "{refused}");
        }
        let config = load("[whatsapp]\napi_url = \"http://127.0.0.1:9000/\"").expect("it is valid");
        let place = config.files_at("whatsapp", "1").expect("a channel");
        assert!(place.lists("127.0.0.1:9000") && !place.lists("127.0.0.1:9001"));
    }
}
