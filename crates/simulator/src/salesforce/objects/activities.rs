//! What people do with people: Task, Event, and the values a Task may take.

use super::fields::{field, flag, long_text, object, picklist, read_only_object, reference, text};
use super::people::subject;
use crate::salesforce::schema::{
    FieldKind::{Date, Datetime, Int},
    FieldSchema, ObjectSchema,
};

/// Task (00T).
pub fn task() -> ObjectSchema {
    let mut fields = related();
    fields.extend([
        subject(),
        field("ActivityDate", "Due Date Only", Date),
        picklist(
            "Status",
            "Status",
            &["*Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred"],
        )
        .required()
        .defaulted(),
        picklist("Priority", "Priority", &["High", "*Normal", "Low"]).required().defaulted(),
        flag("IsHighPriority", "High Priority").read_only(),
        reference("OwnerId", "Assigned To ID", &["Group", "User"]).required().defaulted(),
        long_text("Description", "Description"),
        picklist("Type", "Type", &["Call", "Meeting", "Other"]),
        reference("AccountId", "Account ID", &["Account"]).read_only(),
        flag("IsClosed", "Closed").read_only(),
        flag("IsArchived", "Archived").read_only(),
        flag("IsVisibleInSelfService", "Visible in Self-Service"),
        field("CallDurationInSeconds", "Call Duration", Int),
        picklist("CallType", "Call Type", &["Internal", "Inbound", "Outbound"]).len(40),
        text("CallDisposition", "Call Result", 255),
        text("CallObject", "Call Object Identifier", 255),
        field("ReminderDateTime", "Reminder Date/Time", Datetime),
        flag("IsReminderSet", "Reminder Set"),
        flag("IsRecurrence", "Create Recurring Series of Tasks").create_only(),
        picklist("TaskSubtype", "Task Subtype", &["*Task", "Email", "ListEmail", "Call", "LinkedIn"])
            .len(40)
            .restricted()
            .create_only()
            .defaulted(),
        field("CompletedDateTime", "Completed Date", Datetime).read_only(),
    ]);
    object("Task", "Task", "Tasks", "00T", fields)
}

/// Event (00U).
pub fn event() -> ObjectSchema {
    let mut fields = related();
    fields.extend([
        subject(),
        text("Location", "Location", 255),
        flag("IsAllDayEvent", "All-Day Event"),
        field("ActivityDateTime", "Due Date Time", Datetime),
        field("ActivityDate", "Due Date Only", Date),
        field("DurationInMinutes", "Duration", Int),
        field("StartDateTime", "Start Date Time", Datetime),
        field("EndDateTime", "End Date Time", Datetime),
        long_text("Description", "Description"),
        reference("AccountId", "Account ID", &["Account"]).read_only(),
        reference("OwnerId", "Assigned To ID", &["User"]).required().defaulted(),
        picklist("Type", "Type", &["Email", "Meeting", "Call", "Other"]),
        flag("IsPrivate", "Private"),
        picklist("ShowAs", "Show Time As", &["*Busy", "OutOfOffice", "Free"])
            .len(40)
            .restricted()
            .defaulted(),
        flag("IsChild", "Is Child").read_only(),
        flag("IsGroupEvent", "Is Group Event").read_only(),
        picklist("GroupEventType", "Group Event Type", &["0", "1", "2", "3"]).len(40).read_only(),
        flag("IsArchived", "Archived").read_only(),
        picklist("EventSubtype", "Event Subtype", &["*Event"]).len(40).restricted().create_only().defaulted(),
        field("ReminderDateTime", "Reminder Date/Time", Datetime),
        flag("IsReminderSet", "Reminder Set"),
        flag("IsVisibleInSelfService", "Visible in Self-Service"),
    ]);
    object("Event", "Event", "Events", "00U", fields)
}

/// TaskStatus (01T is the vendor's own): which statuses close a Task.
pub fn task_status() -> ObjectSchema {
    let closed = flag("IsClosed", "Closed").read_only();
    value_list("TaskStatus", "Task Status Value", "01T", closed)
}

/// TaskPriority: which priorities are high.
pub fn task_priority() -> ObjectSchema {
    let high = flag("IsHighPriority", "High Priority").read_only();
    value_list("TaskPriority", "Task Priority Value", "01U", high)
}

fn value_list(name: &str, label: &str, prefix: &str, mark: FieldSchema) -> ObjectSchema {
    let fields = vec![
        text("MasterLabel", "Master Label", 255).kept().named(),
        text("ApiName", "Api Name", 255).kept(),
        field("SortOrder", "Sort Order", Int).read_only(),
        flag("IsDefault", "Is Default").read_only(),
        mark,
    ];
    let mut object = read_only_object(name, label, label, prefix, fields);
    object.fields.retain(|field| !["IsDeleted", "CreatedDate", "CreatedById"].contains(&field.name.as_str()));
    object.replicateable = false;
    object
}

fn related() -> Vec<FieldSchema> {
    vec![
        reference("WhoId", "Name ID", &["Contact", "Lead"]),
        reference("WhatId", "Related To ID", &["Account", "Case", "Opportunity"]),
    ]
}
