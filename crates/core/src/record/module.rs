//! Kinds of records: those that every CRM has in some form, and its own.

use std::{fmt, str::FromStr};

use arrayvec::ArrayString;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A kind of record. In what is stored and sent it is one word: ours, or the CRM's own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Module {
    /// A person the company knows.
    Contact,
    /// A person who may become a contact.
    Lead,
    /// Something done or to be done, shown on a person's record.
    Task,
    /// A text on a person's record.
    Note,
    /// A kind that only this CRM or this org has.
    Other(ModuleName),
}

/// The longest name of a module, in bytes: CRMs stop at about forty characters.
const LONGEST: usize = 64;

/// The CRM's own name of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleName(ArrayString<LONGEST>);

impl ModuleName {
    /// The name; `None` if it is empty or longer than any CRM's.
    pub fn new(name: &str) -> Option<Self> {
        ArrayString::from(name).ok().filter(|name| !name.is_empty()).map(Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Module {
    /// A module by the CRM's own name.
    pub fn other(name: &str) -> Option<Self> {
        ModuleName::new(name).map(Self::Other)
    }

    /// The word for what is stored, logs, URLs and messages.
    pub fn name(&self) -> &str {
        match self {
            Self::Contact => "contact",
            Self::Lead => "lead",
            Self::Task => "task",
            Self::Note => "note",
            Self::Other(name) => name.as_str(),
        }
    }

    /// Does a record of it stand for a person, rather than for something done with one?
    pub fn is_person(&self) -> bool {
        !matches!(self, Self::Task | Self::Note)
    }
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no module: empty, or longer than any CRM's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no module has such a name")]
pub struct NoModule;

impl FromStr for Module {
    type Err = NoModule;

    fn from_str(word: &str) -> Result<Self, NoModule> {
        let known = [Self::Contact, Self::Lead, Self::Task, Self::Note];
        let found = known.into_iter().find(|module| module.name() == word);
        found.or_else(|| Self::other(word)).ok_or(NoModule)
    }
}

impl Serialize for Module {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Module {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// As what kind of record messages are written (X3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A task that is done.
    #[default]
    Task,
    /// A note.
    Note,
}

impl EntryKind {
    /// Its module.
    pub fn module(self) -> Module {
        match self {
            Self::Task => Module::Task,
            Self::Note => Module::Note,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_one_word_wherever_it_is_stored() {
        for (module, word) in
            [(Module::Lead, "lead"), (Module::other("CustomModule3").expect("a name"), "CustomModule3")]
        {
            let stored = serde_json::to_string(&module).expect("a word");
            assert_eq!(stored, format!("\"{word}\""));
            assert_eq!(serde_json::from_str::<Module>(&stored).expect("a module"), module);
        }
        assert_eq!("".parse::<Module>(), Err(NoModule));
        assert_eq!("x".repeat(65).parse::<Module>(), Err(NoModule));
    }
}
