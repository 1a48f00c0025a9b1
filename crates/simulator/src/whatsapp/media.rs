//! The provider's files: an id leads to an address that lives for five minutes, and the address is read with the same token.
//! Each file can have a trouble of its own.
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media>

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::clock;

/// How long an address lives.
const LINK_LIFE: Duration = Duration::from_mins(5);

/// How much goes out at a time.
const PIECE: usize = 64 * 1024;

/// A file of the provider's.
#[derive(Clone, Debug)]
pub struct File {
    /// What it is made of.
    pub content: Content,
    /// What the provider says that it is.
    pub mime_type: String,
    /// What is wrong with it.
    pub trouble: Option<Trouble>,
    /// How often that strikes; then all is well.
    pub times: u64,
}

impl File {
    /// A file with nothing wrong about it.
    pub fn of(mime_type: &str, content: impl Into<Bytes>) -> Self {
        Self { content: Content::Bytes(content.into()), mime_type: mime_type.into(), trouble: None, times: 0 }
    }

    /// A file of so many bytes, the first of which are these.
    pub fn of_size(mime_type: &str, head: &'static [u8], size: u64) -> Self {
        Self { content: Content::Long { head, size }, ..Self::of(mime_type, Bytes::new()) }
    }

    /// The same with a trouble that strikes so often.
    #[must_use]
    pub fn with(mut self, trouble: Trouble, times: u64) -> Self {
        (self.trouble, self.times) = (Some(trouble), times);
        self
    }

    /// Its digest, as webhooks have it.
    pub fn sha256(&self) -> String {
        STANDARD.encode(self.digest())
    }

    /// Its digest.
    pub fn digest(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        for piece in self.content.pieces() {
            hasher.update(&piece);
        }
        hasher.finalize().into()
    }
}

/// What a file is made of.
#[derive(Clone, Debug)]
pub enum Content {
    /// These bytes.
    Bytes(Bytes),
    /// So many bytes; they are made as they go out.
    Long {
        /// The first ones.
        head: &'static [u8],
        /// How many there are.
        size: u64,
    },
}

impl Content {
    /// How many bytes there are.
    pub fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Long { size, .. } => *size,
        }
    }

    /// The bytes, piece by piece.
    pub fn pieces(&self) -> Pieces {
        Pieces { content: self.clone(), at: 0 }
    }
}

/// The bytes of a file on their way.
#[derive(Clone, Debug)]
pub struct Pieces {
    content: Content,
    at: u64,
}

impl Iterator for Pieces {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let left = usize::try_from(self.content.size().saturating_sub(self.at)).unwrap_or(usize::MAX);
        if left == 0 {
            return None;
        }
        let (count, from) = (left.min(PIECE), self.at);
        self.at += count as u64;
        Some(match &self.content {
            Content::Bytes(bytes) => {
                let from = usize::try_from(from).unwrap_or(usize::MAX);
                bytes.slice(from..from + count)
            }
            Content::Long { head, .. } => (0..count as u64)
                .map(|place| {
                    let at = from + place;
                    let first = usize::try_from(at).ok().and_then(|at| head.get(at));
                    // Bytes that repeat only after a long while, so that a piece too many or too few is seen.
                    first.copied().unwrap_or_else(|| (at.wrapping_mul(0x9E37_79B9) >> 13).to_le_bytes()[0])
                })
                .collect(),
        })
    }
}

/// What may be wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The id has run out.
    Expired,
    /// The address runs out before it is read.
    DeadLink,
    /// The token is not one for this number.
    NoAccess,
    /// The provider wants fewer requests.
    TooMany,
    /// The provider is out of order.
    Busy,
    /// A page comes in place of the file.
    Page,
    /// The address leads on to this one.
    Redirect(String),
    /// The id leads to this address.
    Elsewhere(String),
    /// After so many bytes the connection is lost.
    Cut(u64),
    /// More bytes are announced than come.
    WrongLength,
    /// Another digest is announced.
    WrongDigest,
    /// Each piece takes so long.
    Slow(Duration),
    /// No answer ever comes.
    Silent,
}

/// An answer of the provider.
pub struct Reply {
    /// Status and headers; its body, unless there are pieces.
    pub answer: Answer,
    /// The file, if this is it.
    pub pieces: Option<Pieces>,
    /// After so many bytes the connection is lost.
    pub cut_after: Option<u64>,
    /// Each piece takes so long.
    pub pause: Duration,
    /// No answer ever comes.
    pub is_silent: bool,
}

impl Reply {
    fn plain(answer: Answer) -> Self {
        Self { answer, pieces: None, cut_after: None, pause: Duration::ZERO, is_silent: false }
    }
}

/// The provider's store of files. Clones share.
#[derive(Clone)]
pub struct Provider(Arc<Mutex<State>>);

struct State {
    /// The token that it takes.
    token: String,
    /// Where it is reached.
    url: String,
    files: BTreeMap<String, File>,
    /// Addresses that were given out: the id, and when.
    links: BTreeMap<u64, (String, i64)>,
    /// Method and path of each request.
    journal: Vec<String>,
}

impl Provider {
    /// One that takes that token and is reached at that address.
    pub fn new(token: &str, url: &str) -> Self {
        Self(Arc::new(Mutex::new(State {
            token: token.into(),
            url: url.into(),
            files: BTreeMap::new(),
            links: BTreeMap::new(),
            journal: Vec::new(),
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where it is reached.
    pub fn found_at(&self, url: &str) {
        url.clone_into(&mut self.state().url);
    }

    /// Puts a file there.
    pub fn put(&self, id: &str, file: File) {
        self.state().files.insert(id.to_owned(), file);
    }

    /// The requests that came: method and path.
    pub fn journal(&self) -> Vec<String> {
        self.state().journal.clone()
    }

    /// The answer to a request for `path` (its query included) with this authorization header.
    pub fn answer(&self, method: &str, path: &str, authorization: Option<&str>) -> Reply {
        let mut state = self.state();
        state.journal.push(format!("{method} {path}"));
        let is_let_in = authorization == Some(format!("Bearer {}", state.token).as_str());
        let plain = path.split('?').next().unwrap_or_default();
        let steps: Vec<&str> = plain.split('/').filter(|step| !step.is_empty()).collect();
        match steps.as_slice() {
            ["attachments", link] => state.read(link, is_let_in),
            [version, id] if version.starts_with('v') => Reply::plain(state.locate(id, is_let_in)),
            _ => Reply::plain(error(404, 100, "Unknown path components")),
        }
    }
}

fn error(status: u16, code: i64, message: &str) -> Answer {
    let error = json!({"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AbCdEf"});
    Answer::json(status, json!({ "error": error }))
}

impl State {
    /// The trouble of a file, if it strikes now and this is where it strikes.
    fn strikes(&mut self, id: &str, here: impl Fn(&Trouble) -> bool) -> Option<Trouble> {
        let file = self.files.get_mut(id)?;
        let trouble = file.trouble.clone().filter(|trouble| file.times > 0 && here(trouble))?;
        file.times -= 1;
        Some(trouble)
    }

    fn locate(&mut self, id: &str, is_let_in: bool) -> Answer {
        if !is_let_in {
            return error(401, 190, "Invalid OAuth access token - Cannot parse access token");
        }
        let trouble = self.strikes(id, |trouble| {
            use Trouble::{Busy, Elsewhere, Expired, NoAccess, TooMany, WrongDigest, WrongLength};
            matches!(trouble, Busy | Elsewhere(_) | Expired | NoAccess | TooMany | WrongDigest | WrongLength)
        });
        let Some(file) = self.files.get(id).filter(|_| trouble != Some(Trouble::Expired)) else {
            let message = format!("Unsupported get request. Object with ID '{id}' does not exist");
            return error(400, 100, &message);
        };
        let (mut size, mut digest) = (file.content.size(), file.digest());
        let mime_type = file.mime_type.clone();
        let mut address = None;
        match trouble {
            Some(Trouble::NoAccess) => {
                return error(403, 10, "Application does not have permission for this action");
            }
            Some(Trouble::TooMany) => return error(400, 80_007, "(#80007) Rate limit issues"),
            Some(Trouble::Busy) => return Answer::html(503, "<html>Service Unavailable</html>".into()),
            Some(Trouble::Elsewhere(url)) => address = Some(url),
            Some(Trouble::WrongLength) => size += 1,
            Some(Trouble::WrongDigest) => digest = [7; 32],
            _ => {}
        }
        let link = self.links.len() as u64 + 1;
        self.links.insert(link, (id.to_owned(), clock::micros()));
        let hex = digest.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        Answer::ok(json!({
            "messaging_product": "whatsapp",
            "url": address.unwrap_or_else(|| format!("{}/attachments/{link}?mid={id}&ext=1&hash=ARn", self.url)),
            "mime_type": mime_type,
            "sha256": hex,
            "file_size": size,
            "id": id,
        }))
    }

    fn read(&mut self, link: &str, is_let_in: bool) -> Reply {
        let found = link.parse::<u64>().ok().and_then(|link| self.links.get(&link).cloned());
        let life = i64::try_from(LINK_LIFE.as_micros()).unwrap_or(i64::MAX);
        let Some((id, _)) = found.filter(|(_, since)| clock::micros() - since < life) else {
            return Reply::plain(Answer::empty(404));
        };
        if !is_let_in {
            return Reply::plain(Answer::html(401, "<html>Not logged in</html>".into()));
        }
        let trouble = self.strikes(&id, |_| true);
        let Some(file) = self.files.get(&id) else { return Reply::plain(Answer::empty(404)) };
        let media_type = ("content-type", file.mime_type.clone());
        let answer = Answer::empty(200).with(media_type.0, media_type.1);
        let whole = Reply { pieces: Some(file.content.pieces()), ..Reply::plain(answer) };
        match trouble {
            Some(Trouble::DeadLink) => Reply::plain(Answer::empty(404)),
            Some(Trouble::Page) => Reply::plain(Answer::html(200, "<html>Log in</html>".into())),
            Some(Trouble::Redirect(url)) => Reply::plain(Answer::redirect(&url)),
            Some(Trouble::Cut(after)) => Reply { cut_after: Some(after), ..whole },
            Some(Trouble::Slow(pause)) => Reply { pause, ..whole },
            Some(Trouble::Silent) => Reply { is_silent: true, ..whole },
            _ => whole,
        }
    }
}
