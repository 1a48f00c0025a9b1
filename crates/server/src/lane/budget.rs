//! The org's API limit: a share is left to others, and at the limit the lane waits and drains by itself.

use std::time::Duration;

use causeway_core::{
    call::{Call, Usage},
    lane::{HoldReason, Verdict},
    time::Timestamp,
};

use crate::{
    app::App,
    crm::{Failure, Line},
    live::Topic,
    store::{self, connection, person::word},
};

/// Is our share used up? `reserve_percent` of the limit is left to others.
pub fn is_used_up(usage: Usage, reserve_percent: u8) -> bool {
    let reserve = usage.limit.saturating_mul(u64::from(reserve_percent.min(100))) / 100;
    usage.limit > 0 && usage.used >= usage.limit.saturating_sub(reserve)
}

/// May the lane go on? What was last told of the limit may be old, so the org is asked (one call) before a rest at
/// the limit begins, and before it ends.
pub async fn may_go_on(app: &App, line: &mut Line) -> Result<bool, Failure> {
    let now = app.now();
    let rested = line.connection().wait_until;
    if rested.is_some_and(|until| until > now) {
        return Ok(false);
    }
    let limit = word(&HoldReason::LimitReached);
    let was_at_limit = line.connection().wait_reason.as_deref() == Some(limit.as_str());
    if was_at_limit || is_at_limit(app, line) {
        match line.call(Call::Usage).await {
            Ok(_) => {}
            Err(Failure::Verdict(verdict)) => {
                // An org that cannot tell is left alone as if it were still at its limit.
                if !rest_at(app, line, &verdict).await? {
                    rest(app, line, HoldReason::LimitReached, Duration::ZERO, "").await?;
                }
                return Ok(false);
            }
            Err(failure) => return Err(failure),
        }
    }
    if is_at_limit(app, line) {
        rest(app, line, HoldReason::LimitReached, Duration::ZERO, "").await?;
        return Ok(false);
    }
    if rested.is_some() {
        let id = line.connection().id;
        app.db.write(move |tx| Box::pin(connection::rest(tx, id, None, None, ""))).await?;
        tell(app, line);
    }
    Ok(true)
}

/// Is our share used up, as far as the org has told?
pub fn is_at_limit(app: &App, line: &Line) -> bool {
    let reserve = app.config.salesforce.reserve_percent;
    line.connection().usage.is_some_and(|usage| is_used_up(usage, reserve))
}

/// Lets the lane rest if a verdict speaks of the whole connection, whatever was asked. `false`: it does not.
pub async fn rest_at(app: &App, line: &Line, verdict: &Verdict) -> store::Result<bool> {
    let Verdict::Hold { reason, detail, .. } = verdict else { return Ok(false) };
    let Some(least) = super::rest_for(*reason) else { return Ok(false) };
    rest(app, line, *reason, least, detail).await?;
    Ok(true)
}

/// Lets the lane rest after a call that failed as a whole. No entry counts it as a failure of its own: what waits
/// follows by itself, however long that takes. `false`: the org is to be looked at again first.
pub async fn rest_after(app: &App, line: &Line, verdict: &Verdict) -> store::Result<bool> {
    match verdict {
        Verdict::Hold { reason, detail, .. } => {
            let least = super::rest_for(*reason).unwrap_or(REFUSED);
            rest(app, line, *reason, least, detail).await?;
        }
        Verdict::Again { after: least, detail } | Verdict::Unknown { settle: least, detail } => {
            let apart = SILENT.mul_f64(1.0 + app.nature.roll());
            rest(app, line, HoldReason::Unreachable, (*least).max(apart), detail).await?;
        }
        Verdict::Done | Verdict::Renew | Verdict::Heal { .. } => return Ok(false),
    }
    Ok(true)
}

/// How long an org is left alone that refuses a whole call: somebody has to grant something there.
const REFUSED: Duration = Duration::from_mins(15);

/// How long an org is left alone at least that does not answer.
const SILENT: Duration = Duration::from_secs(10);

async fn rest(
    app: &App,
    line: &Line,
    reason: HoldReason,
    least: Duration,
    detail: &str,
) -> store::Result<()> {
    let now = app.now();
    let until = if reason == HoldReason::LimitReached {
        line.crm().limit_retry_at(Timestamp(now)).0
    } else {
        now + super::micros(least)
    };
    let is_about_rights = matches!(reason, HoldReason::NoPermission | HoldReason::Unexpected);
    let (id, reason, detail) = (line.connection().id, word(&reason), detail.to_owned());
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if is_about_rights {
                    // Whoever grants what is missing wants it seen.
                    connection::forget_profile(tx, id).await?;
                }
                connection::rest(tx, id, Some(until), Some(&reason), &detail).await
            })
        })
        .await?;
    tell(app, line);
    Ok(())
}

/// The connection rests, or goes on: open pages say so.
fn tell(app: &App, line: &Line) {
    let topics = [Topic::Connections, Topic::Notices, Topic::Deliveries];
    app.live.tell(line.connection().workspace_id, &topics);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_left_to_others() {
        let usage = |used| Usage { used, limit: 1000 };
        assert!(!is_used_up(usage(899), 10));
        assert!(is_used_up(usage(900), 10));
        assert!(is_used_up(usage(1000), 0));
        assert!(!is_used_up(Usage { used: 5, limit: 0 }, 10), "an org that tells no limit has none");
    }
}
