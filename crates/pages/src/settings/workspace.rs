//! The workspace: its name, zone and country.

use causeway_core::rights::Role;
use maud::{Markup, html};

use super::{Place, tabs};
use crate::{
    Words,
    form::Field,
    part::{Tone, notice},
};

/// The form as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The name.
    pub name: Field,
    /// The zone.
    pub zone: Field,
    /// The zones to choose from.
    pub zones: Vec<(String, String)>,
    /// The country by which numbers are read.
    pub region: Field,
    /// What was just done.
    pub done: Option<String>,
}

/// The page.
pub fn workspace(words: &Words, role: Role, form: &Form) -> Markup {
    html! {
        header.head { h1 { (words.say("settings-workspace")) } }
        (tabs(words, role, Place::Workspace))
        @if let Some(done) = &form.done { (notice(Tone::Good, done, None)) }
        section.panel-box {
            form.stack method="post" action="/settings/workspace" {
                (form.name.line("text", "organization"))
                (form.zone.choice(&form.zones))
                (form.region.line("text", "country-name"))
                div.actions { button.button type="submit" { (words.say("save")) } }
            }
        }
    }
}
