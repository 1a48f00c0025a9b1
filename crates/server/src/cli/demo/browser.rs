//! A person at a browser, as far as a login and a consent page need one: follows redirects, keeps cookies, fills
//! in forms. The demo connects through the CRM's real pages with it.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use causeway_core::crm::{Request, Response};

use crate::http::Transport;

/// A page, as it came.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it is.
    pub url: String,
    /// Its status.
    pub status: u16,
    /// Its text.
    pub text: String,
}

/// Why a page could not be had or used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Lost(pub String);

/// A browser.
pub struct Browser {
    http: Arc<dyn Transport>,
    cookies: BTreeMap<(String, String), String>,
}

impl Browser {
    /// With no cookies yet.
    pub fn new(http: Arc<dyn Transport>) -> Self {
        Self { http, cookies: BTreeMap::new() }
    }

    /// The value of a cookie of a host.
    pub fn set_cookie(&mut self, host: &str, name: &str, value: &str) {
        self.cookies.insert((host.to_owned(), name.to_owned()), value.to_owned());
    }

    /// Opens an address, through redirects, until `stop` says that a redirect is the end of the way.
    pub async fn open(&mut self, url: &str, stop: impl Fn(&str) -> bool) -> Result<Page, Lost> {
        self.travel("GET", url.to_owned(), Vec::new(), stop).await
    }

    /// Fills in a form of a page and sends it.
    pub async fn submit(
        &mut self,
        page: &Page,
        form: &str,
        values: &[(&str, &str)],
        stop: impl Fn(&str) -> bool,
    ) -> Result<Page, Lost> {
        let (action, mut fields) = read_form(&page.text, form).ok_or_else(|| {
            Lost(format!("{} has no form {form}: {}", origin(&page.url), visible(&page.text)))
        })?;
        fields.extend(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        self.travel("POST", absolute(&page.url, &action), body.join("&").into_bytes(), stop).await
    }

    async fn travel(
        &mut self,
        method: &'static str,
        url: String,
        body: Vec<u8>,
        stop: impl Fn(&str) -> bool,
    ) -> Result<Page, Lost> {
        let (mut method, mut url, mut body) = (method, url, body);
        for _ in 0..10 {
            let response = self.exchange(method, &url, body).await?;
            let Some(target) = response.header("location").filter(|_| (300..400).contains(&response.status))
            else {
                let text = String::from_utf8_lossy(&response.body).into_owned();
                return Ok(Page { url, status: response.status, text });
            };
            url = absolute(&url, target);
            if stop(&url) {
                return Ok(Page { url, status: response.status, text: String::new() });
            }
            (method, body) = ("GET", Vec::new());
        }
        Err(Lost(format!("{} redirects in circles", origin(&url))))
    }

    async fn exchange(&mut self, method: &'static str, url: &str, body: Vec<u8>) -> Result<Response, Lost> {
        let host = origin(url).to_owned();
        let mut headers = Vec::new();
        if !body.is_empty() {
            headers.push(("content-type", "application/x-www-form-urlencoded".to_owned()));
        }
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .filter(|((of, _), _)| *of == host)
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            headers.push(("cookie", cookies.join("; ")));
        }
        let request = Request { method, url: url.to_owned(), headers, body };
        let response = self
            .http
            .send(&request, None, Duration::from_secs(30))
            .await
            .map_err(|silence| Lost(format!("{host} does not answer: {silence}")))?;
        for (_, cookie) in response.headers.iter().filter(|(name, _)| name == "set-cookie") {
            if let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.set_cookie(&host, name.trim(), value.trim());
            }
        }
        Ok(response)
    }
}

/// Scheme and host of an address.
fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    &url[..end]
}

fn absolute(base: &str, target: &str) -> String {
    if target.starts_with("http://") || target.starts_with("https://") {
        target.to_owned()
    } else {
        format!("{}{target}", origin(base))
    }
}

/// A value of the query of an address.
pub fn query_value(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then(|| decode(value))
    })
}

/// The action of a form and its hidden fields.
fn read_form(html: &str, id: &str) -> Option<(String, Vec<(String, String)>)> {
    let start = html.find(&format!("<form id=\"{id}\""))?;
    let form = &html[start..start + html[start..].find("</form>")?];
    let head = &form[..form.find('>')?];
    let hidden = form
        .split("<input")
        .skip(1)
        .filter(|input| input.split('>').next().is_some_and(|tag| tag.contains("type=\"hidden\"")));
    let fields = hidden.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)));
    Some((attribute(head, "action")?, fields.collect()))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!("{name}=\""))? + name.len() + 2;
    let value = &tag[start..start + tag[start..].find('"')?];
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

/// The words of a page, for a message.
pub fn visible(html: &str) -> String {
    let body = html.find("<body").map_or(html, |at| &html[at..]);
    let mut text = String::new();
    let mut is_tag = false;
    for letter in body.chars() {
        match letter {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                text.push(' ');
            }
            letter if !is_tag => text.push(letter),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect()
}

fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

fn decode(text: &str) -> String {
    let bytes = text.replace('+', " ");
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = (*first == b'%').then(|| tail.get(..2)).flatten();
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        if let Some(byte) = byte {
            out.push(byte);
            rest = &tail[2..];
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
