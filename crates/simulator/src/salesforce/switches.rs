//! What an administrator of the org can turn: editions, rules, permissions, registered apps.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::schema::{FieldSchema, ObjectSchema};

/// How the org reacts to a create that looks like a record it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateRules {
    /// No rule is active.
    #[default]
    Off,
    /// Refused unless the caller says `allowSave=true`.
    Alert,
    /// Refused always.
    Block,
}

/// A registered app (External Client App).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct App {
    /// The consumer key.
    pub client_id: String,
    /// The consumer secret; none for a public client.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// Exact addresses that may receive a code; empty allows any.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// What the consent page calls it.
    #[serde(default)]
    pub label: String,
    /// The username that client credentials run as; the first user when absent.
    #[serde(default)]
    pub run_as: Option<String>,
}

/// A text field that an administrator added to an object.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CustomField {
    /// The object.
    pub object: String,
    /// Its API name, which ends in `__c`.
    pub name: String,
    /// What people read; the name in words when absent.
    #[serde(default)]
    pub label: String,
    /// Longest text, in characters; 255 when absent.
    #[serde(default)]
    pub length: u32,
    /// Whether a record needs it.
    #[serde(default)]
    pub required: bool,
    /// Whether it is a key: External ID, unique, case-sensitive.
    #[serde(default)]
    pub external_id: bool,
}

/// What one user may not do. Everything else is allowed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Access {
    /// The user lacks API Enabled.
    pub api_disabled: bool,
    /// Objects that the user may not create.
    pub no_create: BTreeSet<String>,
    /// Objects that the user may not edit.
    pub no_edit: BTreeSet<String>,
    /// Objects that the user may not delete.
    pub no_delete: BTreeSet<String>,
    /// Objects that the user does not see at all.
    pub no_read: BTreeSet<String>,
    /// `Object.Field` names that the user does not see.
    pub hidden_fields: BTreeSet<String>,
    /// `Object.Field` names that the user sees and cannot set.
    pub read_only_fields: BTreeSet<String>,
}

/// Every switch of the org.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "switches are independent of each other")]
pub struct Switches {
    /// Whether the edition has API access.
    pub api_enabled: bool,
    /// API requests per rolling 24 hours.
    pub daily_limit: u64,
    /// Whether new leads go to the rule's owner unless the caller says `Sforce-Auto-Assign: FALSE`.
    pub assignment_rules: bool,
    /// Duplicate rules for Contact and Lead.
    pub duplicate_rules: DuplicateRules,
    /// How long a saved record stays out of SOSL.
    pub search_delay_seconds: f64,
    /// How long an access token lives after its last use.
    pub session_seconds: i64,
    /// Whether each refresh hands out a new refresh token and kills the old one.
    pub rotate_refresh_tokens: bool,
    /// Whether only registered apps are known; otherwise an unknown client id is taken as a public app.
    pub strict_apps: bool,
    /// Added to every answer.
    pub latency_ms: u64,
    /// Registered apps.
    pub apps: Vec<App>,
    /// Fields that the administrator added.
    pub fields: Vec<CustomField>,
    /// Longest text of standard fields (`Task.Description`), where the administrator changed it.
    pub lengths: BTreeMap<String, u32>,
    /// Restrictions by user id.
    pub users: BTreeMap<String, Access>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            api_enabled: true,
            daily_limit: 100_000,
            assignment_rules: true,
            duplicate_rules: DuplicateRules::Off,
            search_delay_seconds: 0.0,
            session_seconds: 7_200,
            rotate_refresh_tokens: false,
            strict_apps: false,
            latency_ms: 0,
            apps: vec![
                App {
                    client_id: "causeway-sim".to_owned(),
                    client_secret: Some("causeway-sim-secret".to_owned()),
                    label: "Causeway".to_owned(),
                    ..App::default()
                },
                App {
                    client_id: "PlatformCLI".to_owned(),
                    redirect_uris: vec!["http://localhost:1717/OauthRedirect".to_owned()],
                    label: "Salesforce CLI".to_owned(),
                    ..App::default()
                },
            ],
            fields: Vec::new(),
            lengths: BTreeMap::new(),
            users: BTreeMap::new(),
        }
    }
}

impl Access {
    /// Whether nothing that describe shows differs from what everybody sees.
    pub fn sees_all(&self) -> bool {
        self.no_create.is_empty()
            && self.no_edit.is_empty()
            && self.no_delete.is_empty()
            && self.no_read.is_empty()
            && self.hidden_fields.is_empty()
            && self.read_only_fields.is_empty()
    }

    /// The object as this user sees it; `None` when it is hidden.
    pub fn view(&self, object: &ObjectSchema) -> Option<ObjectSchema> {
        let listed = |set: &BTreeSet<String>| set.iter().any(|name| name.eq_ignore_ascii_case(&object.name));
        if listed(&self.no_read) {
            return None;
        }
        let mut view = object.clone();
        view.createable &= !listed(&self.no_create);
        view.updateable &= !listed(&self.no_edit);
        view.deletable &= !listed(&self.no_delete);
        let named = |set: &BTreeSet<String>, field: &FieldSchema| {
            set.iter().any(|name| name.eq_ignore_ascii_case(&format!("{}.{}", object.name, field.name)))
        };
        view.fields.retain(|field| !named(&self.hidden_fields, field));
        for field in &mut view.fields {
            if named(&self.read_only_fields, field) {
                field.createable = false;
                field.updateable = false;
            }
        }
        Some(view)
    }
}
