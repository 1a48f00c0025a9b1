//! What holds for every answer: headers, a time limit, and no panic that anybody sees.

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt as _;

use super::{Web, error::Refused, render};
use crate::clock;

/// Pages load nothing but our own styles, scripts and pictures, send forms to nobody else, and are shown in nobody's
/// frame. Scripts make elements of text in one place only (the policy of that name).
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; worker-src 'self'; \
                              connect-src 'self'; img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'self'; \
                              frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types causeway";

/// Sets the headers that every answer carries, where the handler did not choose its own.
pub(super) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Counts what was answered.
pub(super) async fn counted(State(web): State<Web>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    web.app.metrics.answered(response.status().as_u16());
    response
}

/// Gives up after `limit`. What was begun in the store comes to its end there.
pub(super) async fn time_limit(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match clock::within(limit, next.run(request)).await {
        Some(response) => response,
        None => Refused::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too_slow",
            "the request took too long",
            "try again; if it happens often, the server or the CRM is overloaded",
        )
        .into_response(),
    }
}

/// How large a form may be, and how long it may take to come.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) largest: usize,
    pub(super) limit: Duration,
}

/// Reads a form whole before anything looks at it: one that is too large, too slow or says what no database keeps ends
/// here.
pub(super) async fn whole_form(State(form): State<Form>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let bytes = match clock::within(form.limit, to_bytes(body, form.largest)).await {
        Some(Ok(bytes)) if has_nul(&bytes) => return render::mistaken(StatusCode::UNPROCESSABLE_ENTITY),
        Some(Ok(bytes)) => bytes,
        Some(Err(_)) => return ending(render::mistaken(StatusCode::PAYLOAD_TOO_LARGE)),
        None => return ending(render::mistaken(StatusCode::REQUEST_TIMEOUT)),
    };
    next.run(Request::from_parts(head, Body::from(bytes))).await
}

/// No database holds a NUL in a text. An address with one leads nowhere; what stands behind the question mark is read without
/// it.
pub(super) async fn no_nul(mut request: Request, next: Next) -> Response {
    if has_nul(request.uri().path().as_bytes()) {
        return render::nothing_here();
    }
    if let Some(query) = request.uri().query().filter(|query| has_nul(query.as_bytes())) {
        let told = format!("{}?{}", request.uri().path(), query.replace("%00", ""));
        let Ok(address) = told.parse() else { return render::nothing_here() };
        *request.uri_mut() = address;
    }
    next.run(request).await
}

/// The same for the API, in its own words. What stands behind the question mark is refused where it is read.
pub(super) async fn no_nul_in_path(request: Request, next: Next) -> Response {
    if has_nul(request.uri().path().as_bytes()) {
        return Refused::not_found("there is no such thing", "no id contains a NUL character")
            .into_response();
    }
    next.run(request).await
}

fn has_nul(text: &[u8]) -> bool {
    text.contains(&0) || text.windows(3).any(|window| window == b"%00")
}

/// What is left of the request is not waited for.
fn ending(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// A panic is a bug of ours: it is logged, and the one request fails.
pub(super) async fn catch_panic(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(path, "web.panic");
        Refused::fault().into_response()
    })
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        middleware::{from_fn, from_fn_with_state},
        routing::get,
    };
    use tower::ServiceExt as _;

    use super::*;

    async fn status_of(router: Router) -> StatusCode {
        let request = Request::get("/").body(Body::empty()).expect("a request");
        router.oneshot(request).await.expect("a router always answers").status()
    }

    #[tokio::test]
    async fn a_panic_costs_one_request_its_answer_and_nothing_else() {
        async fn broken() -> StatusCode {
            panic!("a bug of ours")
        }
        let router = Router::new().route("/", get(broken)).layer(from_fn(catch_panic));
        assert_eq!(status_of(router.clone()).await, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(status_of(router).await, StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[tokio::test]
    async fn whoever_takes_too_long_is_told_so() {
        async fn endless() -> StatusCode {
            std::future::pending().await
        }
        let limit = from_fn_with_state(Duration::ZERO, time_limit);
        let router = Router::new().route("/", get(endless)).layer(limit);
        assert_eq!(status_of(router).await, StatusCode::SERVICE_UNAVAILABLE);
    }
}
