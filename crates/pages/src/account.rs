//! One's own account: who one is, the password, browsers that are signed in.

use causeway_core::{rights::Role, time::Timestamp};
use maud::{Markup, html};

use crate::{
    form::Field,
    part::{Tone, badge},
    settings::{Place, tabs},
    when::Clock,
};

/// What stands on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// One's name.
    pub name: String,
    /// One's e-mail.
    pub email: String,
    /// What one may do.
    pub role: Role,
    /// The present password, if there is one.
    pub present: Option<Field>,
    /// The new one.
    pub fresh: Field,
    /// Browsers that are signed in.
    pub browsers: Vec<Browser>,
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Browser {
    /// By which it is signed out.
    pub id: String,
    /// As it calls itself.
    pub name: String,
    /// When it was signed in.
    pub begun: Timestamp,
    /// When it was last used.
    pub seen: Timestamp,
    /// It is the one that shows this page.
    pub is_this: bool,
}

/// The page.
pub fn account(clock: &Clock<'_>, account: &Account) -> Markup {
    let words = clock.words;
    html! {
        header.head { h1 { (words.say("account-title")) } }
        (tabs(words, account.role, Place::Me))
        section.panel-box aria-labelledby="account-who" {
            h2 #account-who { (account.name) }
            dl.rows {
                div { dt { (words.say("account-email")) } dd { (account.email) } }
                div { dt { (words.say("account-role")) } dd { (words.say(&format!("role-{}", account.role.word()))) } }
            }
        }
        section.panel-box aria-labelledby="account-password" {
            h2 #account-password { (words.say("account-password")) }
            form.stack method="post" action="/settings/me/password" {
                input type="hidden" name="username" value=(account.email) autocomplete="username";
                @if let Some(present) = &account.present { (present.line("password", "current-password")) }
                (account.fresh.line("password", "new-password"))
                div.actions { button.button type="submit" { (words.say("account-save")) } }
            }
        }
        section.panel-box aria-labelledby="account-browsers" {
            h2 #account-browsers { (words.say("account-browsers")) }
            ul.lines {
                @for browser in &account.browsers {
                    li.lines__one {
                        div {
                            p { (short_name(&browser.name)) " "
                                @if browser.is_this { (badge(Tone::Good, &words.say("account-this"))) } }
                            p.quiet.small { (words.say("account-seen")) " " (clock.mark_ago(browser.seen)) }
                        }
                        @if !browser.is_this {
                            form method="post" action="/settings/me/sessions" {
                                input type="hidden" name="session" value=(browser.id);
                                button.button.button--quiet.button--small type="submit" { (words.say("account-end")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What a browser and its system are called, out of all that it says of itself.
pub fn short_name(told: &str) -> String {
    let browser = ["Edg", "OPR", "Firefox", "Chrome", "Safari"].into_iter().find(|name| told.contains(name));
    let system = ["Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux"]
        .into_iter()
        .find(|name| told.contains(name));
    let browser = match browser {
        Some("Edg") => "Edge",
        Some("OPR") => "Opera",
        Some(name) => name,
        None => return told.chars().take(60).collect(),
    };
    system.map_or_else(
        || browser.to_owned(),
        |system| format!("{browser}, {}", system.replace("Mac OS X", "macOS")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_as_people_call_it() {
        let told = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(short_name(told), "Chrome, Linux");
        assert_eq!(short_name("curl/8.5"), "curl/8.5");
    }
}
