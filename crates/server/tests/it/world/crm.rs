//! How the tests speak of what stands in an org, whichever CRM it is: people, entries, users, and what can be asked of it.

use causeway::settings;
use causeway_core::plan::settings::ChatSync;
use causeway_simulator::{salesforce, zoho};
use serde_json::{Value, json};

use super::{Setting, org::Org};

/// Salesforce.
pub const SALESFORCE: &dyn Crm = &Salesforce;

/// Zoho CRM.
pub const ZOHO: &dyn Crm = &Zoho;

/// A person of an org.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The module, by the CRM's own name.
    pub module: &'static str,
    pub id: String,
    pub first: String,
    pub last: String,
    pub phone: String,
    pub mobile: String,
    pub owner: String,
    pub source: String,
    pub description: String,
    /// Of a lead: where it stands.
    pub stage: String,
    pub is_deleted: bool,
    pub is_converted: bool,
    /// It can be written on: neither deleted nor converted.
    pub is_there: bool,
    /// All of it, as the org has it.
    pub row: Value,
}

/// An entry of an org.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The module, by the CRM's own name.
    pub module: &'static str,
    pub id: String,
    pub subject: String,
    pub body: String,
    /// The record that it stands on.
    pub on: String,
    /// When it was made, as the org says it.
    pub created: String,
    pub is_there: bool,
}

/// Kinds of requests that a pass of the lane makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Making people of strangers.
    MakesPeople,
    /// Changing people that are known.
    ChangesPeople,
    /// Writing new entries.
    WritesEntries,
    /// Changing entries.
    ChangesEntries,
    /// Reading entries before they are changed.
    ReadsEntries,
    /// Looking for entries whose answer was lost.
    LooksForEntries,
    /// Finding people by a query.
    FindsPeople,
    /// Finding people by a search.
    Searches,
    /// Asking for users.
    AsksUsers,
    /// Describing the org.
    Describes,
    /// Renewing the token.
    Renews,
    /// Any write.
    Writes,
    /// Any query.
    Queries,
    /// Any call of the API.
    Calls,
}

/// A CRM, as the tests see it behind the curtain.
pub trait Crm: Sync {
    /// The product's word for it.
    fn name(&self) -> &'static str;
    /// Opens an org; `public_url` is where it says that it is.
    fn open(&self, public_url: &str, setting: &Setting) -> Org;
    /// Id and secret of the app that every org knows.
    fn app(&self) -> (&'static str, &'static str);
    /// What a chat sync is set to here unless somebody chose.
    fn usual(&self) -> ChatSync;
    /// The modules of people, contacts first.
    fn people(&self) -> [&'static str; 2];
    /// The modules of entries.
    fn entries(&self) -> &'static [&'static str];
    /// The module of users.
    fn users(&self) -> &'static str;
    /// Fields of a person: given name, family name, phone, mobile, owner, lead source, description.
    fn person_fields(&self) -> [&'static str; 7];
    /// Of a lead: the field of its stage, an open stage, and a closed one.
    fn stages(&self) -> [&'static str; 3];
    /// What the org calls a field of its own that somebody named so.
    fn own_field(&self, name: &str) -> String;
    /// Fields of an entry: subject, body, when it was made.
    fn entry_fields(&self, module: &str) -> [&'static str; 3];
    /// Where an entry names the record that it stands on.
    fn on(&self, entry: &Value) -> String;
    /// Field of a record's id.
    fn id(&self) -> &'static str;
    /// Fields of when a record was changed, which an edit in the browser moves.
    fn changed(&self) -> &'static [&'static str];
    /// The address of a user.
    fn email(&self) -> &'static str;
    /// Was it deleted?
    fn is_deleted(&self, record: &Value) -> bool;
    /// Was it converted?
    fn is_converted(&self, record: &Value) -> bool;
    /// The switches of whether refresh tokens are replaced, how many seconds access tokens live, and how long the index of
    /// the search is late; what a CRM does not have is left out.
    fn options(&self, rotates: bool, session_seconds: i64, search_delay: i64) -> Value;
    /// What a fault sees of these requests.
    fn strikes(&self, asking: Asking) -> Value;
    /// What a fault sees of requests that write records of that module.
    fn strikes_writing(&self, module: &str) -> Value;
    /// The path where tokens are asked for.
    fn tokens(&self) -> &'static str;
}

struct Salesforce;

impl Crm for Salesforce {
    fn name(&self) -> &'static str {
        "salesforce"
    }

    fn open(&self, public_url: &str, setting: &Setting) -> Org {
        let options = salesforce::Options {
            public_url: Some(public_url.to_owned()),
            seed: setting.seed,
            external_id_field: setting.has_external_id.then(|| "Causeway_Key__c".to_owned()),
            ..salesforce::Options::default()
        };
        salesforce::Org::open(options).unwrap().into()
    }

    fn app(&self) -> (&'static str, &'static str) {
        ("causeway-sim", "causeway-sim-secret")
    }

    fn usual(&self) -> ChatSync {
        ChatSync::default()
    }

    fn people(&self) -> [&'static str; 2] {
        ["Contact", "Lead"]
    }

    fn entries(&self) -> &'static [&'static str] {
        &["Task"]
    }

    fn users(&self) -> &'static str {
        "User"
    }

    fn person_fields(&self) -> [&'static str; 7] {
        ["FirstName", "LastName", "Phone", "MobilePhone", "OwnerId", "LeadSource", "Description"]
    }

    fn stages(&self) -> [&'static str; 3] {
        ["Status", "Open - Not Contacted", "Closed - Not Converted"]
    }

    fn own_field(&self, name: &str) -> String {
        format!("{name}__c")
    }

    fn entry_fields(&self, _: &str) -> [&'static str; 3] {
        ["Subject", "Description", "CreatedDate"]
    }

    fn on(&self, entry: &Value) -> String {
        entry["WhoId"].as_str().unwrap_or_default().to_owned()
    }

    fn id(&self) -> &'static str {
        "Id"
    }

    fn changed(&self) -> &'static [&'static str] {
        &["LastModifiedDate", "SystemModstamp"]
    }

    fn email(&self) -> &'static str {
        "Email"
    }

    fn is_deleted(&self, record: &Value) -> bool {
        record["IsDeleted"] == json!(true)
    }

    fn is_converted(&self, record: &Value) -> bool {
        record["IsConverted"] == json!(true)
    }

    fn options(&self, rotates: bool, session_seconds: i64, search_delay: i64) -> Value {
        json!({
            "rotate_refresh_tokens": rotates,
            "session_seconds": session_seconds,
            "search_delay_seconds": search_delay,
        })
    }

    fn strikes(&self, asking: Asking) -> Value {
        match asking {
            Asking::MakesPeople => json!({"path": "composite/sobjects", "object": "Lead"}),
            Asking::ChangesPeople => json!({"path": "composite/sobjects", "object": "Contact"}),
            Asking::WritesEntries | Asking::ChangesEntries => {
                json!({"path": "composite/sobjects", "object": "Task"})
            }
            Asking::ReadsEntries | Asking::LooksForEntries => json!({"path": "queryAll", "object": "Task"}),
            Asking::FindsPeople => json!({"path": "query", "object": "Contact"}),
            Asking::Searches => json!({"path": "search"}),
            Asking::AsksUsers => json!({"path": "query", "object": "User"}),
            Asking::Describes => json!({"path": "composite", "object": "Task"}),
            Asking::Renews => json!({"path": "oauth2/token"}),
            Asking::Writes => json!({"path": "composite/sobjects"}),
            Asking::Queries => json!({"path": "query"}),
            Asking::Calls => json!({"path": "services/data"}),
        }
    }

    fn strikes_writing(&self, module: &str) -> Value {
        json!({"path": "composite/sobjects", "object": module})
    }

    fn tokens(&self) -> &'static str {
        "/services/oauth2/token"
    }
}

struct Zoho;

impl Crm for Zoho {
    fn name(&self) -> &'static str {
        "zoho"
    }

    fn open(&self, public_url: &str, setting: &Setting) -> Org {
        let options = zoho::Options {
            public_url: Some(public_url.to_owned()),
            seed: setting.seed,
            ..zoho::Options::default()
        };
        zoho::Org::open(options).unwrap().into()
    }

    fn app(&self) -> (&'static str, &'static str) {
        ("1000.CAUSEWAYSIM", "causeway-sim-secret")
    }

    fn usual(&self) -> ChatSync {
        settings::preset(causeway_core::crm::named("zoho").unwrap())
    }

    fn people(&self) -> [&'static str; 2] {
        ["Contacts", "Leads"]
    }

    fn entries(&self) -> &'static [&'static str] {
        &["Notes", "Tasks"]
    }

    fn users(&self) -> &'static str {
        "Users"
    }

    fn person_fields(&self) -> [&'static str; 7] {
        ["First_Name", "Last_Name", "Phone", "Mobile", "Owner", "Lead_Source", "Description"]
    }

    fn stages(&self) -> [&'static str; 3] {
        ["Lead_Status", "Not Contacted", "Junk Lead"]
    }

    fn own_field(&self, name: &str) -> String {
        name.to_owned()
    }

    fn entry_fields(&self, module: &str) -> [&'static str; 3] {
        match module {
            "Notes" => ["Note_Title", "Note_Content", "Created_Time"],
            _ => ["Subject", "Description", "Created_Time"],
        }
    }

    fn on(&self, entry: &Value) -> String {
        let mut named = ["Parent_Id", "Who_Id", "What_Id"].into_iter().filter_map(|name| entry.get(name));
        let id = |value: &Value| value.as_str().or_else(|| value["id"].as_str()).map(str::to_owned);
        named.find_map(id).unwrap_or_default()
    }

    fn id(&self) -> &'static str {
        "id"
    }

    fn changed(&self) -> &'static [&'static str] {
        &["Modified_Time"]
    }

    fn email(&self) -> &'static str {
        "email"
    }

    fn is_deleted(&self, record: &Value) -> bool {
        record["$deleted"] == json!(true)
    }

    fn is_converted(&self, record: &Value) -> bool {
        record["$converted"] == json!(true) || record["Converted__s"] == json!(true)
    }

    fn options(&self, _: bool, session_seconds: i64, search_delay: i64) -> Value {
        json!({"token_seconds": session_seconds, "index_delay_seconds": search_delay})
    }

    fn strikes(&self, asking: Asking) -> Value {
        match asking {
            Asking::MakesPeople => json!({"path": "/Contacts", "method": "POST"}),
            Asking::ChangesPeople => json!({"path": "/Contacts", "method": "PUT"}),
            Asking::WritesEntries => json!({"path": "/Notes", "method": "POST"}),
            Asking::ChangesEntries => json!({"path": "/Notes", "method": "PUT"}),
            Asking::ReadsEntries => json!({"path": "/Notes/", "method": "GET"}),
            Asking::LooksForEntries => json!({"path": "/Notes?", "method": "GET"}),
            Asking::FindsPeople | Asking::Queries => json!({"path": "coql"}),
            Asking::Searches => json!({"path": "/search"}),
            Asking::AsksUsers => json!({"path": "/users"}),
            Asking::Describes => json!({"path": "/settings/"}),
            Asking::Renews => json!({"path": "/oauth/v2/token"}),
            // Whatever is to be written stands under that name in the body.
            Asking::Writes => json!({"path": "/crm/", "object": "data"}),
            Asking::Calls => json!({"path": "/crm/"}),
        }
    }

    fn strikes_writing(&self, module: &str) -> Value {
        json!({"path": format!("/{module}"), "object": "data"})
    }

    fn tokens(&self) -> &'static str {
        "/oauth/v2/token"
    }
}
