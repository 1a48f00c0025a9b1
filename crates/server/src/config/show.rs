//! The effective configuration as a person reads it: every value with its origin, secrets hidden.

use toml::{Table, Value};

use super::{Config, ConfigError, Sources, crm, merge};

/// Keys whose values nobody is shown, beside those of CRMs.
const SECRET: &[&str] = &["database_url", "metrics_token", "mail.password", "files.s3_secret_access_key"];

/// One effective value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its key.
    pub key: String,
    /// The value as it would stand in a file.
    pub value: String,
    /// Where it comes from.
    pub origin: String,
}

/// Every effective value, in the order of their keys, those of sections last.
pub fn show(sources: &Sources) -> Result<Vec<Shown>, ConfigError> {
    let config = Config::load(sources)?;
    let (table, origins) = merge(sources)?;
    let mut shown = Vec::new();
    walk(&table, "", &mut |key, value| {
        let origin = origins.get(&key).cloned().unwrap_or_else(|| "default".to_owned());
        let is_set = value.as_str().is_none_or(|text| !text.is_empty());
        let (value, origin) = if (SECRET.contains(&key.as_str()) || crm::is_secret(&key)) && is_set {
            ("(hidden)".to_owned(), origin)
        } else if key == "secret_key_file" && !is_set {
            (Value::String(config.secret_key_file.display().to_string()).to_string(), "`data`".to_owned())
        } else if key == "files.folder" && !is_set {
            (Value::String(config.files_folder().display().to_string()).to_string(), "`data`".to_owned())
        } else {
            (value.to_string(), origin)
        };
        shown.push(Shown { key, value, origin });
    });
    Ok(shown)
}

fn walk(table: &Table, path: &str, found: &mut impl FnMut(String, &Value)) {
    let full = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    for (key, value) in table.iter().filter(|(_, value)| !value.is_table()) {
        found(full(key), value);
    }
    for (key, value) in table {
        if let Value::Table(inner) = value {
            walk(inner, &full(key), found);
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    #[test]
    fn every_value_tells_where_it_comes_from_and_no_secret_shows() {
        let sources = Sources {
            file: Some((
                "causeway.toml".into(),
                "data = \"here\"\n[salesforce]\nclient_secret = \"hush\"".into(),
            )),
            environment: vec![("CAUSEWAY_KEEP_RAW_DAYS".into(), "9".into())],
        };
        let shown = show(&sources).unwrap();
        let find = |key: &str| {
            let found = shown.iter().find(|shown| shown.key == key).unwrap();
            (found.value.as_str(), found.origin.as_str())
        };
        assert_eq!(find("data"), ("\"here\"", "causeway.toml"));
        assert_eq!(find("keep_raw_days"), ("9", "the environment variable CAUSEWAY_KEEP_RAW_DAYS"));
        assert_eq!(find("log"), ("\"info\"", "default"));
        assert_eq!(find("secret_key_file"), ("\"here/secret.key\"", "`data`"));
        assert_eq!(find("salesforce.client_secret"), ("(hidden)", "causeway.toml"));
        assert_eq!(find("database_url"), ("\"\"", "default"));
    }
}
