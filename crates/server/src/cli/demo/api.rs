//! The server's own API, over HTTP: the demo asks for nothing that a customer could not ask for.

use std::{sync::Arc, time::Duration};

use anyhow::{Result, bail};
use causeway_core::crm::Request;
use serde_json::Value;

use crate::http::{Access, Transport};

/// The API with a token.
#[derive(Clone)]
pub struct Api {
    http: Arc<dyn Transport>,
    base: String,
    token: String,
}

impl Api {
    /// Of the server at that address.
    pub fn new(http: Arc<dyn Transport>, base: String, token: String) -> Self {
        Self { http, base, token }
    }

    /// Asks; `None` where there is nothing of that address (yet).
    pub async fn find(&self, path: &str) -> Result<Option<Value>> {
        let (status, value) = self.exchange("GET", path, &Value::Null).await?;
        match status {
            200 => Ok(Some(value)),
            404 => Ok(None),
            _ => bail!("the server answered {status} to {path}: {value}"),
        }
    }

    /// Asks for something to be done.
    pub async fn ask(&self, method: &'static str, path: &str, body: &Value) -> Result<Value> {
        let (status, value) = self.exchange(method, path, body).await?;
        if status >= 300 {
            bail!("the server answered {status} to {path}: {value}");
        }
        Ok(value)
    }

    async fn exchange(&self, method: &'static str, path: &str, body: &Value) -> Result<(u16, Value)> {
        let request = Request {
            method,
            url: format!("{}/api/v1/{path}", self.base),
            headers: vec![("content-type", "application/json".to_owned())],
            body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
        };
        let answer =
            self.http.send(&request, Some(Access::bearer(&self.token)), Duration::from_mins(1)).await?;
        Ok((answer.status, serde_json::from_slice(&answer.body).unwrap_or(Value::Null)))
    }
}
