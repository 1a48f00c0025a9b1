//! What an address asks for behind its question mark, or a refusal that says what is wrong with it.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use causeway_core::{address::phone::Region, search::Search};
use serde::de::DeserializeOwned;

use super::super::{Web, error::Refused};
use crate::store::{Cursor, Tx, workspace};

/// The query of an address.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Web> for Asked<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Refused> {
        let wrong = |what: &dyn std::fmt::Display| {
            Refused::invalid(format!("the query is not right: {what}"), "correct it and ask again")
        };
        let query = parts.uri.query().unwrap_or_default();
        // No database holds a NUL in a text.
        if query.contains("%00") {
            return Err(wrong(&"it contains a NUL character"));
        }
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(wrong(&rejection.body_text())),
        }
    }
}

/// Where a page begins.
pub(super) fn cursor(text: Option<&str>) -> Result<Option<Cursor>, Refused> {
    let read = text.filter(|text| !text.is_empty()).map(str::parse).transpose();
    read.map_err(|error: crate::store::NoCursor| {
        Refused::invalid(format!("`cursor`: {error}"), "send `next` of the page before, or leave it out")
    })
}

/// What a search text asks for in this workspace.
pub(super) async fn search(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    text: Option<&str>,
) -> crate::store::Result<Option<Search>> {
    let Some(text) = text else { return Ok(None) };
    let region: Option<Region> = workspace::find(tx, workspace_id).await?.and_then(|found| found.region);
    Ok(Search::read(text, region))
}
