//! The org at a glance: who it is, the acting user, its modules, and what is missing.
//!
//! One request for each: the org, the user, the list of modules; then the fields of each module that could take
//! conversations, and the related lists of those that have a phone field. Where it stands is kept in the call.
//! <https://www.zoho.com/crm/developer/docs/api/v8/modules-api.html>

use serde_json::Value;

use super::{
    destinations, fields, identify, modules, users, verdict,
    wire::{self, flag, text},
};
use crate::{
    crm::{Answer, Call, DescribeFlow, Org, Request, Response},
    lane::{HoldReason, Verdict, Who},
    record::{CrmUser, Destination, Module, ModuleProfile, OrgProfile},
};

const ORG: u32 = 0;
const USER: u32 = 1;
const MODULES: u32 = 2;

/// What is asked of one module.
const FIELDS: &str = "fields:";
const LISTS: &str = "lists:";

enum Ask<'a> {
    Org,
    User,
    Modules,
    Fields(&'a str),
    Lists(&'a str),
    Nothing,
}

fn ask(flow: &DescribeFlow) -> Ask<'_> {
    match flow.step {
        ORG => Ask::Org,
        USER => Ask::User,
        MODULES => Ask::Modules,
        _ => {
            let next = flow.rest.first().map(String::as_str).unwrap_or_default();
            let fields = next.strip_prefix(FIELDS).filter(|name| wire::is_name(name)).map(Ask::Fields);
            let lists = || next.strip_prefix(LISTS).filter(|name| wire::is_name(name)).map(Ask::Lists);
            fields.or_else(lists).unwrap_or(Ask::Nothing)
        }
    }
}

pub(super) fn request(org: &Org, flow: &DescribeFlow) -> Request {
    match ask(flow) {
        Ask::Org | Ask::Nothing => wire::get(org, "org", &[]),
        Ask::User => wire::get(org, "users", &[("type", "CurrentUser")]),
        Ask::Modules => wire::get(org, "settings/modules", &[]),
        Ask::Fields(module) => wire::get(org, "settings/fields", &[("module", module)]),
        Ask::Lists(module) => wire::get(org, "settings/related_lists", &[("module", module)]),
    }
}

pub(super) fn reply(user_id: &str, flow: &DescribeFlow, response: &Response) -> Result<Answer, Verdict> {
    let mut next = flow.clone();
    let mut found = next.found.take().unwrap_or_default();
    match ask(flow) {
        Ask::Org => of_org(&mut found, wire::page(response, "org").map_err(lasting)?.rows.first())?,
        Ask::User => {
            let page = wire::page(response, "users").map_err(lasting)?;
            found.acting_user = page.rows.first().and_then(users::decode).unwrap_or_else(|| unnamed(user_id));
        }
        Ask::Modules => {
            next.rest = of_modules(&mut found, &wire::page(response, "modules").map_err(lasting)?.rows);
        }
        Ask::Fields(module) => {
            let lists = of_fields(&mut found, module, visible(wire::page(response, "fields"))?.as_ref());
            next.rest.remove(0);
            next.rest.extend(lists);
        }
        Ask::Lists(module) => {
            of_lists(&mut found, module, visible(wire::page(response, "related_lists"))?.as_ref());
            next.rest.remove(0);
        }
        Ask::Nothing => next.rest.clear(),
    }
    if flow.step <= MODULES {
        next.step = flow.step + 1;
    }
    if next.step > MODULES && next.rest.is_empty() {
        destinations::conclude(&mut found);
        return Ok(Answer::Profile(found));
    }
    next.found = Some(found);
    Ok(Answer::More(Call::Describe { user_id: user_id.to_owned(), flow: next }, None))
}

/// Describing again would only say the same.
fn lasting(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Heal { detail, .. } => verdict::hold(
            HoldReason::Unexpected,
            Who::Operator,
            format!("Zoho CRM does not offer this version of its API here ({detail})"),
        ),
        verdict => verdict,
    }
}

/// The page, or `None` where the user may not see it. Other refusals are refusals of the whole.
fn visible(page: Result<wire::Page, Verdict>) -> Result<Option<wire::Page>, Verdict> {
    match page {
        Ok(page) => Ok(Some(page)),
        Err(
            Verdict::Heal { .. } | Verdict::Hold { reason: HoldReason::NoPermission, who: Who::CrmAdmin, .. },
        ) => Ok(None),
        Err(verdict) => Err(verdict),
    }
}

fn unnamed(user_id: &str) -> CrmUser {
    CrmUser { id: user_id.to_owned(), is_active: true, ..CrmUser::default() }
}

fn of_org(found: &mut OrgProfile, org: Option<&Value>) -> Result<(), Verdict> {
    let org = org.ok_or_else(wire::unreadable)?;
    found.org_id = identify::zgid(org).ok_or_else(wire::unreadable)?;
    text(org, "company_name").unwrap_or_default().clone_into(&mut found.org_name);
    found.is_sandbox = text(org, "type") == Some("sandbox");
    found.calls_limit = org.get("license_details").and_then(super::usage::credits);
    Ok(())
}

/// Keeps what is to be known of each module, and answers what to ask of them.
fn of_modules(found: &mut OrgProfile, rows: &[Value]) -> Vec<String> {
    let mut rest = Vec::new();
    for row in rows {
        let Some(name) = text(row, "api_name").filter(|name| wire::is_name(name)) else { continue };
        let Some(module) = modules::named(name) else { continue };
        let is_record = matches!(text(row, "generated_type"), Some("default" | "custom"));
        if !is_record || !flag(row, "api_supported") || text(row, "status") == Some("system_hidden") {
            continue;
        }
        let profile = fields::module(row);
        if let Some(tab) = tab(name, text(row, "module_name")) {
            found.tabs.insert(module, tab);
        }
        let refusal = destinations::of_module(name, row, &profile);
        // Whom we may see and not change is somebody all the same, and is not to be made again.
        let is_searched = matches!(module, Module::Contact | Module::Lead) && profile.is_readable;
        if module == Module::Task || refusal.is_none() || is_searched {
            rest.push(format!("{FIELDS}{name}"));
        }
        let label = text(row, "plural_label").unwrap_or(name).to_owned();
        found.destinations.push(Destination { module, label, refusal });
        found.modules.insert(module, profile);
    }
    rest
}

/// The word for a module in addresses, where it is not the API's name.
fn tab(name: &str, internal: Option<&str>) -> Option<String> {
    let internal = internal.filter(|internal| wire::is_name(internal));
    match name {
        "Deals" => Some("Potentials".to_owned()),
        "Contacts" | "Leads" | "Accounts" | "Tasks" => None,
        _ => internal.filter(|internal| *internal != name).map(str::to_owned),
    }
}

/// Takes the fields of a module, and answers whether its related lists matter.
fn of_fields(found: &mut OrgProfile, name: &str, page: Option<&wire::Page>) -> Option<String> {
    let module = modules::named(name)?;
    let profile = found.modules.entry(module).or_default();
    let Some(page) = page else {
        *profile = ModuleProfile::default();
        destinations::refuse(found, module, destinations::UNSEEN);
        return None;
    };
    profile.fields = fields::fields(name, &page.rows);
    if module == Module::Task {
        return None;
    }
    if !destinations::has_phone(profile) {
        // Nothing is ever found or made there.
        profile.fields.clear();
        destinations::refuse(found, module, destinations::NO_PHONE);
        return None;
    }
    Some(format!("{LISTS}{name}"))
}

fn of_lists(found: &mut OrgProfile, name: &str, page: Option<&wire::Page>) {
    let Some(module) = modules::named(name) else { return };
    let has_notes = |row: &Value| {
        let leads_to = row.get("module").and_then(|module| text(module, "api_name"));
        (text(row, "api_name") == Some("Notes") || leads_to == Some("Notes"))
            && text(row, "status") != Some("hidden")
    };
    if !page.is_some_and(|page| page.rows.iter().any(has_notes)) {
        destinations::refuse(found, module, destinations::NO_NOTES);
    }
}
