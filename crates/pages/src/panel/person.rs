//! One record: its fields, and why it is the person's.

use causeway_core::panel::view::{Candidate, Matched, Named};
use maud::{Markup, html};

use super::{Scene, forms, kind_badge, lost_link, value::value, why};
use crate::{
    args,
    part::{Tone, avatar, outward, safe_address},
};

/// The record.
pub(super) fn matched(scene: &Scene<'_>, matched: &Matched) -> Markup {
    let words = scene.words();
    html! {
        (lost_link(scene, matched.lost_link.as_ref()))
        div.crm__who {
            (avatar(&matched.name))
            div {
                h3.crm__name { (matched.name) }
                p.crm__kind {
                    (kind_badge(words, &matched.record))
                    @if let Some(url) = safe_address(&matched.url) {
                        " " (outward(url, &words.with("panel-view", args!["crm" => scene.crm()])))
                    }
                }
            }
        }
        (conflict(scene, &matched.conflict))
        dl.crm__fields {
            @for named in [&matched.account, &matched.owner].into_iter().flatten() { (beside(named)) }
            @for field in &matched.fields {
                div { dt { (field.label) } dd { (value(scene.clock, field.value.as_ref())) } }
            }
        }
        p.crm__note { (words.with("panel-read-only", args!["crm" => scene.crm()])) }
        (why::matched(scene, &matched.how))
        (forms::another(scene, &words.say("panel-another")))
    }
}

fn beside(named: &Named) -> Markup {
    html! { div { dt { (named.label) } dd { (named.name) } } }
}

/// The e-mail address points to this record, the phone number to others (R1.40).
fn conflict(scene: &Scene<'_>, others: &[Candidate]) -> Markup {
    let words = scene.words();
    html! {
        @if !others.is_empty() {
            div.crm__conflict data-tone=(Tone::Warning.word()) role="note" {
                p { strong { (words.say("panel-conflict")) } " " (words.say("panel-conflict-text")) }
                ul.crm__list {
                    @for other in others { li { (super::several::candidate(scene, other, &words.say("panel-use-this"))) } }
                }
            }
        }
    }
}
