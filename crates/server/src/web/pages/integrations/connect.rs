//! Connecting: the choice of the login, and the way to the CRM's own page, in a window of its own.
//!
//! The form is answered by a page of ours with a plain link: no form may lead to another host (see the content policy).

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use causeway_core::{
    crm::{self, Crm, Login},
    rights::Right,
};
use causeway_pages::{
    Here, args,
    form::Field,
    integrations::{self as view, Connect, Opened},
};
use serde::Deserialize;

use super::{
    super::super::{
        Web,
        render::{self, Page, Shown, Trouble, words},
        session::Visitor,
    },
    standing,
};
use crate::crm::{self as stage, ConnectError};

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    environment: String,
    host: String,
}

fn named(name: &str) -> Result<&'static dyn Crm, Trouble> {
    crm::named(name).ok_or(Trouble::Nothing)
}

fn both(crm: &dyn Crm) -> (String, String) {
    (crm.name().to_owned(), crm.title().to_owned())
}

/// Asks which login.
pub(super) async fn form(State(web): State<Web>, visitor: Visitor, Path(crm): Path<String>) -> Shown {
    let connect = fresh(&web, named(&crm)?, &Given::default(), None, None);
    answer(&web, &visitor, StatusCode::OK, &connect).await
}

fn fresh(
    web: &Web,
    crm: &dyn Crm,
    given: &Given,
    host_error: Option<String>,
    error: Option<String>,
) -> Connect {
    let words = words();
    let logins = logins(web, crm);
    let chosen = logins.iter().find(|(place, ..)| *place == given.environment).or(logins.first());
    let chosen = chosen.map(|(place, ..)| place.clone()).unwrap_or_default();
    let host = |_: &Login| {
        let field = Field::new("host", words.say("host")).value(&given.host).error(host_error);
        field.hint(words.of(crm.name(), "host-hint", &[]))
    };
    Connect {
        crm: both(crm),
        action: format!("/integrations/{}/connect", crm.name()),
        back: "/integrations".into(),
        environment: (logins.len() > 1)
            .then(|| Field::new("environment", words.say("environment")).value(chosen)),
        host: crm.logins().iter().find(|login| login.url.is_none()).map(host),
        logins,
        renews: None,
        error,
    }
}

/// Where one may log in: the CRM's places, and, where no host can be typed, those that the operator lists.
fn logins(web: &Web, crm: &dyn Crm) -> Vec<(String, String, String)> {
    let words = words();
    // words: login-*
    let place = |login: &Login| {
        let label = words.of(crm.name(), &format!("login-{}", login.key), &[]);
        (login.key.to_owned(), label, words.of(crm.name(), &format!("login-{}-hint", login.key), &[]))
    };
    let mut logins: Vec<_> = crm.logins().iter().map(place).collect();
    if crm.logins().iter().all(|login| login.url.is_some()) {
        let listed = web.app.config.extra_hosts(crm.name());
        logins.extend(listed.iter().map(|host| (host.clone(), host.clone(), words.say("login-listed"))));
    }
    logins
}

async fn answer(web: &Web, visitor: &Visitor, status: StatusCode, connect: &Connect) -> Shown {
    let words = words();
    if visitor.wants_fragment {
        return Ok((status, view::connect_part(words, connect)).into_response());
    }
    let title = match &connect.renews {
        Some((org, _)) => words.with("reconnect-title", args!["org" => org.as_str()]),
        None => words.with("connect-crm", args!["crm" => connect.crm.1.as_str()]),
    };
    let content = view::connect(words, connect);
    Ok(Page::new(Here::Integrations, &title).with(status).around(web, visitor, &content).await)
}

/// Notes the wish, and leads to the page with the link.
pub(super) async fn begin(
    State(web): State<Web>,
    visitor: Visitor,
    Path(crm): Path<String>,
    Form(given): Form<Given>,
) -> Shown {
    let crm = named(&crm)?;
    let words = words();
    let host = given.host.trim();
    let chosen = crm.logins().iter().find(|login| login.key == given.environment);
    let is_typed = chosen.or(crm.logins().first()).is_some_and(|login| login.url.is_none());
    if is_typed && host.is_empty() {
        let connect = fresh(&web, crm, &given, Some(words.of(crm.name(), "host-empty", &[])), None);
        return answer(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &connect).await;
    }
    let place = if is_typed { host } else { given.environment.as_str() };
    let member = (visitor.workspace_id(), visitor.member.id);
    match stage::begin(&web.app, member, crm.name(), place, None).await {
        Ok(begun) => Ok(lead(&visitor, crm, &begun.open)),
        Err(ConnectError::Login { .. }) if is_typed => {
            let error = words.of(crm.name(), "host-bad", args!["host" => host]);
            let connect = fresh(&web, crm, &given, Some(error), None);
            answer(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &connect).await
        }
        Err(ConnectError::Store(error)) => Err(error.into()),
        Err(error) => {
            let connect = fresh(&web, crm, &given, None, Some(error.to_string()));
            answer(&web, &visitor, StatusCode::CONFLICT, &connect).await
        }
    }
}

/// To the page with the link to the CRM; our script gets its content at once.
fn lead(visitor: &Visitor, crm: &dyn Crm, open: &str) -> Response {
    if visitor.wants_fragment {
        let opened = Opened { crm: both(crm), open: open.to_owned() };
        return render::fragment(view::opened_part(words(), &opened));
    }
    let ticket = open.split_once("ticket=").map_or("", |(_, ticket)| ticket);
    Redirect::to(&format!("/integrations/{}/connect/open?ticket={ticket}", crm.name())).into_response()
}

#[derive(Deserialize)]
pub(super) struct Ticket {
    #[serde(default)]
    ticket: String,
}

/// The link to the CRM.
pub(super) async fn open(
    State(web): State<Web>,
    visitor: Visitor,
    Path(crm): Path<String>,
    Query(query): Query<Ticket>,
) -> Shown {
    let crm = named(&crm)?;
    // Nothing but a ticket of ours gets into the address.
    let is_ticket =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if query.ticket.is_empty() || !is_ticket(&query.ticket) {
        return Err(Trouble::Nothing);
    }
    let open = format!("/oauth/{}/start?ticket={}", crm.name(), query.ticket);
    let content = view::opened(words(), &Opened { crm: both(crm), open });
    let title = words().with("open-title", args!["crm" => crm.title()]);
    Ok(Page::new(Here::Integrations, &title).around(&web, &visitor, &content).await)
}

/// Asks before a grant is renewed.
pub(super) async fn renewal(
    State(web): State<Web>,
    visitor: Visitor,
    Path(connection): Path<String>,
) -> Shown {
    let (_, _, connect) = match renewed(&web, &visitor, &connection).await? {
        Ok(known) => known,
        Err(refused) => return Ok(refused),
    };
    answer(&web, &visitor, StatusCode::OK, &connect).await
}

/// Begins to renew a grant.
pub(super) async fn renew(State(web): State<Web>, visitor: Visitor, Path(connection): Path<String>) -> Shown {
    let (connection, crm, connect) = match renewed(&web, &visitor, &connection).await? {
        Ok(known) => known,
        Err(refused) => return Ok(refused),
    };
    let member = (visitor.workspace_id(), visitor.member.id);
    let begun =
        stage::begin(&web.app, member, crm.name(), &connection.environment, Some(connection.id)).await;
    match begun {
        Ok(begun) => Ok(lead(&visitor, crm, &begun.open)),
        Err(ConnectError::Store(error)) => Err(error.into()),
        Err(error) => {
            let connect = Connect { error: Some(error.to_string()), ..connect };
            answer(&web, &visitor, StatusCode::CONFLICT, &connect).await
        }
    }
}

type Renewed = (crate::store::connection::Connection, &'static dyn Crm, Connect);

/// The connection to renew. Whoever may connect a panel only leaves those alone that something is synchronised by.
async fn renewed(web: &Web, visitor: &Visitor, text: &str) -> Result<Result<Renewed, Response>, Trouble> {
    let (connection, view) = standing::one(web, visitor, text).await?.ok_or(Trouble::Nothing)?;
    let crm = named(&connection.crm)?;
    if !super::connection::may_renew(visitor, &view) {
        return Ok(Err(render::refused(visitor, Right::ConnectSync)));
    }
    // Where the flow begins; where it ends may be another host of the same CRM.
    let begins = crm.login_url(&connection.environment, web.app.config.extra_hosts(crm.name()));
    let host = standing::host(begins.as_deref().unwrap_or(&connection.login_url));
    let address = super::address(connection.id);
    let connect = Connect {
        crm: both(crm),
        action: format!("{address}/reconnect"),
        back: address,
        environment: None,
        logins: Vec::new(),
        host: None,
        renews: Some((view.org, host)),
        error: None,
    };
    Ok(Ok((connection, crm, connect)))
}
