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
    crm::{self, Crm},
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
    let connect = fresh(named(&crm)?, &Given::default(), None, None);
    answer(&web, &visitor, StatusCode::OK, &connect).await
}

fn fresh(crm: &dyn Crm, given: &Given, host_error: Option<String>, error: Option<String>) -> Connect {
    let words = words();
    let chosen = match given.environment.as_str() {
        "sandbox" => "sandbox",
        "own" => "own",
        _ => "production",
    };
    Connect {
        crm: both(crm),
        action: format!("/integrations/{}/connect", crm.name()),
        back: "/integrations".into(),
        environment: Some(Field::new("environment", words.say("environment")).value(chosen)),
        host: Some(
            Field::new("host", words.say("host"))
                .value(&given.host)
                .hint(words.of(crm.name(), "host-hint", &[]))
                .error(host_error),
        ),
        renews: None,
        error,
    }
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
    let environment = match given.environment.as_str() {
        "own" if host.is_empty() => {
            let connect = fresh(crm, &given, Some(words.of(crm.name(), "host-empty", &[])), None);
            return answer(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &connect).await;
        }
        "own" => host.to_owned(),
        "sandbox" => "sandbox".to_owned(),
        _ => "production".to_owned(),
    };
    let member = (visitor.workspace_id(), visitor.member.id);
    match stage::begin(&web.app, member, crm.name(), &environment, None).await {
        Ok(begun) => Ok(lead(&visitor, crm, &begun.open)),
        Err(ConnectError::Host(_)) => {
            let error = words.of(crm.name(), "host-bad", args!["host" => host]);
            let connect = fresh(crm, &given, Some(error), None);
            answer(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &connect).await
        }
        Err(ConnectError::Store(error)) => Err(error.into()),
        Err(error) => {
            let connect = fresh(crm, &given, None, Some(error.to_string()));
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
    let host = connection.login_url.split_once("://").map_or("", |(_, host)| host).to_owned();
    let address = super::address(connection.id);
    let connect = Connect {
        crm: both(crm),
        action: format!("{address}/reconnect"),
        back: address,
        environment: None,
        host: None,
        renews: Some((view.org, host)),
        error: None,
    };
    Ok(Ok((connection, crm, connect)))
}
