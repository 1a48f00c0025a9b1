//! The frame around every page: navigation, notices, who is signed in.

use causeway_core::rights::{Right, Role};
use maud::{DOCTYPE, Markup, html};

use crate::{
    Words, assets,
    icon::icon,
    part::{Tone, avatar, notice, unseen},
};

/// Where in the application a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// Conversations.
    Inbox,
    /// People.
    Contacts,
    /// Entries and their state.
    Deliveries,
    /// CRMs.
    Integrations,
    /// Where customers write.
    Channels,
    /// Members, workspace, audit log.
    Settings,
    /// None of them.
    Elsewhere,
}

/// Places of the navigation: where, address, icon, key of its word, the right that it takes.
const PLACES: &[(Here, &str, &str, &str, Right)] = &[
    (Here::Inbox, "/inbox", "inbox", "nav-inbox", Right::Read),
    (Here::Contacts, "/contacts", "contacts", "nav-contacts", Right::Read),
    (Here::Deliveries, "/deliveries", "deliveries", "nav-deliveries", Right::Read),
    (Here::Integrations, "/integrations", "integrations", "nav-integrations", Right::ConnectPanel),
    (Here::Channels, "/channels", "channels", "nav-channels", Right::ManageChannels),
    (Here::Settings, "/settings", "settings", "nav-settings", Right::Read),
];

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their workspace's name.
    pub workspace: String,
}

/// A statement above the page: tone, text, action (address, label).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How serious.
    pub tone: Tone,
    /// What is so.
    pub text: String,
    /// Where something can be done about it, and the label.
    pub action: Option<(String, String)>,
}

/// The frame of a page for somebody who is signed in.
pub struct Frame<'a> {
    /// The words.
    pub words: &'a Words,
    /// Who looks at it.
    pub me: &'a Me,
    /// Where it stands.
    pub here: Here,
    /// Its title, as the browser's tab shows it.
    pub title: &'a str,
    /// What everybody should know now.
    pub notices: &'a [Notice],
    /// It fills the window and scrolls inside (the inbox), instead of being as long as it is.
    pub is_full: bool,
    /// How far changes had been told when the page was asked for: its stream begins there.
    pub mark: &'a str,
}

impl Frame<'_> {
    /// The page.
    pub fn around(&self, content: &Markup) -> Markup {
        let words = self.words;
        let body = html! {
            a.skip href="#content" { (words.say("nav-skip")) }
            nav.rail aria-label=(words.say("nav-label")) {
                a.rail__brand href="/" { (icon("causeway")) span { "Causeway" } }
                ul.rail__places {
                    @for (here, address, picture, key, _) in PLACES.iter().filter(|place| self.me.role.has(place.4)) {
                        li {
                            a.rail__place href=(address) aria-current=[(*here == self.here).then_some("page")] {
                                (icon(picture)) span { (words.say(key)) }
                            }
                        }
                    }
                }
                details.rail__me {
                    summary {
                        (avatar(&self.me.name))
                        span.rail__name { (self.me.name) }
                        (unseen(&words.say("nav-me")))
                    }
                    div.menu {
                        p.menu__who { strong { (self.me.name) } br; (self.me.workspace) }
                        a.menu__item href="/settings/me" { (words.say("nav-account")) }
                        a.menu__item href="/help" { (words.say("help-title")) }
                        button.menu__item type="button" data-opens="shortcuts" hidden data-needs-script {
                            (words.say("nav-shortcuts"))
                        }
                        form method="post" action="/sign-out" {
                            button.menu__item type="submit" { (words.say("nav-sign-out")) }
                        }
                    }
                }
            }
            div.page data-full[self.is_full] data-mark=(self.mark) {
                (notices(self.notices))
                main #content .content tabindex="-1" { (content) }
            }
            (shortcuts(words))
            dialog #sheet .sheet aria-label=(words.say("nav-sheet")) {
                form.sheet__close method="dialog" {
                    button.button.button--quiet.button--small type="submit" { (icon("close")) (unseen(&words.say("close"))) }
                }
                div #sheet-content {}
            }
            div #announcer .unseen role="status" aria-live="polite" {}
        };
        document(words, self.title, "app", &body)
    }
}

/// What everybody should know, as it stands above every page; asked for again when it changes.
pub fn notices(notices: &[Notice]) -> Markup {
    html! {
        div #notices .notices data-live="notices connections" data-src="/notices" {
            @for told in notices {
                (notice(told.tone, &told.text, told.action.as_ref().map(|(to, label)| (&**to, &**label))))
            }
        }
    }
}

/// The help sheet of keyboard shortcuts. What each does is declared on the element that does it (`data-key`).
fn shortcuts(words: &Words) -> Markup {
    // words: shortcut-*
    let all = [
        ("j", "shortcut-next"),
        ("k", "shortcut-previous"),
        ("/", "shortcut-search"),
        ("m", "shortcut-memo"),
        ("a", "shortcut-assign"),
        ("e", "shortcut-close"),
        ("r", "shortcut-refresh"),
        ("g i", "shortcut-inbox"),
        ("g c", "shortcut-contacts"),
        ("g d", "shortcut-deliveries"),
        ("?", "shortcut-help"),
    ];
    html! {
        dialog #shortcuts .sheet aria-labelledby="shortcuts-title" {
            header.sheet__head {
                h2 #shortcuts-title { (words.say("shortcuts-title")) }
                form method="dialog" {
                    button.button.button--quiet type="submit" { (icon("close")) (unseen(&words.say("close"))) }
                }
            }
            dl.keys {
                @for (key, what) in all {
                    div.keys__one {
                        dt { @for part in key.split(' ') { kbd { (part) } " " } }
                        dd { (words.say(what)) }
                    }
                }
            }
        }
    }
}

/// A page without the frame: signing in, setting up, a few words after coming back from a CRM.
pub fn plain(words: &Words, title: &str, content: &Markup) -> Markup {
    let body = html! {
        main #content .card tabindex="-1" {
            p.card__brand { (icon("causeway")) "Causeway" }
            (content)
        }
    };
    document(words, title, "plain", &body)
}

fn document(words: &Words, title: &str, class: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(words.language()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Causeway" }
                link rel="icon" type="image/svg+xml" href=(assets::url("mark.svg"));
                link rel="stylesheet" href=(assets::url(assets::STYLE));
                script type="module" src=(assets::url("js/main.js")) {}
            }
            body class=(class) { (body) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(role: Role) -> String {
        let me = Me { name: "Ann Lee".into(), role, workspace: "Acme & Co".into() };
        let frame = Frame {
            words: Words::english(),
            me: &me,
            here: Here::Inbox,
            title: "Inbox",
            notices: &[],
            is_full: false,
            mark: "node.1",
        };
        frame.around(&html! { "content" }).into_string()
    }

    #[test]
    fn the_navigation_shows_the_places_that_the_role_may_see() {
        assert!(page(Role::Owner).contains("/channels"));
        assert!(!page(Role::Agent).contains("/channels"));
        assert!(page(Role::Agent).contains("/inbox"));
        assert!(page(Role::Manager).contains("/integrations"));
    }

    #[test]
    fn a_page_has_no_inline_style_script_or_handler() {
        let html = page(Role::Owner);
        assert!(
            !html.contains(" style=") && !html.contains(" onclick=") && !html.contains("<style"),
            "{html}"
        );
        assert!(html.matches("<script").count() == 1 && html.contains("Acme &amp; Co"));
    }
}
