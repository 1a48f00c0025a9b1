//! What Zoho's error codes mean: the one table.
//!
//! A refusal is `{code, details, message}`, of a whole request or of one record. The code decides and `details` say on
//! what: a field (`api_name`), a place in the address (`resource_path_index`), permissions. Messages are only quoted, but
//! for three that share their code with everything else that may be wrong with a value.
//! <https://www.zoho.com/crm/developer/docs/api/v8/status-codes.html>

use std::time::Duration;

use serde_json::Value;

use super::{modules, wire};
use crate::{
    crm::Response,
    lane::{Heal, HoldReason, Verdict, Who},
    record::{Module, RecordRef},
};

/// How long to wait before asking what became of a write.
const SETTLE: Duration = Duration::from_secs(5);

/// The code of an element with several faults, which are nested in it.
const SEVERAL: &str = "MULTIPLE_OR_MULTI_ERRORS";

/// Most characters of a message that are quoted.
const QUOTED: usize = 600;

/// What was asked: the same code means different things for different requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Nothing was to be changed.
    Read,
    /// A person was to be made.
    NewPerson,
    /// A person was to be changed.
    Person,
    /// An entry was to be made.
    NewEntry,
    /// An entry was to be changed.
    Entry,
    /// A record was to be deleted.
    Deletion,
    /// A field or its choices were to be changed.
    Setting,
}

/// What was asked, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) what: What,
    /// The module whose records were written.
    pub(super) module: Module,
    /// Our own matching has decided already that the person is nobody who is there.
    pub(super) allow_duplicate: bool,
}

impl Asked {
    pub(super) const READ: Self = Self::of(What::Read, Module::Contact);

    pub(super) const fn of(what: What, module: Module) -> Self {
        Self { what, module, allow_duplicate: false }
    }

    fn is_write(&self) -> bool {
        self.what != What::Read
    }
}

/// Is a refusal about a record that was named, or the one that it hangs on, rather than about how we asked?
pub(super) fn is_about_record(body: &Value) -> bool {
    Refusal::of(body)
        .is_some_and(|refusal| refusal.is_about_id() || refusal.is_about_reference() || refusal.names("ids"))
}

/// The meaning of an answer that is not a success.
pub(super) fn of_answer(response: &Response, body: Option<&Value>, asked: &Asked) -> Verdict {
    let is_used_up = response.header("x-api-credits-remaining").is_some_and(|left| left.trim() == "0");
    match body.and_then(Refusal::of) {
        Some(refusal) if is_used_up && refusal.is_throttle() => used_up(&refusal.said()),
        Some(refusal) => of_refusal(response.status, &refusal, asked),
        None if is_used_up && response.status == 429 => used_up("status 429"),
        None => of_status(response.status, asked),
    }
}

/// The meaning of what is said of one record.
pub(super) fn of_record(element: &Value, asked: &Asked) -> Verdict {
    match Refusal::of(element) {
        // What is deleted already counts as deleted.
        Some(refusal) if asked.what == What::Deletion && refusal.code == "INVALID_DATA" => Verdict::Done,
        Some(refusal) => of_refusal(200, &refusal, asked),
        None => unsure(asked, "Zoho's result for this record could not be read"),
    }
}

/// It may have been carried out (a write), or it can simply be asked again (a read).
pub(super) fn unsure(asked: &Asked, detail: impl Into<String>) -> Verdict {
    let detail = detail.into();
    if asked.is_write() { Verdict::Unknown { settle: SETTLE, detail } } else { again(1, detail) }
}

/// Certainly not written, and worth another try.
pub(super) fn again(seconds: u64, detail: impl Into<String>) -> Verdict {
    Verdict::Again { after: Duration::from_secs(seconds), detail: detail.into() }
}

/// Certainly not written, and no use in trying again.
pub(super) fn hold(reason: HoldReason, who: Who, detail: impl Into<String>) -> Verdict {
    Verdict::Hold { reason, who, detail: detail.into() }
}

fn used_up(said: &str) -> Verdict {
    let detail = format!(
        "The API credits of this Zoho CRM organization are used up; they come back over 24 hours ({said})"
    );
    hold(HoldReason::LimitReached, Who::Nobody, detail)
}

/// A refusal, taken apart.
struct Refusal<'a> {
    code: &'a str,
    message: &'a str,
    details: &'a Value,
    /// The text of an older shape's second message.
    info: &'a str,
}

impl<'a> Refusal<'a> {
    fn of(error: &'a Value) -> Option<Self> {
        let code = wire::error_code(error)?;
        Some(Self {
            code,
            message: wire::text(error, "message").unwrap_or_default(),
            details: error.get("details").unwrap_or(&Value::Null),
            info: wire::text(error, "error_info").unwrap_or_default(),
        })
    }

    /// The field that it is about.
    fn field(&self) -> &str {
        wire::text(self.details, "api_name").unwrap_or_default()
    }

    /// Is it about this field, or about a part of it?
    fn names(&self, field: &str) -> bool {
        let path = wire::text(self.details, "json_path").unwrap_or_default();
        self.field() == field || path.split(['.', '[']).any(|step| step == field)
    }

    fn is_throttle(&self) -> bool {
        matches!(self.code, "TOO_MANY_REQUESTS" | "RATE_LIMIT_EXCEEDED")
    }

    /// Is it about the record itself: an id that nothing has?
    fn is_about_id(&self) -> bool {
        let in_path =
            self.details.get("resource_path_index").and_then(Value::as_u64).is_some_and(|at| at > 0);
        in_path || self.names("id") && !self.is_about_reference() || self.message.contains("the id given")
    }

    /// Is it about the record that an entry stands on?
    fn is_about_reference(&self) -> bool {
        ["Parent_Id", "Who_Id", "What_Id", "$se_module"].iter().any(|field| self.names(field))
            || self.message.contains("related id given")
    }

    fn permissions(&self) -> String {
        let list = self.details.get("permissions").and_then(Value::as_array);
        let names = list.into_iter().flatten().filter_map(Value::as_str);
        names.map(|name| name.chars().take(80).collect::<String>()).take(5).collect::<Vec<_>>().join(", ")
    }

    /// As a person reads it: code, field, message, and how long a value may be.
    fn said(&self) -> String {
        let mut said = self.code.to_owned();
        if !self.field().is_empty() {
            said = format!("{said} on {}", quoted(self.field()));
        }
        if let Some(most) = self.details.get("maximum_length").and_then(Value::as_u64) {
            said = format!("{said} (at most {most} characters)");
        }
        let permissions = self.permissions();
        if !permissions.is_empty() {
            said = format!("{said} ({permissions})");
        }
        let message = quoted(if self.message.is_empty() { self.info } else { self.message });
        if message.is_empty() { said } else { format!("{said}: {message}") }
    }
}

fn quoted(text: &str) -> String {
    text.chars().take(QUOTED).collect()
}

/// An answer without an error body of Zoho's own.
fn of_status(status: u16, asked: &Asked) -> Verdict {
    match status {
        401 => Verdict::Renew,
        412 => {
            Verdict::Heal { to: Heal::Reread, detail: "The record was changed since it was read".to_owned() }
        }
        429 => again(2, "Zoho wants fewer requests at a time (status 429)"),
        // Refused before anything was looked at, and no smaller the next time.
        405 | 410 | 413 | 414 | 415 | 431 => hold(
            HoldReason::Unexpected,
            Who::Operator,
            format!("Zoho refused the request itself (status {status}); please report this"),
        ),
        _ => unsure(asked, format!("Zoho's answer could not be read (status {status})")),
    }
}

/// The table.
fn of_refusal(status: u16, refusal: &Refusal, asked: &Asked) -> Verdict {
    use HoldReason::{
        LimitReached, NoPermission, RecordLocked, RequiredField, RuleRefused, StorageFull, Unexpected,
        ValueRefused,
    };
    if refusal.code == SEVERAL {
        return of_several(refusal, asked);
    }
    let said = refusal.said();
    let heal = |to| Verdict::Heal { to, detail: said.clone() };
    match refusal.code {
        // The grant and its rights.
        "INVALID_TOKEN" | "AUTHENTICATION_FAILURE" => Verdict::Renew,
        "OAUTH_SCOPE_MISMATCH" => hold(
            NoPermission,
            Who::WorkspaceAdmin,
            format!(
                "The grant does not include what is needed here. Connect Zoho CRM again and accept ({said})"
            ),
        ),
        "NO_PERMISSION" | "AUTHORIZATION_FAILED" => no_permission(refusal, &said),
        "INVALID_HOST" | "API_NOT_SUPPORTED" | "VERSION_NOT_SUPPORTED" => hold(
            Unexpected,
            Who::Operator,
            format!("Zoho CRM does not offer this version of its API at this address ({said})"),
        ),
        "FEATURE_NOT_ENABLED" | "FEATURE_NOT_SUPPORTED" | "NOT_SUPPORTED" => hold(
            NoPermission,
            Who::CrmAdmin,
            format!("The edition of this Zoho CRM organization does not include what is needed ({said})"),
        ),

        // Limits and outages.
        "TOO_MANY_REQUESTS" | "RATE_LIMIT_EXCEEDED" if refusal.info.contains("24 hours") => used_up(&said),
        "TOO_MANY_REQUESTS" | "RATE_LIMIT_EXCEEDED" => again(2, said),
        "INTERNAL_ERROR" => unsure(asked, said),
        _ if status >= 500 => unsure(asked, said),
        "STORAGE_SPACE_EXCEEDED" => hold(StorageFull, Who::CrmAdmin, said),
        "LIMIT_EXCEEDED" | "LICENSE_LIMIT_EXCEEDED" if asked.is_write() => {
            hold(LimitReached, Who::CrmAdmin, said)
        }

        // Records that moved. That of a conversion is told among the faults of values, by its message alone.
        "CONVERTED_RECORD" | "ID_ALREADY_CONVERTED" if asked.is_write() => heal(Heal::Person),
        "INVALID_DATA" if refusal.message.contains("converted record") => heal(Heal::Person),
        "ALREADY_MODIFIED" => heal(Heal::Reread),
        "RECORD_LOCKED" | "NOT_APPROVED" | "RECORD_IN_BLUEPRINT" => hold(RecordLocked, Who::CrmAdmin, said),
        "INVALID_DATA" if refusal.names("Owner") => heal(Heal::Owner),
        "INVALID_DATA" if refusal.is_about_reference() => heal(Heal::Person),
        "INVALID_DATA" if refusal.is_about_id() => match asked.what {
            What::Entry => heal(Heal::EntryDeleted),
            What::Person | What::NewEntry => heal(Heal::Person),
            What::Read | What::Setting => heal(Heal::Describe),
            What::NewPerson | What::Deletion => hold(ValueRefused, Who::WorkspaceAdmin, said),
        },
        "INVALID_MODULE" => heal(Heal::Describe),

        // Duplicates.
        "DUPLICATE_DATA" if asked.what == What::NewPerson => duplicate(std::slice::from_ref(refusal), asked),
        "DUPLICATE_DATA" => hold(ValueRefused, Who::CrmAdmin, said),

        // Values and rules.
        "MANDATORY_NOT_FOUND" => hold(RequiredField, Who::CrmAdmin, said),
        "INVALID_DATA" => hold(ValueRefused, Who::WorkspaceAdmin, said),
        code if code.starts_with("DEPENDENT_") => hold(RuleRefused, Who::CrmAdmin, said),
        "MAPPING_MISMATCH" | "NOT_ALLOWED" | "CANNOT_PERFORM_ACTION" => {
            hold(RuleRefused, Who::CrmAdmin, said)
        }
        // A field was removed or hidden since the org was described.
        "INVALID_QUERY" if !asked.is_write() => heal(Heal::Describe),

        // Nothing that we know. Errors of our own making (a malformed query, a missing parameter) end here too.
        _ if status == 401 => Verdict::Renew,
        _ => hold(Unexpected, Who::Operator, format!("Zoho CRM refused: {said}")),
    }
}

/// The profile of the connected user lacks something. One permission is that to use the API at all.
fn no_permission(refusal: &Refusal, said: &str) -> Verdict {
    if refusal.permissions().contains("Crm_Implied_Api_Access") {
        let detail = format!(
            "The connected Zoho user may not use the API. A Zoho CRM administrator has to switch on \"Zoho CRM API Access\" \
             in the user's profile (Setup, Security Control, Profiles, Developer Permissions) ({said})"
        );
        return hold(HoldReason::NoApiForUser, Who::CrmAdmin, detail);
    }
    let detail = format!(
        "The connected Zoho user lacks a permission. A Zoho CRM administrator has to grant it in the user's profile \
         (Setup, Security Control, Profiles) ({said})"
    );
    hold(HoldReason::NoPermission, Who::CrmAdmin, detail)
}

/// One element with several faults. The first that is no duplicate says what to do, and if that is to wait for somebody,
/// they are told all of them.
fn of_several(refusal: &Refusal, asked: &Asked) -> Verdict {
    let nested = refusal.details.get("errors").and_then(Value::as_array).into_iter().flatten();
    let errors: Vec<Refusal> = nested.filter_map(Refusal::of).filter(|error| error.code != SEVERAL).collect();
    let said = |errors: &[Refusal]| errors.iter().map(Refusal::said).collect::<Vec<_>>().join("; ");
    let Some(first) = errors.iter().find(|error| error.code != "DUPLICATE_DATA").or(errors.first()) else {
        return hold(HoldReason::ValueRefused, Who::CrmAdmin, refusal.said());
    };
    if first.code == "DUPLICATE_DATA" && asked.what == What::NewPerson {
        return duplicate(&errors, asked);
    }
    match of_refusal(200, first, asked) {
        Verdict::Hold { reason, who, .. } => hold(reason, who, said(&errors)),
        verdict => verdict,
    }
}

/// Fields that take no value twice already have it on these records.
fn duplicate(errors: &[Refusal], asked: &Asked) -> Verdict {
    let said = errors.first().map(Refusal::said).unwrap_or_default();
    let mut found: Vec<RecordRef> = Vec::new();
    for error in errors {
        found.extend(suspect(error.details, asked.module).filter(|record| !found.contains(record)));
    }
    if asked.allow_duplicate || found.is_empty() {
        let detail = format!("Zoho CRM takes this value only once, and another record has it ({said})");
        return hold(HoldReason::RuleRefused, Who::CrmAdmin, detail);
    }
    Verdict::Heal { to: Heal::Duplicates(found), detail: said }
}

fn suspect(details: &Value, module: Module) -> Option<RecordRef> {
    let record = details.get("duplicate_record");
    let id = record.and_then(wire::id).or_else(|| wire::id(details))?;
    let named = record.and_then(|record| wire::text(record.get("module")?, "api_name"));
    Some(RecordRef { module: named.and_then(modules::named).unwrap_or(module), id })
}
