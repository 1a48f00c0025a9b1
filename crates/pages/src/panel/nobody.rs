//! Nobody: what was searched, what comes near, and how a person links one (R1.18, R1.30). Nobody is ever told to
//! rewrite what stands in the CRM (R1.21).

use causeway_core::{
    address::phone::readable,
    panel::{
        matching::{NearReason, Searched},
        view::{Near, NoMatch},
    },
};
use maud::{Markup, html};

use super::{Scene, forms, kind_badge, lost_link};
use crate::{
    args,
    icon::icon,
    part::{outward, safe_address, unseen},
};

/// The state.
pub(super) fn nobody(scene: &Scene<'_>, nobody: &NoMatch) -> Markup {
    let words = scene.words();
    let crm = scene.crm();
    html! {
        (lost_link(scene, nobody.lost_link.as_ref()))
        div.crm__say {
            h3 { (words.with("panel-nobody", args!["crm" => crm])) }
            @if nobody.searched.is_empty() { p { (words.say("panel-no-address")) } }
            @else { p { (words.say("panel-searched")) } }
        }
        @if !nobody.searched.is_empty() {
            ul.crm__searched { @for one in &nobody.searched { li { (searched(one)) } } }
            p.crm__note {
                (words.with(if scene.shown.is_literal { "panel-hint-literal" } else { "panel-hint" }, args!["crm" => crm]))
            }
        }
        @if !nobody.near.is_empty() {
            h3.crm__sub { (words.say("panel-near")) }
            ul.crm__list { @for one in &nobody.near { li { (near(scene, one)) } } }
        }
        @if scene.panel.may_link { (forms::by_address(scene, !scene.panel.typed.is_empty())) }
    }
}

fn searched(one: &Searched) -> Markup {
    match one {
        Searched::Email(email) => html! { (icon("mail")) (email) },
        Searched::Phone(phone) => html! { (icon("phone")) (readable(phone)) },
    }
}

fn near(scene: &Scene<'_>, near: &Near) -> Markup {
    let words = scene.words();
    let reason = match &near.reason {
        NearReason::WrittenOtherwise { stored } => {
            words.with("near-written", args!["stored" => stored.as_str()])
        }
        NearReason::OtherField { field, stored } => {
            words.with("near-field", args!["field" => field.as_str(), "stored" => stored.as_str()])
        }
        NearReason::SameEnding { stored } => words.with("near-ending", args!["stored" => stored.as_str()]),
        NearReason::SameName => words.say("near-name"),
    };
    html! {
        article.crm__one {
            div.crm__one-head { h4 { (near.name) } (kind_badge(words, &near.record)) }
            p.small.quiet { (reason) }
            div.actions {
                (forms::choose(scene, &near.record, &near.name, &words.say("panel-link")))
                @if let Some(url) = safe_address(&near.url) {
                    span { (outward(url, &words.with("panel-view", args!["crm" => scene.crm()]))) (unseen(&near.name)) }
                }
            }
        }
    }
}
