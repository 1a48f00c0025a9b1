//! Statements no sane client sends: none may panic, none may take long.

use std::fmt::Write as _;

use super::super::id;
use super::world::world;

/// A small generator that always yields the same numbers.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// A copy of the text with a few characters or pieces changed.
    pub(crate) fn mutate(&mut self, text: &str, pieces: &[&str]) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(4) {
            let at = self.below(characters.len() + 1);
            match self.below(4) {
                0 if at < characters.len() => drop(characters.remove(at)),
                1 => characters.truncate(at),
                2 => {
                    let piece = pieces[self.below(pieces.len())];
                    characters.splice(at..at, piece.chars());
                }
                _ => {
                    let end = (at + self.below(12)).min(characters.len());
                    let copied: Vec<char> = characters[at..end].to_vec();
                    let to = self.below(characters.len() + 1);
                    characters.splice(to..to, copied);
                }
            }
        }
        characters.into_iter().collect()
    }
}

const SEEDS: [&str; 9] = [
    "SELECT Id, Account.Name, Who.Name FROM Contact c WHERE (Phone = 'a\\'b' OR Email LIKE '%x\\_%') AND Id != null",
    "SELECT COUNT() FROM Task WHERE CreatedDate >= 2026-01-02T03:04:05.000+01:00",
    "SELECT OwnerId, COUNT(Id) n, MAX(Score__c) FROM Contact GROUP BY OwnerId ORDER BY COUNT(Id) DESC LIMIT 5 OFFSET 1",
    "SELECT FIELDS(ALL) FROM Contact WHERE CreatedDate = LAST_N_DAYS:30 ORDER BY LastName DESC NULLS LAST LIMIT 200",
    "SELECT Name, (SELECT Id FROM Contacts WHERE Birthdate < 2000-01-01 LIMIT 2) FROM Account WHERE Name IN ('a','b')",
    "SELECT TYPEOF Who WHEN Contact THEN Phone ELSE Name END FROM Task WHERE WhoId = '0035g00000AAAAA'",
    "SELECT Id FROM Account WHERE Id NOT IN (SELECT AccountId FROM Contact WHERE DoNotCall = true)",
    "SELECT Id FROM Contact WHERE NOT (Score__c <= -1.5 AND LastName > 'm') FOR VIEW",
    "SELECT Id FROM Contact WHERE LastName = 'Zw\\u00f6lf \\ud83d\\ude00' AND Title IN (null, '')",
];

const PIECES: [&str; 40] = [
    "(",
    ")",
    "'",
    "\\",
    "\\u",
    "%",
    ",",
    ".",
    ":",
    "=",
    "!",
    "<",
    ">",
    "-",
    "+",
    "*",
    "\n",
    "\u{0}",
    "é",
    "😀",
    " AND ",
    " OR ",
    " NOT ",
    " IN ",
    " LIKE ",
    " NULL ",
    " FROM ",
    "SELECT ",
    " WHERE ",
    " LIMIT ",
    " OFFSET ",
    "COUNT(",
    "FIELDS(",
    "TYPEOF ",
    "9999999999999999999",
    "2026-02-30",
    "T99:99:99Z",
    "LAST_N_YEARS:9999",
    "1e999",
    " ORDER BY ",
];

#[test]
fn no_mutation_of_a_statement_panics() {
    let (world, mut dice) = (world(), Dice::new());
    let mut accepted = 0;
    for round in 0..6_000 {
        let statement = dice.mutate(SEEDS[round % SEEDS.len()], &PIECES);
        accepted += usize::from(world.query(&statement).is_ok());
    }
    assert!((100..5_000).contains(&accepted), "{accepted} accepted: the mutations test nothing");
}

#[test]
fn every_seed_reads_as_it_stands() {
    let world = world();
    let readable = |statement: &&str| {
        let refusal = world.query(statement).err();
        refusal.is_none_or(|refusal| refusal.code == "INVALID_FIELD")
    };
    assert!(SEEDS.iter().all(readable));
}

#[test]
fn thousands_of_listed_values_are_found_without_a_scan_of_each() {
    let mut world = world();
    for number in 0..20_000 {
        world.insert("Contact", serde_json::json!({"Id": format!("0035g00000B{number:04}"), "LastName": format!("Name {number}")}));
    }
    let mut statement = "SELECT Id FROM Contact WHERE LastName IN ('Name 7'".to_owned();
    while statement.len() < 99_900 {
        write!(statement, ",'Nobody {}'", statement.len()).expect("a string grows");
    }
    statement.push(')');
    assert_eq!(world.query(&statement).expect("valid").total, 1);
}

#[test]
fn thousands_of_alternatives_are_found_without_a_scan_of_each() {
    let mut world = world();
    for number in 0..5_000 {
        let row = serde_json::json!({"Id": format!("0035g00000B{number:04}"), "LastName": format!("Name {number}")});
        world.insert("Contact", row);
    }
    let mut statement = "SELECT Id FROM Contact WHERE LastName = 'Name 7'".to_owned();
    while statement.len() < 99_900 {
        write!(statement, " OR LastName='N{}'", statement.len()).expect("a string grows");
    }
    assert_eq!(world.query(&statement).expect("valid").total, 1);
}

#[test]
fn ids_match_the_published_suffixes() {
    for (short, suffix) in [
        ("001D000000IRFma", "IAH"),
        ("003D000000QV9n2", "IAD"),
        ("00Q5g00000AbCdE", "EAV"),
        ("00T5g00000zZzZz", "EAK"),
        ("00D5g000001AbCd", "EAK"),
        ("0055g00000XyZ12", "AAF"),
        ("0035g00000AAAAA", "AA5"),
    ] {
        let whole = format!("{short}{suffix}");
        assert_eq!(id::canonical(short).as_deref(), Some(whole.as_str()));
        assert_eq!(id::canonical(&whole).as_deref(), Some(whole.as_str()));
        assert_eq!(id::canonical(&whole.to_uppercase()).as_deref(), Some(whole.as_str()));
    }
    for wrong in ["", "abc", "0035g00000AAAAABA5", "0035g00000AAAA!", "0035g00000AAAAAé"] {
        assert_eq!(id::canonical(wrong), None, "{wrong}");
    }
}
