//! The description of the columns.

use serde_json::json;

use super::world::world;

#[test]
fn a_plain_column_is_described_by_its_field() {
    let found = world().query("SELECT Id, LastName FROM Contact").expect("valid");
    let columns = &found.columns;
    assert_eq!(columns["entityName"], "Contact");
    assert_eq!(columns["keyPrefix"], "003");
    assert_eq!(columns["idSelected"], true);
    assert_eq!(columns["groupBy"], false);
    assert_eq!(
        columns["columnMetadata"][1],
        json!({
            "columnName": "LastName", "displayName": "LastName", "aggregate": false, "joinColumns": [],
            "apexType": "String", "booleanType": false, "custom": false, "foreignKeyName": null,
            "insertable": true, "numberType": false, "textType": true, "updatable": true,
        })
    );
}

#[test]
fn parents_and_child_lists_join_columns() {
    let statement = "SELECT Account.Name, (SELECT Subject FROM Tasks) FROM Contact";
    let found = world().query(statement).expect("valid");
    let columns = &found.columns["columnMetadata"];
    assert_eq!(columns[0]["columnName"], "Account");
    assert_eq!(columns[0]["aggregate"], false);
    assert_eq!(columns[0]["joinColumns"][0]["columnName"], "Name");
    assert_eq!(columns[1]["columnName"], "Tasks");
    assert_eq!(columns[1]["aggregate"], true);
    assert_eq!(columns[1]["joinColumns"][0]["columnName"], "Subject");
}

#[test]
fn aggregates_are_named_by_alias_or_number() {
    let found = world()
        .query("SELECT OwnerId, COUNT(Id), MAX(Name) top FROM Contact GROUP BY OwnerId")
        .expect("valid");
    let columns = &found.columns["columnMetadata"];
    assert_eq!(found.columns["groupBy"], true);
    assert_eq!(columns[0]["columnName"], "OwnerId");
    assert_eq!(columns[1]["columnName"], "expr0");
    assert_eq!(columns[1]["displayName"], "COUNT(Id)");
    assert_eq!(columns[1]["joinColumns"], json!([]));
    assert_eq!(columns[1]["aggregate"], true);
    assert_eq!(columns[2]["columnName"], "top");
}
