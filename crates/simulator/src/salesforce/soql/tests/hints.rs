//! What an index is asked.

use std::cell::RefCell;

use super::super::{Hint, Source, run};
use super::world::{JANE, World, world};
use crate::salesforce::schema::{ObjectSchema, Row};

/// An org that writes down the last hint and knows no index for picklist-like subjects.
struct Listening {
    world: World,
    heard: RefCell<Hint>,
}

impl Source for Listening {
    fn object(&self, name: &str) -> Option<&ObjectSchema> {
        self.world.object(name)
    }

    fn rows<'a>(&'a self, object: &str, hint: &Hint) -> Box<dyn Iterator<Item = &'a Row> + 'a> {
        self.heard.replace(hint.clone());
        self.world.rows(object, hint)
    }

    fn row<'a>(&'a self, object: &str, id18: &str) -> Option<&'a Row> {
        self.world.row(object, id18)
    }

    fn object_of_id(&self, id18: &str) -> Option<&str> {
        self.world.object_of_id(id18)
    }

    fn now(&self) -> i64 {
        self.world.now()
    }

    fn has_index(&self, _object: &str, field: &str) -> bool {
        field != "Title"
    }
}

fn hint(object: &str, condition: &str) -> Hint {
    let org = Listening { world: world(), heard: RefCell::new(Hint::All) };
    run(&org, &format!("SELECT Id FROM {object} WHERE {condition}"), false, "v68.0").expect("valid");
    org.heard.into_inner()
}

fn any_of(terms: &[(&str, &[&str])]) -> Hint {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Hint::AnyOf(terms.iter().map(|(field, values)| ((*field).to_owned(), owned(values))).collect())
}

#[test]
fn alternatives_are_asked_together() {
    let wanted = any_of(&[("Phone", &["1", "x"]), ("MobilePhone", &["2"])]);
    assert_eq!(hint("Contact", "phone IN ('X', '1') OR MOBILEPHONE IN ('2')"), wanted);
    assert_eq!(hint("Contact", "Phone = '1' OR Score__c > 1"), Hint::All);
    assert_eq!(hint("Contact", "Phone = '1' OR Phone = null"), Hint::All);
    assert_eq!(hint("Contact", "Phone IN ('1', null)"), Hint::All);
}

#[test]
fn a_conjunction_asks_for_its_most_selective_part() {
    let condition = format!("WhoId = '{}' AND CallObject = 'Wa:1'", &JANE[..15]);
    assert_eq!(hint("Task", &condition), any_of(&[("CallObject", &["wa:1"])]));
    assert_eq!(
        hint("Task", "Subject = 'Call' AND CallObject IN ('a', 'b')"),
        any_of(&[("CallObject", &["a", "b"])])
    );
    let condition = format!("(Phone = '1' OR Email = 'E') AND Id = '{JANE}'");
    assert_eq!(hint("Contact", &condition), any_of(&[("Id", &[&JANE.to_lowercase()])]));
    assert_eq!(
        hint("Contact", "(Phone = '1' OR Email = 'E') AND Score__c != 1"),
        any_of(&[("Phone", &["1"]), ("Email", &["e"])])
    );
}

#[test]
fn only_fields_with_an_index_are_asked_for() {
    assert_eq!(hint("Contact", "Title = 'x'"), Hint::All);
    assert_eq!(hint("Contact", "Title = 'x' AND Phone = '1'"), any_of(&[("Phone", &["1"])]));
    assert_eq!(hint("Contact", "Title = 'x' OR Phone = '1'"), Hint::All);
}

#[test]
fn a_parents_id_is_looked_up_in_the_reference() {
    let condition = format!("Who.Id = '{JANE}'");
    assert_eq!(hint("Task", &condition), any_of(&[("WhoId", &[&JANE.to_lowercase()])]));
    assert_eq!(hint("Contact", "Account.Name = 'Acme'"), Hint::All);
}

#[test]
fn negations_and_ranges_give_no_hint() {
    for condition in
        ["Phone != '1'", "Phone NOT IN ('1')", "(NOT Phone = '1')", "Phone LIKE '1'", "Phone > '1'"]
    {
        assert_eq!(hint("Contact", condition), Hint::All, "{condition}");
    }
}
