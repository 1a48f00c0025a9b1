//! What the pages of a chat sync show, gathered from the store (and, for the names of owners, from the CRM).

use causeway_core::{crm, plan::settings::ChatSync, time::Timestamp};
use causeway_pages::{
    chat_sync::{Account, ChatSyncPage, Conflict, DraftState, Facts, FieldFaults},
    part::Tone,
};

use super::{
    super::{
        super::{
            Web,
            render::{Trouble, words},
            session::Visitor,
        },
        integrations::working,
    },
    given::{Given, Unread},
};
use crate::{
    id, settings,
    store::{
        connection::{self, Connection, State},
        integration::{self, Draft, Integration},
        integration_version::{self, Version},
        source, workspace,
    },
};

/// A chat sync with all that its pages need.
pub(super) struct Known {
    pub(super) present: Integration,
    pub(super) draft: Option<Draft>,
    pub(super) connection: Connection,
    pub(super) versions: Vec<Version>,
    accounts: Vec<source::Account>,
    members: Vec<workspace::Member>,
}

/// Reads the chat sync of that id, if it is the visitor's workspace's.
pub(super) async fn known(web: &Web, visitor: &Visitor, text: &str) -> Result<Known, Trouble> {
    let (workspace_id, id) = (visitor.workspace_id(), id::read("int", text).ok_or(Trouble::Nothing)?);
    let found = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let Some(present) = integration::find(tx, workspace_id, id).await? else { return Ok(None) };
                let Some(connection) = connection::find(tx, present.connection_id).await? else {
                    return Ok(None);
                };
                Ok(Some(Known {
                    draft: integration::draft(tx, workspace_id, id).await?,
                    versions: integration_version::all(tx, workspace_id, id).await?,
                    accounts: source::accounts(tx, workspace_id).await?,
                    members: workspace::members(tx, workspace_id).await?,
                    present,
                    connection,
                }))
            })
        })
        .await?;
    found.ok_or(Trouble::Nothing)
}

impl Known {
    /// Its page, without an end.
    pub(super) fn address(&self) -> String {
        format!("/integrations/chat-sync/{}", id::integration(self.present.id))
    }

    /// What people call its CRM.
    pub(super) fn crm_title(&self) -> &'static str {
        crm::named(&self.connection.crm).map_or("", crm::Crm::title)
    }

    /// The settings that stand in the form: the draft, or what is in force.
    pub(super) fn wanted(&self) -> &ChatSync {
        self.draft.as_ref().map_or(&self.present.settings, |draft| &draft.settings)
    }

    /// What the settings are about. `given`: a form that names the owners it knows; without one the CRM is asked.
    pub(super) async fn facts(
        &self,
        web: &Web,
        visitor: &Visitor,
        given: Option<&Given>,
    ) -> Result<Facts, Trouble> {
        let users = if let Some(given) = given {
            given.known_users()
        } else {
            let settings = [self.wanted(), &self.present.settings];
            let ids = settings.into_iter().filter_map(|settings| settings.default_owner.clone()).collect();
            let connection_id = self.connection.id;
            let found = settings::owners(&web.app, visitor.workspace_id(), connection_id, ids).await?;
            found.into_iter().map(|user| (user.id, user.name, user.is_active)).collect()
        };
        let account = |account: &source::Account| Account {
            id: account.id,
            key: id::account(account.id),
            label: account.display.clone(),
        };
        let crm = crm::named(&self.connection.crm);
        Ok(Facts {
            crm: self.crm_title().to_owned(),
            holds_automation_back: crm.is_some_and(|crm| crm.capabilities().holds_automation_back),
            adds_fields: crm.is_some_and(|crm| crm.capabilities().adds_fields),
            org: self.connection.profile.clone(),
            accounts: self.accounts.iter().map(account).collect(),
            users,
            zone: visitor.workspace.zone.clone(),
        })
    }

    fn name_of(&self, member_id: Option<i64>) -> Option<String> {
        let member = self.members.iter().find(|member| Some(member.id) == member_id);
        member.map(|member| member.name.clone())
    }

    /// The page as it stands, with what could not be read of the form.
    pub(super) fn page(&self, unread: &Unread, said: Option<(Tone, String)>) -> ChatSyncPage {
        let draft = self.draft.as_ref();
        let is_behind = draft.is_some_and(|draft| draft.base != self.present.revision);
        let conflict = is_behind.then(|| {
            let latest = self.versions.iter().find(|version| version.revision == self.present.revision);
            let base = self
                .versions
                .iter()
                .find(|version| draft.is_some_and(|draft| version.revision == draft.base));
            Conflict {
                by: self.name_of(latest.and_then(|version| version.by)),
                base: base.map(|version| version.settings.clone()),
            }
        });
        let org = self.connection.profile.as_ref();
        ChatSyncPage {
            address: self.address(),
            connection: (
                super::super::integrations::address(self.connection.id),
                org.map_or_else(|| self.connection.org_id.clone(), |org| org.org_name.clone()),
            ),
            is_connected: self.connection.state == State::Connected,
            state: working(self.present.state),
            settings: self.present.settings.clone(),
            revision: self.present.revision,
            wanted: self.wanted().clone(),
            draft: draft.map(|draft| DraftState {
                by: self.name_of(draft.by),
                at: Timestamp(draft.at),
                base: draft.base,
            }),
            conflict,
            faults: self.faults(unread),
            said,
            tried: None,
        }
    }

    /// What is wrong in the form, setting by setting.
    fn faults(&self, unread: &Unread) -> FieldFaults {
        let mut faults = FieldFaults { since: unread.since.clone(), ..FieldFaults::default() };
        if unread.since.is_some() {
            faults.errors.insert("since".into(), words().say("since-bad"));
        }
        let is_used = self.connection.state == State::Connected;
        let Some(org) = self.connection.profile.as_ref().filter(|_| is_used) else { return faults };
        let accounts: Vec<i64> = self.accounts.iter().map(|account| account.id).collect();
        let before = (self.present.state != integration::State::Draft).then_some(&self.present.settings);
        for problem in settings::problems(before, self.wanted(), org, &accounts) {
            let said = faults.errors.entry(problem.field).or_default();
            if !said.is_empty() {
                said.push_str("; ");
            }
            said.push_str(&problem.what);
        }
        faults
    }

    /// The versions as the pages show them.
    pub(super) fn shown_versions(&self) -> Vec<causeway_pages::chat_sync::Shown> {
        let shown = |version: &Version| causeway_pages::chat_sync::Shown {
            revision: version.revision,
            state: working(version.state),
            settings: version.settings.clone(),
            made: (self.name_of(version.by), (version.at > 0).then_some(Timestamp(version.at))),
        };
        self.versions.iter().map(shown).collect()
    }
}
