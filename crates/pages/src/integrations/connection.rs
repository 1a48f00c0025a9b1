//! One connection: how it stands, and what one may do with it.

use maud::{Markup, html};

use super::{
    Calls, Chosen, Connection, Standing,
    calls::{calls_part, rules},
    card::{badges, facts, warnings},
};
use crate::{
    Words, args,
    icon::icon,
    message::{self, Message},
    part::{Tone, notice},
    when::Clock,
};

/// What whoever looks may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actions {
    /// Set up a chat sync, disconnect.
    pub may_sync: bool,
    /// Renew the grant.
    pub may_renew: bool,
}

/// The page.
pub fn connection(
    clock: &Clock<'_>,
    connection: &Connection,
    actions: Actions,
    (calls, chosen): (&Calls, &Chosen),
    said: Option<&(Tone, String)>,
) -> Markup {
    let words = clock.words;
    html! {
        header.head {
            div {
                p.crumb { a href="/integrations" { (icon("back")) (words.say("integrations-title")) } }
                h1 { (connection.org) }
                p.head__text { (connection.crm.1) }
            }
        }
        @if let Some((tone, text)) = said { (notice(*tone, text, None)) }
        div.stack {
            (connection_parts(clock, connection, actions, calls))
            (rules(words, &connection.id, calls, chosen))
        }
    }
}

/// Everything of it that is fetched again when it changes.
pub fn connection_parts(
    clock: &Clock<'_>,
    connection: &Connection,
    actions: Actions,
    calls: &Calls,
) -> Markup {
    html! { (connection_part(clock, connection, actions)) (calls_part(clock, calls)) }
}

/// How it stands, fetched again when it changes.
fn connection_part(clock: &Clock<'_>, connection: &Connection, actions: Actions) -> Markup {
    let words = clock.words;
    let address = format!("/integrations/connection/{}", connection.id);
    let is_connected = connection.state == Standing::Connected;
    html! {
        div #connection .stack data-live="connections" data-src=(address) {
            section.panel-box.connection aria-labelledby="connection-state" {
                header.connection__head {
                    h2 #connection-state { (words.say("connection-state")) }
                    (badges(clock, connection))
                }
                (warnings(clock, connection))
                (facts(clock, connection, true))
                div.actions {
                    @if actions.may_renew {
                        a.button.button--quiet href=(format!("{address}/reconnect")) {
                            (icon("refresh")) @if is_connected { (words.say("renew")) } @else { (words.say("reconnect")) }
                        }
                    }
                    @if actions.may_sync && connection.state != Standing::Disconnected {
                        a.button.button--quiet href=(format!("{address}/disconnect")) { (icon("unlink")) (words.say("disconnect")) }
                    }
                }
            }
            @if is_connected {
                section.panel-box aria-labelledby="connection-sync" {
                    h2 #connection-sync { (words.say("sync-offer-title")) }
                    p.quiet { (words.say("sync-offer-text")) }
                    @if actions.may_sync {
                        form method="post" action=(format!("{address}/chat-sync")) {
                            button.button type="submit" { (icon("plus")) (words.say("sync-offer-go")) }
                        }
                    } @else { p.quiet.small { (words.say("sync-offer-who")) } }
                }
            }
        }
    }
}

/// The question before disconnecting: what stops, what stays (R1.33, R1.36, R2.53).
pub fn disconnecting(words: &Words, connection: &Connection) -> Markup {
    let address = format!("/integrations/connection/{}", connection.id);
    let org = connection.org.as_str();
    let syncs = connection.uses.iter().filter(|one| one.is_sync).count();
    let sentences = |keys: &[&str]| keys.iter().map(|key| words.say(key)).collect::<Vec<_>>();
    let mut stops = sentences(&["disconnect-stops-panel"]);
    if syncs > 0 {
        stops.push(words.with("disconnect-stops-sync", args!["count" => syncs]));
    }
    stops.extend(sentences(&["disconnect-stops-tokens"]));
    // words: disconnect-stops-* disconnect-stays-*
    let stays =
        sentences(&["disconnect-stays-records", "disconnect-stays-waiting", "disconnect-stays-settings"]);
    let message = Message {
        title: words.with("disconnect-title", args!["org" => org]),
        tone: Tone::Warning,
        ..Message::default()
    };
    let after = Message { title: words.say("disconnect-stays"), ..Message::default() };
    html! {
        div.panel-box.stack.asks {
            (message::body(&message))
            h2 { (words.say("disconnect-stops")) }
            ul.asks__list { @for line in &stops { li { (icon("close")) (line) } } }
            h2 { (after.title) }
            ul.asks__list { @for line in &stays { li { (icon("check")) (line) } } }
            form.actions method="post" action=(format!("{address}/disconnect")) {
                button.button.button--danger type="submit" { (words.say("disconnect")) }
                a.button.button--quiet href=(address) { (words.say("cancel")) }
            }
        }
    }
}
