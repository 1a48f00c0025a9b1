//! How a browser shows pages: as large as on a phone or a desktop, in which colours, with what movement, with scripts or without.

use serde_json::json;

use super::browser::Browser;

/// How pages are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Width and height in CSS pixels.
    pub size: (u32, u32),
    /// The colour scheme: `light` or `dark`.
    pub scheme: &'static str,
    /// The person asks for little movement.
    pub is_calm: bool,
    /// Scripts of pages run.
    pub has_scripts: bool,
}

/// The width and height of a phone.
pub const PHONE: (u32, u32) = (360, 740);

/// The width and height of a desktop's window.
pub const DESKTOP: (u32, u32) = (1280, 800);

impl Browser {
    /// As on a phone.
    pub async fn phone(&self) {
        self.show(Look { size: PHONE, ..self.look() }).await;
    }

    /// As in a window on a desktop.
    pub async fn desktop(&self) {
        self.show(Look { size: DESKTOP, ..self.look() }).await;
    }

    /// In dark colours.
    pub async fn dark(&self) {
        self.show(Look { scheme: "dark", ..self.look() }).await;
    }

    /// With little movement.
    pub async fn calm(&self) {
        self.show(Look { is_calm: true, ..self.look() }).await;
    }

    /// Pages that are opened from now on run no scripts.
    pub async fn without_scripts(&self) {
        self.show(Look { has_scripts: false, ..self.look() }).await;
    }

    pub(super) fn look(&self) -> Look {
        *self.look.borrow()
    }

    pub(super) async fn show(&self, look: Look) {
        if self.look.replace(look) != look {
            self.show_again().await;
        }
    }

    /// Tells the window how pages are shown: each begins without knowing.
    pub(super) async fn show_again(&self) {
        let look = self.look();
        self.show_sized(look.size).await;
        let calm = if look.is_calm { "reduce" } else { "no-preference" };
        let features = json!([{ "name": "prefers-color-scheme", "value": look.scheme },
            { "name": "prefers-reduced-motion", "value": calm }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        let off = json!({ "value": !look.has_scripts });
        self.devtools("Emulation.setScriptExecutionDisabled", off).await;
    }

    /// In that width and height, whatever the look says.
    pub(super) async fn show_sized(&self, (width, height): (u32, u32)) {
        let is_phone = width == PHONE.0;
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }
}
