//! Calls as requests, answers as replies: each call is a POST of itself to the address of its name.

use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::{
    call::{EntryRecord, Identity},
    crm::{Answer, Call, Org, Outcome, Request, Response, Sought},
    lane::{HoldReason, Verdict, Who},
    record::OrgProfile,
    time::Timestamp,
};

pub(super) fn request(org: &Org, call: &Call) -> Request {
    Request {
        method: "POST",
        url: format!("{}/v{}/{}", org.instance_url, org.version, call.name()),
        headers: vec![("content-type", "application/json".to_owned())],
        body: serde_json::to_vec(call).unwrap_or_default(),
    }
}

pub(super) fn reply(call: &Call, response: &Response) -> Result<Answer, Verdict> {
    if let Some(verdict) = refusal(call, response) {
        return Err(verdict);
    }
    Ok(match call {
        Call::Describe { .. } => Answer::Profile(Box::new(read::<OrgProfile>(call, response)?)),
        Call::Users { .. } => Answer::Users(read(call, response)?),
        Call::FindPeople(_) | Call::ReadPeople { .. } => Answer::People(read(call, response)?),
        Call::ChangedPeople(changes) => {
            Answer::Changed(read(call, response)?, changes.since.max(Timestamp(0)))
        }
        Call::PanelFind(_) | Call::PanelRead { .. } | Call::PanelNear { .. } => {
            Answer::Panel(read(call, response)?)
        }
        Call::ReadEntries { .. } => Answer::Entries(read(call, response)?),
        Call::VerifyEntries { keyed, .. } => {
            let (found, next): (Vec<EntryRecord>, Option<String>) = read(call, response)?;
            let named =
                found.into_iter().filter_map(|entry| Some((entry.key.clone()?, Sought::Found(entry))));
            let found = Answer::Keyed(named.collect());
            // What stands on a further page is not missing.
            let rest = |page| Call::VerifyEntries { keyed: keyed.clone(), page: Some(page) };
            match next {
                Some(page) => Answer::Part(Box::new(found), Box::new(rest(page))),
                None => found,
            }
        }
        Call::WritePeople(writes) => outcomes(call, writes.len(), response)?,
        Call::WriteEntries(writes) => outcomes(call, writes.len(), response)?,
        Call::Delete(records) => outcomes(call, records.len(), response)?,
        Call::Identify { .. } => match read::<(String, String)>(call, response)? {
            (org_id, user_id) if !org_id.is_empty() && !user_id.is_empty() => {
                Answer::Identity(Identity { org_id, user_id })
            }
            _ => return Err(unreadable(call)),
        },
        Call::AddChoice { .. } | Call::AddLinkField { .. } | Call::Usage => Answer::Nothing,
    })
}

/// What a status means. The one table of errors.
fn refusal(call: &Call, response: &Response) -> Option<Verdict> {
    let detail = format!("the toy answered with status {}", response.status);
    match response.status {
        200..300 => None,
        401 => Some(Verdict::Renew),
        429 => Some(Verdict::Again { after: Duration::from_secs(30), detail }),
        500.. if call.is_write() => Some(Verdict::Unknown { settle: Duration::from_secs(5), detail }),
        500.. => Some(Verdict::Again { after: Duration::from_secs(5), detail }),
        _ => Some(Verdict::Hold { reason: HoldReason::Unexpected, who: Who::Operator, detail }),
    }
}

/// An answer that cannot be read says nothing of what was written.
fn unreadable(call: &Call) -> Verdict {
    let detail = "the toy's answer cannot be read".to_owned();
    if call.is_write() {
        Verdict::Unknown { settle: Duration::from_secs(5), detail }
    } else {
        Verdict::Again { after: Duration::from_secs(5), detail }
    }
}

fn read<T: DeserializeOwned>(call: &Call, response: &Response) -> Result<T, Verdict> {
    serde_json::from_slice(&response.body).map_err(|_| unreadable(call))
}

/// The ids of what was written, in order; `null` where a record was refused.
fn outcomes(call: &Call, records: usize, response: &Response) -> Result<Answer, Verdict> {
    let ids: Vec<Option<String>> = read(call, response)?;
    if ids.len() != records {
        return Err(unreadable(call));
    }
    let refused = || Verdict::Hold {
        reason: HoldReason::ValueRefused,
        who: Who::CrmAdmin,
        detail: "the toy refused the record".to_owned(),
    };
    let outcome =
        |id: Option<String>| Outcome { verdict: id.as_ref().map_or_else(refused, |_| Verdict::Done), id };
    Ok(Answer::Outcomes(ids.into_iter().map(outcome).collect()))
}
