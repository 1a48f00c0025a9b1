//! What is refused, with which code and which words.

use super::world::world;

/// Asserts the code and a part of the message.
fn refused(statement: &str, code: &str, part: &str) {
    let refusal = world().refusal(statement);
    assert_eq!(refusal.code, code, "{statement}\n{}", refusal.message);
    assert!(refusal.message.contains(part), "{statement}\n{}", refusal.message);
}

#[test]
fn an_unknown_field_is_shown_with_excerpt_caret_row_and_column() {
    let refusal = world().refusal("SELECT Id, Foo FROM Contact");
    assert_eq!(refusal.code, "INVALID_FIELD");
    assert_eq!(
        refusal.message,
        "\nSELECT Id, Foo FROM Contact\n           ^\nERROR at Row:1:Column:12\nNo such column 'Foo' on entity \
         'Contact'. If you are attempting to use a custom field, be sure to append the '__c' after the custom \
         field name. Please reference your WSDL or the describe call for the appropriate names."
    );
    refused(
        "SELECT Id FROM Contact WHERE\n  Bar = 1",
        "INVALID_FIELD",
        "\n  Bar = 1\n  ^\nERROR at Row:2:Column:3\n",
    );
    refused("SELECT Account.Foo FROM Contact", "INVALID_FIELD", "No such column 'Foo' on entity 'Account'");
    refused("SELECT Who.Company FROM Task", "INVALID_FIELD", "No such column 'Company' on entity 'Name'");
    refused("SELECT Id FROM Contact ORDER BY Foo", "INVALID_FIELD", "No such column 'Foo'");
}

#[test]
fn unknown_objects_and_relationships_are_refused() {
    refused(
        "SELECT Id FROM Foo",
        "INVALID_TYPE",
        "ERROR at Row:1:Column:16\nsObject type 'Foo' is not supported.",
    );
    refused(
        "SELECT Foo.Name FROM Contact",
        "INVALID_FIELD",
        "Didn't understand relationship 'Foo' in field path",
    );
    refused(
        "SELECT Id, (SELECT Id FROM Foos) FROM Account",
        "INVALID_TYPE",
        "Didn't understand relationship 'Foos'",
    );
}

#[test]
fn and_mixed_with_or_needs_parentheses() {
    let statement = "SELECT Id FROM Contact WHERE Phone = '1' AND Phone = '2' OR Phone = '3'";
    refused(statement, "MALFORMED_QUERY", "unexpected token: 'OR'");
    let statement = "SELECT Id FROM Contact WHERE Phone = '1' OR Phone = '2' AND Phone = '3'";
    refused(statement, "MALFORMED_QUERY", "unexpected token: 'AND'");
    let statement = "SELECT Id FROM Contact WHERE Phone = '1' AND NOT Phone = '2'";
    refused(statement, "MALFORMED_QUERY", "unexpected token: 'NOT'");
}

#[test]
fn a_backslash_protects_only_what_is_documented() {
    refused(
        r"SELECT Id FROM Contact WHERE Phone = 'a\d'",
        "MALFORMED_QUERY",
        r"Illegal character sequence '\d'",
    );
    refused(
        r"SELECT Id FROM Contact WHERE Phone = 'a\%'",
        "MALFORMED_QUERY",
        r"Illegal character sequence '\%'",
    );
    refused(
        r"SELECT Id FROM Contact WHERE Phone = '\u12g4'",
        "MALFORMED_QUERY",
        "Illegal character sequence",
    );
    refused(r"SELECT Id FROM Contact WHERE Phone = 'a\'", "MALFORMED_QUERY", "mismatched character '<EOF>'");
    refused("SELECT Id FROM Contact WHERE Phone = \"1\"", "MALFORMED_QUERY", "unexpected token");
}

#[test]
fn what_is_not_supported_is_never_skipped() {
    for tail in [
        "USING SCOPE mine",
        "WITH SECURITY_ENFORCED",
        "WHERE Phone = '1' WITH USER_MODE",
        "GROUP BY Name HAVING COUNT(Id) > 1",
        "GROUP BY ROLLUP(Name)",
        "ALL ROWS",
        "FOR UPDATE",
        "UPDATE TRACKING",
        "LIMIT 1 WHERE Phone = '1'",
        "LIMIT -1",
        "LIMIT x",
        "WHERE Phone IN ()",
        "WHERE Phone IN '1'",
        "WHERE Phone IS NULL",
        "WHERE Phone == '1'",
        "WHERE Phone = :phone",
        "WHERE Phone = '1' XOR Name = '2'",
        "WHERE CALENDAR_YEAR(CreatedDate) = 2026",
        "WHERE",
        "ORDER Name",
        "c, c.Account a",
        ";",
    ] {
        let refusal = world().refusal(&format!("SELECT Name FROM Contact {tail}"));
        assert_eq!(refusal.code, "MALFORMED_QUERY", "{tail}");
    }
    refused("SELECT FROM Contact", "MALFORMED_QUERY", "unexpected token: 'FROM'");
    refused("SELECT Id FROM", "MALFORMED_QUERY", "unexpected token: '<EOF>'");
    refused("SELECT * FROM Contact", "MALFORMED_QUERY", "unexpected token: '*'");
    refused("SELECT toLabel(Name) FROM Contact", "MALFORMED_QUERY", "unexpected token: 'toLabel'");
    refused("DELETE Id FROM Contact", "MALFORMED_QUERY", "unexpected token: 'DELETE'");
    refused("", "MALFORMED_QUERY", "unexpected token: '<EOF>'");
}

#[test]
fn long_text_can_be_neither_filtered_nor_sorted_nor_grouped() {
    let tail = "field 'Description' can not be filtered in a query call";
    refused("SELECT Id FROM Contact WHERE Description = 'x'", "INVALID_FIELD", tail);
    refused("SELECT Id FROM Contact WHERE Description LIKE 'x%'", "INVALID_FIELD", tail);
    refused(
        "SELECT Id FROM Contact ORDER BY Description",
        "INVALID_FIELD",
        "can not be sorted in a query call",
    );
    let grouped = "SELECT Description, COUNT(Id) FROM Contact GROUP BY Description";
    refused(grouped, "MALFORMED_QUERY", "can not be grouped in a query call");
}

#[test]
fn values_must_have_the_type_of_the_field() {
    let filter = |condition: &str, code: &str, part: &str| {
        refused(&format!("SELECT Id FROM Contact WHERE {condition}"), code, part);
    };
    let datetime = "value of filter criterion for field 'CreatedDate' must be of type dateTime";
    filter("CreatedDate > '2026-01-01T00:00:00Z'", "INVALID_FIELD", datetime);
    filter("CreatedDate > '2026-01-01T00:00:00Z'", "INVALID_FIELD", "should not be enclosed in quotes");
    filter("CreatedDate > 2026-01-01", "INVALID_FIELD", datetime);
    filter("Birthdate = ''", "INVALID_FIELD", "must be of type date and should not be enclosed in quotes");
    filter("Score__c = '3'", "INVALID_FIELD", "must be of type double and should not be enclosed in quotes");
    filter(
        "Account.NumberOfEmployees = 1.5",
        "INVALID_FIELD",
        "'Account.NumberOfEmployees' must be of type int",
    );
    filter(
        "DoNotCall = 'true'",
        "INVALID_FIELD",
        "must be of type boolean and should not be enclosed in quotes",
    );
    filter("Phone = 123", "INVALID_FIELD", "must be of type string and should be enclosed in quotes");
    filter("Id = 123", "INVALID_FIELD", "must be of type ID and should be enclosed in quotes");
    filter("Id = 'abc'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: abc");
    filter("AccountId IN ('0015g00000AAAA!')", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field");
    filter("Id LIKE '003%'", "INVALID_QUERY_FILTER_OPERATOR", "invalid operator on id field");
    filter("CreatedDate LIKE '2026%'", "INVALID_QUERY_FILTER_OPERATOR", "invalid operator on datetime field");
    filter("DoNotCall > true", "INVALID_QUERY_FILTER_OPERATOR", "invalid operator on boolean field");
    filter("Phone INCLUDES ('1')", "INVALID_QUERY_FILTER_OPERATOR", "multipicklist");
    filter("CreatedDate = 2026-02-30T00:00:00Z", "INVALID_QUERY_FILTER_OPERATOR", "Invalid datetime");
    filter("Birthdate = 2026-02-30", "INVALID_QUERY_FILTER_OPERATOR", "Invalid date");
    filter("CreatedDate = 2026-01-01T00:00:00", "MALFORMED_QUERY", "unexpected token");
    filter("CreatedDate = 2026-01-01T00:00:00 01:00", "MALFORMED_QUERY", "unexpected token");
    filter("CreatedDate = SOMEDAY", "MALFORMED_QUERY", "unexpected token: 'SOMEDAY'");
    filter("CreatedDate = LAST_N_DAYS", "MALFORMED_QUERY", "unexpected token");
    filter("CreatedDate = LAST_N_DAYS:x", "MALFORMED_QUERY", "unexpected token: 'x'");
}

#[test]
fn numbers_have_their_ranges() {
    let part = "Maximum SOQL offset allowed is 2000";
    refused("SELECT Id FROM Contact OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", part);
    refused(
        "SELECT Id FROM Contact LIMIT 99999999999999999999999",
        "NUMBER_OUTSIDE_VALID_RANGE",
        "out of range",
    );
    let part = "The SOQL FIELDS function must have a LIMIT of at most 200";
    refused("SELECT FIELDS(ALL) FROM Contact", "MALFORMED_QUERY", part);
    refused("SELECT FIELDS(CUSTOM) FROM Contact LIMIT 201", "MALFORMED_QUERY", part);
    refused("SELECT FIELDS(SOME) FROM Contact", "MALFORMED_QUERY", "unexpected token: 'SOME'");
}

#[test]
fn a_field_is_selected_once() {
    refused("SELECT Id, ID FROM Contact", "INVALID_FIELD", "duplicate field selected: Id");
    refused("SELECT Account.Name, Account.Name FROM Contact", "INVALID_FIELD", "duplicate field selected");
    refused("SELECT Name n FROM Contact", "MALFORMED_QUERY", "only aggregate expressions use field aliasing");
}

#[test]
fn groups_refuse_what_they_have_no_single_value_of() {
    let part = "Field must be grouped or aggregated: Name";
    refused("SELECT Name, COUNT(Id) FROM Contact", "MALFORMED_QUERY", part);
    refused("SELECT Id FROM Contact GROUP BY Name", "MALFORMED_QUERY", "must be grouped or aggregated: Id");
    refused("SELECT COUNT(), Id FROM Contact", "MALFORMED_QUERY", "COUNT()");
    refused("SELECT SUM(Name) FROM Contact", "MALFORMED_QUERY", "does not support aggregate operator SUM");
    refused("SELECT COUNT(Id) x, MAX(Name) X FROM Contact", "MALFORMED_QUERY", "duplicate alias: X");
    refused("SELECT COUNT(Id) FROM Contact LIMIT 1", "MALFORMED_QUERY", "cannot also use LIMIT");
    let ordered = "SELECT Name FROM Contact GROUP BY Name ORDER BY Phone";
    refused(ordered, "MALFORMED_QUERY", "Ordered field must be grouped or aggregated: Phone");
}

#[test]
fn inner_statements_have_their_rules() {
    let accounts = |inner: &str, code: &str, part: &str| {
        refused(&format!("SELECT Id FROM Account WHERE Id IN (SELECT {inner})"), code, part);
    };
    accounts("Name FROM Contact", "MALFORMED_QUERY", "ID or reference field");
    accounts("Id, AccountId FROM Contact", "MALFORMED_QUERY", "exactly one field");
    accounts("AccountId FROM Contact LIMIT 1", "MALFORMED_QUERY", "neither");
    accounts("AccountId FROM Nothing", "INVALID_TYPE", "ERROR at Row:1:Column:59");
    accounts("AccountId FROM Contact WHERE Id IN (SELECT WhoId FROM Task)", "MALFORMED_QUERY", "Nesting");
    let with_or = "SELECT Id FROM Account WHERE Name = 'x' OR Id IN (SELECT AccountId FROM Contact)";
    refused(with_or, "MALFORMED_QUERY", "not allowed with the 'OR' operator");
}

#[test]
fn statements_and_texts_have_a_longest_length() {
    let long = format!("SELECT Id FROM Contact WHERE Phone = '{}'", "1".repeat(4_001));
    refused(&long, "INVALID_QUERY_FILTER_OPERATOR", "4000 characters");
    let longer = format!("SELECT Id FROM Contact{}", " ".repeat(100_000));
    refused(&longer, "MALFORMED_QUERY", "SOQL statements cannot be longer than 100000 characters.");
    let deep = format!("SELECT Id FROM Contact WHERE {}Phone = '1'{}", "(".repeat(9_000), ")".repeat(9_000));
    refused(&deep, "QUERY_TOO_COMPLICATED", "too complicated");
}
