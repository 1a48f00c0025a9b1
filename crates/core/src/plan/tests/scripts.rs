//! The matching rules as people read them: `plan/scripts/*.txt`, one for each rule, given / when / then. What follows
//! `then` is the whole decision, printed for an administrator.

use std::{collections::BTreeSet, fmt::Write};

use super::kit::{contact, email, lead, org, phone};
use crate::{
    address::{Address, AddressKind},
    plan::{
        matching::{Decision, Question, Trace, decide},
        settings::{ChatSync, Create, Reopen},
    },
    record::{Module, PersonRecord, RecordRef},
};

macro_rules! scripts {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../scripts/", $name, ".txt")))),*]
    };
}

const SCRIPTS: [(&str, &str); 16] = scripts!(
    "a-contact-before-any-lead",
    "an-open-lead-before-a-closed-one",
    "the-chat-owners-before-newer-ones",
    "the-newest-of-the-chat-owners",
    "the-newest-if-none-is-the-chat-owners",
    "the-equal-name-if-all-else-is-equal",
    "the-lowest-id-at-last",
    "a-closed-lead-is-reopened",
    "a-closed-lead-stays-closed",
    "chosen-stages-count-as-closed",
    "a-converted-lead-is-followed",
    "trailing-digits-are-nobodys",
    "one-variant-links",
    "several-variants-wait",
    "an-unknown-person-becomes-a-lead",
    "with-creating-off-an-unknown-person-waits",
);

/// A script on its way: what is given so far, and who asks.
#[derive(Default)]
struct Script {
    settings: ChatSync,
    owner: Option<String>,
    people: Vec<PersonRecord>,
    addresses: Vec<Address>,
    name: Option<String>,
}

#[test]
fn every_script_ends_as_it_says() {
    for (name, text) in SCRIPTS {
        let (told, expected) = text.split_once("\nthen\n").unwrap_or_else(|| panic!("{name} has no then"));
        let mut script = Script::default();
        for line in told.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            script.read(line).unwrap_or_else(|| panic!("{name}: cannot read \"{line}\""));
        }
        let got = script.decide();
        assert_eq!(got.trim_end(), expected.trim_end(), "{name} ends otherwise:\n{got}");
    }
}

#[test]
fn every_rule_has_a_script_of_its_own() {
    let names: BTreeSet<&str> = SCRIPTS.iter().map(|(name, _)| *name).collect();
    let told: BTreeSet<&str> = SCRIPTS.iter().map(|(_, text)| *text).collect();
    assert_eq!((names.len(), told.len()), (SCRIPTS.len(), SCRIPTS.len()));
}

impl Script {
    /// Takes one line; `None` for a line that means nothing.
    fn read(&mut self, line: &str) -> Option<()> {
        let words = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["given" | "when"] => {}
            ["the", "chat", "belongs", "to", owner] => self.owner = Some((*owner).to_owned()),
            ["creating", "is", "off"] => self.settings.create = Create::Off,
            ["closed", "leads", "stay", "closed"] => self.settings.reopen = Reopen::Never,
            ["closed", "leads", "go", "to", stage] => self.settings.reopen = Reopen::To((*stage).to_owned()),
            ["only", stage, "counts", "as", "closed"] => {
                self.settings.closed_statuses = Some(vec![(*stage).to_owned()]);
            }
            ["contact", id, facts @ ..] => self.people.push(told(contact(id), facts)?),
            ["lead", id, facts @ ..] => self.people.push(told(lead(id, "New"), facts)?),
            [from, "writes"] => self.writes(from, None),
            [from, "named", name, "writes"] => self.writes(from, Some(name)),
            _ => return None,
        }
        Some(())
    }

    fn writes(&mut self, from: &str, name: Option<&str>) {
        self.addresses.push(if from.contains('@') { email(from) } else { phone(from) });
        self.name = name.map(str::to_owned);
    }

    fn decide(&self) -> String {
        let phones: Vec<_> = self.addresses.iter().filter_map(Address::phone).collect();
        let emails = self.addresses.iter().filter(|address| address.kind == AddressKind::Email);
        let emails: Vec<_> = emails.map(|address| address.value.clone()).collect();
        let (decision, trace) = decide(&Question {
            phones: &phones,
            emails: &emails,
            name: self.name.as_deref(),
            owner_id: self.owner.as_deref(),
            candidates: &self.people,
            asked: &BTreeSet::new(),
            org: &org(),
            settings: &self.settings,
            region: "US".parse().ok(),
        });
        printed(&decision, &trace)
    }
}

/// Facts about a record: pairs of words.
fn told(mut person: PersonRecord, facts: &[&str]) -> Option<PersonRecord> {
    for pair in facts.chunks(2) {
        person = match pair {
            ["named", name] => person.named(name),
            ["phone", number] => person.with_phone(number),
            ["e-mail", address] => person.with_email(address),
            ["owner", owner] => person.owned_by(owner),
            ["changed", seconds] => person.changed_at(seconds.parse().ok()?),
            ["stage", stage] => PersonRecord { status: Some((*stage).to_owned()), ..person },
            ["became", contact] => person.converted_to(contact),
            _ => return None,
        };
    }
    Some(person)
}

/// Words, where quotes hold several together.
fn words(line: &str) -> Vec<String> {
    let pieces = line.split('"').enumerate();
    pieces
        .flat_map(|(place, piece)| {
            if place % 2 == 1 {
                vec![piece.to_owned()]
            } else {
                piece.split_whitespace().map(str::to_owned).collect()
            }
        })
        .collect()
}

fn printed(decision: &Decision, trace: &Trace) -> String {
    let name = |record: &RecordRef| format!("{} {}", record.module.name(), record.id);
    let mut out = match decision {
        Decision::Use { record, reopen_to: None } => format!("    write on {}\n", name(record)),
        Decision::Use { record, reopen_to: Some(stage) } => {
            format!("    write on {} and give it the stage \"{stage}\"\n", name(record))
        }
        Decision::Read(records) => {
            format!("    read {}\n", records.iter().map(name).collect::<Vec<_>>().join(", "))
        }
        Decision::Create(Module::Contact) => "    make a contact\n".into(),
        Decision::Create(_) => "    make a lead\n".into(),
        Decision::Hold(reason) => format!("    wait: {}\n", crate::plan::wording::hold(*reason).0),
    };
    for rule in &trace.rules {
        let _ = writeln!(out, "    because {rule}");
    }
    for candidate in &trace.candidates {
        let _ = writeln!(out, "    {}: {}", name(&candidate.record), candidate.verdict);
    }
    out
}
