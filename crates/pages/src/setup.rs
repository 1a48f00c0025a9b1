//! The first run: who owns this server, and where they are.

use maud::{Markup, html};

use crate::{
    Words,
    form::Field,
    frame,
    part::{Tone, notice},
};

/// The form of the first run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// Its fields, in order: token, workspace, zone, region, name, e-mail, password.
    pub token: Field,
    /// The workspace's name.
    pub workspace: Field,
    /// Its zone.
    pub zone: Field,
    /// The country by which numbers are read.
    pub region: Field,
    /// The owner's name.
    pub name: Field,
    /// The owner's e-mail.
    pub email: Field,
    /// Their password.
    pub password: Field,
    /// The zones to choose from.
    pub zones: Vec<(String, String)>,
    /// Something that concerns the form as a whole.
    pub error: Option<String>,
}

/// The page of the first run.
pub fn setup(words: &Words, form: &Setup) -> Markup {
    let content = html! {
        h1 { (words.say("setup-title")) }
        p { (words.say("setup-text")) }
        @if let Some(error) = &form.error { (notice(Tone::Bad, error, None)) }
        form.stack method="post" action="/setup" {
            (form.token.line("text", "off"))
            h2 { (words.say("setup-you")) }
            (form.name.line("text", "name"))
            (form.email.line("email", "username"))
            (form.password.line("password", "new-password"))
            h2 { (words.say("setup-workspace")) }
            (form.workspace.line("text", "organization"))
            (form.zone.choice(&form.zones))
            (form.region.line("text", "country-name"))
            button.button.button--wide type="submit" { (words.say("setup-do")) }
        }
    };
    frame::plain(words, &words.say("setup-title"), &content)
}

/// The page when no workspace is there and no token was given.
pub fn waiting(words: &Words) -> Markup {
    let content = html! {
        h1 { (words.say("setup-title")) }
        p { (words.say("setup-where")) }
        form.stack method="get" action="/setup" {
            (Field::new("token", words.say("setup-token")).required().line("text", "off"))
            button.button.button--wide type="submit" { (words.say("setup-next")) }
        }
    };
    frame::plain(words, &words.say("setup-title"), &content)
}
