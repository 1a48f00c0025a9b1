//! What WHERE finds.

use super::world::{ACME, ANN, JANE, LEE, world};

#[test]
fn text_compares_without_regard_to_case() {
    let world = world();
    assert_eq!(world.contacts("Email = 'jane.doe@EXAMPLE.com'"), ["Doe"]);
    assert_eq!(world.contacts("LastName = 'ZWÖLF'"), ["Zwölf"]);
    assert_eq!(world.contacts("lastname IN ('DOE', 'zwölf')"), ["Doe", "Zwölf"]);
}

#[test]
fn phones_compare_as_the_text_they_are() {
    let world = world();
    assert_eq!(world.contacts("Phone = '123'"), ["Zwölf"]);
    assert_eq!(world.contacts("Phone = '12 3'"), ["Doe"]);
    assert_eq!(world.contacts("Phone IN ('4155551212') OR MobilePhone IN ('+14155551212')"), ["Doe"]);
}

#[test]
fn case_counts_in_fields_declared_case_sensitive() {
    let world = world();
    assert_eq!(world.contacts("Key__c = 'aB'"), ["Doe"]);
    assert_eq!(world.contacts("Key__c IN ('ab')"), ["O'Neil"]);
    assert!(world.contacts("Key__c = 'AB'").is_empty());
}

#[test]
fn every_documented_escape_stands_for_its_character() {
    let world = world();
    assert_eq!(world.contacts(r"LastName = 'O\'Neil'"), ["O'Neil"]);
    assert_eq!(world.contacts(r"Title = 'Back\\slash'"), ["Zwölf"]);
    assert_eq!(world.contacts(r"LastName = 'Zw\u00f6lf'"), ["Zwölf"]);
    assert!(world.contacts(r#"Title = '\n\r\t\b\f\"'"#).is_empty());
}

#[test]
fn keywords_inside_texts_are_text() {
    let world = world();
    assert!(world.contacts("LastName = 'x OR LastName != null LIMIT 1 ORDER BY'").is_empty());
}

#[test]
fn unequal_finds_nulls_and_empty_text_is_null() {
    let world = world();
    assert_eq!(world.contacts("FirstName != 'Jane'"), ["O'Neil", "Zwölf"]);
    assert_eq!(world.contacts("FirstName <> 'Jane'"), ["O'Neil", "Zwölf"]);
    assert_eq!(world.contacts("FirstName NOT IN ('Jane')"), ["O'Neil", "Zwölf"]);
    assert_eq!(world.contacts("FirstName NOT IN ('Jane', null)"), ["O'Neil"]);
    assert_eq!(world.contacts("FirstName = null"), ["Zwölf"]);
    assert_eq!(world.contacts("FirstName = ''"), ["Zwölf"]);
    assert_eq!(world.contacts("FirstName != ''"), ["Doe", "O'Neil"]);
    assert_eq!(world.contacts("FirstName IN ('', 'joe')"), ["O'Neil", "Zwölf"]);
}

#[test]
fn or_and_not_and_parentheses_all_count() {
    let world = world();
    assert_eq!(world.contacts("FirstName = 'Jane' OR FirstName = 'Joe'"), ["Doe", "O'Neil"]);
    assert_eq!(world.contacts("(FirstName = 'Jane' OR FirstName = 'Joe') AND DoNotCall = true"), ["O'Neil"]);
    assert_eq!(world.contacts("NOT FirstName = 'Jane'"), ["O'Neil", "Zwölf"]);
    assert_eq!(
        world.contacts("LastName != null AND (NOT (FirstName = 'Jane' OR Phone = '123'))"),
        ["O'Neil"]
    );
}

#[test]
fn alternatives_about_one_field_all_count() {
    let world = world();
    let condition =
        "FirstName = 'Jane' OR Score__c = 9 OR FirstName = null OR FirstName IN ('nobody') OR Score__c = 3.5";
    assert_eq!(world.contacts(condition), ["Doe", "O'Neil", "Zwölf"]);
    assert_eq!(world.contacts("FirstName = 'Jane' OR FirstName != 'Joe'"), ["Doe", "Zwölf"]);
    assert_eq!(
        world.contacts("Account.Name = 'Acme' OR Name = 'Zwölf' OR Account.Name = 'x'"),
        ["Doe", "Zwölf"]
    );
    assert_eq!(world.contacts("DoNotCall = true OR DoNotCall = false"), ["Doe", "O'Neil", "Zwölf"]);
    assert_eq!(world.contacts("CreatedDate = TODAY OR CreatedDate = LAST_MONTH"), ["Doe", "Zwölf"]);
}

#[test]
fn numbers_and_booleans_compare_as_such() {
    let world = world();
    assert_eq!(world.contacts("Score__c > -2.5"), ["O'Neil", "Zwölf"]);
    assert_eq!(world.contacts("Score__c >= 3.50"), ["O'Neil"]);
    assert_eq!(world.contacts("Score__c IN (-2, 9)"), ["Zwölf"]);
    assert_eq!(world.contacts("Score__c < 0"), ["Zwölf"]);
    assert_eq!(world.contacts("DoNotCall = FALSE"), ["Doe", "Zwölf"]);
    assert_eq!(world.contacts("DoNotCall != false"), ["O'Neil"]);
}

#[test]
fn like_knows_its_wildcards_and_their_escapes() {
    let world = world();
    assert_eq!(world.contacts("Phone LIKE '%555%1212'"), ["O'Neil"]);
    assert_eq!(world.contacts("LastName LIKE 'zw_lf'"), ["Zwölf"]);
    assert_eq!(world.contacts(r"Email LIKE '%\_100\%@%'"), ["O'Neil"]);
    assert_eq!(world.contacts(r"LastName LIKE 'o\'n%'"), ["O'Neil"]);
    assert!(world.contacts("Phone LIKE '(415.%'").is_empty());
    assert_eq!(world.contacts("(NOT Email LIKE '%@example.com')"), ["Zwölf"]);
}

#[test]
fn ids_are_accepted_with_15_or_18_characters() {
    let world = world();
    assert_eq!(world.contacts(&format!("Id = '{JANE}'")), ["Doe"]);
    assert_eq!(world.contacts(&format!("Id = '{}'", &JANE[..15])), ["Doe"]);
    assert_eq!(world.contacts(&format!("Id = '{}'", JANE.to_lowercase())), ["Doe"]);
    assert_eq!(world.contacts(&format!("AccountId IN ('{}')", &ACME[..15])), ["Doe"]);
    assert_eq!(world.contacts(&format!("Id > '{JANE}' AND Id <= '{ANN}'")), ["O'Neil", "Zwölf"]);
    assert!(world.contacts("Id = '0035g00000aaaaa'").is_empty());
}

#[test]
fn parents_can_be_filtered_at_any_depth() {
    let world = world();
    assert_eq!(world.contacts("Account.Name = 'acme'"), ["Doe"]);
    assert_eq!(world.contacts("Account.Owner.Email LIKE 'olive%'"), ["Doe", "O'Neil"]);
    assert_eq!(world.contacts("Account.Name != 'Acme'"), ["O'Neil", "Zwölf"]);
    assert_eq!(world.contacts("Contact.Account.NumberOfEmployees < 10"), ["O'Neil"]);
}

#[test]
fn polymorphic_parents_can_be_filtered() {
    let world = world();
    let subjects =
        |condition: &str| world.column(&format!("SELECT Subject FROM Task WHERE {condition}"), "Subject");
    assert_eq!(subjects("Who.Type = 'Lead'"), ["Note"]);
    assert_eq!(subjects("Who.Name LIKE 'jane%'"), ["Call"]);
    assert_eq!(subjects(&format!("WhoId = '{LEE}' AND CallObject = 'WA:2'")), ["Note"]);
    assert_eq!(subjects("WhoId = null"), ["Loose"]);
}

#[test]
fn an_inner_statement_supplies_the_values() {
    let world = world();
    let with_contacts =
        "SELECT Name FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE FirstName = 'Jane')";
    assert_eq!(world.column(with_contacts, "Name"), ["Acme"]);
    let without =
        "SELECT Name FROM Account WHERE Id NOT IN (SELECT AccountId FROM Contact WHERE FirstName = 'Jane')";
    assert_eq!(world.column(without, "Name"), ["Globex"]);
}

#[test]
fn deleted_rows_are_found_only_on_request() {
    let world = world();
    assert!(world.contacts("LastName = 'Gone'").is_empty());
    let statement = "SELECT Id, IsDeleted FROM Contact WHERE IsDeleted = true";
    let found = super::super::run(&world, statement, true, "v68.0").expect("a valid statement");
    assert_eq!(found.total, 1);
    assert_eq!(found.records[0]["IsDeleted"], true);
}
