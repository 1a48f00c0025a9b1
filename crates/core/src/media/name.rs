//! What a file is called where it is kept by people: on a disk, in a CRM.

use crate::timeline::{Attachment, AttachmentKind};

/// Most characters of a name.
const LONGEST: usize = 120;

/// The name of an attachment: the declared one without what no file system takes, else one made of its kind. A name
/// without an ending gets the one of its type, so that a double click opens it.
pub fn file_name(attachment: &Attachment, media_type: &str, number: usize) -> String {
    let declared = attachment.name.as_deref().map(clean).filter(|name| !name.is_empty());
    let name = declared.unwrap_or_else(|| {
        let word = match attachment.kind {
            AttachmentKind::Image => "image",
            AttachmentKind::Video => "video",
            AttachmentKind::Audio => "audio",
            AttachmentKind::Voice => "voice-message",
            AttachmentKind::Document => "document",
            AttachmentKind::Sticker => "sticker",
        };
        if number > 1 { format!("{word}-{number}") } else { word.to_owned() }
    });
    let has_ending = name.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty()
            && (1..=5).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    match ending(media_type) {
        Some(ending) if !has_ending => format!("{name}.{ending}"),
        _ => name,
    }
}

/// Without folders, control characters, marks that turn the direction of writing, and signs that a shell or a file system
/// reads as its own.
fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let turns = |sign: char| matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept = last.chars().filter(|sign| !sign.is_control() && !turns(*sign));
    let kept: String = kept.map(|sign| if r#"<>:"|?*"#.contains(sign) { '_' } else { sign }).collect();
    let kept = kept.trim().trim_start_matches('.').trim();
    if kept.chars().count() <= LONGEST {
        return kept.to_owned();
    }
    // The ending stays: it says with what to open the file.
    let (stem, ending) = match kept.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= 10 => (stem, format!(".{ending}")),
        _ => (kept, String::new()),
    };
    let room = LONGEST - ending.chars().count();
    format!("{}{ending}", stem.chars().take(room).collect::<String>())
}

fn ending(media_type: &str) -> Option<&'static str> {
    Some(match media_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "audio/ogg" => "ogg",
        "audio/mpeg" => "mp3",
        "audio/mp4" | "audio/m4a" | "audio/x-m4a" => "m4a",
        "audio/aac" => "aac",
        "audio/wav" | "audio/x-wav" => "wav",
        "audio/amr" => "amr",
        "video/mp4" => "mp4",
        "video/3gpp" => "3gp",
        "video/webm" => "webm",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        "text/plain" => "txt",
        "text/csv" => "csv",
        "text/vcard" => "vcf",
        _ => return None,
    })
}
