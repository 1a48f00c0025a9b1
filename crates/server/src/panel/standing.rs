//! What the store knows of a contact under a connection: everything that a panel depends on before the CRM is asked.

use causeway_core::{
    address::{Address, phone::Region},
    crm,
    panel::matching::Known,
    record::RecordRef,
    time::Timestamp,
};
use serde_json::json;

use super::{Ask, Refused};
use crate::{
    app::App,
    store::{
        contact,
        panel::{self, Panel, Remembered},
        person, workspace,
    },
};

/// A contact's link under a connection.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) record: RecordRef,
    /// By which rules, in words.
    pub(super) rules: Vec<String>,
}

/// What is known.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) workspace_id: i64,
    /// The contact as it is now: one that was absorbed is the one it became.
    pub(super) contact_id: i64,
    pub(super) panel: Panel,
    pub(super) known: Known,
    pub(super) link: Option<Link>,
    pub(super) remembered: Option<Remembered>,
    pub(super) region: Option<Region>,
    addresses: Vec<Address>,
}

pub(super) async fn read(app: &App, ask: Ask) -> Result<Standing, Refused> {
    let Ask { workspace_id, contact_id, connection_id, .. } = ask;
    app.db
        .read(move |tx| {
            Box::pin(async move {
                let Some(contact) = contact::find(tx, workspace_id, contact_id).await? else {
                    return Ok(Err(Refused::NoContact));
                };
                let Some(panel) = panel::find(tx, workspace_id, connection_id).await? else {
                    return Ok(Err(Refused::NoConnection));
                };
                let addresses = contact::addresses_of(tx, workspace_id, contact.id).await?;
                let person = person::of_contacts(tx, connection_id, &[contact.id]).await?.remove(&contact.id);
                let link = person.and_then(|person| {
                    let rules = person.trace.map(|trace| trace.rules).unwrap_or_default();
                    Some(Link { record: person.record?, rules })
                });
                let remembered = panel::remembered(tx, workspace_id, connection_id, contact.id).await?;
                let region = workspace::find(tx, workspace_id).await?.and_then(|workspace| workspace.region);
                Ok(Ok(Standing {
                    workspace_id,
                    contact_id: contact.id,
                    known: Known::of(&addresses, contact.name.as_deref()),
                    panel,
                    link,
                    remembered,
                    region,
                    addresses,
                }))
            })
        })
        .await?
}

impl Standing {
    /// Under which what is read is kept: one place for each contact under each connection.
    pub(super) fn key(&self) -> (i64, i64) {
        (self.panel.connection_id, self.contact_id)
    }

    /// All that decides what would be read now. What was read on another basis is not shown any more, whichever node
    /// changed it.
    pub(super) fn basis(&self) -> String {
        let link = self.link.as_ref().map(|link| &link.record);
        json!([self.panel.org_id, self.panel.settings, self.addresses(), self.region_code(), link])
            .to_string()
    }

    /// The digest of what a search depends on; `lost` is the link in whose place it is made.
    pub(super) fn search_digest(&self, lost: Option<&RecordRef>) -> String {
        let settings = &self.panel.settings;
        let choices = json!([settings.literal, settings.phone_fields]);
        let all = json!(["search", self.panel.org_id, choices, self.addresses(), self.region_code(), lost]);
        workspace::digest(&all.to_string())
    }

    /// The digest under which is remembered what a linked record became.
    pub(super) fn link_digest(&self, link: &RecordRef) -> String {
        workspace::digest(&json!(["link", self.panel.org_id, link]).to_string())
    }

    fn addresses(&self) -> Vec<(&'static str, &str, &str)> {
        let of = |address| -> &Address { address };
        let each = self.addresses.iter().map(of);
        let mut all: Vec<_> = each
            .map(|address| (contact::kind_word(address.kind), address.value.as_str(), address.raw.as_str()))
            .collect();
        all.sort_unstable();
        all
    }

    fn region_code(&self) -> Option<String> {
        self.region.map(|region| region.to_string())
    }

    /// When a limit that refuses now is worth trying again.
    pub(super) fn limit_retry_at(&self, now: Timestamp) -> Option<Timestamp> {
        crm::named(&self.panel.crm).map(|crm| crm.limit_retry_at(now))
    }
}
