//! The small forms of a panel. Each works without scripts; with them only the panel is renewed.

use causeway_core::record::RecordRef;
use maud::{Markup, html};

use super::Scene;
use crate::{args, icon::icon};

/// Under which connection something is done, and where one comes back to.
pub(super) fn connection(scene: &Scene<'_>) -> Markup {
    html! {
        input type="hidden" name="connection" value=(scene.shown.org.connection);
        @if let Some(conversation) = &scene.panel.place.conversation {
            input type="hidden" name="conversation" value=(conversation);
        }
    }
}

/// A button that links the contact to a record.
pub(super) fn choose(scene: &Scene<'_>, record: &RecordRef, name: &str, label: &str) -> Markup {
    html! {
        @if scene.panel.may_link {
            form method="post" action=(scene.action("choose")) data-fragment {
                (connection(scene))
                input type="hidden" name="module" value=(record.module.name());
                input type="hidden" name="record" value=(record.id);
                button.button.button--quiet.button--small type="submit" id=(format!("panel-choose-{}", record.id)) {
                    (icon("link")) (label) " " span.unseen { (name) }
                }
            }
        }
    }
}

/// A field for the id or the address of a record.
pub(super) fn by_address(scene: &Scene<'_>, is_bad: bool) -> Markup {
    let words = scene.words();
    html! {
        form.crm__link method="post" action=(scene.action("link")) data-fragment {
            (connection(scene))
            label.field__label for="panel-record" { (words.say("panel-link-label")) }
            p #panel-record-hint .field__hint { (words.with("panel-link-hint", args!["crm" => scene.crm()])) }
            div.crm__line {
                input #panel-record .input name="record" type="text" autocomplete="off" required
                    value=(scene.panel.typed) aria-describedby="panel-record-hint"
                    aria-invalid=[is_bad.then_some("true")];
                button.button.button--quiet type="submit" { (words.say("panel-link")) }
            }
        }
    }
}

/// The same, folded away until somebody wants it.
pub(super) fn another(scene: &Scene<'_>, question: &str) -> Markup {
    let is_bad = !scene.panel.typed.is_empty();
    html! {
        @if scene.panel.may_link {
            details #panel-another .crm__fold open[is_bad] {
                summary { (question) }
                (by_address(scene, is_bad))
            }
        }
    }
}
