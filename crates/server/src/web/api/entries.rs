//! Entries: which wait and why, and what a person can do about them, one by one or a whole cause at once.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use causeway_core::{lane::HoldReason, plan::wording};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        Web,
        error::{Answer, Refused},
    },
    body::Body,
    caller::Caller,
    no_such, number,
};
use crate::{
    holds::{self, WishRefused},
    id,
    receipts::{self, Cause, Entry, Place},
    store::{
        entry_list::{self, Filter},
        person::of_word,
    },
};

/// Entries in one answer, unless fewer are asked for.
const MOST: i64 = 100;

/// Which entries are asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Asked {
    state: Option<String>,
    cause: Option<String>,
    connection: Option<String>,
    account: Option<String>,
    contact: Option<String>,
    /// The id after which the last answer ended.
    before: Option<String>,
    limit: Option<i64>,
    /// Write anew what a person deleted or edited in the CRM.
    recreate: bool,
}

impl Asked {
    fn filter(&self) -> Result<Filter, Refused> {
        let id = |prefix, what, text: &Option<String>| {
            text.as_deref().map(|text| number(prefix, what, text)).transpose()
        };
        let state = self.state.as_deref().map(|word| {
            entry_list::State::named(word).ok_or_else(|| {
                let known: Vec<&str> = entry_list::STATES.iter().map(|state| state.word()).collect();
                Refused::invalid(
                    format!("no state is called {word}"),
                    format!("use one of {}", known.join(", ")),
                )
            })
        });
        let cause = self.cause.as_deref().map(|word| {
            of_word::<HoldReason>(word).map_err(|_| {
                let action = "use the `reason` of an entry, or leave it out";
                Refused::invalid(format!("no cause is called {word}"), action)
            })
        });
        Ok(Filter {
            state: state.transpose()?,
            reason: cause.transpose()?,
            connection_id: id("con", "connection", &self.connection)?,
            account_id: id("acc", "account", &self.account)?,
            contact_id: id("ctc", "contact", &self.contact)?,
            before: id("ent", "entry", &self.before)?,
        })
    }
}

/// Entries, newest first. `next` is the `before` of the following answer.
pub(super) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Answer<Json<Value>> {
    let most = asked.limit.unwrap_or(MOST).clamp(1, MOST);
    let mut entries = receipts::entries(&web.app, caller.workspace_id, asked.filter()?, most + 1).await?;
    let is_more = i64::try_from(entries.len()).is_ok_and(|count| count > most);
    entries.truncate(usize::try_from(most).unwrap_or(0));
    let next = entries.last().filter(|_| is_more).map(|last| id::entry(last.listed.id));
    Ok(Json(json!({ "entries": entries.iter().map(show).collect::<Vec<_>>(), "next": next })))
}

/// What entries wait for, cause by cause.
pub(super) async fn causes(State(web): State<Web>, caller: Caller) -> Answer<Json<Value>> {
    let causes = receipts::causes(&web.app, caller.workspace_id).await?;
    Ok(Json(json!({ "causes": causes.iter().map(show_cause).collect::<Vec<_>>() })))
}

/// Lets every held entry of a cause be tried again.
pub(super) async fn retry_all(
    State(web): State<Web>,
    caller: Caller,
    Body(asked): Body<Asked>,
) -> Answer<Json<Value>> {
    let filter = asked.filter()?;
    if filter.reason.is_none() {
        return Err(Refused::invalid("it is not said what is to be tried again", "send a `cause`"));
    }
    let who = (caller.workspace_id, Some(caller.member.id));
    let retried = holds::retry_all_by(&web.app, who, filter, asked.recreate).await?;
    Ok(Json(json!({ "retried": retried.entries, "is_more": retried.is_more })))
}

fn show(entry: &Entry) -> Value {
    let listed = &entry.listed;
    json!({
        "id": id::entry(listed.id),
        "state": entry.state,
        "sentence": entry.sentence,
        "held": entry.held,
        "connection": id::connection(listed.connection_id),
        "integration": id::integration(listed.integration_id),
        "account": id::account(listed.account_id),
        "conversation": id::conversation(listed.conversation_id),
        "contact": listed.contact_id.map(id::contact),
        "messages": listed.messages,
        "first_message": listed.first.as_ref().map(|first| id::message(first.item_id)),
        "at": listed.at,
        "due_at": listed.due_at,
        "tries": listed.tries,
        "written_at": listed.written_at,
        "written": entry.written,
        "person": listed.person,
        "person_url": entry.person_url,
    })
}

fn show_cause(cause: &Cause) -> Value {
    let (because, action) = wording::hold(cause.reason);
    let (connection, integration) = match &cause.place {
        Place::Entries => (None, None),
        Place::Connection { id, .. } => (Some(id::connection(*id)), None),
        Place::Integration { id, connection_id, .. } => {
            (Some(id::connection(*connection_id)), Some(id::integration(*id)))
        }
    };
    json!({
        "reason": cause.reason,
        "because": because,
        "who": cause.who,
        "action": action,
        "count": cause.count,
        "is_more": cause.is_more,
        "until": cause.until,
        "connection": connection,
        "integration": integration,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Retry {
    /// Write anew what a person deleted or edited in the CRM.
    #[serde(default)]
    recreate: bool,
}

/// Lets a held entry be tried again.
pub(super) async fn retry(
    State(web): State<Web>,
    caller: Caller,
    Path(entry): Path<String>,
    Body(wish): Body<Retry>,
) -> Answer<Json<Value>> {
    let entry_id = number("ent", "entry", &entry)?;
    holds::retry_entry(&web.app, caller.workspace_id, entry_id, wish.recreate).await?;
    Ok(Json(json!({ "id": id::entry(entry_id), "state": "due" })))
}

impl From<WishRefused> for Refused {
    fn from(refused: WishRefused) -> Self {
        match refused {
            WishRefused::Store(error) => error.into(),
            WishRefused::NoEntry => no_such("ent", "entry"),
            WishRefused::NoContact => no_such("ctc", "contact"),
            WishRefused::NoConnection => no_such("con", "connection"),
            WishRefused::NotHeld => {
                Self::conflict("not_held", refused.to_string(), "nothing needs to be done")
            }
            WishRefused::WrongModule(_) | WishRefused::NoRecord { .. } | WishRefused::Moved { .. } => {
                Self::invalid(refused.to_string(), "send the id of a lead or contact that is there")
            }
            WishRefused::Crm(_) => {
                let action = "see to the connection (GET /api/v1/connections), then try again";
                Self::conflict("crm_silent", refused.to_string(), action)
            }
        }
    }
}
