//! Asking the CRM for a panel, in as few calls as can be: one for somebody who is known, at most three for a first search.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use causeway_core::{
    call::{Answer, Call, PanelFields, PanelRecord},
    governor::Purpose,
    lane::{Heal, HoldReason, Verdict, Who},
    panel::{
        follow::{self, Whereto},
        loaded::{self, Content, Loaded, Showcase},
        matching::{self, Found, How, Question},
    },
    record::{OrgProfile, PersonRecord, RecordRef},
    time::Timestamp,
};

use super::{Freshness, standing::Standing};
use crate::{
    app::App,
    crm::{Failure, Line},
    store::panel::{self, Remembered},
};

/// After so long a match that the panel made by itself is looked for again: there may be a better one.
const REMEMBERED: Duration = Duration::from_hours(24);

/// Most rounds of reading what matching leads became.
const MOST_ROUNDS: usize = 3;

/// Reads the panel. The org is described again if it turns out to have changed, or if a right was missing and somebody
/// asks for what is there now: it may have been granted.
pub(super) async fn load(app: &App, standing: &Standing, freshness: Freshness) -> Result<Loaded, Failure> {
    let gone = || {
        Failure::Verdict(Verdict::Hold {
            reason: HoldReason::Disconnected,
            who: Who::WorkspaceAdmin,
            detail: String::new(),
        })
    };
    let mut line =
        Line::open_for(app, standing.panel.connection_id, Purpose::Panel).await?.ok_or_else(gone)?;
    let org = line.profile().await?;
    let first = Reading::new(app, standing, &mut line, org).resolve().await;
    let is_worth_describing = match &first {
        Err(Failure::Verdict(Verdict::Heal { to: Heal::Describe, .. })) => true,
        Err(Failure::Verdict(Verdict::Hold { reason: HoldReason::NoPermission, .. })) => {
            freshness == Freshness::Fresh
        }
        _ => false,
    };
    if !is_worth_describing {
        return first;
    }
    let org = line.describe().await?;
    Reading::new(app, standing, &mut line, org).resolve().await
}

/// One reading.
struct Reading<'a> {
    app: &'a App,
    standing: &'a Standing,
    line: &'a mut Line,
    org: OrgProfile,
    fields: PanelFields,
    read_at: Timestamp,
    records: BTreeMap<RecordRef, PanelRecord>,
    asked: BTreeSet<RecordRef>,
}

impl<'a> Reading<'a> {
    fn new(app: &'a App, standing: &'a Standing, line: &'a mut Line, org: OrgProfile) -> Self {
        let fields = loaded::fields(&standing.panel.settings, &org);
        let (records, asked) = (BTreeMap::new(), BTreeSet::new());
        // As old as its request, not as its answer.
        let read_at = Timestamp(app.now());
        Self { app, standing, line, org, fields, read_at, records, asked }
    }

    async fn resolve(mut self) -> Result<Loaded, Failure> {
        let mut lost = None;
        if let Some(link) = &self.standing.link {
            match self.linked(&link.record, &link.rules).await? {
                Some(content) => return Ok(self.loaded(content, None)),
                None => lost = Some(link.record.clone()),
            }
        }
        let digest = self.standing.search_digest(lost.as_ref());
        let content = match self.remembered(&digest).await? {
            Some(content) => content,
            None => self.search(&digest).await?,
        };
        Ok(self.loaded(content, lost))
    }

    fn loaded(&self, content: Content, lost_link: Option<RecordRef>) -> Loaded {
        Loaded { read_at: self.read_at, content, lost_link }
    }

    /// The record that the contact is linked to, or what it became; `None` if that is gone.
    async fn linked(&mut self, link: &RecordRef, rules: &[String]) -> Result<Option<Content>, Failure> {
        let digest = self.standing.link_digest(link);
        let before = self.standing.remembered.clone();
        match before {
            // What it became is remembered, so that a moved record costs no more than another.
            Some(before) if before.searched == digest => {
                if let Some(record) = self.follow(before.record).await? {
                    return Ok(self.one(&record, How::Followed { from: link.clone() }, &[]));
                }
            }
            // It was gone, and another was found in its place: both are read at once.
            Some(before) if before.searched == self.standing.search_digest(Some(link)) => {
                self.read(vec![link.clone(), before.record]).await?;
            }
            _ => {}
        }
        let Some(record) = self.follow(link.clone()).await? else { return Ok(None) };
        if record == *link {
            return Ok(self.one(&record, How::Link { rules: rules.to_vec() }, &[]));
        }
        let how = How::Followed { from: link.clone() };
        self.remember(&record, &digest, &how).await?;
        Ok(self.one(&record, how, &[]))
    }

    /// The record that was found before, if it still is one and still the person's.
    async fn remembered(&mut self, digest: &str) -> Result<Option<Content>, Failure> {
        let Some(before) = self.standing.remembered.clone() else { return Ok(None) };
        let age = self.read_at.since(Timestamp(before.at));
        if before.searched != digest || age >= REMEMBERED {
            return Ok(None);
        }
        let Some(record) = self.follow(before.record.clone()).await? else { return Ok(None) };
        if record != before.record {
            let how = How::Followed { from: before.record };
            self.remember(&record, digest, &how).await?;
            return Ok(self.one(&record, how, &[]));
        }
        let people = self.people();
        let still = people
            .iter()
            .find(|person| person.record == record)
            .and_then(|person| matching::still_matches(&self.question(&people), person));
        let was_followed = Some(before.how).filter(|how| matches!(how, How::Followed { .. }));
        // Without either its number or address was changed in the CRM: it is somebody else's now.
        let how = still.or(was_followed);
        Ok(how.and_then(|how| self.one(&record, how, &[])))
    }

    async fn search(&mut self, digest: &str) -> Result<Content, Failure> {
        let known = &self.standing.known;
        if known.is_empty() {
            return Ok(self.showcase(|showcase| showcase.none(Vec::new(), Vec::new())));
        }
        let query = known.query(&self.standing.panel.settings, self.fields.clone());
        self.ask(Call::PanelFind(query)).await?;
        for round in 0..MOST_ROUNDS {
            let people = self.people();
            match matching::decide(&self.question(&people)) {
                Found::One { record, how, conflict } => {
                    // With a conflict it is searched again each time, so that the conflict is shown.
                    if conflict.is_empty() {
                        self.remember(&record, digest, &how).await?;
                    }
                    if let Some(content) = self.one(&record, how, &conflict) {
                        return Ok(content);
                    }
                    break;
                }
                Found::Several(matches) => {
                    return Ok(self.showcase(|showcase| showcase.several(&matches)));
                }
                Found::Read(records) => self.read(records).await?,
                Found::None => {
                    if round == 0 {
                        self.look_for_near().await?;
                    }
                    break;
                }
            }
        }
        let people = self.people();
        let near = matching::near(&self.question(&people));
        let searched = self.standing.known.searched();
        Ok(self.showcase(|showcase| showcase.none(searched, near)))
    }

    async fn look_for_near(&mut self) -> Result<(), Failure> {
        let known = &self.standing.known;
        let (name, digits, fields) = (known.name.clone(), matching::endings(known), self.fields.clone());
        self.ask(Call::PanelNear { name, digits, fields, step: 0 }).await
    }

    /// Follows a record to what it became.
    async fn follow(&mut self, first: RecordRef) -> Result<Option<RecordRef>, Failure> {
        let mut at = first;
        for _ in 0..=follow::MOST_STEPS {
            if !self.asked.contains(&at) {
                self.read(vec![at.clone()]).await?;
            }
            match follow::whereto(self.records.get(&at).map(|record| &record.person)) {
                Whereto::Stays => return Ok(Some(at)),
                Whereto::Moved(next) => at = next,
                Whereto::Gone => return Ok(None),
            }
        }
        Ok(None)
    }

    async fn read(&mut self, records: Vec<RecordRef>) -> Result<(), Failure> {
        self.asked.extend(records.iter().cloned());
        let fields = self.fields.clone();
        self.ask(Call::PanelRead { records, fields }).await
    }

    async fn ask(&mut self, call: Call) -> Result<(), Failure> {
        if let Answer::Panel(found) = self.line.call(call).await? {
            for record in found {
                // What was read by its id or found by its text is newer than what a search adds.
                self.records.entry(record.person.record.clone()).or_insert(record);
            }
        }
        Ok(())
    }

    fn people(&self) -> Vec<PersonRecord> {
        self.records.values().map(|record| record.person.clone()).collect()
    }

    fn question<'q>(&'q self, candidates: &'q [PersonRecord]) -> Question<'q> {
        Question {
            known: &self.standing.known,
            candidates,
            asked: &self.asked,
            settings: &self.standing.panel.settings,
            region: self.standing.region,
        }
    }

    fn showcase<T>(&self, show: impl FnOnce(Showcase<'_>) -> T) -> T {
        let (crm, place) = (self.line.crm(), self.line.connection().place());
        let url = |record: &RecordRef| crm.record_url(place, record);
        show(Showcase {
            settings: &self.standing.panel.settings,
            org: &self.org,
            records: &self.records,
            url: &url,
        })
    }

    fn one(&self, record: &RecordRef, how: How, conflict: &[(RecordRef, How)]) -> Option<Content> {
        self.showcase(|showcase| showcase.one(record, how, conflict))
    }

    async fn remember(&self, record: &RecordRef, searched: &str, how: &How) -> Result<(), Failure> {
        let (workspace_id, connection_id, contact_id) =
            (self.standing.workspace_id, self.standing.panel.connection_id, self.standing.contact_id);
        let found = Remembered {
            record: record.clone(),
            searched: searched.to_owned(),
            how: how.clone(),
            at: self.read_at.0,
        };
        let write = self.app.db.write(move |tx| {
            let found = found.clone();
            Box::pin(
                async move { panel::remember(tx, workspace_id, connection_id, contact_id, &found).await },
            )
        });
        Ok(write.await?)
    }
}
