//! Why a record is the person's: in words, with the way to end a link.

use causeway_core::{
    address::phone::{Strength, readable},
    panel::matching::How,
    plan::matching::Trace,
};
use maud::{Markup, html};

use super::{Scene, forms, kind_badge};
use crate::{
    Words, args,
    icon::icon,
    part::{Tone, badge, outward, safe_address},
};

/// The reason, in a sentence.
pub(super) fn how(words: &Words, crm: &str, how: &How) -> String {
    match how {
        How::Link { .. } => words.say("why-link"),
        How::Email { address } => words.with("why-email", args!["address" => address.as_str()]),
        How::Phone { number, field, stored, strength } => {
            let key = match strength {
                Strength::Exact => "why-phone",
                Strength::National => "why-phone-national",
                Strength::SameLineOtherExtension => "why-phone-extension",
                Strength::Variant => "why-phone-variant",
                Strength::Digits => "why-phone-digits",
            };
            let number = readable(number);
            words.with(key, args!["number" => number, "field" => field.as_str(), "stored" => stored.as_str()])
        }
        How::Followed { from } => {
            let kind = super::kind(words, from.module);
            words.with("why-followed", args!["kind" => kind, "crm" => crm, "id" => from.id.as_str()])
        }
    }
}

/// Why the one that is shown, folded away; a stored link can be ended here.
pub(super) fn matched(scene: &Scene<'_>, found: &How) -> Markup {
    let words = scene.words();
    let rules = if let How::Link { rules } = found { rules.as_slice() } else { &[] };
    html! {
        details #panel-why .crm__fold {
            summary { (words.say("panel-why")) }
            p { (how(words, scene.crm(), found)) }
            @if !rules.is_empty() { ol.crm__rules { @for rule in rules { li { (rule) } } } }
            @if scene.shown.is_linked && scene.panel.may_link {
                form.crm__unlink method="post" action=(scene.action("unlink")) data-fragment {
                    (forms::connection(scene))
                    p.small { (words.with("panel-unlink-text", args!["crm" => scene.crm()])) }
                    button #panel-unlink .button.button--quiet.button--small type="submit" {
                        (icon("unlink")) (words.say("panel-unlink"))
                    }
                }
            }
        }
    }
}

/// A contact's link under one connection, as the contact's page lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The contact's id.
    pub contact: String,
    /// Under which connection.
    pub org: super::Org,
    /// The record, its name where it is known, and where it is opened.
    pub record: Option<(causeway_core::record::RecordRef, Option<String>, Option<String>)>,
    /// How the last decision came about.
    pub trace: Option<Trace>,
    /// Why the person waits, if they do: reason, and what can be done.
    pub held: Option<String>,
    /// Whoever looks may end it.
    pub may_unlink: bool,
}

/// The link, with the way it came about.
pub fn link(words: &Words, link: &Link) -> Markup {
    html! {
        article.linked {
            div.linked__head {
                div {
                    p.small.quiet { (link.org.crm) " · " (link.org.name) " "
                        @if link.org.is_sandbox { (badge(Tone::Warning, &words.say("panel-sandbox"))) } }
                    @if let Some((record, name, url)) = &link.record {
                        h3 { (kind_badge(words, record)) " " (name.as_deref().unwrap_or(&record.id)) }
                        @if let Some(url) = url.as_deref().and_then(safe_address) {
                            p { (outward(url, &words.with("panel-view", args!["crm" => link.org.crm.as_str()]))) }
                        }
                    } @else { h3 { (words.say("linked-none")) } }
                }
                @if link.record.is_some() && link.may_unlink {
                    form method="get" action=(format!("/contacts/{}/panel/unlink", link.contact)) {
                        input type="hidden" name="connection" value=(link.org.connection);
                        button.button.button--quiet.button--small type="submit" { (icon("unlink")) (words.say("panel-unlink")) }
                    }
                }
            }
            @if let Some(held) = &link.held { p.linked__held data-tone="warning" { (icon("hand")) (held) } }
            @if let Some(trace) = &link.trace { (told(words, trace)) }
        }
    }
}

/// How a decision came about: what was searched, who was found, which rules decided (R2.57).
fn told(words: &Words, trace: &Trace) -> Markup {
    html! {
        details.crm__fold {
            summary { (words.say("panel-why")) }
            @if !trace.searched.is_empty() {
                h4 { (words.say("trace-searched")) }
                ul.crm__searched { @for one in &trace.searched { li { (readable(one)) } } }
            }
            @if !trace.candidates.is_empty() {
                h4 { (words.say("trace-candidates")) }
                ul.trace {
                    @for one in &trace.candidates {
                        @let is_winner = trace.winner.as_ref() == Some(&one.record);
                        li data-winner[is_winner] {
                            (kind_badge(words, &one.record)) " " strong { (one.name) }
                            @if is_winner { " " (badge(Tone::Good, &words.say("trace-winner"))) }
                            p.small.quiet {
                                (one.verdict)
                                @if let Some(field) = &one.field { " · " (words.with("trace-field", args!["field" => field.as_str()])) }
                            }
                        }
                    }
                }
            }
            @if !trace.rules.is_empty() {
                h4 { (words.say("trace-rules")) }
                ol.crm__rules { @for rule in &trace.rules { li { (rule) } } }
            }
        }
    }
}
