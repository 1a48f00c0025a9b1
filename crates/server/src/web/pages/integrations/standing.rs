//! Connections as they stand: what the store knows of each, as the pages show it.

use causeway_core::{
    crm,
    governor::{Purpose, slot},
    rights::Right,
    time::Timestamp,
};
use causeway_pages::integrations::{Connection as View, Standing, Use, Working};

use super::super::super::{Web, render::words, session::Visitor};
use crate::{
    id,
    store::{
        Result, Tx, call_count,
        connection::{self, Connection, Origin, State},
        integration::{self, Integration},
        panel::{self, Panel},
        workspace::{self, Member},
    },
};

/// A connection with all that is shown of it.
struct Known {
    connection: Connection,
    origin: Option<Origin>,
    syncs: Vec<(Integration, bool)>,
    panel: Option<Panel>,
    calls: Vec<(Purpose, u64)>,
    grants: u64,
}

/// The quarter of an hour with which the visitor's day begins.
fn midnight(web: &Web, visitor: &Visitor) -> i64 {
    slot(visitor.workspace.zone.day(Timestamp(web.app.now())).0)
}

/// Every connection of the visitor's workspace.
pub(super) async fn all(web: &Web, visitor: &Visitor) -> Result<Vec<View>> {
    let (workspace_id, day) = (visitor.workspace_id(), midnight(web, visitor));
    let (known, members) = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let mut known = Vec::new();
                let origins = connection::origins(tx, workspace_id).await?;
                for connection in connection::all(tx, Some(workspace_id)).await? {
                    known.push(read(tx, connection, &origins, day).await?);
                }
                Ok((known, workspace::members(tx, workspace_id).await?))
            })
        })
        .await?;
    Ok(known.iter().map(|known| view(visitor, known, &members)).collect())
}

/// The connection of that id, if it is the visitor's workspace's: as stored, and as shown.
pub(super) async fn one(web: &Web, visitor: &Visitor, text: &str) -> Result<Option<(Connection, View)>> {
    let Some(connection_id) = id::read("con", text) else { return Ok(None) };
    let (workspace_id, day) = (visitor.workspace_id(), midnight(web, visitor));
    let found = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let found = connection::find(tx, connection_id).await?;
                let Some(found) = found.filter(|found| found.workspace_id == workspace_id) else {
                    return Ok(None);
                };
                let origins = connection::origins(tx, workspace_id).await?;
                let known = read(tx, found, &origins, day).await?;
                Ok(Some((known, workspace::members(tx, workspace_id).await?)))
            })
        })
        .await?;
    Ok(found.map(|(known, members)| {
        let view = view(visitor, &known, &members);
        (known.connection, view)
    }))
}

async fn read(tx: &mut Tx<'_>, connection: Connection, origins: &[Origin], day: i64) -> Result<Known> {
    let mut syncs = Vec::new();
    for sync in integration::of_connection(tx, connection.id).await? {
        let has_draft = integration::draft(tx, connection.workspace_id, sync.id).await?.is_some();
        syncs.push((sync, has_draft));
    }
    Ok(Known {
        origin: origins.iter().find(|origin| origin.connection_id == connection.id).copied(),
        syncs,
        panel: panel::find(tx, connection.workspace_id, connection.id).await?,
        calls: call_count::of_org(tx, &connection.crm, &connection.org_id, day).await?,
        grants: connection::grants(tx, &connection.crm, &connection.org_id, &connection.user_id).await?,
        connection,
    })
}

fn view(visitor: &Visitor, known: &Known, members: &[Member]) -> View {
    let connection = &known.connection;
    let crm = crm::named(&connection.crm);
    let org = connection.profile.as_ref();
    let made = known.origin.map_or((None, Timestamp(0)), |origin| {
        let by = members.iter().find(|member| member.id == origin.member_id);
        (by.map(|member| member.name.clone()), Timestamp(origin.at))
    });
    let is_connected = connection.state == State::Connected;
    let most = crm.and_then(crm::Crm::grants_per_user).filter(|most| is_connected && known.grants >= *most);
    let scopes = crm.map(|crm| crm.missing_scopes(&connection.scopes)).unwrap_or_default();
    View {
        id: id::connection(connection.id),
        crm: (
            connection.crm.clone(),
            crm.map_or_else(|| connection.crm.clone(), |crm| crm.title().to_owned()),
        ),
        org: org.map_or_else(|| connection.org_id.clone(), |org| org.org_name.clone()),
        org_id: connection.org_id.clone(),
        is_sandbox: org.map_or_else(
            || crm.is_some_and(|crm| crm.is_sandbox(&connection.environment)),
            |org| org.is_sandbox,
        ),
        host: host(&connection.login_url),
        state: standing(connection.state),
        detail: connection.detail.clone(),
        user: org.map(|org| org.acting_user.name.clone()),
        made,
        uses: uses(visitor, known),
        has_sync: !known.syncs.is_empty(),
        usage: connection.usage.map(|usage| (usage.used, usage.limit)),
        calls: known.calls.clone(),
        missing: org.into_iter().flat_map(|org| &org.missing).map(missing).collect(),
        scopes: scopes.into_iter().filter(|_| is_connected).map(str::to_owned).collect(),
        grants: most.map(|most| (known.grants, most)),
        rests: connection.wait_until.map(Timestamp),
    }
}

fn missing(missing: &causeway_core::record::Missing) -> (String, String, bool) {
    (missing.what.clone(), missing.action.clone(), missing.is_fatal)
}

/// The host of an address that has nothing else.
pub(super) fn host(login_url: &str) -> String {
    login_url.split_once("://").map_or(login_url, |(_, host)| host).to_owned()
}

fn standing(state: State) -> Standing {
    match state {
        State::Connected => Standing::Connected,
        State::Lost => Standing::Lost,
        State::OtherOrg => Standing::OtherOrg,
        State::Disconnected => Standing::Disconnected,
    }
}

/// Whether an integration works, as the pages say it.
pub(in crate::web::pages) fn working(state: integration::State) -> Working {
    match state {
        integration::State::Draft => Working::Draft,
        integration::State::Active => Working::Active,
        integration::State::Paused => Working::Paused,
    }
}

fn uses(visitor: &Visitor, known: &Known) -> Vec<Use> {
    let syncs = known.syncs.iter().map(|(sync, has_draft)| Use {
        name: words().say("use-sync"),
        is_sync: true,
        address: visitor
            .may(Right::ConnectSync)
            .then(|| format!("/integrations/chat-sync/{}", id::integration(sync.id))),
        state: working(sync.state),
        has_draft: *has_draft && sync.state != integration::State::Draft,
    });
    let panel = known.panel.iter().map(|panel| Use {
        name: words().say("use-panel"),
        is_sync: false,
        address: Some(super::panel::address(panel.connection_id)),
        state: if panel.is_on { Working::Active } else { Working::Paused },
        has_draft: false,
    });
    syncs.chain(panel).collect()
}
