//! What comes in: a request taken apart once, so that a part of a composite is the same thing as a request.

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderMap, HeaderValue, Method, Request};
use serde_json::Value;

/// One request, or one part of a composite.
#[derive(Clone, Debug)]
pub struct Call {
    /// The verb.
    pub method: Method,
    /// The path without doubled and trailing slashes, still encoded.
    pub path: String,
    /// Its segments, decoded.
    pub segments: Vec<String>,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// How long path and query were as they came.
    pub raw_target_length: usize,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: Bytes,
    /// The body when it is known to be JSON already (parts of a composite).
    pub json: Option<Value>,
}

impl Call {
    /// Takes a request apart.
    pub fn new(request: Request<Bytes>) -> Self {
        let (mut parts, body) = request.into_parts();
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        // A request that never was on a socket carries its host in its address.
        if let Some(host) = parts.uri.authority().and_then(|host| HeaderValue::try_from(host.as_str()).ok()) {
            parts.headers.entry(HOST).or_insert(host);
        }
        Self { body, headers: parts.headers, ..Self::to(parts.method, target) }
    }

    /// A bodiless call of that verb and target (path and query).
    pub fn to(method: Method, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pieces: Vec<&str> = path.split('/').filter(|piece| !piece.is_empty()).collect();
        let query = form(query);
        Self {
            method,
            path: format!("/{}", pieces.join("/")),
            segments: pieces.iter().map(|piece| percent_decode(piece)).collect(),
            query,
            raw_target_length: target.len(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            json: None,
        }
    }

    /// The first value of a query parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The path and query as they were asked for.
    pub fn target(&self) -> String {
        if self.query.is_empty() {
            return self.path.clone();
        }
        let query: Vec<String> =
            self.query.iter().map(|(n, v)| format!("{}={}", percent_encode(n), percent_encode(v))).collect();
        format!("{}?{}", self.path, query.join("&"))
    }

    /// The body as a form.
    pub fn form(&self) -> Vec<(String, String)> {
        form(&String::from_utf8_lossy(&self.body))
    }
}

/// The pairs of a form or a query.
pub fn form(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decode(&name.replace('+', " ")), percent_decode(&value.replace('+', " ")))
        })
        .collect()
}

/// Text without its percent signs; what is no encoding stays as it is.
pub fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while place < bytes.len() {
        let code = (bytes[place] == b'%')
            .then(|| text.get(place + 1..place + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(code) = code {
            plain.push(code);
            place += 3;
        } else {
            plain.push(bytes[place]);
            place += 1;
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// Text that can stand in a query or a path segment.
pub fn percent_encode(text: &str) -> String {
    use std::fmt::Write;

    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
