//! The receipt of a message in words: received, matched (why), written (where), or held (why, until when, who can act, and
//! one action). And the small mark on a message that opens it.

use causeway_core::{
    lane::{Action, HoldReason},
    plan::{matching::Trace, wording},
    receipt::{Attempt, Delivery, Held, Receipt, State},
    record::RecordRef,
};
use maud::{Markup, html};

use crate::{
    Words, args,
    icon::icon,
    part::{Tone, badge, outward, safe_address, unseen},
    when::Clock,
};

/// How a message stands, as its mark shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is in the CRM.
    Written,
    /// It is on its way.
    Due,
    /// It was sent and the answer was lost.
    Checking,
    /// It waits for somebody.
    Held,
    /// A rule leaves it out.
    Skipped,
    /// No integration asks for it.
    None,
}

impl From<State> for Mark {
    fn from(state: State) -> Self {
        match state {
            State::Received | State::Matched => Self::Due,
            State::Checking => Self::Checking,
            State::Written => Self::Written,
            State::Held => Self::Held,
            State::Skipped => Self::Skipped,
        }
    }
}

impl Mark {
    /// The mark of a message with several deliveries: that which most needs somebody.
    pub fn of(states: impl IntoIterator<Item = State>) -> Self {
        let order = [Self::Held, Self::Checking, Self::Due, Self::Written, Self::Skipped];
        let marks: Vec<Self> = states.into_iter().map(Self::from).collect();
        order.into_iter().find(|mark| marks.contains(mark)).unwrap_or(Self::None)
    }

    /// The word in the style sheet and the catalogue.
    pub fn word(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Due => "due",
            Self::Checking => "checking",
            Self::Held => "held",
            Self::Skipped => "skipped",
            Self::None => "none",
        }
    }

    /// Its colour.
    pub fn tone(self) -> Tone {
        match self {
            Self::Written => Tone::Good,
            Self::Due | Self::Checking => Tone::Busy,
            Self::Held => Tone::Warning,
            Self::Skipped | Self::None => Tone::Plain,
        }
    }

    fn picture(self) -> Markup {
        match self {
            Self::Written => icon("check"),
            Self::Due => icon("clock"),
            Self::Checking => icon("refresh"),
            Self::Held => icon("hand"),
            Self::Skipped => icon("skip"),
            Self::None => icon("more"),
        }
    }
}

/// The small mark on a message: opens its receipt in a sheet over the page, or as a page where scripts are off.
pub fn mark(words: &Words, mark: Mark, address: &str) -> Markup {
    // words: receipt-mark-*
    let text = words.say(&format!("receipt-mark-{}", mark.word()));
    html! {
        a.mark href=(address) data-sheet data-tone=(mark.tone().word()) title=(text) {
            (mark.picture()) (unseen(&text))
        }
    }
}

/// The state as a badge.
pub fn state(words: &Words, state: State) -> Markup {
    let mark = Mark::from(state);
    // words: delivery-state-*
    badge(mark.tone(), &words.say(&format!("delivery-state-{}", mark.word())))
}

/// The receipt in a sheet over the page.
pub fn sheet(clock: &Clock<'_>, content: &Markup) -> Markup {
    html! { div.sheet__head { h2 { (clock.words.say("receipt-title")) } } (content) }
}

/// The receipt as a page of its own.
pub fn page(clock: &Clock<'_>, conversation: &str, content: &Markup) -> Markup {
    let words = clock.words;
    html! {
        nav.crumbs aria-label=(words.say("crumbs")) {
            a href=(format!("/inbox/{conversation}")) { (icon("back")) (words.say("receipt-chat")) }
        }
        header.head { h1 { (words.say("receipt-title")) } }
        div.panel-box { (content) }
    }
}

/// What somebody who looks at a receipt may do, and about which entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acts {
    /// The id of the entry behind each delivery, in their order.
    pub entries: Vec<String>,
    /// They may retry and link.
    pub may_work: bool,
    /// They may connect and resume.
    pub may_connect: bool,
    /// Where a form leads back to; an address of ours.
    pub back: String,
}

/// The receipt of a message.
pub fn card(clock: &Clock<'_>, receipt: &Receipt, acts: &Acts) -> Markup {
    let words = clock.words;
    let key = if receipt.direction == "out" { "receipt-sent" } else { "receipt-received" };
    html! {
        div.receipt {
            ol.steps {
                li.steps__one data-tone="good" {
                    (icon("check"))
                    div {
                        p { (words.with(key, args!["channel" => receipt.channel.as_str()])) " " (clock.mark(receipt.at)) }
                        p.quiet.small { (words.say("receipt-kept")) " " (clock.mark(receipt.received_at))
                            @if let Some(state) = &receipt.channel_state { " · " (words.with("receipt-on-channel", args!["state" => state.as_str()])) } }
                    }
                }
            }
            @if receipt.deliveries.is_empty() {
                p.receipt__none { (words.say("receipt-none")) }
            }
            @for (place, one) in receipt.deliveries.iter().enumerate() {
                @let entry = acts.entries.get(place).map(String::as_str);
                section.receipt__delivery aria-label=(one.crm) {
                    header.receipt__head {
                        h3 { (one.crm) }
                        (state(words, one.state))
                    }
                    (delivery(clock, one, entry, acts))
                    @if let Some(entry) = entry {
                        p.small { a href=(format!("/deliveries/{entry}")) { (words.say("receipt-more")) } }
                    }
                }
            }
            p.quiet.small.receipt__id { (words.say("receipt-id")) " " code { (receipt.message) } " · " code { (receipt.provider_id) } }
        }
    }
}

/// How a message or an entry stands with one integration, step by step.
pub fn delivery(clock: &Clock<'_>, delivery: &Delivery, entry: Option<&str>, acts: &Acts) -> Markup {
    let words = clock.words;
    html! {
        ol.steps {
            @if let Some(record) = &delivery.person { (matched(words, record, delivery)) }
            @for part in &delivery.written {
                li.steps__one data-tone="good" {
                    (icon("note"))
                    div {
                        p {
                            @if delivery.written.len() > 1 { (words.with("receipt-part", args!["part" => part.part])) " " }
                            (words.with("receipt-written", args!["module" => wording::module(&part.record.module)])) " "
                            (clock.mark(part.at))
                        }
                        p { (view_in(words, &delivery.crm, &part.url)) }
                    }
                }
            }
            @if let Some(why) = &delivery.grouped_because {
                li.steps__one data-tone="plain" { (icon("clock")) p.quiet.small.sentence { (why) } }
            }
            @if let Some(held) = &delivery.held {
                (hold(clock, held, entry, acts))
            } @else if delivery.state != State::Written || delivery.written.is_empty() {
                li.steps__one data-tone=(Mark::from(delivery.state).tone().word()) {
                    (Mark::from(delivery.state).picture())
                    p.sentence { (delivery.sentence) }
                }
            }
        }
    }
}

fn matched(words: &Words, record: &RecordRef, delivery: &Delivery) -> Markup {
    let address = delivery.person_url.as_deref().and_then(safe_address);
    let name = format!("{} {}", wording::module(&record.module), record.id);
    html! {
        li.steps__one data-tone="good" {
            (icon("person"))
            div {
                p { (words.say("receipt-matched")) " "
                    @match address { Some(address) => (outward(address, &name)), None => (name) } }
                @if let Some(rule) = delivery.trace.as_ref().and_then(|trace| trace.rules.last()) {
                    p.quiet.small.sentence { (rule) }
                }
            }
        }
    }
}

fn view_in(words: &Words, crm: &str, url: &str) -> Markup {
    let label = words.with("receipt-view", args!["crm" => crm]);
    html! { @if let Some(address) = safe_address(url) { (outward(address, &label)) } }
}

/// Why it waits, until when, who can act, and the one action.
fn hold(clock: &Clock<'_>, held: &Held, entry: Option<&str>, acts: &Acts) -> Markup {
    let words = clock.words;
    html! {
        li.steps__one data-tone="warning" {
            (icon("hand"))
            div.stack-s {
                p.sentence { strong { (held.because) } }
                @if !held.detail.is_empty() { p.quiet.small { (held.detail) } }
                @if let Some(until) = held.until {
                    p.small { (words.say("receipt-until")) " " (clock.mark(until)) }
                }
                p.small { (words.say("receipt-who")) " " (wording::who(held.who)) }
                p.small.sentence { (held.action) }
                @if let Some(entry) = entry { (act(words, held.reason, entry, acts)) }
            }
        }
    }
}

/// The one action against a hold, as a form or a link; nothing where nobody needs to act, or this person may not.
pub fn act(words: &Words, reason: HoldReason, entry: &str, acts: &Acts) -> Markup {
    let action = Action::against(reason);
    let is_allowed = match action {
        Action::Link | Action::Retry | Action::Recreate => acts.may_work,
        Action::Reconnect | Action::Resume => acts.may_connect,
        Action::Wait => false,
    };
    // words: act-*
    let label = words.say(&format!("act-{}", action.word()));
    html! {
        @if is_allowed {
            @match action {
                Action::Link => {
                    a.button.button--small href=(format!("/deliveries/{entry}#link")) { (icon("link")) (label) }
                }
                Action::Retry | Action::Recreate => {
                    form method="post" action=(format!("/deliveries/{entry}/retry")) {
                        @if action == Action::Recreate { input type="hidden" name="recreate" value="on"; }
                        input type="hidden" name="back" value=(acts.back);
                        button.button.button--small type="submit" { (icon("refresh")) (label) }
                    }
                }
                Action::Reconnect | Action::Resume => {
                    a.button.button--small href="/integrations" { (icon("integrations")) (label) }
                }
                Action::Wait => {}
            }
        }
    }
}

/// How a record was chosen: what was searched, the rules, every candidate. `link` makes a form for a candidate that can
/// be chosen by hand.
pub fn trace(
    words: &Words,
    trace: &Trace,
    urls: &[String],
    link: Option<&dyn Fn(&RecordRef) -> Markup>,
) -> Markup {
    html! {
        @if !trace.searched.is_empty() {
            p { (words.say("trace-searched")) " "
                @for (place, text) in trace.searched.iter().enumerate() { @if place > 0 { ", " } code { (text) } } }
        }
        @if !trace.rules.is_empty() {
            h3 { (words.say("trace-rules")) }
            ol.rules { @for rule in &trace.rules { li.sentence { (rule) } } }
        }
        @if !trace.candidates.is_empty() {
            h3 { (words.say("trace-candidates")) }
            ul.lines {
                @for (place, candidate) in trace.candidates.iter().enumerate() {
                    li.lines__one {
                        div {
                            p {
                                (wording::module(&candidate.record.module)) " "
                                strong { (candidate.name) } " "
                                @if trace.winner.as_ref() == Some(&candidate.record) { (badge(Tone::Good, &words.say("trace-winner"))) }
                            }
                            p.quiet.small.sentence { (candidate.verdict)
                                @if let Some(field) = &candidate.field { " · " (words.with("trace-field", args!["field" => field.as_str()])) } }
                            @if let Some(address) = urls.get(place).and_then(|url| safe_address(url)) {
                                p.small { (outward(address, &candidate.record.id)) }
                            }
                        }
                        @if let Some(link) = link { (link(&candidate.record)) }
                    }
                }
            }
        }
    }
}

/// The requests that tried to write, in order.
pub fn attempts(clock: &Clock<'_>, attempts: &[Attempt]) -> Markup {
    let words = clock.words;
    html! {
        ul.lines {
            @for attempt in attempts {
                @let verdict = attempt.verdict.as_deref().unwrap_or("open");
                @let tone = match verdict { "done" => Tone::Good, "hold" => Tone::Warning, "unknown" => Tone::Busy, _ => Tone::Plain };
                li.lines__one {
                    div {
                        // words: attempt-*
                        p { (words.say(&format!("attempt-{}", attempt.action))) " " (clock.mark(attempt.sent_at)) }
                        @if let Some(detail) = &attempt.detail { p.quiet.small { (detail) } }
                    }
                    (badge(tone, &words.say(&format!("attempt-{verdict}"))))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_of_several_deliveries_is_that_which_most_needs_somebody() {
        assert_eq!(Mark::of([State::Written, State::Held]), Mark::Held);
        assert_eq!(Mark::of([State::Written, State::Matched]), Mark::Due);
        assert_eq!(Mark::of([]), Mark::None);
    }

    #[test]
    fn a_mark_says_in_words_what_it_shows_and_opens_the_receipt() {
        let html = mark(Words::english(), Mark::Held, "/receipts/msg_1").into_string();
        assert!(html.contains("href=\"/receipts/msg_1\"") && html.contains("class=\"unseen\""), "{html}");
        assert!(html.contains("data-tone=\"warning\""));
    }

    #[test]
    fn only_who_may_act_is_offered_the_action() {
        let acts = |may_work, may_connect| Acts { may_work, may_connect, ..Acts::default() };
        let shown = |reason, acts: &Acts| act(Words::english(), reason, "ent_1", acts).into_string();
        assert!(shown(HoldReason::ValueRefused, &acts(true, false)).contains("/deliveries/ent_1/retry"));
        assert!(shown(HoldReason::ValueRefused, &acts(false, false)).is_empty());
        assert!(shown(HoldReason::DeletedInCrm, &acts(true, false)).contains("name=\"recreate\""));
        assert!(shown(HoldReason::GrantLost, &acts(true, false)).is_empty());
        assert!(shown(HoldReason::GrantLost, &acts(true, true)).contains("/integrations"));
        assert!(shown(HoldReason::LimitReached, &acts(true, true)).is_empty());
    }
}
