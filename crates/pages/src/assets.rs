//! Styles, scripts and icons, embedded in the program.
//!
//! Their address carries a digest of them all, so a browser may keep them for ever and never sees an old one; scripts
//! import each other by relative addresses. Styles are one file to the browser and one per component here.

use std::{borrow::Cow, fmt::Write as _, sync::OnceLock};

use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// The one style sheet's path: all of `assets/css/`, `tokens.css` first, the others by name.
pub const STYLE: &str = "css/app.css";

/// One file to serve.
pub struct Asset {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// Its media type.
    pub kind: &'static str,
}

/// A digest of everything here.
pub fn digest() -> &'static str {
    static DIGEST: OnceLock<String> = OnceLock::new();
    DIGEST.get_or_init(|| {
        let mut names: Vec<_> = Files::iter().collect();
        names.sort_unstable();
        let mut hash = Sha256::new();
        for name in names {
            hash.update(name.as_bytes());
            if let Some(file) = Files::get(&name) {
                hash.update(file.metadata.sha256_hash());
            }
        }
        hash.finalize().iter().take(8).fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    })
}

/// The address of an asset.
pub fn url(path: &str) -> String {
    format!("/assets/{}/{path}", digest())
}

/// The asset of that path, if there is one.
pub fn get(path: &str) -> Option<Asset> {
    if path == STYLE {
        return Some(Asset { bytes: style().into(), kind: "text/css; charset=utf-8" });
    }
    let kind = match path.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    };
    Files::get(path).map(|file| Asset { bytes: file.data, kind })
}

/// Every style in one: the tokens and the reset, then the components.
fn style() -> Vec<u8> {
    let mut names: Vec<_> = Files::iter().filter(|name| name.starts_with("css/")).collect();
    names.sort_by_key(|name| (name != "css/tokens.css", name != "css/reset.css", name.to_string()));
    let mut style = Vec::new();
    for file in names.iter().filter_map(|name| Files::get(name)) {
        style.extend_from_slice(&file.data);
    }
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_begins_with_the_tokens_and_holds_every_component() {
        let style = String::from_utf8(get(STYLE).expect("the style").bytes.into_owned()).expect("text");
        assert!(style.trim_start().starts_with("/* Tokens"));
        assert!(style.contains(".button"));
    }

    #[test]
    fn nothing_but_assets_is_served() {
        assert!(get("js/main.js").is_some());
        for path in ["../Cargo.toml", "js/../../Cargo.toml", "css/none.css", "", "js"] {
            assert!(get(path).is_none(), "{path}");
        }
    }
}
