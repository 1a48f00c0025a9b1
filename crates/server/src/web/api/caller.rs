//! Who calls: the one place where tokens are read and rights are asked for.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use causeway_core::{rights::Right, sign_in::NOTED_EVERY, time::Timestamp};

use super::super::{Web, error::Refused};
use crate::store::{
    api_token,
    workspace::{self, Member},
};

/// A member whose token came with the request.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Their workspace.
    pub(super) workspace_id: i64,
    /// The member.
    pub(super) member: Member,
}

/// Lets those through whose token is known and who have the right; says to the others what they can do.
pub(in crate::web) async fn needs(
    State((web, right)): State<(Web, Right)>,
    mut request: Request,
    next: Next,
) -> Response {
    match caller(&web, request.headers()).await {
        Ok(caller) if caller.member.role.has(right) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Ok(caller) => refused(&caller, right).into_response(),
        Err(refused) => refused.into_response(),
    }
}

fn refused(caller: &Caller, right: Right) -> Refused {
    let roles: Vec<&str> = right.roles().iter().map(|role| role.word()).collect();
    let message = format!("the role `{}` lacks the right `{}`", caller.member.role.word(), right.word());
    let action = format!("ask somebody of the workspace who has it: {}", roles.join(", "));
    Refused::new(StatusCode::FORBIDDEN, "forbidden", message, action)
}

fn unknown(message: &str) -> Refused {
    let action = "send the header `Authorization: Bearer TOKEN` with a token of this server";
    Refused::new(StatusCode::UNAUTHORIZED, "unauthorized", message, action)
}

async fn caller(web: &Web, headers: &HeaderMap) -> Result<Caller, Refused> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header
        .and_then(|header| header.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned())
        .filter(|token| !token.is_empty())
        .ok_or_else(|| unknown("the request carries no token"))?;
    let (asked, now) = (token.clone(), web.app.now());
    let (holder, used) = web
        .app
        .db
        .read(|tx| {
            Box::pin(async move {
                let holder = workspace::token_holder(tx, &asked).await?;
                Ok((holder, api_token::last_use(tx, &asked).await?))
            })
        })
        .await?;
    let (workspace_id, member) = holder.ok_or_else(|| unknown("the token is not known here"))?;
    if used.is_none_or(|used| Timestamp(now).since(Timestamp(used)) >= NOTED_EVERY) {
        web.app
            .db
            .write(move |tx| Box::pin(async move { api_token::note_use(tx, &token, now).await }))
            .await?;
    }
    Ok(Caller { workspace_id, member })
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        // Every address is behind `needs`, which puts it there; one without it tells nothing.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| unknown("the request carries no token"))
    }
}
