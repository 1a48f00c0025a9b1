//! While somebody is held for want of a record, changed records are read each minute, of the modules that conversations go
//! to, and matched here, so that a record made by hand releases what waits by itself (R2.41).

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use causeway_core::{
    address::{
        Address, AddressKind,
        phone::{self, Phone, Region, Strength},
    },
    call::{Answer, Call, Changes},
    lane::Verdict,
    record::{Module, PersonRecord},
    time::Timestamp,
};

use super::budget;
use crate::{
    app::App,
    crm::{Failure, Line},
    live::Topic,
    store::{
        self, connection, contact,
        integration::{self, State},
        person, workspace,
    },
};

/// How often changes are read.
const EVERY: i64 = 60_000_000;

/// Rows may become visible this long after the time they bear: a long transaction stamps early, commits late.
const OVERLAP: Duration = Duration::from_mins(10);

/// How far back the first reading goes.
const FIRST: Duration = Duration::from_hours(1);

/// The modules that the connection's conversations go to.
async fn modules(app: &App, connection_id: i64) -> store::Result<Vec<Module>> {
    let integrations = app.db.read(move |tx| Box::pin(integration::of_connection(tx, connection_id))).await?;
    let active = integrations.iter().filter(|integration| integration.state == State::Active);
    let modules = active.flat_map(|integration| integration.settings.modules());
    Ok(modules.collect::<BTreeSet<_>>().into_iter().collect())
}

/// Reads changes if they are due. Answers when they are due next; `None` when nobody waits for them.
pub async fn follow(app: &App, line: &mut Line) -> Result<Option<i64>, Failure> {
    let connection_id = line.connection().id;
    let waiting = app.db.read(move |tx| Box::pin(person::waiting_for_a_record(tx, connection_id))).await?;
    let now = app.now();
    if waiting.is_empty() {
        if line.connection().follow_at.is_some() {
            app.db.write(move |tx| Box::pin(connection::forget_followed(tx, connection_id))).await?;
        }
        return Ok(None);
    }
    if let Some(next) = line.connection().follow_at.filter(|next| *next > now) {
        return Ok(Some(next));
    }
    if line.connection().wait_until.is_some_and(|until| until > now) {
        return Ok(line.connection().wait_until);
    }
    let since = match line.connection().followed_until {
        Some(until) => Timestamp(until).minus(OVERLAP),
        None => Timestamp(now).minus(FIRST),
    };
    let modules = modules(app, connection_id).await?;
    let profile = line.profile().await;
    let read = match profile {
        Ok(_) => line.call(Call::ChangedPeople(Changes { modules, since, ..Changes::default() })).await,
        Err(failure) => Err(failure),
    };
    let next = now + EVERY;
    match read {
        Ok(Answer::Changed(people, until)) => {
            release(app, line, &waiting, &people).await?;
            app.db
                .write(move |tx| Box::pin(connection::put_followed(tx, connection_id, Some(until.0), next)))
                .await?;
        }
        Ok(_) => {
            tracing::warn!(connection.id = connection_id, "lane.follow: an answer of another kind");
            app.db.write(move |tx| Box::pin(connection::put_followed(tx, connection_id, None, next))).await?;
        }
        Err(Failure::Verdict(verdict)) => {
            log(connection_id, &verdict);
            budget::rest_at(app, line, &verdict).await?;
            app.db.write(move |tx| Box::pin(connection::put_followed(tx, connection_id, None, next))).await?;
        }
        Err(failure) => return Err(failure),
    }
    Ok(Some(next))
}

fn log(connection_id: i64, verdict: &Verdict) {
    tracing::warn!(connection.id = connection_id, verdict = verdict.word(), "lane.follow");
}

/// Releases those who are held and whose number or address a changed record bears.
async fn release(app: &App, line: &Line, waiting: &[i64], changed: &[PersonRecord]) -> store::Result<()> {
    let (workspace_id, connection_id) = (line.connection().workspace_id, line.connection().id);
    let waiting = waiting.to_vec();
    let (region, held) = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let region = workspace::find(tx, workspace_id).await?.and_then(|workspace| workspace.region);
                let mut held = BTreeMap::new();
                for contact_id in waiting {
                    held.insert(contact_id, contact::addresses_of(tx, workspace_id, contact_id).await?);
                }
                Ok((region, held))
            })
        })
        .await?;
    let now = app.now();
    for (contact_id, addresses) in held {
        let phones: Vec<Phone> = addresses.iter().filter_map(Address::phone).collect();
        let Some(found) = changed.iter().find(|person| is_theirs(person, &phones, &addresses, region)) else {
            continue;
        };
        let record = found.record.clone();
        app.db
            .write(move |tx| {
                Box::pin(async move {
                    person::suspect(tx, connection_id, contact_id, &record).await?;
                    person::release(tx, connection_id, contact_id, now).await
                })
            })
            .await?;
        app.live.tell(workspace_id, &[Topic::Deliveries, Topic::Notices, Topic::Contact(contact_id)]);
        app.bells.lanes.notify_one();
    }
    Ok(())
}

fn is_theirs(person: &PersonRecord, phones: &[Phone], addresses: &[Address], region: Option<Region>) -> bool {
    if person.is_deleted {
        return false;
    }
    let country = person.country.as_deref().and_then(|country| country.parse::<Region>().ok());
    let by_phone = person.phones.iter().any(|(_, stored)| {
        phones.iter().filter(|ours| phone::linkable(ours)).any(|ours| {
            phone::compare(ours, stored, country, region).is_some_and(|strength| strength != Strength::Digits)
        })
    });
    let emails = addresses.iter().filter(|address| address.kind == AddressKind::Email);
    by_phone
        || emails.into_iter().any(|ours| person.emails.iter().any(|it| it.eq_ignore_ascii_case(&ours.value)))
}
