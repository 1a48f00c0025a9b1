//! How each simulated org is started, and how it speaks of its records.

use std::path::PathBuf;

use anyhow::{Context, Result};
use causeway_simulator::{salesforce, serve, zoho};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// A CRM, as its simulated org shows it behind the curtain.
#[derive(Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The product's word for it.
    pub crm: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Id and secret of the app that every org knows.
    pub app: (&'static str, &'static str),
    /// The modules of people.
    pub people: [&'static str; 2],
    /// The module of entries.
    pub entries: &'static str,
    /// Fields of an entry: the record that it stands on, its first line, its text.
    pub on: &'static str,
    pub subject: &'static str,
    pub body: &'static str,
    /// The field of a record's id.
    pub id: &'static str,
    /// The module of users, and what they log in with.
    pub users: &'static str,
    pub user_name: &'static str,
    /// What a deleted record has.
    pub deleted: &'static str,
    /// Family name and number of a person.
    pub last_name: &'static str,
    pub phone: &'static str,
}

/// Salesforce: a task for each message.
pub const SALESFORCE: Dialect = Dialect {
    crm: "salesforce",
    title: "Salesforce",
    app: ("causeway-sim", "causeway-sim-secret"),
    people: ["Contact", "Lead"],
    entries: "Task",
    on: "WhoId",
    subject: "Subject",
    body: "Description",
    id: "Id",
    users: "User",
    user_name: "Username",
    deleted: "IsDeleted",
    last_name: "LastName",
    phone: "MobilePhone",
};

/// Zoho CRM: a note for each day.
pub const ZOHO: Dialect = Dialect {
    crm: "zoho",
    title: "Zoho CRM",
    app: ("1000.CAUSEWAYSIM", "causeway-sim-secret"),
    people: ["Contacts", "Leads"],
    entries: "Notes",
    on: "Parent_Id",
    subject: "Note_Title",
    body: "Note_Content",
    id: "id",
    users: "Users",
    user_name: "email",
    deleted: "$deleted",
    last_name: "Last_Name",
    phone: "Mobile",
};

impl Dialect {
    /// The text of a field; of a reference, the id.
    pub fn text<'a>(&self, record: &'a Value, field: &str) -> &'a str {
        let value = &record[field];
        value.as_str().or_else(|| value[self.id].as_str()).unwrap_or_default()
    }

    /// Was it deleted?
    pub fn is_deleted(&self, record: &Value) -> bool {
        record[self.deleted] == json!(true)
    }

    /// Starts an org on that socket, with its records in that folder, until `stop` is done.
    pub fn start(
        &self,
        listener: TcpListener,
        data: PathBuf,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<JoinHandle<()>> {
        let public_url = Some(format!("http://{}", listener.local_addr()?));
        let title = self.title;
        let why = || format!("the simulated {title} org does not start");
        let end = move |ended: std::io::Result<()>| {
            if let Err(error) = ended {
                eprintln!("the simulated {title} org stopped: {error}");
            }
        };
        if self.crm == ZOHO.crm {
            let options = zoho::Options { data: Some(data), public_url, ..zoho::Options::default() };
            let org = zoho::Org::open(options).with_context(why)?;
            return Ok(tokio::spawn(async move { end(serve::serve(org, listener, stop).await) }));
        }
        let options = salesforce::Options { data: Some(data), public_url, ..salesforce::Options::default() };
        let org = salesforce::Org::open(options).with_context(why)?;
        Ok(tokio::spawn(async move { end(serve::serve(org, listener, stop).await) }))
    }
}
