//! Pictures of pages, in every look, for people to look at: `target/screenshots/NAME-WIDTH-SCHEME.png`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::json;

use super::{
    browser::{Browser, decoded},
    look::{DESKTOP, Look, PHONE},
};

/// The longest page that is shown whole, in CSS pixels.
const LONGEST: u32 = 5_000;

impl Browser {
    /// Takes pictures of the page as it is: on phone and desktop, light and dark; and looks in each for barriers and for what
    /// stands out to the side. The look is afterwards what it was.
    pub async fn picture(&self, name: &str) {
        let before = self.look();
        let mut findings = Vec::new();
        for size in [PHONE, DESKTOP] {
            for scheme in ["light", "dark"] {
                self.show(Look { size, scheme, is_calm: true, ..before }).await;
                self.settle().await;
                self.keep_picture(&format!("{name}-{}-{scheme}", size.0)).await;
                findings.extend(self.barriers().await);
                findings.extend(self.overflow().await);
            }
        }
        self.show(before).await;
        assert!(findings.is_empty(), "{name}:\n{}", findings.join("\n"));
    }

    /// Takes one picture of a page that is not ours, in the look it has.
    pub async fn picture_of_stranger(&self, name: &str) {
        let Look { size, scheme, .. } = self.look();
        self.keep_picture(&format!("{name}-{}-{scheme}", size.0)).await;
    }

    /// Waits until nothing moves any more. What moves for ever is let be.
    async fn settle(&self) {
        let moving = "return document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime < 60_000).length";
        self.eventually("an end of all movement", async || match self.run(moving, vec![]).await.as_u64() {
            Some(0) => Ok(()),
            count => Err(format!("{count:?} still move")),
        })
        .await;
    }

    /// The whole page: the window is as long as what is in it, so that bars at its edges stay there.
    async fn keep_picture(&self, name: &str) {
        let look = self.look();
        let height = self.run("return document.documentElement.scrollHeight", vec![]).await;
        let height = u32::try_from(height.as_u64().unwrap()).unwrap().clamp(look.size.1, LONGEST);
        self.show_sized((look.size.0, height)).await;
        let picture = self.devtools("Page.captureScreenshot", json!({ "format": "png" })).await;
        self.show_sized(look.size).await;
        keep(name, picture["data"].as_str().unwrap_or_default());
    }
}

/// Writes a picture that came as base64; says where, if it is one of a failure.
pub(super) fn keep(name: &str, picture: &str) {
    let folder = folder();
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{name}.png"));
    fs::write(&file, decoded(picture)).unwrap();
    if name.starts_with("failed-") {
        eprintln!("a picture of it: {}", file.display());
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots")
}
