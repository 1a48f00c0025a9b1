//! The few pages there are: one frame, text that is always escaped, a style and a script of their own.

use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};

const STYLE: &str = include_str!("assets/page.css");
const CLOSING: &str = include_str!("assets/close.js");

/// A page of a title and a few sentences.
#[derive(Clone, Debug)]
pub(super) struct Page {
    status: StatusCode,
    title: String,
    mood: &'static str,
    blocks: Vec<String>,
    closes: bool,
}

impl Page {
    /// With this title.
    pub(super) fn new(title: &str) -> Self {
        Self {
            status: StatusCode::OK,
            title: title.to_owned(),
            mood: "plain",
            blocks: Vec::new(),
            closes: false,
        }
    }

    /// A paragraph.
    #[must_use]
    pub(super) fn says(mut self, text: &str) -> Self {
        self.blocks.push(format!("<p>{}</p>", escape(text)));
        self
    }

    /// Names and values.
    #[must_use]
    pub(super) fn lists(mut self, rows: &[(&str, &str)]) -> Self {
        let rows: Vec<String> = rows
            .iter()
            .map(|(name, value)| format!("<dt>{}</dt><dd>{}</dd>", escape(name), escape(value)))
            .collect();
        self.blocks.push(format!("<dl>{}</dl>", rows.concat()));
        self
    }

    /// Sentences below a heading; nothing without them.
    #[must_use]
    pub(super) fn notes(mut self, heading: &str, notes: &[String]) -> Self {
        if !notes.is_empty() {
            let notes: Vec<String> = notes.iter().map(|note| format!("<li>{}</li>", escape(note))).collect();
            self.blocks.push(format!("<h2>{}</h2><ul>{}</ul>", escape(heading), notes.concat()));
        }
        self
    }

    /// With this status.
    #[must_use]
    pub(super) fn with(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// It went well.
    #[must_use]
    pub(super) fn good(mut self) -> Self {
        self.mood = "good";
        self
    }

    /// It went wrong.
    #[must_use]
    pub(super) fn bad(mut self) -> Self {
        self.mood = "bad";
        self
    }

    /// Closes by itself after a moment, where the browser allows it.
    #[must_use]
    pub(super) fn closes(mut self) -> Self {
        self.closes = true;
        self
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let script = if self.closes { "<script src=\"/assets/close.js\" defer></script>" } else { "" };
        let title = escape(&self.title);
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} · Causeway</title>\n\
             <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/assets/page.css\">\n{script}\n\
             </head>\n<body>\n<main class=\"{}\">\n<p class=\"brand\">Causeway</p>\n<h1>{title}</h1>\n{}\n</main>\n\
             </body>\n</html>\n",
            self.mood,
            self.blocks.concat()
        );
        (self.status, Html(html)).into_response()
    }
}

/// The style of the pages.
pub(super) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")], STYLE)
}

/// Closes the page that loads it, after a moment.
pub(super) async fn closing() -> impl IntoResponse {
    let kind = "text/javascript; charset=utf-8";
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "max-age=3600")], CLOSING)
}

/// Text as it may stand between tags and in quoted attributes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
