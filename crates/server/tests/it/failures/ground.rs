//! On what a fault is tried: which CRM, with which key, in which shape.

use causeway_core::plan::settings::Shape;

use super::{story::Story, tally::Chapter};
use crate::{
    store::engine::Place,
    world::{Setting, World, crm::ZOHO},
};

/// A kind of world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Salesforce; our key stands in the text of an entry.
    Token,
    /// Salesforce with an external-id field for our key.
    Field,
    /// Zoho CRM as it is set up: a note for each day, which grows.
    Days,
    /// Zoho CRM with a note for each message.
    Notes,
    /// Zoho CRM with a note for each day, on contacts and leads.
    Both,
}

impl Ground {
    /// How its worlds are made.
    pub fn setting(self) -> Setting {
        match self {
            Self::Token => Setting::default(),
            Self::Field => Setting { has_external_id: true, ..Setting::default() },
            Self::Days => Setting::zoho(),
            Self::Notes => {
                let mut settings = ZOHO.usual();
                settings.shape = Shape::PerMessage;
                Setting { settings, ..Setting::zoho() }
            }
            Self::Both => {
                let mut settings = ZOHO.usual();
                settings.module = None;
                Setting { settings, ..Setting::zoho() }
            }
        }
    }

    /// For names of tallies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "a-token",
            Self::Field => "a-field",
            Self::Days => "zoho-days",
            Self::Notes => "zoho-notes",
            Self::Both => "zoho-both",
        }
    }

    /// As the tables say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Token => "a token",
            Self::Field => "a field",
            Self::Days => "a note for each day",
            Self::Notes => "a note for each message",
            Self::Both => "a note for each day, contacts and leads",
        }
    }

    /// Where its cases stand that would stand there on Salesforce.
    pub fn chapter(self, usual: Chapter) -> Chapter {
        match self {
            Self::Token | Self::Field => usual,
            Self::Days | Self::Notes | Self::Both => Chapter::Zoho,
        }
    }

    /// A story to tell there.
    pub fn story(self) -> Story {
        Story::default().grouped(self.is_grouped())
    }

    /// The story that a world of it has in which rows may fail alone.
    pub fn story_with_row_troubles(self) -> Story {
        Story::with_row_troubles().grouped(self.is_grouped())
    }

    fn is_grouped(self) -> bool {
        matches!(self, Self::Days | Self::Both)
    }

    /// Does a locked record become free by itself? In Salesforce another transaction has it; in Zoho CRM somebody does.
    pub fn locks_pass(self) -> bool {
        matches!(self, Self::Token | Self::Field)
    }

    /// Is it Salesforce with a field? There only writing is another thing than with a token.
    pub fn has_field(self) -> bool {
        self == Self::Field
    }
}

impl World {
    /// A world of that ground.
    pub async fn on(place: Place, ground: Ground) -> Self {
        Self::with(place, ground.setting()).await
    }
}
