//! The panel before its answer is there: it is asked for as soon as the page stands (R1.16).

use maud::{Markup, html};

use super::Place;
use crate::{Words, icon::icon};

/// A place that the panel takes by itself. Without scripts it holds a link to the panel's own page.
pub fn waiting(words: &Words, place: &Place) -> Markup {
    let address = place.address();
    html! {
        div #panel .crm-stack aria-busy="true" data-load=(address) {
            section.crm aria-labelledby="panel-title" {
                header.crm__head { h2 #panel-title { (words.say("panel-title")) } }
                noscript { p { a.button.button--quiet href=(address) { (words.say("panel-show")) } } }
                div.crm__waiting data-load-waiting hidden data-needs-script {
                    p.unseen role="status" { (words.say("panel-loading")) }
                    div.crm__who aria-hidden="true" { span.bone.bone--round {} span.bone.bone--wide {} }
                    @for _ in 0..5 {
                        div.crm__bones aria-hidden="true" { span.bone.bone--short {} span.bone.bone--wide {} }
                    }
                }
                div.crm__state data-load-failed hidden data-tone="bad" role="alert" {
                    (icon("alert"))
                    h3 { (words.say("panel-no-answer")) }
                    p { (words.say("panel-no-answer-text")) }
                    button.button.button--quiet.button--small type="button" data-load-again { (words.say("panel-again")) }
                }
            }
        }
    }
}
