//! What a file is, by its first bytes; and how a browser may be given it.

/// How many of the first bytes tell what a file is, at most.
pub const HEAD: usize = 8192;

/// What nothing is known of.
pub const UNKNOWN: &str = "application/octet-stream";

/// The media type of a file that begins so, and is called or declared so. The bytes decide; where they do not tell (plain
/// text, formats without a mark), the declared type stands, unless it is one whose bytes would have told.
pub fn of_bytes(head: &[u8], declared: Option<&str>) -> String {
    if let Some(kind) = infer::get(head) {
        return told(kind.mime_type(), declared);
    }
    match declared.map(self::declared) {
        Some(plain) if !has_mark(&plain) => plain,
        _ => UNKNOWN.to_owned(),
    }
}

/// A container says no more than that it is one: of a ZIP file the declared type may say which. Sounds and films share
/// containers too.
fn told(mark: &str, declared: Option<&str>) -> String {
    let plain = declared.map(self::declared).unwrap_or_default();
    let is_finer = match mark {
        "application/zip" => {
            plain.starts_with("application/vnd.openxmlformats-officedocument")
                || plain.starts_with("application/vnd.oasis.opendocument")
                || plain == "application/epub+zip"
        }
        "audio/ogg" | "video/ogg" => matches!(plain.as_str(), "audio/ogg" | "video/ogg"),
        "video/mp4" | "audio/m4a" => matches!(plain.as_str(), "audio/mp4" | "video/mp4" | "audio/aac"),
        "video/webm" => plain == "audio/webm",
        _ => false,
    };
    if is_finer { plain } else { mark.to_owned() }
}

/// A declared media type without its parameters, in lower case; [`UNKNOWN`] if it is none.
pub fn declared(text: &str) -> String {
    let plain = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_word = |word: &str| {
        !word.is_empty()
            && word.len() <= 100
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    match plain.split_once('/') {
        Some((kind, form)) if is_word(kind) && is_word(form) => plain,
        _ => UNKNOWN.to_owned(),
    }
}

/// Would a file of that type begin with a mark that is known?
fn has_mark(plain: &str) -> bool {
    matches!(plain.split_once('/'), Some(("image" | "video", form)) if form != "svg+xml")
        || matches!(plain, "application/pdf" | "application/zip" | "audio/ogg" | "audio/amr" | "audio/mp4")
}

/// How a browser may be given a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Showing {
    /// As a picture on the page.
    Picture,
    /// As a sound with its controls.
    Sound,
    /// As a film with its controls.
    Film,
    /// As something to keep, and nothing to open here: it might run.
    Download,
}

/// How a file of that type may be given. Only types that cannot carry a script are shown in place.
pub fn showing(media_type: &str) -> Showing {
    match media_type {
        "image/jpeg" | "image/png" | "image/gif" | "image/webp" => Showing::Picture,
        "audio/ogg" | "audio/opus" | "audio/mpeg" | "audio/mp4" | "audio/m4a" | "audio/x-m4a"
        | "audio/aac" | "audio/wav" | "audio/x-wav" | "audio/webm" | "audio/flac" | "audio/x-flac" => {
            Showing::Sound
        }
        "video/mp4" | "video/webm" | "video/quicktime" | "video/ogg" => Showing::Film,
        _ => Showing::Download,
    }
}
