//! Who calls: the one place where tokens are read and rights are asked for.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};

use causeway_core::rights::Right;

use super::super::{Web, error::Refused};
use crate::store::workspace::{self, Member};

/// A member whose token came with the request.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Their workspace.
    pub(super) workspace_id: i64,
    /// The member.
    pub(super) member: Member,
}

impl Caller {
    /// Goes on only with this right.
    pub(super) fn needs(&self, right: Right) -> Result<(), Refused> {
        if self.member.role.has(right) {
            return Ok(());
        }
        let roles: Vec<&str> = right.roles().iter().map(|role| role.word()).collect();
        let message = format!("the role `{}` lacks the right `{}`", self.member.role.word(), right.word());
        let action = format!("ask somebody of the workspace who has it: {}", roles.join(", "));
        Err(Refused::new(StatusCode::FORBIDDEN, "forbidden", message, action))
    }
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refused> {
        let unknown = |message: &str| {
            Refused::new(
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                message,
                "send the header `Authorization: Bearer TOKEN` with a token of this server",
            )
        };
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header
            .and_then(|header| header.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim().to_owned())
            .filter(|token| !token.is_empty())
            .ok_or_else(|| unknown("the request carries no token"))?;
        let holder =
            web.app.db.read(|tx| Box::pin(async move { workspace::token_holder(tx, &token).await })).await?;
        let (workspace_id, member) = holder.ok_or_else(|| unknown("the token is not known here"))?;
        Ok(Self { workspace_id, member })
    }
}
