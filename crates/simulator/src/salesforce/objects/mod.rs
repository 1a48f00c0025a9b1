//! The objects of the org and how they hang together.

mod activities;
mod fields;
mod people;
mod setup;

use super::schema::{ChildRelationship, ObjectSchema};
pub use fields::custom as custom_field;

/// Every object, with the administrator's external-id field on activities where one is asked for.
pub fn all(activity_key: Option<&str>) -> Vec<ObjectSchema> {
    let mut objects = vec![
        people::account(),
        setup::assignment_rule(),
        people::case(),
        people::contact(),
        activities::event(),
        setup::group(),
        people::lead(),
        people::lead_status(),
        people::opportunity(),
        setup::organization(),
        setup::profile(),
        setup::record_type(),
        activities::task(),
        activities::task_priority(),
        activities::task_status(),
        setup::user(),
    ];
    if let Some(name) = activity_key {
        for object in &mut objects {
            if object.name == "Task" || object.name == "Event" {
                object.fields.push(fields::activity_key(name));
            }
        }
    }
    for (parent, child, field, name) in CHILDREN {
        if let Some(object) = objects.iter_mut().find(|object| object.name == *parent) {
            object.children.push(ChildRelationship {
                child: (*child).to_owned(),
                field: (*field).to_owned(),
                name: (*name).to_owned(),
            });
        }
    }
    objects
}

const CHILDREN: &[(&str, &str, &str, &str)] = &[
    ("Account", "Case", "AccountId", "Cases"),
    ("Account", "Contact", "AccountId", "Contacts"),
    ("Account", "Event", "WhatId", "Events"),
    ("Account", "Opportunity", "AccountId", "Opportunities"),
    ("Account", "Task", "WhatId", "Tasks"),
    ("Case", "Event", "WhatId", "Events"),
    ("Case", "Task", "WhatId", "Tasks"),
    ("Contact", "Case", "ContactId", "Cases"),
    ("Contact", "Event", "WhoId", "Events"),
    ("Contact", "Task", "WhoId", "Tasks"),
    ("Lead", "Event", "WhoId", "Events"),
    ("Lead", "Task", "WhoId", "Tasks"),
    ("Opportunity", "Event", "WhatId", "Events"),
    ("Opportunity", "Task", "WhatId", "Tasks"),
];
