//! Tasks, meetings and calls: what hangs on a person and on a thing.

use super::super::schema::{Field, Kind, Module};
use super::builder::{description, field, lookup, module, picklist, texts};

/// The value of `lookup` where a record says itself which module it points at.
pub const ANY_MODULE: &str = "se_module";

fn related() -> Vec<Field> {
    vec![lookup("Who_Id", "Contacts"), lookup("What_Id", ANY_MODULE), description()]
}

/// Tasks.
pub fn tasks() -> Module {
    module(
        "Tasks",
        "Task",
        vec![
            vec![
                field("Subject", Kind::Text, 255).mandatory(),
                field("Due_Date", Kind::Date, 20),
                picklist(
                    "Status",
                    &["Not Started", "Deferred", "In Progress", "Completed", "Waiting for input"],
                ),
                picklist("Priority", &["High", "Highest", "Low", "Lowest", "Normal"]),
                field("Send_Notification_Email", Kind::Boolean, 5),
                field("Closed_Time", Kind::Datetime, 120).read_only(),
            ],
            related(),
        ],
    )
}

/// Meetings, whose API name is Events.
pub fn events() -> Module {
    let mut events = module(
        "Events",
        "Meeting",
        vec![
            vec![
                field("Event_Title", Kind::Text, 255).mandatory(),
                field("Start_DateTime", Kind::Datetime, 120).mandatory(),
                field("End_DateTime", Kind::Datetime, 120).mandatory(),
                field("All_day", Kind::Boolean, 5),
            ],
            texts(&["Venue"], 255),
            related(),
        ],
    );
    "Meetings".clone_into(&mut events.inner_name);
    "Meetings".clone_into(&mut events.plural);
    events
}

/// Calls.
pub fn calls() -> Module {
    module(
        "Calls",
        "Call",
        vec![
            vec![
                field("Subject", Kind::Text, 255).mandatory(),
                picklist("Call_Type", &["Inbound", "Outbound", "Missed"]).mandatory(),
                field("Call_Start_Time", Kind::Datetime, 120).mandatory(),
                picklist("Call_Purpose", &["Prospecting", "Administrative", "Negotiation", "Demo"]),
            ],
            texts(&["Call_Duration"], 50),
            related(),
        ],
    )
}
