//! Signing in with e-mail and password, and beginning and ending a session.

use std::time::Duration;

use causeway_core::{
    sign_in::{FAILURE_WINDOW, SESSION_LIMIT, folded_email, wait_after},
    time::Timestamp,
};
use serde_json::json;

use super::password;
use crate::{
    app::App,
    audit as lines, id,
    live::Topic,
    store::{
        self, audit, session,
        sign_in::{self, Candidate},
        workspace::{Member, digest},
    },
};

/// Most characters of a browser's name for itself that are kept.
const BROWSER_KEPT: usize = 200;

/// A session that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// The workspace.
    pub workspace_id: i64,
    /// Who is signed in.
    pub member: Member,
    /// The token for the cookie. It is kept nowhere.
    pub token: String,
}

/// Why somebody is not let in.
#[derive(Debug, thiserror::Error)]
pub enum EnterRefused {
    /// E-mail and password do not belong together, or nobody has that e-mail.
    #[error("e-mail and password do not belong together")]
    Wrong,
    /// Too many failures; to be tried again after this.
    #[error("too many failed tries; wait {0:?}")]
    Wait(Duration),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Signs in. Failures count against the e-mail and against the address of the network they come from, where that is
/// known. Of several members of that e-mail the first whose password fits is entered.
pub async fn sign_in(
    app: &App,
    email: &str,
    password: &str,
    browser: &str,
    network: Option<&str>,
) -> Result<Entered, EnterRefused> {
    let entered = try_to_sign_in(app, email, password, browser, network).await;
    app.metrics.signed_in(match &entered {
        Ok(_) => "entered",
        Err(EnterRefused::Wrong) => "wrong",
        Err(EnterRefused::Wait(_)) => "wait",
        Err(EnterRefused::Store(_)) => "failed",
    });
    entered
}

async fn try_to_sign_in(
    app: &App,
    email: &str,
    password: &str,
    browser: &str,
    network: Option<&str>,
) -> Result<Entered, EnterRefused> {
    let email = folded_email(email);
    let tried = Try::begin(app, &email, network).await?;
    let candidates =
        app.db.read(move |tx| Box::pin(async move { sign_in::candidates(tx, &email).await })).await?;
    let Some(fitting) = fitting(&candidates, password).await else {
        failed(app, &candidates).await?;
        return Err(EnterRefused::Wrong);
    };
    let (workspace_id, member) = (fitting.workspace_id, fitting.member.clone());
    tried.went_well(app).await?;
    Ok(begin(app, workspace_id, member, browser).await?)
}

/// Whether somebody who is signed in knows their password. A session that was left open must not be a place to guess it,
/// so this counts as a try to sign in.
pub async fn recognise(
    app: &App,
    email: &str,
    password: &str,
    hash: Option<String>,
) -> Result<(), EnterRefused> {
    let tried = Try::begin(app, &folded_email(email), None).await?;
    if !password::verify(password, hash).await {
        return Err(EnterRefused::Wrong);
    }
    Ok(tried.went_well(app).await?)
}

/// The first whose password it is. Where nobody has the e-mail, it takes as long as with one who has.
async fn fitting<'a>(candidates: &'a [Candidate], password: &str) -> Option<&'a Candidate> {
    if candidates.is_empty() {
        password::verify(password, None).await;
    }
    for candidate in candidates {
        if password::verify(password, candidate.password.clone()).await {
            return Some(candidate);
        }
    }
    None
}

/// The audit log of each workspace that has the e-mail says that somebody tried.
async fn failed(app: &App, candidates: &[Candidate]) -> store::Result<()> {
    let told: Vec<_> = candidates
        .iter()
        .map(|one| {
            let subject = id::member(one.member.id);
            (one.workspace_id, lines::line(app, None, "sign_in.failed", subject, json!({})))
        })
        .collect();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                for (workspace_id, line) in &told {
                    audit::append(tx, *workspace_id, line).await?;
                }
                Ok(())
            })
        })
        .await
}

/// A try that counts as a failure from its beginning, so that many at once are not more than many one after the other.
#[derive(Clone)]
struct Try {
    id: i64,
    subjects: Vec<String>,
}

impl Try {
    /// Begins one, or says how long to wait.
    async fn begin(app: &App, email: &str, network: Option<&str>) -> Result<Self, EnterRefused> {
        let by_network = network.map(|network| digest(&format!("network {network}")));
        let subjects: Vec<String> =
            [digest(&format!("email {email}"))].into_iter().chain(by_network).collect();
        let (id, now) = (app.nature.id(), app.nature.now());
        let since = now.minus(FAILURE_WINDOW).0;
        let asked = subjects.clone();
        let wait = app
            .db
            .write(move |tx| {
                Box::pin(async move {
                    // Many tries at once would each count the others as not made yet.
                    let mut turns = asked.clone();
                    turns.sort();
                    for subject in &turns {
                        sign_in::take_turn(tx, subject).await?;
                    }
                    for (place, subject) in asked.iter().enumerate() {
                        let failures = sign_in::failures(tx, subject, since).await?;
                        // A network may hold a whole office: it is given ten times as many tries.
                        let counted = if place == 0 { failures } else { thinned(&failures) };
                        if let Some(wait) = wait_after(&counted, now) {
                            return Ok(Some(wait));
                        }
                    }
                    for subject in &asked {
                        sign_in::note_failure(tx, subject, id, now.0).await?;
                    }
                    Ok(None)
                })
            })
            .await?;
        match wait {
            Some(wait) => Err(EnterRefused::Wait(wait)),
            None => Ok(Self { id, subjects }),
        }
    }

    /// It was no failure. What failed before under the e-mail is forgiven; the network's failures stay.
    async fn went_well(self, app: &App) -> store::Result<()> {
        app.db
            .write(move |tx| {
                Box::pin(async move {
                    let mut subjects = self.subjects.iter();
                    if let Some(email) = subjects.next() {
                        sign_in::forgive(tx, email).await?;
                    }
                    for subject in subjects {
                        sign_in::take_back(tx, subject, self.id).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

fn thinned(failures: &[Timestamp]) -> Vec<Timestamp> {
    failures.iter().copied().skip(9).step_by(10).collect()
}

/// Begins a session of a member. Of one who was deactivated meanwhile none begins, and the token leads nowhere.
pub async fn begin(app: &App, workspace_id: i64, member: Member, browser: &str) -> store::Result<Entered> {
    let token = app.nature.secret();
    let browser: String = browser.chars().filter(|letter| !letter.is_control()).take(BROWSER_KEPT).collect();
    let line = lines::line(
        app,
        Some(member.id),
        "sign_in",
        id::member(member.id),
        json!({ "browser": browser.clone() }),
    );
    let new = session::New {
        token: token.clone(),
        workspace_id,
        member_id: member.id,
        browser,
        expires_at: app.nature.now().plus(SESSION_LIMIT).0,
    };
    let now = app.now();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if session::begin(tx, &new, now).await? {
                    audit::append(tx, workspace_id, &line).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(Entered { workspace_id, member, token })
}

/// Ends a session: the member signs out.
pub async fn leave(app: &App, session: &session::Session) -> store::Result<()> {
    let member_id = session.member.id;
    let line = lines::line(app, Some(member_id), "sign_out", id::member(member_id), json!({}));
    let (workspace_id, digest) = (session.workspace.id, session.digest.clone());
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if session::end(tx, &digest).await? {
                    audit::append(tx, workspace_id, &line).await?;
                }
                Ok(())
            })
        })
        .await?;
    app.live.tell(workspace_id, &[Topic::Sessions]);
    Ok(())
}
