//! Files of messages: an id, which leads to an address for five minutes, which is read with the same token.
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media>

use std::time::Duration;

use serde_json::Value;

use crate::{
    channels::files::{Ask, Files, Found, Place, read},
    exchange::{Hosts, Request, Response},
    media::Trouble,
    timeline::Attachment,
};

const HOSTS: Hosts = Hosts { owner: super::TITLE, setting: "whatsapp.extra_hosts" };

/// Where addresses of files lie.
fn is_own(host: &str) -> bool {
    host == "graph.facebook.com"
        || host == "lookaside.fbsbx.com"
        || [".fbcdn.net", ".whatsapp.net"].iter().any(|end| host.ends_with(end))
}

/// Who is shown the token: not the stores of files that an address may lead on to.
fn takes_token(host: &str) -> bool {
    matches!(host, "graph.facebook.com" | "lookaside.fbsbx.com")
}

/// Longest part of an error that is quoted.
const QUOTED: usize = 200;

/// After an error that ought to pass.
const SOON: Duration = Duration::from_mins(1);

/// After being told to slow down; whoever fails too often is kept out for half an hour.
const BLOCKED: Duration = Duration::from_mins(31);

impl Files for super::WhatsApp {
    fn ask(&self, place: Place<'_>, file: &Attachment, at: Option<&str>) -> Result<Ask, (Trouble, String)> {
        match (at, file.id.as_deref(), file.url.as_deref()) {
            (Some(url), ..) | (None, None, Some(url)) => read(place, HOSTS, url, is_own, takes_token),
            (None, Some(id), _) if is_id(id) => Ok(locate(place, id)),
            _ => Err((Trouble::Gone, "the message names no file that could be fetched".into())),
        }
    }

    fn answer(&self, _: Place<'_>, file: &Attachment, ask: &Ask, response: &Response) -> Found {
        let leads_on = matches!(response.status, 301 | 302 | 303 | 307 | 308);
        match response.status {
            200..=299 if !ask.is_file => located(response),
            200..=299 if is_page(file, response) => {
                later(SOON, "a page came in place of the file: the token may not be one for this number")
            }
            200..=299 => Found::Here,
            _ if leads_on && ask.is_file && response.header("location").is_some() => Found::There {
                url: response.header("location").unwrap_or_default().to_owned(),
                bytes: None,
                sha256: None,
            },
            // The address has run out; the next try asks for another.
            404 | 410 if ask.is_file => later(SOON, "the address of the file has run out"),
            _ => refused(response),
        }
    }
}

/// Ids are digits; nothing else is put into an address.
fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn locate(place: Place<'_>, id: &str) -> Ask {
    // With the number's id Meta checks that the file came to this number.
    let number =
        if is_id(place.account) { format!("?phone_number_id={}", place.account) } else { String::new() };
    let url = format!("{}/{}/{id}{number}", place.api_url, place.version);
    let request = Request { method: "GET", url, headers: Vec::new(), body: Vec::new() };
    Ask { request, with_token: true, is_listed: true, is_file: false }
}

fn located(response: &Response) -> Found {
    let told: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let size = &told["file_size"];
    let bytes = size.as_u64().or_else(|| size.as_str().and_then(|size| size.parse().ok()));
    match told["url"].as_str() {
        Some(url) => {
            Found::There { url: url.to_owned(), bytes, sha256: told["sha256"].as_str().map(str::to_owned) }
        }
        None => later(SOON, "the answer names no address of the file"),
    }
}

/// A web page where a file of another type was to be.
fn is_page(file: &Attachment, response: &Response) -> bool {
    let is_html = |kind: &str| kind.trim_start().to_ascii_lowercase().starts_with("text/html");
    response.header("content-type").is_some_and(is_html) && !file.media_type.as_deref().is_some_and(is_html)
}

fn later(after: Duration, detail: &str) -> Found {
    Found::Later { after, detail: detail.to_owned() }
}

/// The meaning of an error: Meta's code, else the status.
/// <https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes>
fn refused(response: &Response) -> Found {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let error = &body["error"];
    let message: String = error["message"].as_str().unwrap_or_default().chars().take(QUOTED).collect();
    let code = error["code"].as_i64();
    let detail = match (code, message.is_empty()) {
        (Some(code), false) => format!("WhatsApp's error {code}: {message}"),
        (Some(code), true) => format!("WhatsApp's error {code}"),
        _ => format!("status {}", response.status),
    };
    match (code, response.status) {
        (Some(4 | 17 | 32 | 368 | 613 | 80007 | 80008 | 130_429), _) | (_, 429) => {
            Found::Later { after: BLOCKED, detail }
        }
        (Some(1 | 2), _) | (_, 500..) => Found::Later { after: SOON, detail },
        (Some(0 | 3 | 10 | 190 | 200..=299), _) | (_, 401 | 403) => Found::Not(Trouble::NoAccess, detail),
        (Some(100), _) | (_, 400 | 404 | 410) => Found::Not(Trouble::Gone, detail),
        _ => Found::Later { after: SOON, detail },
    }
}
