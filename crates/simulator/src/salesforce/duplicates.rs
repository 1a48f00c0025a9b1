//! Duplicate rules: a new person who looks like one that the org has.

use serde_json::{Value, json};

use super::answer::{Outcome, Problem};
use super::schema::Row;
use super::state::{Caller, State, text};
use super::store::is_deleted;
use super::switches::DuplicateRules;

/// Refuses a contact or lead that matches another, as the org's rules say.
pub fn check(state: &State, caller: &Caller, object: &str, row: &Row, allow_save: bool) -> Outcome<()> {
    let overridable = match state.switches.duplicate_rules {
        DuplicateRules::Off => return Ok(()),
        DuplicateRules::Alert => true,
        DuplicateRules::Block => false,
    };
    if !matches!(object, "Contact" | "Lead") || (overridable && allow_save) {
        return Ok(());
    }
    for entity in [object, if object == "Lead" { "Contact" } else { "Lead" }] {
        let matches = matching(state, entity, row);
        if !matches.is_empty() {
            return Err(detected(caller, object, entity, &matches, overridable).into());
        }
    }
    Ok(())
}

/// Same e-mail, or same last name and one same phone number.
fn matching(state: &State, entity: &str, row: &Row) -> Vec<String> {
    let mut found = Vec::new();
    let mut keep = |candidates: Vec<&Row>, same: &dyn Fn(&Row) -> bool| {
        for candidate in candidates {
            let id = text(candidate, "Id").to_owned();
            if id != text(row, "Id") && !is_deleted(candidate) && same(candidate) && !found.contains(&id) {
                found.push(id);
            }
        }
    };
    let email = text(row, "Email");
    if !email.is_empty() {
        keep(state.store.find(entity, "Email", email), &|_| true);
    }
    let last_name = text(row, "LastName").to_lowercase();
    for field in ["Phone", "MobilePhone"] {
        let number = text(row, field);
        for other in ["Phone", "MobilePhone"] {
            if !number.is_empty() {
                keep(state.store.find(entity, other, number), &|candidate| {
                    text(candidate, "LastName").to_lowercase() == last_name
                });
            }
        }
    }
    found
}

fn detected(caller: &Caller, object: &str, entity: &str, ids: &[String], overridable: bool) -> Problem {
    let records: Vec<Value> = ids
        .iter()
        .map(|id| {
            json!({
                "additionalInformation": [],
                "fieldDiffs": [],
                "matchConfidence": 100.0,
                "record": {"attributes": {"type": entity, "url": caller.record_url(entity, id)}, "Id": id},
            })
        })
        .collect();
    let mut problem = Problem::bad("DUPLICATES_DETECTED", "Use one of these records?");
    // The vendor's own spelling.
    problem.detail = Some((
        "duplicateResut",
        json!({
            "allowSave": overridable,
            "duplicateRule": format!("Standard_{object}_Duplicate_Rule"),
            "duplicateRuleEntityType": object,
            "errorMessage": "Use one of these records?",
            "matchResults": [{
                "entityType": entity,
                "errors": [],
                "matchEngine": "FuzzyMatchEngine",
                "matchRecords": records,
                "rule": format!("Standard_{entity}_Match_Rule_v1_1"),
                "size": ids.len(),
                "success": true,
            }],
        }),
    ));
    problem
}
