//! `multipart/form-data`, as far as forms and uploads need it.

use bytes::Bytes;

use crate::call::Call;

/// One part of a form.
#[derive(Clone, Debug)]
pub struct Part {
    /// The field.
    pub name: String,
    /// What a file is called.
    pub file_name: Option<String>,
    /// What it holds.
    pub bytes: Bytes,
}

/// The parts of a multipart form; nothing when the body is no such form.
pub fn parts(call: &Call) -> Option<Vec<Part>> {
    let media_type = call.header("content-type")?;
    if !media_type.to_ascii_lowercase().starts_with("multipart/form-data") {
        return None;
    }
    let (_, boundary) = media_type.split_once("boundary=")?;
    let boundary = boundary.split(';').next().unwrap_or_default().trim().trim_matches('"');
    let mark = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut rest = find(&call.body, mark.as_bytes()).map(|at| call.body.slice(at + mark.len()..))?;
    // After a mark comes the end of its line; after the last mark come two hyphens.
    while let Some(start) = rest.strip_prefix(b"\r\n").map(|_| 2) {
        let part = rest.slice(start..);
        let end = find(&part, format!("\r\n{mark}").as_bytes())?;
        parts.extend(read(&part.slice(..end)));
        rest = part.slice(end + 2 + mark.len()..);
    }
    Some(parts)
}

fn read(part: &Bytes) -> Option<Part> {
    let end = find(part, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&part[..end]).into_owned();
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let disposition = header("content-disposition")?;
    Some(Part {
        name: attribute(&disposition, "name")?,
        file_name: attribute(&disposition, "filename"),
        bytes: part.slice(end + 4..),
    })
}

fn attribute(disposition: &str, name: &str) -> Option<String> {
    disposition.split(';').find_map(|piece| {
        let (known, value) = piece.trim().split_once('=')?;
        (known == name).then(|| value.trim_matches('"').to_owned())
    })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
