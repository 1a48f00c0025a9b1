//! What everybody should know, above every page: one notice for each cause, whatever waits for it. Two looks at the
//! database, both by an index and both bounded.

use std::cmp::Reverse;

use axum::extract::State;
use causeway_core::{
    lane::{Action, HoldReason, Who},
    rights::{Right, Role},
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
use crate::store::{
    self,
    connection::{self, Connection, State as Stands},
    entry_list::{self, Cause, MOST_COUNTED},
    person::{of_word, word},
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
    let (connections, (causes, quarantined)) = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let connections = connection::all(tx, Some(workspace_id)).await?;
                Ok((connections, entry_list::causes(tx, workspace_id).await?))
            })
        })
        .await?;
    let clock = render::clock(web, visitor);
    let mut notices: Vec<Notice> =
        connections.iter().filter_map(|connection| of_connection(&clock, visitor, connection)).collect();
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
    if connection.state != Stands::Connected || visitor.member.role == Role::Agent {
        return None;
    }
    let until = connection.wait_until.filter(|until| *until > clock.now.0)?;
    let reason: HoldReason = of_word(connection.wait_reason.as_deref()?).ok()?;
    let until = clock.short(Timestamp(until));
    let (tone, key) = match reason {
        HoldReason::LimitReached => (Tone::Warning, "notice-limit"),
        HoldReason::Unreachable => (Tone::Busy, "notice-unreachable"),
        _ => (Tone::Bad, "notice-refused"),
    };
    let see = ("/deliveries?state=due".to_owned(), words.say("notice-see"));
    Some(Notice { tone, text: words.with(key, args!["org" => org, "until" => until]), action: Some(see) })
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
