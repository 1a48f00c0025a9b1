//! Files to try with: a photo, a voice message, a document, and one for each trouble that files have.

use std::time::Duration;

use serde_json::{Value, json};

use super::media::{File, Trouble};
use super::{Customer, Sender};

/// A photo.
pub const PHOTO: &[u8] = include_bytes!("samples/harbour.png");
/// A sound of a second.
pub const VOICE: &[u8] = include_bytes!("samples/voice.wav");
/// A document of one page.
pub const OFFER: &[u8] = include_bytes!("samples/offer.pdf");

/// A file, and how it stands in its message.
pub struct Sample {
    /// The provider's id of it.
    pub id: String,
    /// `image`, `audio`, `document`.
    pub kind: &'static str,
    /// The file.
    pub file: File,
    /// Its caption, its name, or that it was recorded in the chat.
    pub besides: Value,
}

impl Sample {
    fn new(id: &str, kind: &'static str, file: File, besides: Value) -> Self {
        Self { id: format!("sample-{id}"), kind, file, besides }
    }

    /// The change that tells a message with it.
    pub fn change(&self, sender: &Sender, from: &Customer, message_id: &str, at_seconds: i64) -> Value {
        let (message, media) = ((message_id, at_seconds), (self.kind, self.id.as_str()));
        sender.file(from, message, media, &self.file, self.besides.clone())
    }
}

/// One of each.
pub fn all() -> Vec<Sample> {
    let photo = || File::of("image/png", PHOTO);
    let caption = |text: &str| json!({ "caption": text });
    let named = |name: &str| json!({ "filename": name });
    vec![
        Sample::new("photo", "image", photo(), caption("The harbour, this morning")),
        Sample::new("voice", "audio", File::of("audio/wav", VOICE), json!({"voice": true})),
        Sample::new("offer", "document", File::of("application/pdf", OFFER), named("offer.pdf")),
        Sample::new("empty", "document", File::of("text/plain", &b""[..]), named("empty.txt")),
        Sample::new(
            "large",
            "document",
            File::of_size("application/pdf", b"%PDF-1.7\n", 150 * 1024 * 1024),
            named("plans.pdf"),
        ),
        Sample::new(
            "program",
            "document",
            File::of_size(
                "application/pdf",
                b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00",
                9_000,
            ),
            named("invoice.pdf"),
        ),
        Sample::new(
            "expired",
            "image",
            photo().with(Trouble::Expired, u64::MAX),
            caption("Gone at the provider"),
        ),
        Sample::new(
            "elsewhere",
            "image",
            photo().with(Trouble::Redirect("http://169.254.169.254/latest/meta-data/".into()), u64::MAX),
            caption("Leads to an address inside"),
        ),
        Sample::new("busy", "image", photo().with(Trouble::Busy, 1), caption("Comes at the second try")),
        Sample::new("cut", "image", photo().with(Trouble::Cut(2_000), 1), caption("Broke off once")),
        Sample::new(
            "length",
            "image",
            photo().with(Trouble::WrongLength, 1),
            caption("Announced longer than it is"),
        ),
        Sample::new(
            "slow",
            "image",
            photo().with(Trouble::Slow(Duration::from_millis(700)), u64::MAX),
            caption("Comes slowly"),
        ),
    ]
}
