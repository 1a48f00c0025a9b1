//! Help that belongs to a place: what a page shows and why, in words that follow from what the program can do, so that
//! it cannot say otherwise (ledger R1.43, R1.46). Each topic leads to its neighbours.

use causeway_core::rights::{Right, Role};
use maud::{Markup, html};

use crate::{Words, args, icon::icon};

/// A topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The CRM's fields beside a conversation.
    Panel,
    /// Connecting a CRM.
    Connecting,
    /// How messages reach the CRM.
    ChatSync,
    /// What waits, and why.
    Holds,
}

/// Every topic, in the order in which they are listed.
pub const TOPICS: &[Topic] = &[Topic::Panel, Topic::Connecting, Topic::ChatSync, Topic::Holds];

impl Topic {
    /// The word in its address: `/help/panel`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Panel => "panel",
            Self::Connecting => "connecting",
            Self::ChatSync => "chat-sync",
            Self::Holds => "holds",
        }
    }

    /// The topic behind a word.
    pub fn named(word: &str) -> Option<Self> {
        TOPICS.iter().copied().find(|topic| topic.word() == word)
    }

    /// Topics that one reads next.
    fn neighbours(self) -> &'static [Self] {
        match self {
            Self::Panel => &[Self::Connecting, Self::Holds],
            Self::Connecting => &[Self::Panel, Self::ChatSync],
            Self::ChatSync => &[Self::Holds, Self::Connecting],
            Self::Holds => &[Self::ChatSync, Self::Connecting],
        }
    }

    // words: help-*
    fn title(self, words: &Words) -> String {
        words.say(&format!("help-{}-title", self.word()))
    }
}

/// What the program can do, as far as help speaks of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Able {
    /// The CRMs' titles.
    pub crms: Vec<String>,
    /// For how many seconds what a panel read is kept, unless a workspace chooses otherwise.
    pub cache_seconds: u32,
    /// May fields be changed from the panel?
    pub can_edit_fields: bool,
    /// Reasons for waiting: because, and what to do.
    pub holds: Vec<(String, String)>,
}

/// All topics.
pub fn overview(words: &Words) -> Markup {
    html! {
        header.head { div { h1 { (words.say("help-title")) } p.head__text { (words.say("help-text")) } } }
        ul.lines.panel-box {
            @for topic in TOPICS {
                li.lines__one {
                    a href=(format!("/help/{}", topic.word())) { (topic.title(words)) }
                    (icon("next"))
                }
            }
        }
    }
}

/// A topic.
pub fn topic(words: &Words, topic: Topic, able: &Able) -> Markup {
    html! {
        header.head { h1 { (topic.title(words)) } }
        article.panel-box.prose {
            @match topic {
                Topic::Panel => (panel(words, able)),
                Topic::Connecting => (connecting(words, able)),
                Topic::ChatSync => (lines(words, "help-chat-sync", 6)),
                Topic::Holds => (holds(words, able)),
            }
        }
        nav.panel-box aria-labelledby="help-next" {
            h2 #help-next { (words.say("help-next")) }
            ul.prose {
                @for next in topic.neighbours() {
                    li { a href=(format!("/help/{}", next.word())) { (next.title(words)) } }
                }
                li { a href="/settings/roles" { (words.say("help-roles")) } }
            }
        }
    }
}

/// The numbered lines of a text.
fn lines(words: &Words, family: &str, count: usize) -> Markup {
    html! { ul { @for number in 1..=count { li { (words.say(&format!("{family}-{number}"))) } } } }
}

fn panel(words: &Words, able: &Able) -> Markup {
    html! {
        (lines(words, "help-panel", 4))
        p { (words.with("help-panel-age", args!["seconds" => able.cache_seconds])) }
        p { (words.say(if able.can_edit_fields { "help-panel-editable" } else { "help-panel-read-only" })) }
    }
}

fn connecting(words: &Words, able: &Able) -> Markup {
    let who = |right: Right| {
        let roles: Vec<String> =
            right.roles().iter().map(|role: &Role| words.say(&format!("role-{}", role.word()))).collect();
        roles.join(", ")
    };
    html! {
        p { (words.with("help-connecting-crms", args!["crms" => able.crms.join(", ")])) }
        p { (words.with("help-connecting-who", args![
            "panel" => who(Right::ConnectPanel), "sync" => who(Right::ConnectSync),
        ])) }
        (lines(words, "help-connecting", 4))
    }
}

fn holds(words: &Words, able: &Able) -> Markup {
    html! {
        p { (words.say("help-holds-text")) }
        dl.stack {
            @for (because, action) in &able.holds {
                div { dt { strong { (because) } } dd { (action) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn able() -> Able {
        Able {
            crms: vec!["Salesforce".into()],
            cache_seconds: 60,
            can_edit_fields: false,
            holds: vec![("the grant was lost".into(), "connect again".into())],
        }
    }

    #[test]
    fn every_topic_can_be_read_and_leads_to_its_neighbours() {
        for one in TOPICS {
            let html = topic(Words::english(), *one, &able()).into_string();
            assert_eq!(Topic::named(one.word()), Some(*one));
            for next in one.neighbours() {
                assert!(next != one && html.contains(&format!("/help/{}", next.word())), "{html}");
            }
        }
        assert_eq!(Topic::named("nothing"), None);
    }

    #[test]
    fn what_help_says_follows_from_what_the_program_can_do() {
        let html = topic(Words::english(), Topic::Panel, &able()).into_string();
        assert!(html.contains("60 seconds") && html.contains("read-only"), "{html}");
        let editable = Able { can_edit_fields: true, cache_seconds: 1, ..able() };
        let html = topic(Words::english(), Topic::Panel, &editable).into_string();
        assert!(html.contains("1 second") && !html.contains("read-only"), "{html}");
        let html = topic(Words::english(), Topic::Connecting, &able()).into_string();
        assert!(html.contains("owner, admin, manager") && html.contains("Salesforce"), "{html}");
    }
}
