//! The panel beside a conversation, against the simulated org, on both databases.

mod cache;
mod fields;
mod finding;
mod links;
mod states;

use causeway::{
    panel::{self, Ask, Freshness},
    store::{
        contact,
        panel::Chosen,
        person,
        workspace::{self, Member, Workspace},
    },
};
use causeway_core::{
    address::{Address, AddressKind},
    panel::{
        settings::PanelSettings,
        show::Shown,
        view::{Matched, View},
    },
    record::{Module, RecordRef},
    rights::Role,
    time::Zone,
};

use crate::{
    store::engine::Place,
    world::{Setting, World},
};

/// A world that is connected and syncs nothing.
async fn world(place: Place) -> World {
    let mut world = World::unconnected(place, Setting::default()).await;
    world.connect().await.unwrap();
    world
}

/// An address of a phone, as a person or a channel without country codes gives it.
fn number(text: &str) -> Address {
    Address::phone_from_international(text).unwrap_or_else(|| Address {
        kind: AddressKind::Phone,
        scope: String::new(),
        value: text.into(),
        raw: text.into(),
    })
}

fn email(text: &str) -> Address {
    Address::email(text).unwrap()
}

impl World {
    /// A contact of that name with these addresses.
    pub async fn contact(&self, name: &str, addresses: Vec<Address>) -> i64 {
        let (workspace_id, id, now) = (self.workspace_id, self.app.nature.id(), self.app.now());
        let name = name.to_owned();
        self.app
            .db
            .write(move |tx| {
                let (name, addresses) = (name.clone(), addresses.clone());
                Box::pin(async move {
                    contact::create(tx, workspace_id, id, now).await?;
                    contact::give(tx, workspace_id, id, &addresses, now).await?;
                    contact::rename(tx, workspace_id, id, Some(&name), None, now).await
                })
            })
            .await
            .unwrap();
        id
    }

    fn ask(&self, contact_id: i64) -> Ask {
        let (workspace_id, connection_id) = (self.workspace_id, self.connection_id);
        Ask { workspace_id, contact_id, connection_id, role: Role::Agent }
    }

    /// The panel as an agent sees it.
    async fn panel(&self, contact_id: i64) -> View {
        panel::view(&self.app, self.ask(contact_id), Freshness::Cached).await.unwrap()
    }

    /// The panel after the refresh button.
    async fn refreshed(&self, contact_id: i64) -> View {
        panel::view(&self.app, self.ask(contact_id), Freshness::Fresh).await.unwrap()
    }

    async fn matched(&self, contact_id: i64) -> Matched {
        matched(self.panel(contact_id).await)
    }

    /// Chooses what the panel shows, as a manager does.
    async fn choose(&self, settings: PanelSettings) {
        let (workspace_id, connection_id) = (self.workspace_id, self.connection_id);
        let shown = panel::connections(&self.app, workspace_id).await.unwrap();
        let present = shown.into_iter().find(|panel| panel.connection_id == connection_id).unwrap();
        let chosen = Chosen { is_on: true, settings, revision: present.revision };
        panel::change(&self.app, workspace_id, connection_id, None, chosen).await.unwrap();
    }

    /// Links a contact as chat sync does.
    async fn link(&self, contact_id: i64, module: Module, record: &str) {
        let (workspace_id, connection_id, now) = (self.workspace_id, self.connection_id, self.app.now());
        let record = RecordRef { module, id: record.to_owned() };
        let linked = person::Person { contact_id, record: Some(record), ..person::Person::default() };
        self.app
            .db
            .write(move |tx| {
                let linked = linked.clone();
                Box::pin(async move { person::put(tx, workspace_id, connection_id, &linked, now).await })
            })
            .await
            .unwrap();
    }

    /// Goes over to another workspace, which is connected to the same org.
    async fn another_workspace(&mut self) {
        let (id, member_id, now) = (self.app.nature.id(), self.app.nature.id(), self.app.now());
        let other = Workspace { id, name: "Other".into(), zone: Zone::utc(), region: "JP".parse().ok() };
        let owner = Member {
            id: member_id,
            name: "Stranger".into(),
            email: "stranger@other.test".into(),
            role: Role::Owner,
        };
        self.app
            .db
            .write(move |tx| {
                let (other, owner) = (other.clone(), owner.clone());
                Box::pin(async move {
                    workspace::create(tx, &other, "UTC", now).await?;
                    workspace::put_member(tx, id, &owner, now).await
                })
            })
            .await
            .unwrap();
        self.workspace_id = id;
        self.connect().await.unwrap();
    }

    async fn owner(&self) -> Member {
        self.members().await.remove(0)
    }

    /// How many calls of its API the org has had.
    async fn api_calls(&self) -> usize {
        self.calls("/services/data").await
    }
}

fn matched(view: View) -> Matched {
    match view {
        View::Matched(matched) => matched,
        other => panic!("nothing matched: {other:?}"),
    }
}

/// What a field of the panel says.
fn said(matched: &Matched, name: &str) -> Option<String> {
    let field = matched.fields.iter().find(|field| field.name == name);
    field.unwrap_or_else(|| panic!("no field {name}: {matched:?}")).value.as_ref().map(Shown::text)
}
