//! Icons: one sprite, drawn with a pen of one width. An icon never stands alone: a text beside it, seen or unseen,
//! says the same.

use maud::{Markup, html};

use crate::assets;

/// The icon of that name in `assets/icons.svg`.
pub fn icon(name: &str) -> Markup {
    html! {
        svg class="icon" aria-hidden="true" focusable="false" {
            use href=(format!("{}#{name}", assets::url("icons.svg"))) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    #[test]
    fn every_icon_that_is_used_is_drawn() {
        fn texts(folder: &Path, into: &mut String) {
            for entry in fs::read_dir(folder).expect("a folder").flatten() {
                if entry.path().is_dir() {
                    texts(&entry.path(), into);
                } else {
                    into.push_str(&fs::read_to_string(entry.path()).expect("a text"));
                }
            }
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let sprite = fs::read_to_string(root.join("assets/icons.svg")).expect("the sprite");
        let mut source = String::new();
        texts(&root.join("src"), &mut source);
        let used: BTreeSet<&str> =
            source.split("icon(\"").skip(1).filter_map(|after| after.split('"').next()).collect();
        let missing: Vec<_> = used
            .into_iter()
            .filter(|name| !name.is_empty() && !sprite.contains(&format!("id=\"{name}\"")))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
