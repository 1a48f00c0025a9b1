//! The list: a card for each cause, filters, entries newest first.

use causeway_core::{receipt::State, time::Timestamp};
use maud::{Markup, html};

use crate::{
    Words, args,
    form::Field,
    icon::icon,
    message::{self, Message},
    part::{Tone, empty, notice, outward, pager, safe_address},
    receipt,
    when::Clock,
};

/// What stands on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deliveries {
    /// What was just done, in words.
    pub said: Option<(Tone, String)>,
    /// A card for each.
    pub causes: Vec<Cause>,
    /// States to choose from: word, address, whether it is the present one.
    pub states: Vec<(String, String, bool)>,
    /// What the list is narrowed to, and what it can be narrowed to.
    pub chosen: Chosen,
    /// Entries.
    pub lines: Vec<Line>,
    /// Where older ones are.
    pub older: Option<String>,
    /// Where the newest are, when these are not.
    pub newest: Option<String>,
    /// Where this list is asked for again.
    pub here: String,
    /// Where it can be had as a file, for those who may.
    pub export: Option<String>,
}

/// Filters beside the state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The state that stays chosen.
    pub state: String,
    /// By cause: value, what people read.
    pub causes: (String, Vec<(String, String)>),
    /// By connection.
    pub connections: (String, Vec<(String, String)>),
    /// By account.
    pub accounts: (String, Vec<(String, String)>),
    /// One person: id, name, address without this.
    pub contact: Option<(String, String, String)>,
    /// Something is chosen.
    pub is_narrow: bool,
}

/// Something that entries wait for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The reason, as a word.
    pub reason: String,
    /// The id of its card.
    pub id: String,
    /// What it holds up, if not single entries.
    pub org: Option<String>,
    /// The reason in a sentence.
    pub because: &'static str,
    /// Who can act.
    pub who: &'static str,
    /// What they can do.
    pub advice: &'static str,
    /// How many wait.
    pub count: i64,
    /// There are more than that.
    pub is_more: bool,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
    /// Where the entries are.
    pub see: String,
    /// The one action, for all of them.
    pub act: Act,
    /// It stops a whole connection.
    pub is_grave: bool,
}

/// The one action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Act {
    /// A form: address, word of the action, hidden fields.
    Form(String, &'static str, Vec<(&'static str, String)>),
    /// A page: address, word of the action.
    Page(String, &'static str),
    /// Nothing to do, or not for this person.
    #[default]
    Nothing,
}

/// An entry in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// How it stands.
    pub state: State,
    /// That in a sentence.
    pub sentence: String,
    /// Who can act.
    pub who: Option<&'static str>,
    /// The one action.
    pub act: Act,
    /// Whose it is.
    pub name: String,
    /// Where the person is.
    pub contact: Option<String>,
    /// Where the conversation is read.
    pub chat: String,
    /// First words of the first message.
    pub words: String,
    /// How many messages it covers.
    pub messages: i64,
    /// Time of the first message.
    pub at: Timestamp,
    /// Failures in a row.
    pub tries: i64,
    /// When it is due, if it is.
    pub due_at: Option<Timestamp>,
    /// Where it stands in the CRM.
    pub record: Option<String>,
    /// The CRM and the organisation.
    pub org: String,
}

/// The page.
pub fn list(clock: &Clock<'_>, deliveries: &Deliveries) -> Markup {
    let words = clock.words;
    html! {
        header.head {
            div {
                h1 { (words.say("deliveries-title")) }
                p.head__text { (words.say("deliveries-text")) }
            }
            @if let Some(export) = &deliveries.export {
                div.actions {
                    a.button.button--quiet href=(export) download="deliveries.csv" { (icon("download")) (words.say("deliveries-export")) }
                }
            }
        }
        @if let Some((tone, said)) = &deliveries.said { (notice(*tone, said, None)) }
        (causes(clock, deliveries))
        (filters(words, deliveries))
        (entries(clock, deliveries))
    }
}

/// What of the page is asked for again when something changes.
pub fn parts(clock: &Clock<'_>, deliveries: &Deliveries) -> Markup {
    html! { (causes(clock, deliveries)) (entries(clock, deliveries)) }
}

fn causes(clock: &Clock<'_>, deliveries: &Deliveries) -> Markup {
    let words = clock.words;
    html! {
        section #causes .causes data-keyed data-live="deliveries connections" data-src=(deliveries.here)
            aria-label=(words.say("deliveries-causes")) {
            @for cause in &deliveries.causes { (card(clock, cause)) }
        }
    }
}

fn card(clock: &Clock<'_>, cause: &Cause) -> Markup {
    let words = clock.words;
    let key = if cause.is_more { "deliveries-more-than" } else { "deliveries-count" };
    html! {
        article.cause id=(cause.id) data-tone=(if cause.is_grave { "bad" } else { "warning" }) {
            header.cause__head {
                // words: cause-*
                h2.cause__title { (words.say(&format!("cause-{}", cause.reason))) }
                a.cause__count href=(cause.see) { (words.with(key, args!["count" => cause.count])) }
            }
            @if let Some(org) = &cause.org { p.small.quiet { (org) } }
            p.sentence { (cause.because) }
            p.small.quiet { (words.say("receipt-who")) " " (cause.who)
                @if let Some(until) = cause.until { " · " (words.say("receipt-until")) " " (clock.mark(until)) } }
            p.small.sentence { (cause.advice) }
            div.actions { (act(words, &cause.act, "bulk")) }
        }
    }
}

/// The one action: for one entry (`act-…`) or for all of a cause (`bulk-…`).
fn act(words: &Words, act: &Act, family: &str) -> Markup {
    // words: act-*
    // words: bulk-*
    let label = |word: &str| words.say(&format!("{family}-{word}"));
    html! {
        @match act {
            Act::Form(action, word, fields) => {
                form method="post" action=(action) {
                    @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                    button.button.button--quiet.button--small type="submit" { (label(word)) }
                }
            }
            Act::Page(address, word) => a.button.button--quiet.button--small href=(address) { (label(word)) },
            Act::Nothing => {}
        }
    }
}

fn filters(words: &Words, deliveries: &Deliveries) -> Markup {
    let chosen = &deliveries.chosen;
    let choice = |name: &'static str, key: &str, (value, options): &(String, Vec<(String, String)>)| {
        Field::new(name, words.say(key)).value(value.clone()).choice(options)
    };
    html! {
        nav.tabs aria-label=(words.say("deliveries-states")) {
            @for (state, address, is_here) in &deliveries.states {
                // words: delivery-state-*
                a href=(address) aria-current=[is_here.then_some("page")] { (words.say(&format!("delivery-state-{state}"))) }
            }
        }
        form.narrow method="get" action="/deliveries" {
            @if !chosen.state.is_empty() { input type="hidden" name="state" value=(chosen.state); }
            @if let Some((contact, ..)) = &chosen.contact { input type="hidden" name="contact" value=(contact); }
            (choice("cause", "deliveries-cause", &chosen.causes))
            @if chosen.connections.1.len() > 2 { (choice("connection", "deliveries-connection", &chosen.connections)) }
            @if chosen.accounts.1.len() > 2 { (choice("account", "deliveries-account", &chosen.accounts)) }
            div.actions {
                button.button.button--quiet type="submit" { (icon("filter")) (words.say("deliveries-filter")) }
                @if chosen.is_narrow { a.button.button--quiet href="/deliveries" { (words.say("deliveries-all")) } }
            }
        }
        @if let Some((_, name, without)) = &chosen.contact {
            p.chip { (words.with("deliveries-of", args!["name" => name.as_str()])) " "
                a href=(without) { (words.say("deliveries-of-all")) } }
        }
    }
}

fn entries(clock: &Clock<'_>, deliveries: &Deliveries) -> Markup {
    let words = clock.words;
    let (newer, older) = (words.say("deliveries-newest"), words.say("deliveries-older"));
    html! {
        section #entries .entries-box data-keyed data-live="deliveries connections" data-src=(deliveries.here) aria-label=(words.say("deliveries-list")) {
            @if deliveries.lines.is_empty() {
                div #entries-none .entries__none {
                    @if deliveries.chosen.is_narrow {
                        (empty("filter", &words.say("deliveries-none-title"), &words.say("deliveries-none-text"), Some(("/deliveries", &words.say("deliveries-all")))))
                    } @else {
                        (empty("deliveries", &words.say("deliveries-empty-title"), &words.say("deliveries-empty-text"), None))
                    }
                }
            } @else {
                ul #entry-lines .entries data-keyed { @for one in &deliveries.lines { (line(clock, one)) } }
                div #entries-pager {
                    (pager(
                        &words.say("deliveries-pages"),
                        deliveries.newest.as_deref().map(|address| (address, &*newer)),
                        deliveries.older.as_deref().map(|address| (address, &*older)),
                    ))
                }
            }
        }
    }
}

fn line(clock: &Clock<'_>, line: &Line) -> Markup {
    let words = clock.words;
    let page = format!("/deliveries/{}", line.id);
    html! {
        li.entry id=(line.id) {
            div.entry__state { (receipt::state(words, line.state)) }
            div.entry__what {
                p.entry__head {
                    @match &line.contact { Some(contact) => a href=(contact) { (line.name) }, None => strong { (line.name) } }
                    span.quiet.small { (clock.mark(line.at)) " · " (line.org) }
                }
                p.entry__words {
                    a href=(line.chat) { (line.words) }
                    @if line.messages > 1 { " " span.quiet.small { (words.with("deliveries-messages", args!["count" => line.messages])) } }
                }
                p.entry__why.sentence {
                    (line.sentence)
                }
                p.quiet.small.entry__more {
                    @if let Some(who) = line.who { span { (words.say("receipt-who")) " " (who) } }
                    @if line.tries > 0 { span { (words.with("deliveries-tries", args!["count" => line.tries])) } }
                    @if let Some(due) = line.due_at { span { (words.say("deliveries-due")) " " (clock.mark(due)) } }
                    @if let Some(address) = line.record.as_deref().and_then(safe_address) { span { (outward(address, &words.say("deliveries-record"))) } }
                }
            }
            div.entry__acts {
                (act(words, &line.act, "act"))
                a.button.button--quiet.button--small href=(page) aria-label=(words.with("deliveries-why-of", args!["name" => line.name.as_str()])) { (words.say("deliveries-why")) }
            }
        }
    }
}

/// The question before much that people deleted or edited in the CRM is written anew.
pub fn question(words: &Words, reason: &str, count: i64, is_more: bool, fields: &[(&str, &str)]) -> Markup {
    let key = if is_more { "deliveries-more-than" } else { "deliveries-count" };
    let message = Message {
        title: words.say("recreate-title"),
        tone: Tone::Warning,
        says: vec![
            // words: recreate-text-*
            words.say(&format!("recreate-text-{reason}")),
            words.with(key, args!["count" => count]),
        ],
        ..Message::default()
    };
    html! {
        (message::body(&message))
        form.stack method="post" action="/deliveries/retry" {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            div.actions {
                button.button.button--danger type="submit" { (words.say("bulk-recreate")) }
                a.button.button--quiet href="/deliveries" { (words.say("cancel")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use causeway_core::lane::HOLD_REASONS;

    use super::*;

    #[test]
    fn every_cause_has_its_words() {
        for reason in HOLD_REASONS {
            let word = serde_json::to_value(reason).expect("a word");
            let key = format!("cause-{}", word.as_str().expect("a text"));
            assert!(Words::english().has(&key), "{key}");
        }
    }
}
