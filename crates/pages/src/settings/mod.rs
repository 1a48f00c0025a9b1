//! Settings: what a workspace is, who works in it and may do what, and what was done.

pub mod audit;
pub mod inboxes;
pub mod people;
pub mod roles;
pub mod tokens;
pub mod workspace;

use causeway_core::rights::{Right, Role};
use maud::{Markup, html};

use crate::Words;

/// A page of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The workspace itself.
    Workspace,
    /// Members and invitations.
    People,
    /// What each role may do.
    Roles,
    /// Teams' queues.
    Inboxes,
    /// The audit log.
    Audit,
    /// API tokens of one's own.
    Tokens,
    /// One's own account.
    Me,
}

/// Every page: where, address, key of its title, the right that it takes.
const PLACES: &[(Place, &str, &str, Right)] = &[
    (Place::Workspace, "/settings/workspace", "settings-workspace", Right::ManageWorkspace),
    (Place::People, "/settings/people", "settings-people", Right::Read),
    (Place::Roles, "/settings/roles", "settings-roles", Right::Read),
    (Place::Inboxes, "/settings/inboxes", "settings-inboxes", Right::ManageChannels),
    (Place::Audit, "/settings/audit", "settings-audit", Right::ReadAudit),
    (Place::Tokens, "/settings/tokens", "settings-tokens", Right::Read),
    (Place::Me, "/settings/me", "settings-me", Right::Read),
];

/// The page that leads to the others: those that the role may see.
pub fn overview(words: &Words, role: Role) -> Markup {
    // words: settings-*
    html! {
        header.head { h1 { (words.say("nav-settings")) } }
        ul.places {
            @for (_, address, key, _) in PLACES.iter().filter(|place| role.has(place.3)) {
                li {
                    a.places__one href=(address) {
                        strong { (words.say(key)) }
                        span.quiet { (words.say(&format!("{key}-about"))) }
                    }
                }
            }
        }
    }
}

/// The way between the pages of the settings, above each of them.
pub fn tabs(words: &Words, role: Role, here: Place) -> Markup {
    html! {
        nav.tabs aria-label=(words.say("nav-settings")) {
            @for (place, address, key, _) in PLACES.iter().filter(|place| role.has(place.3)) {
                a href=(address) aria-current=[(*place == here).then_some("page")] { (words.say(key)) }
            }
        }
    }
}

/// A secret that is shown this once: an address or a token, with what to do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// What it is.
    pub title: String,
    /// What to do with it.
    pub text: String,
    /// It.
    pub secret: String,
}

/// Shows it, ready to be copied.
pub fn once(words: &Words, once: &Once) -> Markup {
    html! {
        section.panel-box.once aria-labelledby="once-title" {
            h2 #once-title { (once.title) }
            p { (once.text) }
            div.once__line {
                input #once-secret .input type="text" readonly value=(once.secret) aria-labelledby="once-title"
                    autocomplete="off" spellcheck="false";
                button.button.button--quiet type="button" data-copies="once-secret"
                    data-copied=(words.say("copied")) hidden data-needs-script { (words.say("copy")) }
            }
            p.quiet.small { (words.say("once-only")) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overview_leads_to_what_the_role_may_see_and_nowhere_else() {
        let agent = overview(Words::english(), Role::Agent).into_string();
        assert!(agent.contains("/settings/me") && agent.contains("/settings/people"), "{agent}");
        assert!(!agent.contains("/settings/audit") && !agent.contains("/settings/workspace"), "{agent}");
        let owner = overview(Words::english(), Role::Owner).into_string();
        for (_, address, ..) in PLACES {
            assert!(owner.contains(address), "{address}");
        }
    }
}
