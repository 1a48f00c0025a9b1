//! Styles, scripts and icons. Their address changes with them, so browsers keep them.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use causeway_pages::assets;

pub(super) async fn serve(Path((digest, path)): Path<(String, String)>) -> Response {
    let Some(asset) = assets::get(&path) else { return StatusCode::NOT_FOUND.into_response() };
    // A page from before an update asks for what was; it gets what is, and does not keep it.
    let keep = if digest == assets::digest() { "public, max-age=31536000, immutable" } else { "no-store" };
    let headers = [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, keep)];
    (headers, asset.bytes.into_owned()).into_response()
}
