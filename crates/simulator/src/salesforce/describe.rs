//! What the org says about itself: resources, objects, fields.

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::schema::{FieldKind, FieldSchema, ObjectSchema};
use super::state::{Caller, State};
use crate::call::Call;
use crate::org_clock::parse_http_date;

/// The oldest and the newest version served.
pub const VERSIONS: std::ops::RangeInclusive<u32> = 50..=68;

/// `GET /services/data`.
pub fn versions() -> Answer {
    Answer::ok(
        VERSIONS
            .map(|version| {
                // Version 50 was Winter '21; three releases a year follow.
                let since = version - 50;
                let season = ["Winter", "Spring", "Summer"][(since % 3) as usize];
                let year = 21 + since / 3;
                json!({"label": format!("{season} '{year}"), "url": format!("/services/data/v{version}.0"),
                    "version": format!("{version}.0")})
            })
            .collect(),
    )
}

/// `GET /services/data/vNN.0`.
pub fn resources(state: &State, caller: &Caller) -> Answer {
    let mut map = Map::new();
    for name in [
        "analytics",
        "appMenu",
        "chatter",
        "composite",
        "jobs",
        "limits",
        "parameterizedSearch",
        "query",
        "queryAll",
        "quickActions",
        "recent",
        "search",
        "sobjects",
        "tabs",
        "theme",
        "tooling",
    ] {
        map.insert(name.to_owned(), json!(format!("{}/{name}", caller.data_path())));
    }
    let identity = format!("{}/id/{}/{}", caller.base_url, state.org_id(), caller.user);
    map.insert("identity".to_owned(), json!(identity));
    Answer::ok(Value::Object(map))
}

/// `GET /sobjects`.
pub fn global(state: &State, caller: &Caller) -> Answer {
    let objects: Vec<Value> = state
        .store
        .schemas()
        .iter()
        .filter_map(|schema| state.schema(caller, &schema.name))
        .map(|schema| Value::Object(flags(caller, &schema)))
        .collect();
    Answer::ok(json!({"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": objects}))
}

/// `GET /sobjects/X/describe`. Describes change when somebody turns a permission, so 304 is only given while
/// the caller's copy is from the future of the org's clock or from now.
pub fn object(state: &State, caller: &Caller, object: &ObjectSchema, call: &Call) -> Answer {
    let is_fresh = call
        .header("if-modified-since")
        .and_then(parse_http_date)
        .is_some_and(|since| since >= state.described_at && since <= state.clock.seconds() + 60);
    let last_modified = crate::org_clock::http_date(state.described_at);
    if is_fresh {
        return Answer::empty(304).with("last-modified", last_modified);
    }
    let mut body = flags(caller, object);
    body.insert("actionOverrides".into(), json!([]));
    body.insert(
        "childRelationships".into(),
        object
            .children
            .iter()
            .map(|child| {
                json!({"cascadeDelete": true, "childSObject": child.child, "deprecatedAndHidden": false,
                    "field": child.field, "junctionIdListNames": [], "junctionReferenceTo": [],
                    "relationshipName": child.name, "restrictedDelete": false})
            })
            .collect(),
    );
    body.insert("compactLayoutable".into(), json!(object.createable));
    body.insert("fields".into(), object.fields.iter().map(field).collect());
    body.insert("listviewable".into(), Value::Null);
    body.insert("lookupLayoutable".into(), Value::Null);
    body.insert("namedLayoutInfos".into(), json!([]));
    body.insert("networkScopeFieldName".into(), Value::Null);
    body.insert(
        "recordTypeInfos".into(),
        json!([{"active": true, "available": true, "defaultRecordTypeMapping": true,
            "developerName": "Master", "master": true, "name": "Master",
            "recordTypeId": "012000000000000AAA", "urls": {}}]),
    );
    body.insert("searchLayoutable".into(), json!(object.searchable));
    body.insert("supportedScopes".into(), json!([{"label": "All", "name": "everything"}]));
    Answer::ok(Value::Object(body)).with("last-modified", last_modified)
}

/// The flags of an object, as the global list and its own describe say them.
pub fn flags(caller: &Caller, object: &ObjectSchema) -> Map<String, Value> {
    let path = format!("{}/sobjects/{}", caller.data_path(), object.name);
    let mut urls = json!({
        "sobject": path,
        "describe": format!("{path}/describe"),
        "rowTemplate": format!("{path}/{{ID}}"),
    });
    if object.createable {
        urls["layouts"] = json!(format!("{path}/describe/layouts"));
        urls["quickActions"] = json!(format!("{path}/quickActions"));
    }
    let described = [
        ("activateable", json!(false)),
        ("associateEntityType", json!(null)),
        ("associateParentEntity", json!(null)),
        ("createable", json!(object.createable)),
        ("custom", json!(false)),
        ("customSetting", json!(false)),
        ("deepCloneable", json!(false)),
        ("deletable", json!(object.deletable)),
        ("deprecatedAndHidden", json!(false)),
        ("feedEnabled", json!(object.createable)),
        ("hasSubtypes", json!(false)),
        ("isInterface", json!(false)),
        ("isSubtype", json!(false)),
        ("keyPrefix", json!(object.key_prefix)),
        ("label", json!(object.label)),
        ("labelPlural", json!(object.label_plural)),
        ("layoutable", json!(object.createable)),
        ("mergeable", json!(["Account", "Contact", "Lead"].contains(&object.name.as_str()))),
        ("mruEnabled", json!(object.createable)),
        ("name", json!(object.name)),
        ("queryable", json!(true)),
        ("replicateable", json!(object.replicateable)),
        ("retrieveable", json!(true)),
        ("searchable", json!(object.searchable)),
        ("triggerable", json!(object.createable)),
        ("undeletable", json!(object.deletable)),
        ("updateable", json!(object.updateable)),
        ("urls", json!(urls)),
    ];
    named(described)
}

fn field(field: &FieldSchema) -> Value {
    let bytes = if field.kind.is_text() { field.length * 3 } else { field.length };
    let (precision, scale, digits) = match field.kind {
        FieldKind::Int => (0, 0, 8),
        FieldKind::Double | FieldKind::Currency => (18, 2, 0),
        FieldKind::Percent => (3, 0, 0),
        _ => (0, 0, 0),
    };
    let values: Vec<Value> = field
        .values
        .iter()
        .map(|value| {
            json!({"active": true, "defaultValue": value.default, "label": value.value, "validFor": null,
                "value": value.value})
        })
        .collect();
    let default = field.values.iter().find(|value| value.default).map(|value| value.value.clone());
    let default = match field.kind {
        FieldKind::Boolean => json!(false),
        _ if default.is_some() => json!(default),
        _ => Value::Null,
    };
    let extra = match field.kind {
        FieldKind::Textarea => json!("plaintextarea"),
        FieldKind::String if field.name_field && field.compound.is_none() && field.name == "Name" => {
            json!("personname")
        }
        _ => Value::Null,
    };
    let described = [
        ("aggregatable", json!(field.aggregatable)),
        ("aiPredictionField", json!(false)),
        ("autoNumber", json!(false)),
        ("byteLength", json!(bytes)),
        ("calculated", json!(field.calculated)),
        ("calculatedFormula", json!(null)),
        ("cascadeDelete", json!(false)),
        ("caseSensitive", json!(field.case_sensitive)),
        ("compoundFieldName", json!(field.compound)),
        ("controllerName", json!(null)),
        ("createable", json!(field.createable)),
        ("custom", json!(field.custom)),
        ("defaultValue", json!(default)),
        ("defaultValueFormula", json!(null)),
        ("defaultedOnCreate", json!(field.defaulted_on_create)),
        ("dependentPicklist", json!(false)),
        ("deprecatedAndHidden", json!(false)),
        ("digits", json!(digits)),
        ("displayLocationInDecimal", json!(false)),
        ("encrypted", json!(false)),
        ("externalId", json!(field.external_id)),
        ("extraTypeInfo", json!(extra)),
        ("filterable", json!(field.filterable)),
        ("filteredLookupInfo", json!(null)),
        ("formulaTreatNullNumberAsZero", json!(false)),
        ("groupable", json!(field.groupable)),
        ("highScaleNumber", json!(false)),
        ("htmlFormatted", json!(false)),
        ("idLookup", json!(field.id_lookup || field.external_id)),
        ("inlineHelpText", json!(null)),
        ("label", json!(field.label)),
        ("length", json!(field.length)),
        ("mask", json!(null)),
        ("maskType", json!(null)),
        ("name", json!(field.name)),
        ("nameField", json!(field.name_field)),
        ("namePointing", json!(field.is_polymorphic())),
        ("nillable", json!(field.nillable)),
        ("permissionable", json!(field.nillable && field.createable)),
        ("picklistValues", json!(values)),
        ("polymorphicForeignKey", json!(field.is_polymorphic())),
        ("precision", json!(precision)),
        ("queryByDistance", json!(false)),
        ("referenceTargetField", json!(null)),
        ("referenceTo", json!(field.reference_to)),
        ("relationshipName", json!(field.relationship_name)),
        ("relationshipOrder", json!(null)),
        ("restrictedDelete", json!(false)),
        ("restrictedPicklist", json!(field.restricted)),
        ("scale", json!(scale)),
        ("searchPrefilterable", json!(false)),
        ("soapType", json!(field.kind.soap_name())),
        ("sortable", json!(field.sortable)),
        ("type", json!(field.kind.name())),
        ("unique", json!(field.unique)),
        ("updateable", json!(field.updateable)),
        ("writeRequiresMasterRead", json!(false)),
    ];
    Value::Object(named(described))
}

fn named<const COUNT: usize>(members: [(&str, Value); COUNT]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
