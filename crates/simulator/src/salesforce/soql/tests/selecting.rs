//! What a record of the answer holds, in which order records come and how many.

use serde_json::json;

use super::super::run;
use super::world::{ACME, GLOBEX, JANE, LEE, OWNER, world};

#[test]
fn selected_nulls_are_present_and_names_canonical() {
    let found =
        world().query("select ID, firstname, title FROM contact WHERE lastname = 'Zwölf'").expect("valid");
    assert_eq!(found.object, "Contact");
    assert_eq!(found.header, ["Id", "FirstName", "Title"]);
    assert_eq!(
        found.records,
        [json!({
            "attributes": {"type": "Contact", "url": "/services/data/v68.0/sobjects/Contact/0035g00000AAAACAA5"},
            "Id": "0035g00000AAAACAA5", "FirstName": null, "Title": "Back\\slash",
        })]
    );
}

#[test]
fn the_address_of_a_record_names_the_version_asked() {
    let found = run(&world(), "SELECT Id FROM Lead", false, "51.0").expect("valid");
    assert_eq!(found.records[0]["attributes"]["url"], format!("/services/data/v51.0/sobjects/Lead/{LEE}"));
}

#[test]
fn parents_are_nested_and_null_when_missing() {
    let world = world();
    let statement = "SELECT Account.Name, Account.Owner.Name, Account.Id FROM Contact ORDER BY LastName";
    let accounts = world.column(statement, "Account");
    assert_eq!(
        accounts[0],
        json!({
            "attributes": {"type": "Account", "url": format!("/services/data/v68.0/sobjects/Account/{ACME}")},
            "Name": "Acme", "Id": ACME,
            "Owner": {
                "attributes": {"type": "User", "url": format!("/services/data/v68.0/sobjects/User/{OWNER}")},
                "Name": "Olive Owner",
            },
        })
    );
    assert_eq!(accounts[1]["Id"], GLOBEX);
    assert_eq!(accounts[2], json!(null));
    assert_eq!(
        world.query(statement).expect("valid").header,
        ["Account.Name", "Account.Owner.Name", "Account.Id"]
    );
}

#[test]
fn polymorphic_parents_are_names_with_a_type() {
    let world = world();
    let who = world.column("SELECT Who.Name, Who.Type, Owner.Name FROM Task", "Who");
    assert_eq!(
        who[0],
        json!({
            "attributes": {"type": "Name", "url": format!("/services/data/v68.0/sobjects/Contact/{JANE}")},
            "Name": "Jane Doe", "Type": "Contact",
        })
    );
    assert_eq!(who[1]["Type"], "Lead");
    assert_eq!(who[2], json!(null));
}

#[test]
fn typeof_chooses_fields_by_object() {
    let world = world();
    let statement = "SELECT TYPEOF Who WHEN Contact THEN Phone, Account.Name ELSE Name END FROM Task";
    let who = world.column(statement, "Who");
    assert_eq!(who[0]["attributes"]["type"], "Contact");
    assert_eq!(who[0]["Phone"], "12 3");
    assert_eq!(who[0]["Account"]["Name"], "Acme");
    assert_eq!(who[1]["Name"], "Lee");
    assert_eq!(who[2], json!(null));
}

#[test]
fn aliases_and_the_objects_own_name_are_no_parents() {
    let world = world();
    let statement =
        "SELECT c.Id, c.Account.Name, Contact.Phone FROM Contact c WHERE c.LastName = 'Doe' ORDER BY c.Id";
    let found = world.query(statement).expect("valid");
    assert_eq!(found.records[0]["Phone"], "12 3");
    assert_eq!(found.records[0]["Account"]["Name"], "Acme");
}

#[test]
fn child_lists_are_nested_answers_or_null() {
    let world = world();
    let statement =
        "SELECT Name, (SELECT LastName FROM Contacts WHERE FirstName = 'Jane' LIMIT 5) FROM Account";
    let lists = world.column(statement, "Contacts");
    assert_eq!(lists[0]["totalSize"], 1);
    assert_eq!(lists[0]["done"], true);
    assert_eq!(lists[0]["records"][0]["LastName"], "Doe");
    assert_eq!(lists[1], json!(null));
}

#[test]
fn count_counts_and_returns_nothing() {
    let world = world();
    let found = world.query("SELECT COUNT() FROM Contact").expect("valid");
    assert!(found.count_only && found.records.is_empty());
    assert_eq!(found.total, 3);
    assert_eq!(world.query("SELECT count() FROM Contact WHERE Phone = '123'").expect("valid").total, 1);
    assert_eq!(world.query("SELECT COUNT() FROM Contact LIMIT 2").expect("valid").total, 2);
}

#[test]
fn aggregates_have_aliases_or_numbers_and_no_address() {
    let world = world();
    let statement = "SELECT COUNT(Id), COUNT(FirstName) named, COUNT_DISTINCT(OwnerId), MIN(CreatedDate), MAX(LastName), \
                     SUM(Score__c), AVG(Score__c) FROM Contact";
    let found = world.query(statement).expect("valid");
    assert_eq!(
        found.records,
        [json!({
            "attributes": {"type": "AggregateResult"},
            "expr0": 3, "named": 2, "expr1": 1, "expr2": "2026-02-01T08:30:00.000+0000", "expr3": "Zwölf",
            "expr4": 1.5, "expr5": 0.75,
        })]
    );
    let none =
        world.query("SELECT COUNT(Id), SUM(NumberOfEmployees) FROM Account WHERE Name = 'x'").expect("valid");
    assert_eq!(none.records[0]["expr0"], 0);
    assert_eq!(none.records[0]["expr1"], json!(null));
    let whole = world.column("SELECT SUM(NumberOfEmployees) FROM Account", "expr0");
    assert_eq!(whole, [json!(57)]);
}

#[test]
fn groups_are_one_row_for_equal_values() {
    let world = world();
    let statement = "SELECT Account.Name who, COUNT(Id) n FROM Contact GROUP BY Account.Name \
                     ORDER BY COUNT(Id) DESC, Account.Name NULLS LAST";
    let found = world.query(statement).expect("valid");
    let rows: Vec<_> = found.records.iter().map(|row| (row["who"].clone(), row["n"].clone())).collect();
    assert_eq!(rows, [(json!("Acme"), json!(1)), (json!("Globex"), json!(1)), (json!(null), json!(1))]);
    let by_owner = world.query("SELECT OwnerId, COUNT(Id) FROM Contact GROUP BY OwnerId").expect("valid");
    assert_eq!(by_owner.records[0]["expr0"], 3);
    assert_eq!(by_owner.header, ["OwnerId", "expr0"]);
}

#[test]
fn nulls_come_first_unless_they_are_sent_last() {
    let world = world();
    let names =
        |order: &str| world.column(&format!("SELECT LastName FROM Contact ORDER BY {order}"), "LastName");
    assert_eq!(names("FirstName"), ["Zwölf", "Doe", "O'Neil"]);
    assert_eq!(names("FirstName DESC"), ["Zwölf", "O'Neil", "Doe"]);
    assert_eq!(names("FirstName DESC NULLS LAST"), ["O'Neil", "Doe", "Zwölf"]);
    assert_eq!(names("OwnerId ASC, Score__c DESC NULLS LAST, Id"), ["O'Neil", "Zwölf", "Doe"]);
    assert_eq!(names("Account.Name NULLS LAST"), ["Doe", "O'Neil", "Zwölf"]);
    assert_eq!(names("CreatedDate DESC"), ["Doe", "O'Neil", "Zwölf"]);
}

#[test]
fn the_offset_is_passed_before_the_limit_counts() {
    let world = world();
    let names = |tail: &str| world.column(&format!("SELECT LastName FROM Contact {tail}"), "LastName");
    assert_eq!(names("ORDER BY LastName LIMIT 1 OFFSET 1"), ["O'Neil"]);
    assert_eq!(names("LIMIT 1 OFFSET 2"), ["Zwölf"]);
    assert!(names("LIMIT 0").is_empty());
    assert!(names("OFFSET 2000").is_empty());
    assert_eq!(names("LIMIT 1 FOR VIEW FOR REFERENCE"), ["Doe"]);
}

#[test]
fn fields_stands_for_a_whole_set() {
    let world = world();
    let all = world.query("SELECT FIELDS(ALL) FROM Contact LIMIT 200").expect("valid");
    assert_eq!(all.header.len(), 17);
    let custom = world.query("SELECT Id, FIELDS(CUSTOM) FROM Contact LIMIT 1").expect("valid");
    assert_eq!(custom.header, ["Id", "Score__c", "Key__c"]);
    let standard = world.query("SELECT FIELDS(STANDARD) FROM Contact").expect("valid");
    assert_eq!(standard.total, 3);
    let by_id = format!("SELECT FIELDS(ALL) FROM Contact WHERE Id = '{JANE}'");
    assert_eq!(world.query(&by_id).expect("valid").total, 1);
}
