//! The panel: what a CRM knows of a person, beside the conversation and on the contact's page, in every state (R1.38).
//!
//! The panel is one element that its own address renews: when something changed, when what it shows is old, and when a
//! form in it was sent.

mod forms;
mod nobody;
mod person;
mod pins;
mod several;
mod trouble;
mod value;
mod waiting;
mod why;

pub use self::{
    pins::{Pin, Pins, line as pin_line, pins},
    waiting::waiting,
    why::{Link, link},
};

use causeway_core::{
    panel::view::{Age, View},
    record::{Module, RecordRef},
};
use maud::{Markup, html};

use crate::{
    Words, args,
    icon::icon,
    part::{Tone, badge, notice},
    when::Clock,
};

/// After so many seconds a state without an age is looked at again: somebody may have mended it.
const AGAIN: u64 = 60;

/// Where a panel stands: whose it is, which org is chosen, and the conversation beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The contact's id.
    pub contact: String,
    /// The connection's id; `None`: the first.
    pub connection: Option<String>,
    /// The conversation's id, where the panel stands beside one.
    pub conversation: Option<String>,
}

impl Place {
    /// The panel of a contact, on no page in particular.
    pub fn of(contact: &str) -> Self {
        Self { contact: contact.to_owned(), ..Self::default() }
    }

    /// Of that org.
    #[must_use]
    pub fn on(mut self, connection: Option<&str>) -> Self {
        self.connection = connection.map(str::to_owned);
        self
    }

    /// Beside that conversation.
    #[must_use]
    pub fn beside(mut self, conversation: Option<&str>) -> Self {
        self.conversation = conversation.map(str::to_owned);
        self
    }

    /// Where it is read.
    pub fn address(&self) -> String {
        let named = [("connection", &self.connection), ("conversation", &self.conversation)];
        let pairs = named.iter().filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)));
        let query = pairs.collect::<Vec<_>>().join("&");
        let question = if query.is_empty() { "" } else { "?" };
        format!("/contacts/{}/panel{question}{query}", self.contact)
    }
}

/// A panel of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// Where it stands.
    pub place: Place,
    /// The orgs that show a panel (R1.12).
    pub orgs: Vec<Org>,
    /// What one of them shows; `None`: no CRM is connected.
    pub shown: Option<Shown>,
    /// Whoever looks may link a person.
    pub may_link: bool,
    /// Whoever looks may connect a CRM.
    pub may_connect: bool,
    /// Why what was just asked for was not done, in words.
    pub problem: Option<String>,
    /// What was typed into the form that was not carried out.
    pub typed: String,
    /// What is pinned to the conversation beside it.
    pub pins: Option<Pins>,
}

/// An org as its tab names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Org {
    /// The connection's id.
    pub connection: String,
    /// Its name.
    pub name: String,
    /// What people call the CRM.
    pub crm: String,
    /// It is a copy for testing.
    pub is_sandbox: bool,
}

/// What one org shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub org: Org,
    /// In which state.
    pub view: View,
    /// Phone numbers are compared as they are written.
    pub is_literal: bool,
    /// A stored link stands behind what is shown; it can be ended.
    pub is_linked: bool,
}

/// What every part of a panel needs to know.
struct Scene<'a> {
    clock: &'a Clock<'a>,
    panel: &'a Panel,
    shown: &'a Shown,
}

impl<'a> Scene<'a> {
    fn words(&self) -> &'a Words {
        self.clock.words
    }

    fn crm(&self) -> &'a str {
        &self.shown.org.crm
    }

    /// The address of something that is done to this panel.
    fn action(&self, what: &str) -> String {
        format!("/contacts/{}/panel/{what}", self.panel.place.contact)
    }
}

/// The panel, as the element that its address renews.
pub fn panel(clock: &Clock<'_>, panel: &Panel) -> Markup {
    let words = clock.words;
    let address = panel.place.address();
    let fresh_for = panel.shown.as_ref().map_or(AGAIN, |shown| fresh_for(&shown.view));
    html! {
        div #panel .crm-stack data-live=(format!("{} connections", panel.place.contact))
            data-src=(address) data-reread=(address) data-fresh-for=(fresh_for) {
            section.crm aria-labelledby="panel-title" {
                @if let Some(shown) = &panel.shown {
                    @let scene = Scene { clock, panel, shown };
                    (head(&scene))
                    @if panel.orgs.len() > 1 { (tabs(&scene)) }
                    @if let Some(problem) = &panel.problem { (notice(Tone::Bad, problem, None)) }
                    (body(&scene))
                } @else {
                    header.crm__head { h2 #panel-title { (words.say("panel-title")) } }
                    (trouble::nothing_connected(words, panel.may_connect))
                }
            }
            @if let Some(beside) = &panel.pins { (pins(words, beside)) }
        }
    }
}

/// The panel on a page of its own, for browsers without scripts.
pub fn alone(clock: &Clock<'_>, panel: &Panel, name: &str) -> Markup {
    let back = match &panel.place.conversation {
        Some(conversation) => format!("/inbox/{conversation}"),
        None => format!("/contacts/{}", panel.place.contact),
    };
    html! {
        p.crumb { a href=(back) { (icon("back")) (name) } }
        div.crm-alone { (self::panel(clock, panel)) }
    }
}

fn fresh_for(view: &View) -> u64 {
    age(view).map_or(AGAIN, |age| age.fresh_for)
}

fn age(view: &View) -> Option<Age> {
    match view {
        View::Matched(matched) => Some(matched.age),
        View::Several(several) => Some(several.age),
        View::NoMatch(nobody) => Some(nobody.age),
        _ => None,
    }
}

fn head(scene: &Scene<'_>) -> Markup {
    let (words, org) = (scene.words(), &scene.shown.org);
    html! {
        header.crm__head {
            div {
                h2 #panel-title { (org.crm) }
                @if scene.panel.orgs.len() < 2 {
                    p.crm__org { (org.name) " " @if org.is_sandbox { (badge(Tone::Warning, &words.say("panel-sandbox"))) } }
                }
            }
            div.crm__age {
                @let stale = if let View::Stale(stale) = &scene.shown.view { Some(stale.last.age) } else { None };
                @if let Some(age) = age(&scene.shown.view).or(stale) {
                    span { (words.say("panel-read")) " " (scene.clock.mark_ago(age.read_at)) }
                }
                @if !matches!(scene.shown.view, View::NotConnected) {
                    form method="post" action=(scene.action("refresh")) data-fragment {
                        (forms::connection(scene))
                        button #panel-refresh .crm__refresh type="submit" data-key="r" title=(words.say("panel-refresh")) {
                            (icon("refresh")) span.unseen { (words.say("panel-refresh")) }
                        }
                    }
                }
            }
        }
    }
}

fn tabs(scene: &Scene<'_>) -> Markup {
    let words = scene.words();
    html! {
        nav.tabs aria-label=(words.say("panel-orgs")) {
            @for org in &scene.panel.orgs {
                @let is_here = org.connection == scene.shown.org.connection;
                a href=(scene.panel.place.clone().on(Some(&org.connection)).address()) data-fragment
                    data-remembers=(format!("connection={}", org.connection)) aria-current=[is_here.then_some("true")] {
                    (org.name) " " @if org.is_sandbox { (badge(Tone::Warning, &words.say("panel-sandbox"))) }
                }
            }
        }
    }
}

fn body(scene: &Scene<'_>) -> Markup {
    match &scene.shown.view {
        View::Matched(matched) => person::matched(scene, matched),
        View::Stale(stale) => html! {
            (trouble::stale(scene, &stale.because))
            (person::matched(scene, &stale.last))
        },
        View::Several(several) => several::several(scene, several),
        View::NoMatch(nobody) => nobody::nobody(scene, nobody),
        View::NotConnected => trouble::nothing_connected(scene.words(), scene.panel.may_connect),
        View::NoAccess { what, detail } => trouble::no_access(scene, *what, detail),
        View::GrantLost { detail } => trouble::grant_lost(scene, detail),
        View::MissingScope { detail } => trouble::missing_scope(scene, detail),
        View::LimitReached { until } => trouble::limit_reached(scene, *until),
        View::Failed { detail } => trouble::failed(scene, detail),
    }
}

/// What people call a kind of record.
fn kind(words: &Words, module: Module) -> String {
    // words: module-*
    words.say(&format!("module-{}", module.name()))
}

/// A kind of record, as a badge.
fn kind_badge(words: &Words, record: &RecordRef) -> Markup {
    let tone = if record.module == Module::Lead { Tone::Busy } else { Tone::Good };
    badge(tone, &kind(words, record.module))
}

/// That the record that the contact was linked to is gone.
fn lost_link(scene: &Scene<'_>, lost: Option<&RecordRef>) -> Markup {
    let words = scene.words();
    let told = lost.map(|lost| {
        words.with(
            "panel-lost-link",
            args!["kind" => kind(words, lost.module), "crm" => scene.crm(), "id" => lost.id.as_str()],
        )
    });
    html! { @if let Some(told) = told { (notice(Tone::Warning, &told, None)) } }
}

#[cfg(test)]
mod tests;
