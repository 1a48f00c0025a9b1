//! Connecting: which login, what will be asked, and the way to the CRM's own page.

use maud::{Markup, html};

use crate::{
    Words, args,
    form::Field,
    icon::icon,
    part::{Tone, notice},
};

/// What stands in the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connect {
    /// The CRM's word and title.
    pub crm: (String, String),
    /// Where the form goes.
    pub action: String,
    /// Where one goes back to.
    pub back: String,
    /// Which login. `None` where there is only one, and when a connection is renewed: it keeps its own.
    pub environment: Option<Field>,
    /// The logins that one may choose from: (what the form sends, what people read, explanation).
    pub logins: Vec<(String, String, String)>,
    /// The host of an organisation's own login, where there is such a thing.
    pub host: Option<Field>,
    /// The org whose connection is renewed, and the host of its login.
    pub renews: Option<(String, String)>,
    /// Why it cannot begin.
    pub error: Option<String>,
}

/// A flow that has begun: what to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The CRM's word and title.
    pub crm: (String, String),
    /// What the link opens: a path of ours that leads to the CRM.
    pub open: String,
}

/// The page that asks.
pub fn connect(words: &Words, connect: &Connect) -> Markup {
    html! {
        (head(words, connect.renews.as_ref().map(|(org, _)| org.as_str()), &connect.crm.1))
        (connect_part(words, connect))
    }
}

fn head(words: &Words, renewed: Option<&str>, crm: &str) -> Markup {
    html! {
        header.head {
            div {
                p.crumb { a href="/integrations" { (icon("back")) (words.say("integrations-title")) } }
                h1 {
                    @match renewed {
                        Some(org) => (words.with("reconnect-title", args!["org" => org])),
                        None => (words.with("connect-crm", args!["crm" => crm])),
                    }
                }
            }
        }
    }
}

/// The form, without its heading: what our script patches.
pub fn connect_part(words: &Words, connect: &Connect) -> Markup {
    let crm = connect.crm.1.as_str();
    html! {
        div #connect .connect {
            form.panel-box.stack method="post" action=(connect.action) data-connect {
                @if let Some(error) = &connect.error { (notice(Tone::Bad, error, None)) }
                @if let Some((org, host)) = &connect.renews {
                    p { (words.with("reconnect-text", args!["org" => org.as_str(), "host" => host.as_str()])) }
                }
                @if let Some(environment) = &connect.environment {
                    (environment.radios(&connect.logins))
                }
                @if let Some(host) = &connect.host { (host.line("text", "off")) }
                p.quiet.small { (words.with("connect-opens", args!["crm" => crm])) }
                div.actions {
                    button.button type="submit" { (words.with("connect-go", args!["crm" => crm])) }
                    a.button.button--quiet href=(connect.back) { (words.say("cancel")) }
                }
            }
            aside.panel-box.asked aria-labelledby="asked-title" {
                h2 #asked-title { (words.with("asked-title", args!["crm" => crm])) }
                ul {
                    // words: asked-what-*
                    @for what in ["asked-what-records", "asked-what-lasting", "asked-what-who"] { li { (icon("check")) (words.say(what)) } }
                }
                h3 { (words.say("asked-needs-title")) }
                p.quiet { (words.of(&connect.crm.0, "needs", &[])) }
                h3 { (words.say("asked-not-title")) }
                p.quiet { (words.say("asked-not")) }
            }
        }
    }
}

/// The page that leads to the CRM.
pub fn opened(words: &Words, opened: &Opened) -> Markup {
    html! { (head(words, None, &opened.crm.1)) (opened_part(words, opened)) }
}

/// The link to the CRM, without its heading: what our script patches.
pub fn opened_part(words: &Words, opened: &Opened) -> Markup {
    let crm = opened.crm.1.as_str();
    html! {
        div #connect .connect data-connecting {
            div.panel-box.stack {
                h2 { (words.with("open-title", args!["crm" => crm])) }
                p { (words.with("open-text", args!["crm" => crm])) }
                div.actions {
                    a.button href=(opened.open) target="_blank" rel="noopener" data-connect-link {
                        (words.with("open-link", args!["crm" => crm])) (icon("external"))
                    }
                    a.button.button--quiet href="/integrations" { (words.say("open-back")) }
                }
                p.quiet.small role="status" { (words.say("open-waits")) }
            }
        }
    }
}
