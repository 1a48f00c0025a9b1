//! The calls that a lane may make: it rests when the governor or the org has none for it, and goes on by itself.

use std::time::Duration;

use causeway_core::{
    call::Call,
    governor::{Because, Purpose, left, rests_until, wording},
    lane::{HoldReason, Verdict},
    time::Timestamp,
};

use crate::{
    app::App,
    crm::{Failure, Line},
    governor,
    live::Topic,
    store::{self, connection, person::word},
};

/// May the lane go on? What was last told of the limit may be old: then the org is asked (one call) before a rest at
/// the limit begins, and before it ends.
pub async fn may_go_on(app: &App, line: &mut Line) -> Result<bool, Failure> {
    let now = app.now();
    let rested = line.connection().wait_until;
    if rested.is_some_and(|until| until > now) {
        return Ok(false);
    }
    let limit = word(&HoldReason::LimitReached);
    let was_at_limit = line.connection().wait_reason.as_deref() == Some(limit.as_str());
    let refused = line.may(Purpose::Message).err();
    // How much of a share is spent we know ourselves.
    let is_to_be_asked = refused.map_or(was_at_limit, |because| because != Because::Share);
    if is_to_be_asked && line.is_stale() {
        line.serve(Purpose::Check);
        let asked = line.call(Call::Usage).await;
        line.serve(Purpose::Message);
        match asked {
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
    if line.may(Purpose::Message).is_err() {
        rest(app, line, HoldReason::LimitReached, Duration::ZERO, "").await?;
        return Ok(false);
    }
    if rested.is_some() {
        let id = line.connection().id;
        app.db.write(move |tx| Box::pin(connection::rest(tx, id, None, None, ""))).await?;
        if was_at_limit {
            governor::review_now(app, id).await?;
        }
        tell(app, line);
    }
    Ok(true)
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
    let (until, detail) = if reason == HoldReason::LimitReached {
        at_limit(app, line, detail).await?
    } else {
        (now + super::micros(least), detail.to_owned())
    };
    let is_about_rights = matches!(reason, HoldReason::NoPermission | HoldReason::Unexpected);
    let (id, word) = (line.connection().id, word(&reason));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if is_about_rights {
                    // Whoever grants what is missing wants it seen.
                    connection::forget_profile(tx, id).await?;
                }
                connection::rest(tx, id, Some(until), Some(&word), &detail).await
            })
        })
        .await?;
    if reason == HoldReason::LimitReached {
        governor::review_now(app, id).await?;
    }
    tell(app, line);
    Ok(())
}

/// Until when a lane rests that has no call to make, and what it says of that.
async fn at_limit(app: &App, line: &Line, said: &str) -> store::Result<(i64, String)> {
    let now = Timestamp(app.now());
    let pause = line.crm().limit_retry_at(now);
    let (standing, goes_on) = governor::goes_on(app, line.connection()).await?;
    let rules = governor::rules(app, line.connection());
    let Some((0, because)) = left(standing, rules, Purpose::Message) else {
        // The org refuses although it tells of calls that are left: what it says is all there is to say.
        return Ok((pause.0, said.to_owned()));
    };
    let of_org = left(standing, rules, Purpose::Panel).map_or(0, |(left, _)| left);
    let until = rests_until(now, pause, of_org, because, goes_on);
    Ok((until.0, wording::why(because, standing, rules)))
}

/// The connection rests, or goes on: open pages say so.
fn tell(app: &App, line: &Line) {
    let topics = [Topic::Connections, Topic::Notices, Topic::Deliveries];
    app.live.tell(line.connection().workspace_id, &topics);
}
