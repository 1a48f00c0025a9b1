//! Pages in a real browser: headless Chromium, driven over WebDriver, against a server and an org on sockets.
//!
//! A journey opens a [`Site`](site::Site), takes a browser from it, does what a person does, and ends the browser:
//! `browser.end()` looks back at everything that happened in it. A browser that is dropped without having been
//! ended fails its test.

mod album;
#[expect(clippy::module_inception, reason = "it is the browser")]
mod browser;
mod checks;
mod driver;
mod journeys;
mod look;
mod patience;
mod site;
