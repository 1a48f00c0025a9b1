//! The bytes of a file, for whoever may read its conversation; and another try to fetch one that is not here.
//!
//! A browser is given what cannot carry a script in place, and everything else as a download. No page of ours and none of
//! a stranger's can make it something else: the type is fixed, and what opens runs in a sandbox.

use std::{fmt::Write as _, ops::Range};

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use causeway_core::media::{self, Showing};
use futures_util::TryStreamExt as _;

use super::super::super::{
    Web,
    render::{Shown, Trouble},
    session::Visitor,
};
use crate::{
    id,
    live::Topic,
    store::attachment::{self, Shown as Found, State as Stands},
};

const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

async fn find(web: &Web, visitor: &Visitor, file: &str) -> Result<Found, Trouble> {
    let (workspace_id, id) = (visitor.workspace_id(), id::read("att", file).ok_or(Trouble::Nothing)?);
    let found = web.app.db.read(move |tx| Box::pin(attachment::find(tx, workspace_id, id))).await?;
    found.ok_or(Trouble::Nothing)
}

pub(super) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Shown {
    let found = find(&web, &visitor, &file).await?;
    let Stands::Kept { file, media_type } = &found.state else { return Err(Trouble::Nothing) };
    let size = u64::try_from(file.size).unwrap_or_default();
    let range = match headers.get(header::RANGE).map(|range| asked(range, size)) {
        Some(Some(Err(()))) => return Ok(unsatisfiable(size)),
        Some(Some(Ok(range))) => Some(range),
        Some(None) | None => None,
    };
    let body = if size == 0 {
        Body::empty()
    } else {
        let read = web.app.files.read(visitor.workspace_id(), file.id, range.clone()).await;
        Body::from_stream(read.map_err(|error| gone(&file.digest, &error))?.map_err(std::io::Error::other))
    };
    let mut response = Response::new(body);
    if range.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    let name = media::file_name(&found.declared, media_type, usize::try_from(found.place).unwrap_or(0) + 1);
    let is_shown = media::showing(media_type) != Showing::Download;
    let kind = if is_shown { media_type.as_str() } else { media::UNKNOWN };
    let sent = range.as_ref().map_or(size, |range| range.end - range.start);
    let told = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_LENGTH, sent.to_string()),
        (header::CONTENT_DISPOSITION, disposition(is_shown, &name)),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin".to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CACHE_CONTROL, "private, max-age=3600".to_owned()),
        (header::ETAG, format!("\"{}\"", file.digest)),
    ];
    let bounds = range.map(|range| format!("bytes {}-{}/{size}", range.start, range.end - 1));
    for (name, value) in told.into_iter().chain(bounds.map(|bounds| (header::CONTENT_RANGE, bounds))) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

/// The row says that the bytes are there, and they are not: somebody has removed them behind our back.
fn gone(digest: &str, error: &crate::files::ShelfError) -> Trouble {
    tracing::error!(digest, %error, "files.read");
    Trouble::Nothing
}

/// The range that is asked for: one, of bytes. `None`: what is asked is none of ours to give, and the whole is given;
/// `Some(Err)`: there is nothing there.
fn asked(range: &HeaderValue, size: u64) -> Option<Result<Range<u64>, ()>> {
    let (first, last) = range.to_str().ok()?.strip_prefix("bytes=")?.split_once('-')?;
    if last.contains(',') {
        return None;
    }
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let (start, end) = match (first.trim().is_empty(), last.trim().is_empty()) {
        (true, true) => return None,
        (true, false) => (size.saturating_sub(number(last)?), size),
        (false, true) => (number(first)?, size),
        (false, false) => (number(first)?, number(last)?.saturating_add(1).min(size)),
    };
    Some(if start < end { Ok(start..end) } else { Err(()) })
}

fn unsatisfiable(size: u64) -> Response {
    (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, format!("bytes */{size}"))]).into_response()
}

/// How the browser is to take it, and what it is called, in letters that every browser reads (RFC 6266, RFC 8187).
fn disposition(is_shown: bool, name: &str) -> String {
    let way = if is_shown { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(|sign| if sign.is_ascii_alphanumeric() || " ._-()".contains(sign) { sign } else { '_' })
        .collect();
    let escaped = name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    });
    format!("{way}; filename=\"{plain}\"; filename*=UTF-8''{escaped}")
}

/// Has a file fetched that is not here.
pub(super) async fn fetch(State(web): State<Web>, visitor: Visitor, Path(file): Path<String>) -> Shown {
    let found = find(&web, &visitor, &file).await?;
    let (workspace_id, now) = (visitor.workspace_id(), web.app.now());
    web.app.db.write(move |tx| Box::pin(attachment::retry(tx, workspace_id, found.id, now))).await?;
    web.app.bells.files.notify_one();
    web.app.live.tell(workspace_id, &[Topic::Conversation(found.conversation_id)]);
    let conversation = id::conversation(found.conversation_id);
    if visitor.wants_fragment {
        return super::thread::items(State(web), visitor, Path(conversation)).await;
    }
    Ok(Redirect::to(&format!("/inbox/{conversation}#{}", id::message(found.item_id))).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_of_bytes_is_given_and_anything_else_is_the_whole() {
        let asked = |text: &str| asked(&HeaderValue::from_str(text).expect("a header"), 100);
        assert_eq!(asked("bytes=0-"), Some(Ok(0..100)));
        assert_eq!(asked("bytes=10-19"), Some(Ok(10..20)));
        assert_eq!(asked("bytes=90-500"), Some(Ok(90..100)));
        assert_eq!(asked("bytes=-30"), Some(Ok(70..100)));
        assert_eq!(asked("bytes=-300"), Some(Ok(0..100)));
        for nothing in ["bytes=100-", "bytes=20-10", "bytes=-0"] {
            assert_eq!(asked(nothing), Some(Err(())), "{nothing}");
        }
        for whole in ["bytes=-", "bytes=0-1,5-6", "items=0-1", "bytes=a-b"] {
            assert_eq!(asked(whole), None, "{whole}");
        }
    }

    #[test]
    fn a_name_stands_in_the_header_whatever_its_letters() {
        let named = disposition(false, "見\"積\r\n;.pdf");
        assert_eq!(
            named,
            "attachment; filename=\"______.pdf\"; filename*=UTF-8''%E8%A6%8B%22%E7%A9%8D%0D%0A%3B.pdf"
        );
        assert!(HeaderValue::from_str(&named).is_ok());
        assert!(disposition(true, "a b.png").starts_with("inline; filename=\"a b.png\""));
    }
}
