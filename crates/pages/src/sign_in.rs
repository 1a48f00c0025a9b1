//! Signing in: with e-mail and password, by a link, by an invitation.

use maud::{Markup, html};

use crate::{
    Words, args,
    form::Field,
    frame,
    part::{Tone, notice},
};

/// The form of signing in, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignIn {
    /// What was typed.
    pub email: String,
    /// Why it was not accepted.
    pub error: Option<String>,
    /// A statement above the form: "you are signed out".
    pub said: Option<String>,
    /// Where to go afterwards; an address of ours.
    pub next: String,
}

/// The page where one signs in.
pub fn sign_in(words: &Words, form: &SignIn) -> Markup {
    let email = Field::new("email", words.say("sign-in-email")).value(&form.email).required();
    let password = Field::new("password", words.say("sign-in-password")).required();
    let content = html! {
        h1 { (words.say("sign-in-title")) }
        @if let Some(error) = &form.error { (notice(Tone::Bad, error, None)) }
        @if let Some(said) = &form.said { (notice(Tone::Plain, said, None)) }
        form.stack method="post" action="/sign-in" {
            input type="hidden" name="next" value=(form.next);
            (email.line("email", "username"))
            (password.line("password", "current-password"))
            button.button.button--wide type="submit" { (words.say("sign-in-do")) }
        }
        p.card__foot { (words.say("sign-in-help")) }
    };
    frame::plain(words, &words.say("sign-in-title"), &content)
}

/// A link that lets one in without a password: a button, so that looking at the link does not use it up.
pub fn by_link(words: &Words, action: &str, name: &str, workspace: &str) -> Markup {
    let content = html! {
        h1 { (words.say("link-title")) }
        p { (words.with("link-text", args!["name" => name, "workspace" => workspace])) }
        form.stack method="post" action=(action) {
            button.button.button--wide type="submit" { (words.say("link-do")) }
        }
    };
    frame::plain(words, &words.say("link-title"), &content)
}

/// The form of an invitation, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invitation {
    /// Where the form goes.
    pub action: String,
    /// Into which workspace.
    pub workspace: String,
    /// Who is invited.
    pub email: String,
    /// The name that was typed.
    pub name: String,
    /// What is wrong with the name.
    pub name_error: Option<String>,
    /// What is wrong with the password.
    pub password_error: Option<String>,
}

/// The page of an invitation.
pub fn invitation(words: &Words, form: &Invitation) -> Markup {
    let name = Field::new("name", words.say("invite-name"))
        .value(&form.name)
        .error(form.name_error.clone())
        .required();
    let password = Field::new("password", words.say("invite-password"))
        .hint(words.say("password-hint"))
        .error(form.password_error.clone())
        .required();
    let content = html! {
        h1 { (words.with("invite-title", args!["workspace" => form.workspace.as_str()])) }
        p { (words.with("invite-text", args!["email" => form.email.as_str()])) }
        form.stack method="post" action=(form.action) {
            input type="hidden" name="username" value=(form.email) autocomplete="username";
            (name.line("text", "name"))
            (password.line("password", "new-password"))
            button.button.button--wide type="submit" { (words.say("invite-do")) }
        }
    };
    frame::plain(words, &words.say("invite-page"), &content)
}
