//! What stands where no record can be shown: each cause has its own words, and one thing to do about it (R1.31, R1.38).

use causeway_core::{
    panel::view::{Because, NoAccess},
    time::Timestamp,
};
use maud::{Markup, html};

use super::{Scene, forms};
use crate::{
    Words, args,
    icon::icon,
    part::{Tone, notice},
};

/// Where connections are made and renewed.
const INTEGRATIONS: &str = "/integrations";

/// A statement in the place of a record.
struct Said<'a> {
    picture: &'a str,
    tone: Tone,
    title: String,
    text: String,
    detail: &'a str,
    action: Markup,
}

fn said(said: &Said<'_>) -> Markup {
    html! {
        div.crm__state data-tone=(said.tone.word()) {
            (icon(said.picture))
            h3 { (said.title) }
            p { (said.text) }
            @if !said.detail.is_empty() { p.crm__detail { (said.detail) } }
            (said.action)
        }
    }
}

fn connect(words: &Words, may: bool, label: &str) -> Markup {
    html! {
        @if may { a.button href=(INTEGRATIONS) { (words.say(label)) } }
        @else { p.small { (words.say("panel-ask-manager")) } }
    }
}

/// No CRM is connected.
pub(super) fn nothing_connected(words: &Words, may_connect: bool) -> Markup {
    said(&Said {
        picture: "integrations",
        tone: Tone::Plain,
        title: words.say("panel-none"),
        text: words.say("panel-none-text"),
        detail: "",
        action: connect(words, may_connect, "panel-connect"),
    })
}

/// Something is not allowed in the CRM.
pub(super) fn no_access(scene: &Scene<'_>, what: NoAccess, detail: &str) -> Markup {
    let (words, crm) = (scene.words(), scene.crm());
    let (title, text) = match what {
        NoAccess::OrgApi => ("panel-no-org-api", "panel-no-org-api-text"),
        NoAccess::UserApi => ("panel-no-user-api", "panel-no-user-api-text"),
        NoAccess::Permission => ("panel-no-permission", "panel-no-permission-text"),
    };
    said(&Said {
        picture: "key",
        tone: Tone::Bad,
        title: words.with(title, args!["crm" => crm]),
        text: words.with(text, args!["crm" => crm]),
        detail,
        action: again(scene),
    })
}

/// The CRM no longer accepts the grant.
pub(super) fn grant_lost(scene: &Scene<'_>, detail: &str) -> Markup {
    let (words, crm) = (scene.words(), scene.crm());
    said(&Said {
        picture: "unlink",
        tone: Tone::Bad,
        title: words.with("panel-grant-lost", args!["crm" => crm]),
        text: words.with("panel-grant-lost-text", args!["crm" => crm]),
        detail,
        action: connect(words, scene.panel.may_connect, "panel-reconnect"),
    })
}

/// The grant does not cover what is needed (R1.45).
pub(super) fn missing_scope(scene: &Scene<'_>, detail: &str) -> Markup {
    let (words, crm) = (scene.words(), scene.crm());
    said(&Said {
        picture: "key",
        tone: Tone::Warning,
        title: words.say("panel-missing-scope"),
        text: words.with("panel-missing-scope-text", args!["crm" => crm]),
        detail,
        action: connect(words, scene.panel.may_connect, "panel-renew"),
    })
}

/// The org's API limit is used up.
pub(super) fn limit_reached(scene: &Scene<'_>, until: Option<Timestamp>) -> Markup {
    let words = scene.words();
    said(&Said {
        picture: "clock",
        tone: Tone::Warning,
        title: words.with("panel-limit", args!["crm" => scene.crm()]),
        text: limit_text(scene, until),
        detail: "",
        action: html! {},
    })
}

fn limit_text(scene: &Scene<'_>, until: Option<Timestamp>) -> String {
    let words = scene.words();
    match until {
        Some(until) => words.with("panel-limit-until", args!["time" => scene.clock.time(until)]),
        None => words.say("panel-limit-later"),
    }
}

/// No answer, and nothing from before.
pub(super) fn failed(scene: &Scene<'_>, detail: &str) -> Markup {
    let (words, crm) = (scene.words(), scene.crm());
    said(&Said {
        picture: "alert",
        tone: Tone::Bad,
        title: words.with("panel-failed", args!["crm" => crm]),
        text: words.say("panel-failed-text"),
        detail,
        action: again(scene),
    })
}

fn again(scene: &Scene<'_>) -> Markup {
    html! {
        form method="post" action=(scene.action("refresh")) data-fragment {
            (forms::connection(scene))
            button #panel-again .button.button--quiet.button--small type="submit" { (scene.words().say("panel-again")) }
        }
    }
}

/// Above what was last read: why it is not newer.
pub(super) fn stale(scene: &Scene<'_>, because: &Because) -> Markup {
    let words = scene.words();
    let why = match because {
        Because::LimitReached { until } => {
            format!(
                "{} {}",
                words.with("panel-limit", args!["crm" => scene.crm()]),
                limit_text(scene, *until)
            )
        }
        Because::Failed { detail } => {
            format!("{} {detail}", words.with("panel-failed", args!["crm" => scene.crm()]))
        }
    };
    notice(Tone::Warning, &format!("{} {why}", words.say("panel-stale")), None)
}
