//! One entry: what it covers, how it stands, why its record was chosen, every try, and what can be done.

use causeway_core::{plan::matching::Trace, receipt::Delivery, record::RecordRef, time::Timestamp};
use maud::{Markup, html};

use crate::{
    args,
    form::Field,
    icon::icon,
    part::{Tone, badge, notice},
    receipt::{self, Acts},
    when::Clock,
};

/// What stands on the page.
pub struct Page<'a> {
    /// What was just done, in words.
    pub said: Option<(Tone, String)>,
    /// Its id.
    pub id: &'a str,
    /// How it stands.
    pub delivery: &'a Delivery,
    /// Whose it is, and where they are.
    pub name: &'a str,
    /// Where the person is.
    pub contact: Option<&'a str>,
    /// Where the conversation is read.
    pub chat: &'a str,
    /// The organisation.
    pub org: &'a str,
    /// How many messages it covers.
    pub messages: i64,
    /// The first of them: id, words, time, from the customer.
    pub covers: Vec<Covered>,
    /// Failures in a row.
    pub tries: i64,
    /// Where the candidates' records are.
    pub candidate_urls: &'a [String],
    /// What this person may do.
    pub acts: &'a Acts,
    /// The form by which a record is chosen, for those who may, where it helps.
    pub link: Option<Link>,
}

/// A covered message.
pub struct Covered {
    /// Its id.
    pub id: String,
    /// What it says.
    pub words: String,
    /// When.
    pub at: Timestamp,
    /// It came from the customer.
    pub is_in: bool,
}

/// The form by which a record is chosen by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Which kind, as it was chosen.
    pub module: String,
    /// The kinds that there are: word and label.
    pub modules: Vec<(String, String)>,
    /// What was typed.
    pub record: String,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// The page.
pub fn page(clock: &Clock<'_>, page: &Page<'_>) -> Markup {
    let words = clock.words;
    html! {
        nav.crumbs aria-label=(words.say("crumbs")) { a href="/deliveries" { (icon("back")) (words.say("deliveries-title")) } }
        header #entry-head .head {
            div {
                h1 { (words.with("entry-title", args!["name" => page.name])) }
                p.head__text { (page.delivery.crm) " · " (page.org) " · " code { (page.id) } }
            }
            (receipt::state(words, page.delivery.state))
        }
        @if let Some((tone, said)) = &page.said { (notice(*tone, said, None)) }
        section #entry-state .panel-box data-live="deliveries connections" data-src=(format!("/deliveries/{}", page.id)) aria-labelledby="entry-how" {
            h2 #entry-how { (words.say("entry-how")) }
            (receipt::delivery(clock, page.delivery, Some(page.id), page.acts))
            @if page.tries > 0 { p.quiet.small { (words.with("deliveries-tries", args!["count" => page.tries])) } }
            @if let Some(due) = page.delivery.due_at { p.quiet.small { (words.say("deliveries-due")) " " (clock.mark(due)) } }
        }
        @if let Some(link) = &page.link { (link_form(clock, page, link)) }
        (covers(clock, page))
        @if let Some(trace) = &page.delivery.trace { (why(clock, page, trace)) }
        section.panel-box aria-labelledby="entry-attempts" {
            h2 #entry-attempts { (words.say("entry-attempts")) }
            @if page.delivery.attempts.is_empty() { p.quiet { (words.say("entry-untried")) } }
            @else { (receipt::attempts(clock, &page.delivery.attempts)) }
        }
    }
}

fn covers(clock: &Clock<'_>, page: &Page<'_>) -> Markup {
    let words = clock.words;
    let left = page.messages - i64::try_from(page.covers.len()).unwrap_or(0);
    html! {
        section.panel-box aria-labelledby="entry-covers" {
            h2 #entry-covers { (words.with("entry-covers", args!["count" => page.messages])) }
            ul.lines {
                @for one in &page.covers {
                    li.lines__one {
                        div {
                            p.entry__words { (one.words) }
                            p.quiet.small {
                                (words.say(if one.is_in { "entry-in" } else { "entry-out" })) " " (clock.mark(one.at))
                            }
                        }
                        a.small href=(format!("/receipts/{}", one.id)) { (words.say("entry-receipt")) }
                    }
                }
            }
            @if left > 0 { p.quiet.small { (words.with("entry-left", args!["count" => left])) } }
            p.actions.apart {
                a.button.button--quiet.button--small href=(page.chat) { (icon("chat")) (words.say("entry-chat")) }
                @if let Some(contact) = page.contact {
                    a.button.button--quiet.button--small href=(contact) { (icon("person")) (words.say("entry-contact")) }
                }
            }
        }
    }
}

fn why(clock: &Clock<'_>, page: &Page<'_>, trace: &Trace) -> Markup {
    let words = clock.words;
    let action = format!("/deliveries/{}/link", page.id);
    let form = |record: &RecordRef| {
        html! {
            form method="post" action=(action) {
                input type="hidden" name="module" value=(record.module.name());
                input type="hidden" name="record" value=(record.id);
                button.button.button--quiet.button--small type="submit" { (words.say("link-this")) }
            }
        }
    };
    let is_person = |record: &RecordRef| record.module.is_person();
    let may_link = page.link.is_some();
    let link = |record: &RecordRef| html! { @if is_person(record) { (form(record)) } };
    html! {
        section.panel-box aria-labelledby="entry-why" {
            h2 #entry-why { (words.say("entry-why")) }
            div.stack-s { (receipt::trace(words, trace, page.candidate_urls, may_link.then_some(&link as &dyn Fn(&RecordRef) -> Markup))) }
        }
    }
}

fn link_form(clock: &Clock<'_>, page: &Page<'_>, link: &Link) -> Markup {
    let words = clock.words;
    let module = Field::new("module", words.say("link-module")).value(&link.module);
    let modules: Vec<_> =
        link.modules.iter().map(|(module, label)| (module.clone(), label.clone(), String::new())).collect();
    let record = Field::new("record", words.say("link-record"))
        .hint(words.say("link-record-hint"))
        .value(&link.record)
        .error(link.error.clone())
        .required();
    html! {
        section #link .panel-box aria-labelledby="link-head" {
            h2 #link-head { (words.say("link-head")) " " (badge(Tone::Warning, &words.say("link-badge"))) }
            form.stack method="post" action=(format!("/deliveries/{}/link", page.id)) {
                (module.radios(&modules))
                (record.line("text", "off"))
                div.actions { button.button type="submit" { (icon("link")) (words.say("link-do-record")) } }
            }
        }
    }
}
