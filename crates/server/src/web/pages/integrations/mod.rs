//! Integrations: the catalogue, connecting, one connection.

mod catalogue;
mod connect;
mod connection;
mod panel;
mod standing;

pub(super) use standing::working;

use causeway_core::rights::Right;

use super::Routes;
use crate::id;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/integrations", Right::ConnectPanel, catalogue::show)
        .get("/integrations/{crm}/connect", Right::ConnectPanel, connect::form)
        .post("/integrations/{crm}/connect", Right::ConnectPanel, connect::begin)
        .get("/integrations/{crm}/connect/open", Right::ConnectPanel, connect::open)
        .get("/integrations/panel/{connection}", Right::ConnectPanel, panel::show)
        .post("/integrations/panel/{connection}", Right::ConnectPanel, panel::save)
        .get("/integrations/connection/{connection}", Right::ConnectPanel, connection::show)
        .get("/integrations/connection/{connection}/reconnect", Right::ConnectPanel, connect::renewal)
        .post("/integrations/connection/{connection}/reconnect", Right::ConnectPanel, connect::renew)
        .get("/integrations/connection/{connection}/disconnect", Right::ConnectSync, connection::ask)
        .post("/integrations/connection/{connection}/disconnect", Right::ConnectSync, connection::disconnect)
        .post("/integrations/connection/{connection}/calls", Right::ConnectSync, connection::choose_calls)
        .post("/integrations/connection/{connection}/chat-sync", Right::ConnectSync, connection::set_up_sync)
}

/// The page of a connection.
pub(super) fn address(connection_id: i64) -> String {
    format!("/integrations/connection/{}", id::connection(connection_id))
}
