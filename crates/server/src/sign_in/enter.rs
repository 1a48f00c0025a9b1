//! Signing in with e-mail and password, and beginning a session.

use std::time::Duration;

use causeway_core::{
    sign_in::{FAILURE_WINDOW, SESSION_LIMIT, wait_after},
    time::Timestamp,
};

use super::password;
use crate::{
    app::App,
    store::{
        self, session, sign_in,
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

/// Signs in. Failures count against the e-mail and against the address of the network they come from.
pub async fn sign_in(
    app: &App,
    email: &str,
    password: &str,
    browser: &str,
    network: &str,
) -> Result<Entered, EnterRefused> {
    let email = email.trim().to_lowercase();
    let subjects = [digest(&format!("email {email}")), digest(&format!("network {network}"))];
    let now = app.nature.now();
    let (asked, looked) = (subjects.clone(), email.clone());
    let since = now.minus(FAILURE_WINDOW).0;
    let (failures, candidates) = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let by_email = sign_in::failures(tx, &asked[0], since).await?;
                let by_network = sign_in::failures(tx, &asked[1], since).await?;
                Ok(([by_email, by_network], sign_in::candidates(tx, &looked).await?))
            })
        })
        .await?;
    // A network may hold a whole office: it is given ten times as many tries.
    let [by_email, by_network] = failures;
    let wait = wait_after(&by_email, now).or_else(|| wait_after(&thinned(&by_network), now));
    if let Some(wait) = wait {
        return Err(EnterRefused::Wait(wait));
    }
    let mut entered = None;
    if candidates.is_empty() {
        password::verify(password, None).await;
    }
    for candidate in candidates {
        if password::verify(password, candidate.password).await {
            entered = Some((candidate.workspace_id, candidate.member));
            break;
        }
    }
    let Some((workspace_id, member)) = entered else {
        let (id, at) = (app.nature.id(), app.now());
        app.db
            .write(move |tx| {
                Box::pin(async move {
                    for subject in &subjects {
                        sign_in::note_failure(tx, subject, id, at).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        return Err(EnterRefused::Wrong);
    };
    let forgiven = subjects[0].clone();
    app.db.write(move |tx| Box::pin(async move { sign_in::forgive(tx, &forgiven).await })).await?;
    Ok(begin(app, workspace_id, member, browser).await?)
}

fn thinned(failures: &[Timestamp]) -> Vec<Timestamp> {
    failures.iter().copied().step_by(10).collect()
}

/// Begins a session of a member.
pub async fn begin(app: &App, workspace_id: i64, member: Member, browser: &str) -> store::Result<Entered> {
    let token = app.nature.secret();
    let new = session::New {
        token: token.clone(),
        workspace_id,
        member_id: member.id,
        browser: browser.chars().filter(|letter| !letter.is_control()).take(BROWSER_KEPT).collect(),
        expires_at: app.nature.now().plus(SESSION_LIMIT).0,
    };
    let now = app.now();
    app.db.write(move |tx| Box::pin(async move { session::begin(tx, &new, now).await })).await?;
    Ok(Entered { workspace_id, member, token })
}
