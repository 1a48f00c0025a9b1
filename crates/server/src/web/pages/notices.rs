//! What everybody should know, above every page: one notice for each cause, whatever waits for it. Two looks at the
//! database, both by an index and both bounded.

use std::{cmp::Reverse, time::Duration};

use axum::extract::State;
use causeway_core::{
    lane::{Action, HoldReason, Who},
    rights::Right,
    time::Timestamp,
};
use causeway_pages::{Here, args, frame::Notice, message, part::Tone, when::Clock};

use super::{
    super::{
        Web,
        render::{self, Page, Shown, words},
        session::Visitor,
    },
    Routes,
};
use crate::{
    id,
    store::{
        self,
        connection::{self, Connection, State as Stands},
        entry_list::{self, Cause, MOST_COUNTED},
        mail,
        person::{of_word, word},
    },
};

/// Most that stand above a page.
const MOST: usize = 3;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/notices", Right::Read, show)
}

/// All of them; to our script, those that stand above every page.
async fn show(State(web): State<Web>, visitor: Visitor) -> Shown {
    let found = found(&web, &visitor).await?;
    if visitor.wants_fragment {
        return Ok(render::fragment(causeway_pages::frame::notices(&few(found))));
    }
    let title = words().say("notices-title");
    let content = message::notices(words(), &found);
    Ok(Page::new(Here::Elsewhere, &title).around(&web, &visitor, &content).await)
}

/// The notices for somebody: the gravest, and how many more there are.
pub(in crate::web) async fn all(web: &Web, visitor: &Visitor) -> store::Result<Vec<Notice>> {
    Ok(few(found(web, visitor).await?))
}

fn few(mut notices: Vec<Notice>) -> Vec<Notice> {
    if notices.len() > MOST {
        let more = notices.len() - MOST;
        notices.truncate(MOST);
        notices.push(Notice {
            tone: Tone::Plain,
            text: words().with("notice-more", args!["count" => more]),
            action: Some(("/notices".into(), words().say("notice-more-see"))),
        });
    }
    notices
}

/// Every notice for somebody, the gravest first.
async fn found(web: &Web, visitor: &Visitor) -> store::Result<Vec<Notice>> {
    let workspace_id = visitor.workspace_id();
    let since = Timestamp(web.app.now()).minus(MAILS_SHOWN).0;
    let (connections, (causes, quarantined), mails) = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let connections = connection::all(tx, Some(workspace_id)).await?;
                let causes = entry_list::causes(tx, workspace_id).await?;
                Ok((connections, causes, mail::troubles(tx, workspace_id, since).await?))
            })
        })
        .await?;
    let clock = render::clock(web, visitor);
    let mut notices: Vec<Notice> =
        connections.iter().filter_map(|connection| of_connection(&clock, visitor, connection)).collect();
    if visitor.may(Right::ManageWorkspace) {
        notices.extend(of_mails(&clock, &mails));
    }
    notices.extend(causes.iter().filter_map(|cause| of_cause(visitor, cause)));
    if quarantined > 0 && visitor.may(Right::ManageChannels) {
        notices.push(Notice {
            tone: Tone::Plain,
            text: words().with("notice-quarantined", args!["count" => quarantined.min(MOST_COUNTED)]),
            action: Some(("/quarantine".into(), words().say("notice-see"))),
        });
    }
    notices.sort_by_key(|notice| Reverse(grade(notice.tone)));
    Ok(notices)
}

fn grade(tone: Tone) -> u8 {
    match tone {
        Tone::Bad => 3,
        Tone::Warning => 2,
        Tone::Busy => 1,
        Tone::Plain | Tone::Good => 0,
    }
}

/// For how long a mail that could not be sent is shown.
const MAILS_SHOWN: Duration = Duration::from_hours(7 * 24);

/// Mails that could not be sent: one notice, with the reason of the latest.
fn of_mails(clock: &Clock<'_>, mails: &[mail::Trouble]) -> Option<Notice> {
    let words = clock.words;
    let latest = mails.first()?;
    let (to, reason) = (latest.to.as_str(), latest.reason.as_str());
    let args = args!["count" => mails.len(), "to" => to, "reason" => reason];
    let said = words.with("notice-mail", args);
    let then = if mails.iter().all(|mail| mail.is_given_up) {
        words.say("notice-mail-given-up")
    } else {
        let next = mails.iter().filter(|mail| !mail.is_given_up).map(|mail| mail.due_at).min();
        words
            .with("notice-mail-again", args!["when" => clock.to_come(Timestamp(next.unwrap_or(clock.now.0)))])
    };
    Some(Notice { tone: Tone::Warning, text: format!("{said} {then}"), action: None })
}

/// A connection that is lost, leads elsewhere, or rests. Everybody is told of a lost one; that it rests, those who can do
/// something about it, and of the limit those who lead.
fn of_connection(clock: &Clock<'_>, visitor: &Visitor, connection: &Connection) -> Option<Notice> {
    let words = clock.words;
    let org = connection.profile.as_ref().map_or(connection.org_id.as_str(), |org| org.org_name.as_str());
    let lost = match connection.state {
        Stands::Lost => Some("notice-grant-lost"),
        Stands::OtherOrg => Some("notice-other-org"),
        Stands::Connected | Stands::Disconnected => None,
    };
    let reconnect = || {
        visitor.may(Right::ConnectPanel).then(|| ("/integrations".to_owned(), words.say("notice-reconnect")))
    };
    if let Some(key) = lost {
        return Some(Notice {
            tone: Tone::Bad,
            text: words.with(key, args!["org" => org]),
            action: reconnect(),
        });
    }
    if connection.state != Stands::Connected || !visitor.may(Right::ConnectPanel) {
        return None;
    }
    let address = format!("/integrations/connection/{}", id::connection(connection.id));
    let see = |address: &str| Some((address.to_owned(), words.say("notice-see")));
    let Some(until) = connection.wait_until.filter(|until| *until > clock.now.0) else {
        // Calls run short: told once, and shown until they have recovered.
        connection.budget.near_since?;
        let text = words.with("notice-calls-near", args!["org" => org]);
        return Some(Notice { tone: Tone::Warning, text, action: see(&address) });
    };
    let reason: HoldReason = of_word(connection.wait_reason.as_deref()?).ok()?;
    let until = clock.short(Timestamp(until));
    let waiting = "/deliveries?state=due";
    let (tone, key, address) = match reason {
        HoldReason::LimitReached => (Tone::Warning, "notice-limit", address.as_str()),
        HoldReason::Unreachable => (Tone::Busy, "notice-unreachable", waiting),
        _ => (Tone::Bad, "notice-refused", waiting),
    };
    Some(Notice { tone, text: words.with(key, args!["org" => org, "until" => until]), action: see(address) })
}

/// Entries that wait for somebody. Agents are told of what agents do, the others of everything.
fn of_cause(visitor: &Visitor, cause: &Cause) -> Option<Notice> {
    let words = words();
    let right = Action::against(cause.reason).right()?;
    let is_theirs = matches!(cause.who, Who::Agent | Who::CrmUser) || visitor.may(Right::WorkInBulk);
    if !is_theirs || !visitor.may(right) {
        return None;
    }
    let reason = word(&cause.reason);
    // words: cause-*
    let title = words.say(&format!("cause-{reason}"));
    let key = if cause.count > MOST_COUNTED { "notice-held-more" } else { "notice-held" };
    let count = cause.count.min(MOST_COUNTED);
    Some(Notice {
        tone: Tone::Warning,
        text: words.with(key, args!["count" => count, "cause" => title]),
        action: Some((format!("/deliveries?state=held&cause={reason}"), words.say("notice-see"))),
    })
}
