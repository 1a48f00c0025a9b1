//! Somebody between us and the org who falsifies what is written there, as a broken program would: to show that the checks
//! notice.

use std::{sync::Arc, time::Duration};

use causeway::http::{Access, Answering, Transport};
use causeway_core::crm::Request;
use serde_json::{Value, json};

/// What is falsified whenever entries are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Those of one request are written in the opposite order.
    Order,
    /// Each stands on the record of the next one's person.
    Record,
    /// The first is said to be refused for want of a right that nobody took away.
    Reason,
}

/// The transport that tells it.
pub struct Liar {
    inner: Arc<dyn Transport>,
    lie: Lie,
}

impl Liar {
    /// In front of that transport.
    pub fn before(inner: &Arc<dyn Transport>, lie: Lie) -> Arc<dyn Transport> {
        Arc::new(Self { inner: inner.clone(), lie })
    }

    /// What is asked instead; `None`: the request writes no entries.
    fn falsified(&self, request: &Request) -> Option<Request> {
        let mut body: Value = serde_json::from_slice(&request.body).ok()?;
        let records = body["records"].as_array_mut()?;
        if !request.url.contains("/composite/sobjects") || records.first()?["attributes"]["type"] != "Task" {
            return None;
        }
        match self.lie {
            Lie::Order => records.reverse(),
            Lie::Record => {
                let mut people: Vec<Value> = records.iter().map(|record| record["WhoId"].clone()).collect();
                people.rotate_left(1);
                for (record, who) in records.iter_mut().zip(people).filter(|(_, who)| !who.is_null()) {
                    record["WhoId"] = who;
                }
            }
            Lie::Reason => {}
        }
        Some(Request { body: body.to_string().into_bytes(), ..request.clone() })
    }

    /// What is answered instead.
    fn answered(&self, body: Vec<u8>) -> Vec<u8> {
        let Ok(Value::Array(mut outcomes)) = serde_json::from_slice(&body) else { return body };
        match self.lie {
            Lie::Order => outcomes.reverse(),
            Lie::Record => {}
            Lie::Reason => {
                let error =
                    json!({"statusCode": "INSUFFICIENT_ACCESS_OR_READONLY", "message": "no", "fields": []});
                if let Some(first) = outcomes.first_mut().filter(|first| first["success"] == true) {
                    *first = json!({"success": false, "errors": [error]});
                }
            }
        }
        Value::Array(outcomes).to_string().into_bytes()
    }
}

impl Transport for Liar {
    fn send<'a>(
        &'a self,
        request: &'a Request,
        access: Option<Access<'a>>,
        limit: Duration,
    ) -> Answering<'a> {
        let Some(falsified) = self.falsified(request) else { return self.inner.send(request, access, limit) };
        Box::pin(async move {
            let mut answer = self.inner.send(&falsified, access, limit).await?;
            answer.body = self.answered(answer.body);
            Ok(answer)
        })
    }
}
