//! The simulated org behind the curtain, over HTTP: what stands in it, and what it counted.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use causeway_core::crm::Request;
use serde_json::{Value, json};

use super::{dialect::Dialect, sample::Side};
use crate::http::Transport;

/// The org's `/_sim`.
#[derive(Clone)]
pub struct Curtain {
    /// The CRM.
    pub dialect: &'static Dialect,
    http: Arc<dyn Transport>,
    base: String,
}

impl Curtain {
    /// Of the org at that address.
    pub fn new(dialect: &'static Dialect, http: Arc<dyn Transport>, base: String) -> Self {
        Self { dialect, http, base }
    }

    /// Where the org is.
    pub fn url(&self) -> &str {
        &self.base
    }

    /// Asks.
    pub async fn ask(&self, method: &'static str, path: &str, body: &Value) -> Result<Value> {
        let request = Request {
            method,
            url: format!("{}/_sim/{path}", self.base),
            headers: vec![("content-type", "application/json".to_owned())],
            body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
        };
        let answer = self.http.send(&request, None, Duration::from_mins(1)).await?;
        if answer.status >= 300 {
            bail!("the org answered {} to {path}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        Ok(serde_json::from_slice(&answer.body).unwrap_or(Value::Null))
    }

    /// Every record of a module that is not deleted.
    pub async fn records(&self, module: &str) -> Result<Vec<Value>> {
        let mut all = Vec::new();
        loop {
            let path = format!("records?object={module}&offset={}&limit=1000", all.len());
            let page = self.ask("GET", &path, &Value::Null).await?;
            let rows = page["records"].as_array().cloned().unwrap_or_default();
            if rows.is_empty() {
                break;
            }
            all.extend(rows);
        }
        all.retain(|row| !self.dialect.is_deleted(row));
        Ok(all)
    }

    /// How many calls that write the org has counted.
    pub async fn writes(&self) -> Result<u64> {
        let counters = self.ask("GET", "counters", &Value::Null).await?;
        counters["writes"].as_u64().context("the org does not count its writes")
    }

    /// Users by what stands before the at sign.
    pub async fn users(&self) -> Result<BTreeMap<String, String>> {
        let Dialect { users, user_name, id, .. } = self.dialect;
        let users = self.records(users).await?;
        let named = users.iter().filter_map(|user| {
            let (name, _) = user[user_name].as_str()?.split_once('@')?;
            Some((name.to_owned(), user[id].as_str()?.to_owned()))
        });
        Ok(named.collect())
    }

    /// Puts a sample's records into the org; answers their ids by name.
    pub async fn seed(
        &self,
        side: &Side,
        users: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>> {
        let mut ids = BTreeMap::new();
        for seed in &side.org {
            let resolve = |value: &Value| match value.as_str() {
                Some(text) if text.starts_with('@') => {
                    users.get(&text[1..]).map_or(Value::Null, |id| json!(id))
                }
                Some(text) if text.starts_with('#') => {
                    ids.get(&text[1..]).map_or(Value::Null, |id| json!(id))
                }
                _ => value.clone(),
            };
            let record: BTreeMap<&String, Value> =
                seed.record.iter().map(|(field, value)| (field, resolve(value))).collect();
            let body = json!({"object": seed.module, "records": [record]});
            let made = self.ask("POST", "records", &body).await?;
            let id =
                made["ids"][0].as_str().with_context(|| format!("{} was not seeded: {made}", seed.name))?;
            ids.insert(seed.name.clone(), id.to_owned());
        }
        Ok(ids)
    }
}
