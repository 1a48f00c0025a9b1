//! The calls of a connection's org: who used how many, what is left and will be, and what the admin allows.

use axum::{
    Json,
    extract::{Path, State},
};
use causeway_core::governor::{Outlook, PURPOSES, Purpose, wording};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use super::{
    super::{
        Web,
        error::{Answer, Refused},
    },
    body::Body,
    caller::Caller,
    connections::ours,
    no_such,
};
use crate::{
    governor::{self, ChangeRefused, Look},
    store::connection::Connection,
};

/// How they stand.
pub(super) async fn read(
    State(web): State<Web>,
    caller: Caller,
    Path(connection): Path<String>,
) -> Answer<Json<Value>> {
    let connection = ours(&web, &caller, &connection).await?;
    show(&web, &connection).await
}

async fn show(web: &Web, connection: &Connection) -> Answer<Json<Value>> {
    let look = governor::look(&web.app, connection).await?;
    Ok(Json(value(connection, &look)))
}

fn value(connection: &Connection, look: &Look) -> Value {
    let usage = look.standing.usage;
    let (budget, rules) = (&connection.budget, look.rules);
    let waits = look.waits_until.map(|until| {
        let because = look.left.map(|(_, because)| because);
        json!({
            "until": until.0,
            "because": because,
            "detail": because.map(|because| wording::why(because, look.standing, rules)),
        })
    });
    json!({
        "limit": usage.map(|usage| usage.limit),
        "used": usage.map(|usage| usage.used),
        "told_at": look.told_at,
        "ours": look.standing.ours,
        "ours_by_purpose": { "window": purposes(&look.in_window), "today": purposes(&look.today) },
        "left_for_messages": look.left.map(|(left, _)| left),
        "spent_percent": look.spent,
        "share_percent": rules.share_percent,
        "reserve_percent": rules.reserve_percent,
        "chosen": { "share_percent": budget.share_percent, "reserve_percent": budget.reserve_percent },
        "default": look.default,
        "waiting": { "entries": look.waiting.0, "calls": look.waiting.1 },
        "forecast": {
            "reached": outlook(look.forecast.reached),
            "goes_on": outlook(look.forecast.goes_on),
            "written": outlook(look.forecast.written),
        },
        "waits": waits,
        "short_since": look.short_since,
        "groups_when_short": look.may_widen,
    })
}

/// An instant, or the word for why there is none: `too_few_readings`, `not_foreseen`.
fn outlook(outlook: Outlook) -> Value {
    match outlook {
        Outlook::At(at) => json!({ "at": at.0 }),
        Outlook::TooFew => json!({ "at": null, "because": "too_few_readings" }),
        Outlook::Never => json!({ "at": null, "because": "not_foreseen" }),
    }
}

fn purposes(counted: &[(Purpose, u64)]) -> Map<String, Value> {
    let of = |purpose: Purpose| counted.iter().find(|(known, _)| *known == purpose).map_or(0, |one| one.1);
    PURPOSES.iter().map(|purpose| (purpose.word().to_owned(), json!(of(*purpose)))).collect()
}

/// What an admin chooses. What is left out stays; `null` is what the operator set.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    #[serde(default)]
    share_percent: Given,
    #[serde(default)]
    reserve_percent: Given,
}

/// A value that may be left out, which is not the same as `null`.
#[derive(Default)]
enum Given {
    #[default]
    Not,
    As(Option<i64>),
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::As)
    }
}

impl Given {
    fn over(self, present: Option<u8>) -> Option<i64> {
        match self {
            Self::Not => present.map(i64::from),
            Self::As(given) => given,
        }
    }
}

/// The admin chooses share and reserve.
pub(super) async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(connection): Path<String>,
    Body(wish): Body<Wish>,
) -> Answer<Json<Value>> {
    let present = ours(&web, &caller, &connection).await?;
    let share = wish.share_percent.over(present.budget.share_percent);
    let reserve = wish.reserve_percent.over(present.budget.reserve_percent);
    let by = (caller.workspace_id, caller.member.id);
    governor::change(&web.app, by, present.id, share, reserve).await.map_err(refused)?;
    let after = ours(&web, &caller, &connection).await?;
    show(&web, &after).await
}

fn refused(refused: ChangeRefused) -> Refused {
    match refused {
        ChangeRefused::NoConnection => no_such("con", "connection"),
        ChangeRefused::Percent(_) => {
            Refused::invalid(refused.to_string(), "send 0 to 100, or null for what the operator set")
        }
        ChangeRefused::Store(error) => error.into(),
    }
}
