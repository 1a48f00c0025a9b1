//! The orgs that a workspace is connected to, as pages name them. Lighter than connections: it is read for every page
//! that mentions a CRM.

use std::collections::BTreeMap;

use causeway_core::{
    crm::{self, Place},
    record::Module,
};
use serde::Deserialize;

use super::{Result, Row, Tx, args, connection::State};

/// An org behind a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Org {
    /// The connection.
    pub connection_id: i64,
    /// The CRM's name.
    pub crm: String,
    /// Where the API is.
    pub instance_url: String,
    /// The CRM's id of it.
    pub org_id: String,
    /// The words for its modules in addresses.
    pub tabs: BTreeMap<Module, String>,
    /// Its name, or its id in the CRM while it was not described.
    pub name: String,
    /// It is a copy for testing.
    pub is_sandbox: bool,
    /// Whether the connection can be used.
    pub state: State,
}

/// As much of an org's description as is needed here; the rest, which is long, is passed over.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Described {
    org_name: String,
    is_sandbox: bool,
    tabs: BTreeMap<Module, String>,
}

impl Org {
    /// Where its pages are.
    pub fn place(&self) -> Place<'_> {
        Place { instance_url: &self.instance_url, org_id: &self.org_id, tabs: &self.tabs }
    }
}

/// The orgs of a workspace, the oldest connection first.
pub async fn of_workspace(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<Org>> {
    let sql = "SELECT id, crm, instance_url, org_id, environment, state, profile FROM connection \
               WHERE workspace_id = $1 ORDER BY id";
    tx.rows(sql, args![workspace_id]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Org> {
    let profile = row.opt_text("profile")?;
    // What another version described is described anew before it is used; until then the id has to do.
    let described = profile.and_then(|profile| serde_json::from_str::<Described>(&profile).ok());
    let name = described.as_ref().map(|org| org.org_name.clone()).filter(|name| !name.is_empty());
    let tabs = described.as_ref().map(|org| org.tabs.clone()).unwrap_or_default();
    let (crm, environment) = (row.text("crm")?, row.text("environment")?);
    let is_sandbox = described.map_or_else(
        || crm::named(&crm).is_some_and(|crm| crm.is_sandbox(&environment)),
        |org| org.is_sandbox,
    );
    Ok(Org {
        org_id: row.text("org_id")?,
        tabs,
        connection_id: row.int("id")?,
        crm,
        instance_url: row.text("instance_url")?,
        name: match name {
            Some(name) => name,
            None => row.text("org_id")?,
        },
        is_sandbox,
        state: State::of(&row.text("state")?),
    })
}
