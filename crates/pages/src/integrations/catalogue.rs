//! The first page: what is connected, and what can be.

use maud::{Markup, html};

use super::{
    Connection,
    card::{badges, calls, facts, warnings},
};
use crate::{args, icon::icon, part::empty, when::Clock};

/// A CRM that can be connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its word.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// How many of its orgs are connected.
    pub connected: usize,
}

/// What stands on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// Every CRM.
    pub offers: Vec<Offer>,
    /// Every connection.
    pub connections: Vec<Connection>,
}

/// The page.
pub fn catalogue(clock: &Clock<'_>, catalogue: &Catalogue) -> Markup {
    let words = clock.words;
    html! {
        header.head {
            div {
                h1 { (words.say("integrations-title")) }
                p.head__text { (words.say("integrations-text")) }
            }
        }
        (connections(clock, &catalogue.connections))
        section.offers aria-labelledby="offers-title" {
            h2 #offers-title { (words.say("offers-title")) }
            ul.offers__list {
                @for offer in &catalogue.offers {
                    li.offer {
                        div.offer__head {
                            span.offer__mark aria-hidden="true" { (icon("integrations")) }
                            h3 { (offer.title) }
                        }
                        p.quiet { (words.of(&offer.name, "pitch", &[])) }
                        div.actions {
                            a.button href=(format!("/integrations/{}/connect", offer.name)) {
                                @if offer.connected == 0 { (words.with("connect-crm", args!["crm" => offer.title.as_str()])) }
                                @else { (words.say("connect-another")) }
                            }
                            @if offer.connected > 0 {
                                span.quiet.small { (words.with("offer-connected", args!["count" => offer.connected])) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The connections, fetched again when one changes.
pub fn connections(clock: &Clock<'_>, connections: &[Connection]) -> Markup {
    let words = clock.words;
    html! {
        section #connections .connections aria-labelledby="connections-title" data-live="connections" data-src="/integrations" {
            h2 #connections-title { (words.say("connections-title")) }
            @if connections.is_empty() {
                div.panel-box { (empty("integrations", &words.say("connections-none"), &words.say("connections-none-text"), None)) }
            }
            @for connection in connections {
                @let address = format!("/integrations/connection/{}", connection.id);
                article.panel-box.connection aria-labelledby=(format!("{}-name", connection.id)) {
                    header.connection__head {
                        div {
                            h3 id=(format!("{}-name", connection.id)) { a href=(address) { (connection.org) } }
                            p.quiet.small { (connection.crm.1) }
                        }
                        (badges(clock, connection))
                        a.button.button--quiet.connection__manage href=(address) aria-describedby=(format!("{}-name", connection.id)) {
                            (words.say("manage"))
                        }
                    }
                    (warnings(clock, connection))
                    div.connection__body { div { (facts(clock, connection, false)) } div { (calls(clock, connection)) } }
                }
            }
        }
    }
}
