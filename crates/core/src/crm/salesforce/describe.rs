//! The org at a glance: modules, stages, the acting user, and what is missing.
//!
//! One composite asks for everything. A describe answers for the acting user: an object or a field that the
//! user may not see is absent from it, so what is missing can be named at connect time.
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm>

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    composite::{self, Part, Piece},
    ids, people_write,
    person::text,
    rows, soql,
    verdict::{self, Asked},
};
use crate::{
    crm::{Answer, Org, Response},
    lane::{HoldReason, Verdict, Who},
    record::{
        CrmUser, EntryKeying, EntryKind, EntryProfile, FieldProfile, LeadStatus, Missing, Module,
        ModuleProfile, OrgProfile,
    },
};

/// The least length of a field that is to hold our keys.
const KEY: u32 = 40;

/// The standard field that carries a key where no external id is to be had: made for telephone systems'
/// call ids, filterable, and not subject to field-level security.
pub(super) const TOKEN: &str = "CallObject";

const DESCRIBED: [Module; 3] = [Module::Contact, Module::Lead, Module::Task];

pub(super) fn parts(org: &Org, user_id: &str) -> Vec<Part> {
    let describes =
        DESCRIBED.map(|module| Part::get(org, &format!("sobjects/{}/describe", ids::object(&module))));
    let user = ids::full(user_id).unwrap_or_default();
    let user = format!("SELECT Id, Name, Email, IsActive FROM User WHERE Id = {}", soql::literal(&user));
    let queries = [
        "SELECT Id, Name, IsSandbox, OrganizationType FROM Organization",
        &user,
        "SELECT ApiName, MasterLabel, IsDefault, IsConverted, SortOrder FROM LeadStatus ORDER BY SortOrder",
        "SELECT ApiName, IsClosed, SortOrder FROM TaskStatus ORDER BY SortOrder",
    ];
    describes.into_iter().chain(queries.map(|soql| Part::query(org, soql))).collect()
}

pub(super) fn reply(user_id: &str, response: &Response) -> Result<Answer, Verdict> {
    let pieces = composite::pieces(7, false, response, &Asked::READ).map_err(|verdict| match verdict {
        // Describing again would only say the same.
        Verdict::Heal { detail, .. } => verdict::hold(
            HoldReason::Unexpected,
            Who::Operator,
            format!("Salesforce does not offer this API version here ({detail})"),
        ),
        verdict => verdict,
    })?;
    let [contact, lead, task, org, user, lead_statuses, task_statuses] = pieces.as_slice() else {
        return Err(verdict::again(1, "Salesforce's answer is short of parts"));
    };
    let mut modules = BTreeMap::new();
    for (module, piece) in DESCRIBED.into_iter().zip([contact, lead, task]) {
        if let Some(content) = visible(piece)? {
            modules.insert(module, module_profile(content));
        }
    }
    let org = rows::whole(org.content(&Asked::READ)?)?;
    let org =
        org.first().ok_or_else(|| verdict::again(1, "Salesforce did not say which organization this is"))?;
    let org_id = text(org, "Id").and_then(ids::full);
    let org_id =
        org_id.ok_or_else(|| verdict::again(1, "Salesforce did not say which organization this is"))?;

    let task_profile = modules.get(&Module::Task).cloned().unwrap_or_default();
    let keying = keying(&task_profile);
    let length = |name: &str, otherwise| {
        task_profile.field(name).map(|field| field.length).filter(|length| *length > 0).unwrap_or(otherwise)
    };
    Ok(Answer::Profile(Box::new(OrgProfile {
        org_id,
        org_name: text(org, "Name").unwrap_or_default().to_owned(),
        is_sandbox: org.get("IsSandbox").and_then(Value::as_bool).unwrap_or(false),
        acting_user: acting_user(user_id, user)?,
        lead_statuses: lead_stages(lead_statuses, lead)?,
        missing: missing(&modules, keying.as_ref()),
        entries: BTreeMap::from([(
            EntryKind::Task,
            EntryProfile {
                keying,
                done_status: done_status(task_statuses, &task_profile)?,
                subject_length: length("Subject", 255),
                body_length: length("Description", 32_000),
            },
        )]),
        // Contacts before leads is the rule here; there is nothing to choose.
        destinations: Vec::new(),
        tabs: BTreeMap::new(),
        calls_limit: None,
        modules,
    })))
}

/// The content, or `None` where the user may not see it. Other errors are errors.
fn visible(piece: &Piece) -> Result<Option<&Value>, Verdict> {
    match piece.content(&Asked::READ) {
        Ok(content) => Ok(Some(content)),
        Err(Verdict::Heal { .. } | Verdict::Hold { reason: HoldReason::NoPermission, .. }) => Ok(None),
        Err(verdict) => Err(verdict),
    }
}

fn module_profile(describe: &Value) -> ModuleProfile {
    let flag = |name: &str| describe.get(name).and_then(Value::as_bool);
    ModuleProfile {
        label: text(describe, "label").map(str::to_owned),
        is_createable: flag("createable").unwrap_or(false),
        is_updateable: flag("updateable").unwrap_or(false),
        is_readable: flag("queryable").unwrap_or(true),
        fields: list(describe, "fields").iter().filter_map(field_profile).collect(),
    }
}

fn field_profile(field: &Value) -> Option<FieldProfile> {
    let flag = |name: &str| field.get(name).and_then(Value::as_bool).unwrap_or(false);
    let name = text(field, "name").filter(|name| soql::is_name(name))?;
    let kind = text(field, "type").unwrap_or_default();
    Some(FieldProfile {
        name: name.to_owned(),
        holds: people_write::meaning(name),
        label: text(field, "label").unwrap_or(name).to_owned(),
        kind: kind.to_owned(),
        names_by: names_by(field),
        length: field.get("length").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
        is_required: flag("createable")
            && !flag("nillable")
            && !flag("defaultedOnCreate")
            && kind != "boolean",
        is_createable: flag("createable"),
        is_updateable: flag("updateable"),
        is_filterable: flag("filterable"),
        is_external_key: flag("externalId") && flag("unique"),
        choices: choices(field),
        is_restricted: flag("restrictedPicklist"),
    })
}

/// Standard objects whose records have the field Name; every custom object has it. Others (a case, an order) have a number
/// instead, and one unknown field makes a whole query fail.
const NAMED: [&str; 10] = [
    "Account",
    "Asset",
    "Campaign",
    "Contact",
    "Group",
    "Lead",
    "Opportunity",
    "Product2",
    "RecordType",
    "User",
];

/// The path to the name of the record that a reference leads to.
fn names_by(field: &Value) -> Option<String> {
    let parent = text(field, "relationshipName").filter(|name| soql::is_name(name))?;
    let mut leads_to = list(field, "referenceTo").iter().filter_map(Value::as_str).peekable();
    leads_to.peek()?;
    leads_to
        .all(|object| NAMED.contains(&object) || object.ends_with("__c"))
        .then(|| format!("{parent}.Name"))
}

fn choices(field: &Value) -> Vec<String> {
    let values = list(field, "picklistValues").iter();
    let active = values.filter(|value| value.get("active").and_then(Value::as_bool).unwrap_or(true));
    active.filter_map(|value| text(value, "value")).map(str::to_owned).collect()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// How entries are keyed: by an external id if the administrator made one, else by a token.
fn keying(task: &ModuleProfile) -> Option<EntryKeying> {
    // Only a field that is named for us: any other may hold the ids of another product.
    let ours = task.fields.iter().filter(|field| field.name.to_ascii_lowercase().contains("causeway"));
    let fits = ours.filter(|field| {
        field.is_external_key && field.is_createable && field.kind == "string" && field.length >= KEY
    });
    if let Some(name) = fits.map(|field| field.name.clone()).min() {
        return Some(EntryKeying::External(name));
    }
    let token = task.field(TOKEN)?;
    (token.is_createable && token.is_filterable && token.length >= KEY)
        .then(|| EntryKeying::Token(token.name.clone()))
}

fn acting_user(user_id: &str, piece: &Piece) -> Result<CrmUser, Verdict> {
    let row = match visible(piece) {
        Ok(content) => content.map(rows::whole).transpose()?.and_then(|rows| rows.first()).cloned(),
        // Only a wrong id in the call; the grant works nevertheless.
        Err(Verdict::Hold { reason: HoldReason::Unexpected, .. }) => None,
        Err(verdict) => return Err(verdict),
    };
    let id = ids::full(user_id).unwrap_or_else(|| user_id.to_owned());
    Ok(row.and_then(|row| super::users::decode(&row)).unwrap_or(CrmUser {
        id,
        email: String::new(),
        name: String::new(),
        is_active: true,
    }))
}

/// The stages of a lead in the org's order. Salesforce knows no closed flag on them: whether a stage is
/// closed is taken from its name, and the settings may say otherwise.
fn lead_stages(piece: &Piece, lead: &Piece) -> Result<Vec<LeadStatus>, Verdict> {
    let stage = |value: &str, is_default, is_converted| LeadStatus {
        value: value.to_owned(),
        is_default,
        is_converted,
        is_closed_by_default: is_closed(value),
    };
    let flag = |row: &Value, name: &str| row.get(name).and_then(Value::as_bool).unwrap_or(false);
    let rows = match visible(piece)? {
        Some(content) => rows::whole(content)?,
        None => &[],
    };
    let stages: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let value = text(row, "ApiName").or_else(|| text(row, "MasterLabel"))?;
            Some(stage(value, flag(row, "IsDefault"), flag(row, "IsConverted")))
        })
        .collect();
    if !stages.is_empty() {
        return Ok(stages);
    }
    // The choices of the field say everything but which of them conversion sets.
    let Some(describe) = visible(lead)? else { return Ok(Vec::new()) };
    let status = list(describe, "fields").iter().find(|field| text(field, "name") == Some("Status"));
    let values = status.map_or(&[][..], |status| list(status, "picklistValues"));
    Ok(values
        .iter()
        .filter(|value| flag(value, "active"))
        .filter_map(|value| Some(stage(text(value, "value")?, flag(value, "defaultValue"), false)))
        .collect())
}

fn is_closed(stage: &str) -> bool {
    let stage = stage.trim().to_lowercase();
    stage.starts_with("closed") || stage == "unqualified" || stage == "disqualified"
}

/// The status of a task that is over: `Completed` where the org has it, else its first closed one.
fn done_status(piece: &Piece, task: &ModuleProfile) -> Result<Option<String>, Verdict> {
    const USUAL: &str = "Completed";
    let choices = task.field("Status").map(|field| field.choices.as_slice()).unwrap_or_default();
    let is_choice = |value: &str| choices.is_empty() || choices.iter().any(|choice| choice == value);
    let rows = match visible(piece)? {
        Some(content) => rows::whole(content)?,
        None => &[],
    };
    let closed: Vec<_> = rows
        .iter()
        .filter(|row| row.get("IsClosed").and_then(Value::as_bool).unwrap_or(false))
        .filter_map(|row| text(row, "ApiName"))
        .filter(|value| is_choice(value))
        .collect();
    let usual = (rows.is_empty() && is_choice(USUAL)) || closed.contains(&USUAL);
    Ok(if usual { Some(USUAL.to_owned()) } else { closed.first().map(|value| (*value).to_owned()) })
}

/// What chat sync needs and this user does not have, each with what to do about it.
fn missing(modules: &BTreeMap<Module, ModuleProfile>, keying: Option<&EntryKeying>) -> Vec<Missing> {
    let mut missing = Vec::new();
    let mut need = |is_there: bool, is_fatal: bool, what: &str, action: &str| {
        if !is_there {
            missing.push(Missing { what: what.to_owned(), action: action.to_owned(), is_fatal });
        }
    };
    let none = ModuleProfile::default();
    let module = |module| modules.get(&module).unwrap_or(&none);
    let grant = |right: &str, object: &str| {
        format!(
            "A Salesforce administrator has to grant {right} on {object} to the connected user, in the profile \
             or a permission set."
        )
    };
    let show = |right: &str, field: &str| {
        format!(
            "A Salesforce administrator has to make the field {field} {right} for the connected user (Setup, \
             Field-Level Security)."
        )
    };

    let (contact, lead, task) = (module(Module::Contact), module(Module::Lead), module(Module::Task));
    need(contact.is_readable, true, "read Contacts", &grant("Read", "Contacts"));
    need(lead.is_readable, false, "read Leads", &grant("Read", "Leads"));
    for (person, name) in [(contact, "Contact"), (lead, "Lead")] {
        if !person.is_readable {
            continue;
        }
        let finds_by_phone = person.fields.iter().any(|field| field.kind == "phone" && field.is_filterable);
        let field = format!("{name}.Phone");
        need(
            person.field("Phone").is_some(),
            !finds_by_phone,
            &format!("see {field}"),
            &show("visible", &field),
        );
        let field = format!("{name}.Email");
        need(person.field("Email").is_some(), false, &format!("see {field}"), &show("visible", &field));
    }
    if lead.is_readable {
        need(lead.is_createable, false, "create Leads", &grant("Create", "Leads"));
        need(lead.is_updateable, false, "edit Leads", &grant("Edit", "Leads"));
        for name in ["LastName", "Company", "Phone", "Status", "OwnerId"] {
            let Some(field) = lead.field(name) else { continue };
            let path = format!("Lead.{name}");
            need(field.is_createable, false, &format!("set {path}"), &show("editable", &path));
        }
    }
    need(task.is_readable, true, "read Tasks", &grant("access", "Tasks (the permission Access Activities)"));
    if task.is_readable {
        need(task.is_createable, true, "create Tasks", &grant("Edit Tasks", "activities"));
        need(task.is_updateable, true, "edit Tasks", &grant("Edit Tasks", "activities"));
        for (name, is_fatal) in [
            ("WhoId", true),
            ("Subject", true),
            ("Description", true),
            ("ActivityDate", false),
            ("OwnerId", false),
        ] {
            let path = format!("Task.{name}");
            let may_set = task.field(name).is_some_and(|field| field.is_createable);
            need(may_set, is_fatal, &format!("set {path}"), &show("editable", &path));
        }
        need(
            keying.is_some(),
            true,
            "recognise written Tasks",
            "A Salesforce administrator has to add a text field to Activity that is an external id and unique, at \
             least 40 characters long and editable for the connected user (for example Causeway_Key), or make \
             Task.CallObject available.",
        );
    }
    missing
}
