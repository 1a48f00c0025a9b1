//! What the operator chose: defaults, then the file, then the environment. An unknown key is an error that
//! suggests the right one.

mod channel;
mod crm;
mod show;

pub use show::{Shown, show};

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Deserializer, de::Error as _};
use toml::{Table, Value};

use crate::seal::Secret;

/// Every key that is not a CRM's or a channel's, with its default and a sentence.
const DEFAULTS: &str = include_str!("../config.default.toml");

/// The reference: every key with its default and a sentence.
pub fn reference() -> String {
    format!("{DEFAULTS}{}{}", channel::reference(), crm::reference())
}

/// The whole configuration.
#[derive(Clone, Debug, Deserialize)]
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Where people and providers reach it, without a slash at the end.
    pub public_url: String,
    /// The folder for the embedded database and the key file.
    pub data: PathBuf,
    /// A PostgreSQL database; empty for the embedded one.
    pub database_url: DatabaseUrl,
    /// The file with the sealing key.
    pub secret_key_file: PathBuf,
    /// Days for which raw requests are kept.
    pub keep_raw_days: u32,
    /// What is logged.
    pub log: String,
    /// Where the probes have an address of their own.
    #[serde(deserialize_with = "address_or_none")]
    pub metrics_listen: Option<SocketAddr>,
    /// What /metrics takes at the address of the pages; empty for none.
    #[serde(deserialize_with = "secret")]
    pub metrics_token: Secret,
    /// The server that sends mails.
    pub mail: Mail,
    /// Where the bytes of files lie.
    pub files: Files,
    /// What is chosen for each CRM, by its name.
    #[serde(skip)]
    crms: BTreeMap<&'static str, crm::Section>,
    /// What is chosen for each channel, by its name.
    #[serde(skip)]
    channels: BTreeMap<&'static str, channel::Section>,
}

fn address_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(from)?;
    let wrong = |_| D::Error::custom("`metrics_listen` takes ADDRESS:PORT, or nothing");
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(wrong) }
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
    String::deserialize(from).map(Secret::new)
}

/// A database address; it may carry a password, so it is never shown.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(pub String);

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "(embedded)" } else { "(set)" })
    }
}

/// The SMTP server that sends mails.
#[derive(Clone, Deserialize)]
pub struct Mail {
    /// Its name; empty for none.
    pub server: String,
    /// Its port; 0 for the usual one.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: MailSecurity,
    /// Who signs in; empty for nobody.
    pub user: String,
    /// The password.
    password: String,
    /// A file with it.
    password_file: PathBuf,
    /// The sender.
    pub from: String,
}

impl Mail {
    /// Are mails sent at all?
    pub fn is_on(&self) -> bool {
        !self.server.is_empty()
    }

    /// The password to sign in with, read anew: it may be changed while the server runs.
    pub fn password(&self) -> Result<Secret, ConfigError> {
        Ok(Secret::new(secret_of(&self.password, &self.password_file)?))
    }
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("server", &self.server).finish_non_exhaustive()
    }
}

/// How the connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// From the first byte.
    Tls,
    /// From the server's word on; without it nothing is sent.
    Starttls,
    /// Not at all.
    None,
}

/// Where the bytes of files lie: in a folder, or in an S3-compatible object store.
#[derive(Clone, Deserialize)]
pub struct Files {
    /// The folder; empty for one in `data`.
    pub folder: PathBuf,
    /// The bucket of an object store; empty for none.
    pub s3_bucket: String,
    /// The store's address; empty for the usual one of its region.
    pub s3_endpoint: String,
    /// Its region.
    pub s3_region: String,
    /// What stands before every name in the bucket.
    pub s3_prefix: String,
    /// Who we are there.
    pub s3_access_key_id: String,
    /// The secret of that.
    s3_secret_access_key: String,
    /// A file with it.
    s3_secret_access_key_file: PathBuf,
}

impl Files {
    /// The secret to sign in with at the object store.
    pub fn secret(&self) -> Result<Secret, ConfigError> {
        Ok(Secret::new(secret_of(&self.s3_secret_access_key, &self.s3_secret_access_key_file)?))
    }
}

impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Files")
            .field("folder", &self.folder)
            .field("s3_bucket", &self.s3_bucket)
            .finish_non_exhaustive()
    }
}

/// A secret that stands in the configuration or in a file of its own.
fn secret_of(value: &str, file: &std::path::Path) -> Result<String, ConfigError> {
    if file.as_os_str().is_empty() {
        return Ok(value.to_owned());
    }
    let text = std::fs::read_to_string(file).map_err(|error| ConfigError::Unreadable {
        path: file.display().to_string(),
        what: error.to_string(),
    })?;
    Ok(text.trim().to_owned())
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read: {what}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        what: String,
    },
    /// The file is not TOML.
    #[error("the configuration file {path} is not valid TOML: {what}")]
    Malformed {
        /// The file.
        path: String,
        /// Where and why.
        what: String,
    },
    /// A key that does not exist.
    #[error("{origin}: there is no setting `{key}`{}", suggestion.as_ref().map(|key| format!("; did you mean `{key}`?")).unwrap_or_default())]
    UnknownKey {
        /// Where it stands.
        origin: String,
        /// The key.
        key: String,
        /// The nearest known one.
        suggestion: Option<String>,
    },
    /// A value of the wrong kind.
    #[error("{origin}: {what}")]
    Value {
        /// Where it stands.
        origin: String,
        /// What is wrong.
        what: String,
    },
}

/// Where values come from.
pub struct Sources {
    /// A file and its text.
    pub file: Option<(String, String)>,
    /// The environment.
    pub environment: Vec<(String, String)>,
}

impl Sources {
    /// The file at `path`, if any, and the process's environment.
    pub fn read(path: Option<&PathBuf>) -> Result<Self, ConfigError> {
        let file = path
            .map(|path| {
                let name = path.display().to_string();
                let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
                    path: name.clone(),
                    what: error.to_string(),
                })?;
                Ok((name, text))
            })
            .transpose()?;
        Ok(Self { file, environment: std::env::vars().collect() })
    }
}

impl Config {
    /// Lays file and environment over the defaults.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let (mut table, _) = merge(sources)?;
        let origin = sources.file.as_ref().map_or("the configuration", |(name, _)| name);
        let crms = crm::take(&mut table, origin)?;
        let channels = channel::take(&mut table, origin)?;
        let mut config: Self = table.try_into().map_err(|error: toml::de::Error| ConfigError::Value {
            origin: origin.to_owned(),
            what: one_line(&error.to_string()),
        })?;
        config.crms = crms;
        config.channels = channels;
        while config.public_url.ends_with('/') {
            config.public_url.pop();
        }
        if config.secret_key_file.as_os_str().is_empty() {
            config.secret_key_file = config.data.join("secret.key");
        }
        Ok(config)
    }

    /// The folder for files, where they lie in one.
    pub fn files_folder(&self) -> PathBuf {
        if self.files.folder.as_os_str().is_empty() {
            self.data.join("files")
        } else {
            self.files.folder.clone()
        }
    }

    /// Where the server really listens. Unless the operator named another, that is its public address too.
    pub fn listens_at(&mut self, address: SocketAddr) {
        if self.public_url == Self::defaults().public_url {
            let host = if address.ip().is_unspecified() { "127.0.0.1".to_owned() } else { host_of(address) };
            self.public_url = format!("http://{host}:{}", address.port());
        }
        self.listen = address;
    }

    /// The defaults alone, for tests and the demo to change.
    pub fn defaults() -> Self {
        Self::load(&Sources { file: None, environment: Vec::new() })
            .expect("the compiled-in defaults are valid")
    }
}

fn defaults() -> Table {
    toml::from_str(&reference()).expect("the compiled-in defaults are valid")
}

/// Where each value comes from, by its key; absent for a default.
type Origins = BTreeMap<String, String>;

/// Lays file and environment over the defaults, and notes what came from where.
fn merge(sources: &Sources) -> Result<(Table, Origins), ConfigError> {
    let mut table = defaults();
    let mut origins = Origins::new();
    if let Some((name, text)) = &sources.file {
        let given: Table = toml::from_str(text)
            .map_err(|error| ConfigError::Malformed { path: name.clone(), what: place(text, &error) })?;
        overlay(&mut table, given, name, "", &mut origins)?;
    }
    for (name, value) in &sources.environment {
        // Names that the tests use are no settings.
        let Some(key) = name.strip_prefix("CAUSEWAY_").filter(|key| !key.starts_with("TEST_")) else {
            continue;
        };
        let path: Vec<String> = key.split("__").map(str::to_lowercase).collect();
        let given = path.iter().rev().fold(None, |inner: Option<Value>, key| {
            let inner = inner.unwrap_or_else(|| Value::String(value.clone()));
            Some(Value::Table([(key.clone(), inner)].into_iter().collect()))
        });
        let Some(Value::Table(given)) = given else { continue };
        overlay(&mut table, given, &format!("the environment variable {name}"), "", &mut origins)?;
    }
    Ok((table, origins))
}

/// Lays `given` over `table`; every key must be there already.
fn overlay(
    table: &mut Table,
    given: Table,
    origin: &str,
    path: &str,
    origins: &mut Origins,
) -> Result<(), ConfigError> {
    for (key, value) in given {
        let full = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let unknown = |table: &Table| ConfigError::UnknownKey {
            origin: origin.to_owned(),
            key: full.clone(),
            suggestion: nearest(&key, table.keys()),
        };
        let Some(known) = table.get_mut(&key) else { return Err(unknown(table)) };
        match (known, value) {
            (Value::Table(inner), Value::Table(given)) => overlay(inner, given, origin, &full, origins)?,
            (known, value) => {
                *known = fit(known, value, origin, &full)?;
                origins.insert(full, origin.to_owned());
            }
        }
    }
    Ok(())
}

/// Line and reason of a text that is not TOML, on one line.
fn place(text: &str, error: &toml::de::Error) -> String {
    let what = one_line(error.message());
    match error.span().and_then(|span| text.get(..span.start)) {
        Some(before) => format!("line {}: {what}", before.matches('\n').count() + 1),
        None => what,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn host_of(address: SocketAddr) -> String {
    match address {
        SocketAddr::V4(address) => address.ip().to_string(),
        SocketAddr::V6(address) => format!("[{}]", address.ip()),
    }
}

/// The value in the kind of the default: the environment knows only text.
fn fit(known: &Value, value: Value, origin: &str, key: &str) -> Result<Value, ConfigError> {
    let wrong = |wanted: &str| ConfigError::Value {
        origin: origin.to_owned(),
        what: format!("`{key}` takes {wanted}"),
    };
    match (known, value) {
        (Value::Integer(_), Value::String(text)) => {
            text.trim().parse().map(Value::Integer).map_err(|_| wrong("a whole number"))
        }
        (Value::Array(_), Value::String(text)) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Ok(Value::Array(parts.map(|part| Value::String(part.to_owned())).collect()))
        }
        (Value::String(_), value @ Value::String(_))
        | (Value::Integer(_), value @ Value::Integer(_))
        | (Value::Array(_), value @ Value::Array(_)) => Ok(value),
        (Value::String(_), _) => Err(wrong("a text in quotes")),
        (Value::Integer(_), _) => Err(wrong("a whole number")),
        (Value::Array(_), _) => Err(wrong("a list in brackets")),
        (Value::Table(_), _) => Err(wrong("a section of its own: [section]")),
        _ => Err(wrong("another kind of value")),
    }
}

/// The known word that was probably meant.
pub(crate) fn nearest<'a>(key: &str, known: impl Iterator<Item = &'a String>) -> Option<String> {
    let scored = known.map(|known| (strsim::damerau_levenshtein(key, known), known));
    scored
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= 3)
        .map(|(_, known)| known.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
        let sources = Sources {
            file: Some(("causeway.toml".into(), text.into())),
            environment: environment.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect(),
        };
        Config::load(&sources).map_err(|error| error.to_string())
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        let error = load("lisen = \"127.0.0.1:1\"", &[]).expect_err("it is refused");
        assert_eq!(error, "causeway.toml: there is no setting `lisen`; did you mean `listen`?");
        let error = load("[salesforce]\nclient = \"x\"", &[]).expect_err("it is refused");
        assert!(error.contains("`salesforce.client`"), "{error}");
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let config = load(
            "keep_raw_days = 3",
            &[("CAUSEWAY_KEEP_RAW_DAYS", "9"), ("CAUSEWAY_SALESFORCE__CLIENT_ID", "key"), ("PATH", "/bin")],
        )
        .expect("it is valid");
        let app = config.crm_app("salesforce").expect("no file").expect("it is registered");
        assert_eq!((config.keep_raw_days, app.client_id.as_str()), (9, "key"));
        let error = load("", &[("CAUSEWAY_LISEN", "x")]).expect_err("it is refused");
        assert!(error.contains("CAUSEWAY_LISEN") && error.contains("`listen`"), "{error}");
    }

    #[test]
    fn a_value_of_the_wrong_kind_names_its_key() {
        assert!(load("keep_raw_days = \"many\"", &[]).expect_err("it is refused").contains("keep_raw_days"));
        assert!(load("listen = 5", &[]).expect_err("it is refused").contains("listen"));
        assert!(load("listen = \"nowhere\"", &[]).expect_err("it is refused").contains("listen"));
    }

    #[test]
    fn secrets_never_show() {
        let config = load("[salesforce]\nclient_secret = \"hush\"", &[]).expect("it is valid");
        assert!(!format!("{config:?}").contains("hush"));
    }
}
