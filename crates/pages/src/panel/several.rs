//! Several records: each with what tells it from the others. A person chooses, and the choice is kept (R1.39).

use causeway_core::panel::view::{Candidate, Several};
use maud::{Markup, html};

use super::{Scene, forms, kind_badge, lost_link, why};
use crate::{
    args,
    part::{outward, safe_address, unseen},
};

/// The chooser.
pub(super) fn several(scene: &Scene<'_>, several: &Several) -> Markup {
    let words = scene.words();
    let count = several.candidates.len() + several.more;
    html! {
        (lost_link(scene, several.lost_link.as_ref()))
        div.crm__say {
            h3 { (words.with("panel-several", args!["count" => count])) }
            p { (words.say(if scene.panel.may_link { "panel-several-text" } else { "panel-several-wait" })) }
        }
        ul.crm__list {
            @for one in &several.candidates { li { (candidate(scene, one, &words.say("panel-this-one"))) } }
        }
        @if several.more > 0 { p.crm__note { (words.with("panel-several-more", args!["count" => several.more])) } }
        (forms::another(scene, &words.say("panel-none-of-them")))
    }
}

/// One of them, with a button that chooses it.
pub(super) fn candidate(scene: &Scene<'_>, one: &Candidate, label: &str) -> Markup {
    let words = scene.words();
    html! {
        article.crm__one {
            div.crm__one-head {
                h4 { (one.name) }
                (kind_badge(words, &one.record))
            }
            dl.crm__tells {
                @if let Some(account) = &one.account { div { dt { (words.say("panel-account")) } dd { (account) } } }
                @if let Some(owner) = &one.owner { div { dt { (words.say("panel-owner")) } dd { (owner) } } }
                div { dt { (words.say("panel-modified")) } dd { (scene.clock.mark_ago(one.modified_at)) } }
                div { dt { (words.say("panel-because")) } dd { (why::how(words, scene.crm(), &one.how)) } }
            }
            div.actions {
                (forms::choose(scene, &one.record, &one.name, label))
                @if let Some(url) = safe_address(&one.url) {
                    span { (outward(url, &words.with("panel-view", args!["crm" => scene.crm()]))) (unseen(&one.name)) }
                }
            }
        }
    }
}
