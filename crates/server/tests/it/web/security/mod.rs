//! What an attacker would try, tried: each file is one kind of attack. `docs/security.md` says which threat each test is
//! about.

mod bombs;
mod doors;
mod inputs;
mod kept;
mod logs;
mod slow;

use axum::body::Body;
use http::Request;

/// A request with these headers.
fn request(method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
    let begun = Request::builder().method(method).uri(path);
    let begun = headers.iter().fold(begun, |request, (name, value)| request.header(*name, *value));
    begun.body(body.into()).unwrap()
}
