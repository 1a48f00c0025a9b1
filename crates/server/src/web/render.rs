//! Pages as answers: the frame around what a handler made, and the few pages that any handler may need.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use causeway_core::{rights::Right, time::Timestamp};
use causeway_pages::{
    Frame, Here, Markup, Me, Words, args,
    message::{self, Message},
    part::Tone,
    when::Clock,
};

use super::{Web, pages::notices, session::Visitor};
use crate::store;

/// What a handler of a page returns.
pub(super) type Shown = Result<Response, Trouble>;

/// Why a page cannot be shown.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is no such thing (in this workspace).
    Nothing,
    /// A fault of the store.
    Store(store::Error),
}

impl From<store::Error> for Trouble {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        match self {
            Self::Nothing => nothing_here(),
            Self::Store(error) => fault(&error),
        }
    }
}

/// The words for somebody. One language today; the choice will stand here.
pub(super) fn words() -> &'static Words {
    Words::english()
}

/// How somebody reads times.
pub(super) fn clock<'a>(web: &Web, visitor: &'a Visitor) -> Clock<'a> {
    Clock { words: words(), zone: &visitor.workspace.zone, now: Timestamp(web.app.now()) }
}

/// A page in its frame.
pub(super) struct Page<'a> {
    /// Where it stands.
    pub(super) here: Here,
    /// Its title.
    pub(super) title: &'a str,
    /// It fills the window.
    pub(super) is_full: bool,
    /// With which status.
    pub(super) status: StatusCode,
}

impl<'a> Page<'a> {
    /// An ordinary page.
    pub(super) fn new(here: Here, title: &'a str) -> Self {
        Self { here, title, is_full: false, status: StatusCode::OK }
    }

    /// One that fills the window.
    pub(super) fn full(here: Here, title: &'a str) -> Self {
        Self { is_full: true, ..Self::new(here, title) }
    }

    /// With that status.
    pub(super) fn with(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Around that content.
    pub(super) async fn around(self, web: &Web, visitor: &Visitor, content: &Markup) -> Response {
        // What everybody should know is no reason not to show the page.
        let notices = notices::all(web, visitor).await.unwrap_or_else(|error| {
            tracing::error!(%error, "web.notices");
            Vec::new()
        });
        self.framed(visitor, &notices, content)
    }

    fn framed(
        &self,
        visitor: &Visitor,
        notices: &[causeway_pages::frame::Notice],
        content: &Markup,
    ) -> Response {
        let me = Me {
            name: visitor.member.name.clone(),
            role: visitor.member.role,
            workspace: visitor.workspace.name.clone(),
        };
        let frame = Frame {
            words: words(),
            me: &me,
            here: self.here,
            title: self.title,
            notices,
            is_full: self.is_full,
            mark: &visitor.mark,
        };
        (self.status, frame.around(content)).into_response()
    }
}

/// A fragment: what our script puts in the place of what it shows.
pub(super) fn fragment(content: Markup) -> Response {
    content.into_response()
}

/// A page of a few sentences, without the frame.
pub(super) fn plain(status: StatusCode, message: &Message) -> Response {
    (status, message::page(words(), message)).into_response()
}

/// There is nothing at this address, or it is another workspace's: nobody can tell which.
pub(super) fn nothing_here() -> Response {
    let words = words();
    let message = Message {
        title: words.say("nothing-title"),
        says: vec![words.say("nothing-text")],
        next: Some(("/".into(), words.say("nothing-next"))),
        ..Message::default()
    };
    plain(StatusCode::NOT_FOUND, &message)
}

/// A form that another site's page sent: its sender cannot be the person whose cookie came along.
pub(super) fn from_elsewhere() -> Response {
    let words = words();
    let message = Message {
        title: words.say("elsewhere-title"),
        tone: Tone::Warning,
        says: vec![words.say("elsewhere-text")],
        next: Some(("/".into(), words.say("nothing-next"))),
        ..Message::default()
    };
    plain(StatusCode::FORBIDDEN, &message)
}

/// A form that cannot be read: too large, too slow, or with characters that are no text.
pub(super) fn mistaken(status: StatusCode) -> Response {
    let words = words();
    let key = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "mistaken-large",
        StatusCode::REQUEST_TIMEOUT => "mistaken-slow",
        _ => "mistaken-text",
    };
    let message = Message {
        title: words.say("mistaken-title"),
        tone: Tone::Warning,
        says: vec![words.say(key)],
        next: Some(("/".into(), words.say("nothing-next"))),
        ..Message::default()
    };
    plain(status, &message)
}

/// An address that takes forms and shows nothing: whoever comes back to it looks for the page before.
pub(super) async fn nothing_to_see() -> Response {
    let mut response = nothing_here();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}

/// A right that the role lacks: which, and who has it.
pub(super) fn refused(visitor: &Visitor, right: Right) -> Response {
    let words = words();
    // words: role-* right-*
    let roles: Vec<String> =
        right.roles().iter().map(|role| words.say(&format!("role-{}", role.word()))).collect();
    let message = Message {
        title: words.say("refused-title"),
        tone: Tone::Warning,
        says: vec![
            words.with(
                "refused-text",
                args![
                    "role" => words.say(&format!("role-{}", visitor.member.role.word())),
                    "right" => words.say(&format!("right-{}", right.word())),
                ],
            ),
            words.with("refused-who", args!["roles" => roles.join(", ")]),
        ],
        next: Some(("/".into(), words.say("nothing-next"))),
        ..Message::default()
    };
    let page = Page::new(Here::Elsewhere, &message.title).with(StatusCode::FORBIDDEN);
    page.framed(visitor, &[], &message::body(&message))
}

/// Something failed that never should: it is in the log.
pub(super) fn our_fault(doing: &'static str) -> Response {
    tracing::error!(doing, "web.fault");
    let words = words();
    let says = vec![words.say("fault-ours")];
    let message = Message { title: words.say("fault-title"), tone: Tone::Bad, says, ..Message::default() };
    plain(StatusCode::INTERNAL_SERVER_ERROR, &message)
}

/// The store failed: the page cannot be shown now.
pub(super) fn fault(error: &store::Error) -> Response {
    tracing::error!(%error, "web.page");
    let words = words();
    let (status, key) = if error.is_retryable() {
        (StatusCode::SERVICE_UNAVAILABLE, "fault-busy")
    } else {
        (StatusCode::INTERNAL_SERVER_ERROR, "fault-ours")
    };
    let message = Message {
        title: words.say("fault-title"),
        tone: Tone::Bad,
        says: vec![words.say(key)],
        ..Message::default()
    };
    plain(status, &message)
}

/// Our messages are fragments; on a page they begin and end as sentences do.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
