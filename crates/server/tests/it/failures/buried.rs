//! An entry of which nobody heard is found again wherever it was written and whatever was written since, and is not
//! written twice.

use std::time::Duration;

use causeway::holds::{self, LinkWish};
use causeway_core::{
    plan::settings::Shape,
    record::{EntryKind, Module, RecordRef},
};
use serde_json::json;

use super::{
    clocks::jump,
    ground::Ground,
    story::{Story, calm, cuts, states},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{
        Setting, World,
        crm::{Asking, ZOHO},
    },
};

const DAY: i64 = 86_400_000_000;

on_both_engines!(
    what_nobody_heard_of_is_found_under_hundreds_of_others,
    what_nobody_heard_of_is_found_where_it_was_written_though_its_person_is_linked_elsewhere,
    what_nobody_heard_of_is_found_though_our_clock_was_ahead,
);

/// A world of a CRM with a kind of its entries, one for each message.
struct Case {
    module: &'static str,
    world: World,
    story: Story,
}

/// Every CRM with every kind of its entries.
async fn cases(place: &Place) -> Vec<Case> {
    let mut settings = ZOHO.usual();
    (settings.shape, settings.entry) = (Shape::PerMessage, EntryKind::Task);
    let tasks = Setting { settings, ..Setting::zoho() };
    let kinds = [("Task", Ground::Token.setting()), ("Notes", Ground::Notes.setting()), ("Tasks", tasks)];
    let mut cases = Vec::new();
    for (module, setting) in kinds {
        let world = World::with(place.another().await, setting).await;
        cases.push(Case { module, world, story: Story::default() });
    }
    cases
}

impl Case {
    /// Somebody who is known writes, and the answer to writing it down is lost. Their record.
    async fn lose(&mut self, customer: usize) -> String {
        let known = Story::know(&self.world, customer).await;
        let before = self.world.entries().await.len();
        let strikes = self.world.org.crm().strikes(Asking::WritesEntries);
        let path = strikes["path"].as_str().unwrap().replace("/Notes", &format!("/{}", self.module));
        let mut lost = json!({"kind": "commit_then_cut", "times": 1});
        lost.as_object_mut().unwrap().extend(strikes.as_object().unwrap().clone());
        lost["path"] = path.into();
        self.world.sim("POST", "faults", lost).await;
        self.story.tell(&self.world, &[customer]).await;
        self.world.settle().await;
        assert_eq!(cuts(&self.world).await, 1, "{}", self.module);
        assert_eq!(self.world.entries().await.len(), before + 1, "{}", self.module);
        known
    }

    /// Others write so many entries on a record.
    async fn others_write(&self, record: &str, many: usize) {
        let entry = |number: usize| match self.module {
            "Task" => json!({"Subject": "Call", "Description": format!("call {number}"), "WhoId": record}),
            "Notes" => {
                json!({"Note_Title": "Call", "Note_Content": format!("call {number}"), "Parent_Id": record,
                "$se_module": "Contacts"})
            }
            _ => json!({"Subject": "Call", "Description": format!("call {number}"), "Who_Id": record}),
        };
        let records: Vec<_> = (0..many).map(entry).collect();
        self.world.sim("POST", "records", json!({"object": self.module, "records": records})).await;
    }

    /// Each text is there once, and we know it.
    async fn check(&self, others: usize) {
        calm(&self.world, &self.world.app, Duration::from_hours(72)).await;
        let entries = self.world.entries().await;
        for text in self.story.texts() {
            let said = entries.iter().filter(|entry| entry.body.contains(text)).count();
            assert_eq!(said, 1, "{}: {text}", self.module);
        }
        assert_eq!(entries.len(), others + self.story.len(), "{}", self.module);
        let states = states(&self.world).await;
        assert!(states.keys().all(|(state, _)| state == "written"), "{}: {states:?}", self.module);
    }
}

async fn what_nobody_heard_of_is_found_under_hundreds_of_others(place: Place) {
    for mut case in cases(&place).await {
        let known = case.lose(0).await;
        case.others_write(&known, 450).await;
        case.check(450).await;
    }
}

async fn what_nobody_heard_of_is_found_where_it_was_written_though_its_person_is_linked_elsewhere(
    place: Place,
) {
    for mut case in cases(&place).await {
        case.lose(0).await;
        let world = &case.world;
        let record = RecordRef { module: Module::Contact, id: world.know("Chosen", "+4930900000").await };
        let by = world.members().await.remove(0);
        let contact_id = world.message("wamid.1").await.contact_id.unwrap();
        let wish = LinkWish { contact_id, connection_id: world.connection_id, record };
        holds::link(&world.app, world.workspace_id, &by, wish).await.unwrap();
        case.check(0).await;
    }
}

/// Our clock is ahead as the attempt is recorded, and is set right before anybody looks.
async fn what_nobody_heard_of_is_found_though_our_clock_was_ahead(place: Place) {
    for mut case in cases(&place).await {
        jump(&case.world, 2 * DAY);
        case.story.tell(&case.world, &[1]).await;
        calm(&case.world, &case.world.app, Duration::from_hours(1)).await;
        case.lose(0).await;
        jump(&case.world, -2 * DAY);
        case.check(0).await;
    }
}
