//! Searches in a tiny org.

use serde_json::{Value, json};

use super::{escaped, search};
use crate::salesforce::schema::{ObjectSchema, Row};
use crate::salesforce::soql::tests::hostile::Dice;
use crate::salesforce::soql::tests::world::{JANE, LEE, World, world};
use crate::salesforce::soql::{Hint, SoqlError, Source};

fn find(world: &World, statement: &str) -> Vec<Value> {
    search(world, statement, "v68.0").unwrap_or_else(|error| panic!("{statement}: {error}"))
}

/// The last names of the contacts a text finds.
fn found(text: &str, group: &str) -> Vec<String> {
    let statement =
        format!("FIND {{{text}}} IN {group} FIELDS RETURNING Contact(LastName ORDER BY LastName)");
    let records = find(&world(), &statement);
    records.iter().map(|record| record["LastName"].as_str().unwrap_or_default().to_owned()).collect()
}

fn refused(statement: &str) -> SoqlError {
    match search(&world(), statement, "v68.0") {
        Err(refusal) => refusal,
        Ok(records) => panic!("accepted: {statement}\n{records:?}"),
    }
}

#[test]
fn a_number_is_found_by_all_its_digits_and_by_each_run() {
    assert_eq!(found("4155551212", "PHONE"), ["O'Neil"]);
    assert_eq!(found("14155551212", "PHONE"), ["Doe"]);
    assert_eq!(found("123", "PHONE"), ["Doe", "Zwölf"]);
    assert_eq!(found("12", "PHONE"), ["Doe"]);
    assert_eq!(found("555", "PHONE"), ["O'Neil"]);
    assert!(found("55512", "PHONE").is_empty());
    assert!(found("5551212", "PHONE").is_empty());
}

#[test]
fn a_closing_star_finds_beginnings() {
    assert_eq!(found("4155*", "PHONE"), ["O'Neil"]);
    assert_eq!(found("141555*", "PHONE"), ["Doe"]);
    assert_eq!(found("12*", "PHONE"), ["Doe", "O'Neil", "Zwölf"]);
    assert_eq!(found("41?555*", "PHONE"), ["O'Neil"]);
}

#[test]
fn escaped_punctuation_parts_a_number_into_runs() {
    assert_eq!(found(r"\+14155551212", "PHONE"), ["Doe"]);
    assert_eq!(found(r"\(415\) 555\-1212", "PHONE"), ["O'Neil"]);
    assert_eq!(found(r#""\(415\) 555\-1212""#, "PHONE"), ["O'Neil"]);
    assert_eq!(escaped("+1 (415) 555-12*"), r"\+1 (415) 555\-12*");
}

#[test]
fn words_are_found_without_regard_to_case_and_in_any_field_of_the_group() {
    assert_eq!(found("JANE", "ALL"), ["Doe"]);
    assert_eq!(found("joe o'neil".replace('\'', r"\'").as_str(), "NAME"), ["O'Neil"]);
    assert_eq!(found("zwölf", "NAME"), ["Zwölf"]);
    assert!(found("back", "NAME").is_empty());
    assert_eq!(found("slash", "ALL"), ["Zwölf"]);
    assert_eq!(found("123", "SIDEBAR"), ["Doe", "Zwölf"]);
    assert!(found("Jan", "ALL").is_empty());
    assert_eq!(found("Ja*", "ALL"), ["Doe"]);
    assert_eq!(found("J?ne", "ALL"), ["Doe"]);
    assert_eq!(found("*oe", "ALL"), Vec::<String>::new(), "a star in front is dropped");
}

#[test]
fn an_address_is_found_by_its_parts_in_order() {
    assert_eq!(found("jane.doe@example.com", "EMAIL"), ["Doe"]);
    assert_eq!(found(r#""jane.doe@example.com""#, "EMAIL"), ["Doe"]);
    assert_eq!(found("example", "EMAIL"), ["Doe", "O'Neil"]);
    assert!(found("doe.jane@example.com", "EMAIL").is_empty());
}

#[test]
fn terms_are_joined_excluded_and_grouped() {
    assert_eq!(found("jane doe", "ALL"), ["Doe"]);
    assert!(found("jane neil", "ALL").is_empty());
    assert_eq!(found("jane OR neil", "ALL"), ["Doe", "O'Neil"]);
    assert_eq!(found("example AND NOT jane", "ALL"), ["O'Neil"]);
    assert_eq!(found("(jane OR joe) AND 555", "ALL"), ["O'Neil"]);
    assert_eq!(found("jane or joe and 555", "ALL"), ["Doe", "O'Neil"]);
}

#[test]
fn several_objects_answer_in_the_order_asked() {
    let world = world();
    let statement =
        "FIND {lee OR jane} RETURNING Lead(Id, Name), Contact(Id, Account.Name WHERE FirstName = 'Jane')";
    let records = find(&world, statement);
    assert_eq!(
        records[0],
        json!({
            "attributes": {"type": "Lead", "url": format!("/services/data/v68.0/sobjects/Lead/{LEE}")},
            "Id": LEE, "Name": "Lee",
        })
    );
    assert_eq!(records[1]["Id"], JANE);
    assert_eq!(records[1]["Account"]["Name"], "Acme");
    assert_eq!(find(&world, "find {lee or jane} returning Lead, Contact limit 1").len(), 1);
    assert_eq!(find(&world, "FIND {lee OR jane}").len(), 2);
}

#[test]
fn limits_hold_for_each_object_and_for_all() {
    let world = world();
    let statement = "FIND {example} RETURNING Contact(LastName ORDER BY LastName DESC LIMIT 1)";
    let records = find(&world, statement);
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["LastName"], "O'Neil");
    assert!(find(&world, "FIND {nobody} RETURNING Contact(Id)").is_empty());
}

#[test]
fn deleted_rows_are_not_found() {
    assert!(found("gone", "ALL").is_empty());
}

#[test]
fn what_cannot_be_read_is_refused() {
    for statement in [
        "",
        "FIND",
        "FIND jane",
        "FIND {jane",
        "FIND {}",
        "FIND {a}",
        "FIND {a*}",
        "FIND {**}",
        "FIND {jane OR}",
        "FIND {OR jane}",
        "FIND {(jane}",
        "FIND {jane)}",
        "FIND {jane NOT joe}",
        "FIND {\"jane}",
        "FIND {415-555}",
        "FIND {+1415}",
        r"FIND {ja\ne}",
        "FIND {jane} IN SOME FIELDS",
        "FIND {jane} IN PHONE",
        "FIND {jane} RETURNING",
        "FIND {jane} RETURNING Contact()",
        "FIND {jane} RETURNING Contact(Id GROUP BY Id)",
        "FIND {jane} RETURNING Contact(Id USING Listview=x)",
        "FIND {jane} RETURNING Contact(toLabel(Name))",
        "FIND {jane} RETURNING Contact(Id) WITH SNIPPET",
        "FIND {jane} RETURNING Contact(Id) UPDATE TRACKING",
        "FIND {jane} RETURNING Contact(Id) LIMIT x",
        "FIND {jane} RETURNING Contact(Id WHERE Phone = '1' AND Name = 'x' OR Name = 'y')",
        "SELECT Id FROM Contact",
    ] {
        assert_eq!(refused(statement).code, "MALFORMED_SEARCH", "{statement}");
    }
    let short = refused("FIND {a} RETURNING Contact(Id)");
    assert!(short.message.ends_with("search term must be longer than one character: a"), "{}", short.message);
    assert_eq!(refused("FIND {jane} RETURNING Foo(Id)").code, "INVALID_TYPE");
    let column = refused("FIND {jane} RETURNING Contact(Foo)");
    assert_eq!(column.code, "INVALID_FIELD");
    assert!(column.message.contains("ERROR at Row:1:Column:31\nNo such column 'Foo'"), "{}", column.message);
    let deep = format!("FIND {{{}jane{}}}", "(".repeat(900), ")".repeat(900));
    assert_eq!(refused(&deep).code, "MALFORMED_SEARCH");
}

/// An org with a phone index, part of whose rows the search index does not know yet.
struct Indexed(World);

impl Source for Indexed {
    fn object(&self, name: &str) -> Option<&ObjectSchema> {
        self.0.object(name)
    }

    fn rows<'a>(&'a self, object: &str, hint: &Hint) -> Box<dyn Iterator<Item = &'a Row> + 'a> {
        self.0.rows(object, hint)
    }

    fn row<'a>(&'a self, object: &str, id18: &str) -> Option<&'a Row> {
        self.0.row(object, id18)
    }

    fn object_of_id(&self, id18: &str) -> Option<&str> {
        self.0.object_of_id(id18)
    }

    fn now(&self) -> i64 {
        self.0.now()
    }

    fn is_searchable(&self, _object: &str, row: &Row) -> bool {
        row.get("LastName").and_then(Value::as_str) != Some("Zwölf")
    }

    fn phone_rows<'a>(&'a self, object: &str, terms: &[String]) -> Option<Vec<&'a Row>> {
        assert_eq!(terms, ["123", "41*"]);
        Some(self.0.rows(object, &Hint::All).collect())
    }
}

#[test]
fn the_phone_index_is_asked_and_its_answer_checked() {
    let statement =
        "FIND {(123 OR 41*) AND NOT 999} IN PHONE FIELDS RETURNING Contact(LastName ORDER BY LastName)";
    let records = search(&Indexed(world()), statement, "v68.0").expect("valid");
    let names: Vec<&Value> = records.iter().map(|record| &record["LastName"]).collect();
    assert_eq!(names, ["Doe", "O'Neil"]);
}

#[test]
fn no_mutation_of_a_search_panics() {
    let seeds = [
        "FIND {\"jane doe\" OR (415* AND NOT 12?3)} IN PHONE FIELDS RETURNING Contact(Id WHERE Name != 'x' LIMIT 3) LIMIT 9",
        r"FIND {\+1\-415 zwölf} RETURNING Lead, Contact(Id, Account.Name ORDER BY Name DESC NULLS LAST)",
    ];
    let pieces = [
        "{", "}", "(", ")", "\"", "\\", "*", "?", "-", "é", "😀", " AND ", " OR ", " NOT ", " FIELDS ", "'",
        ",",
    ];
    let (world, mut dice) = (world(), Dice::new());
    let mut accepted = 0;
    for round in 0..4_000 {
        let statement = dice.mutate(seeds[round % seeds.len()], &pieces);
        accepted += usize::from(search(&world, &statement, "v68.0").is_ok());
    }
    assert!((100..3_500).contains(&accepted), "{accepted} accepted: the mutations test nothing");
}

#[test]
fn a_pattern_of_many_wildcards_takes_no_time() {
    let text = format!("Ja{}", "?**?*".repeat(1_900));
    assert!(found(&text, "ALL").is_empty());
    assert_eq!(found("J**n*?*", "NAME"), ["Doe"]);
}
