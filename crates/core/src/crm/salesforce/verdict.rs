//! What Salesforce's error codes mean: the one table.
//!
//! Errors come in four shapes. REST answers carry an array of `{message, errorCode}`, collection results a
//! list of `{message, statusCode, fields}`, OAuth an object `{error}`, and the edge in front of Salesforce
//! HTML or nothing. The code decides; the message is localised and only quoted. Where one code stands for
//! two things, the message is the only witness: those places say so.
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm>
//! <https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm>

use std::time::Duration;

use serde_json::Value;

use super::ids;
use crate::{
    lane::{Heal, HoldReason, Verdict, Who},
    record::{Module, RecordRef},
};

/// How long to wait before asking what became of a write.
const SETTLE: Duration = Duration::from_secs(5);

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
    Deletion(Module),
}

/// What was asked, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked<'a> {
    pub(super) what: What,
    /// The external-id field that entries are written by.
    pub(super) key_field: Option<&'a str>,
    /// The duplicate rule was already overridden.
    pub(super) allow_duplicate: bool,
    /// The error stands in the result of one record, not in that of a whole request.
    pub(super) is_record: bool,
}

impl Asked<'_> {
    pub(super) const READ: Self =
        Asked { what: What::Read, key_field: None, allow_duplicate: false, is_record: false };

    pub(super) fn of(what: What) -> Self {
        Self { what, ..Self::READ }
    }

    fn is_write(&self) -> bool {
        self.what != What::Read
    }
}

/// The meaning of an answer that is not a success.
pub(super) fn of_answer(status: u16, body: Option<&Value>, asked: &Asked) -> Verdict {
    let errors = body.map(errors).unwrap_or_default();
    match errors.first() {
        Some(error) => of_error(status, error, &quote(&errors), asked),
        None => of_status(status, asked),
    }
}

/// The meaning of one record's result in a collection.
pub(super) fn of_result(result: &Value, asked: &Asked) -> Verdict {
    let mut errors = result.get("errors").map(errors).unwrap_or_default();
    let said = quote(&errors);
    match errors.first_mut() {
        Some(error) => {
            // The duplicate rule's findings stand beside the error or beside the list of errors.
            if duplicate_result(error.whole).is_none() && duplicate_result(result).is_some() {
                error.whole = result;
            }
            of_error(200, error, &said, asked)
        }
        None => unsure(asked, "Salesforce's result for this record could not be read".to_owned()),
    }
}

/// It may have been carried out (a write), or it can simply be asked again (a read).
pub(super) fn unsure(asked: &Asked, detail: String) -> Verdict {
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

struct ApiError<'a> {
    code: &'a str,
    message: &'a str,
    fields: Vec<&'a str>,
    whole: &'a Value,
}

impl ApiError<'_> {
    fn names(&self, field: &str) -> bool {
        self.fields.iter().any(|name| name.eq_ignore_ascii_case(field))
    }
}

fn errors(body: &Value) -> Vec<ApiError<'_>> {
    let list = match body {
        Value::Array(list) => list.as_slice(),
        Value::Object(_) => std::slice::from_ref(body),
        _ => &[],
    };
    list.iter()
        .filter_map(|entry| {
            let text = |name: &str| entry.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
            Some(ApiError {
                code: text("errorCode").or_else(|| text("statusCode")).or_else(|| text("error"))?,
                message: text("message").or_else(|| text("error_description")).unwrap_or_default(),
                fields: entry
                    .get("fields")
                    .and_then(Value::as_array)
                    .map(|fields| fields.iter().filter_map(Value::as_str).collect())
                    .unwrap_or_default(),
                whole: entry,
            })
        })
        .collect()
}

/// Whether an error body carries one of these codes.
pub(super) fn has_code(body: &Value, codes: &[&str]) -> bool {
    errors(body).iter().any(|error| codes.contains(&error.code))
}

/// All the errors as a person reads them: code, fields, message.
fn quote(errors: &[ApiError]) -> String {
    let said = errors.iter().map(|error| {
        let fields =
            if error.fields.is_empty() { String::new() } else { format!(" on {}", error.fields.join(", ")) };
        let message: String = error.message.chars().take(QUOTED).collect();
        if message.is_empty() {
            format!("{}{fields}", error.code)
        } else {
            format!("{}{fields}: {message}", error.code)
        }
    });
    said.take(5).collect::<Vec<_>>().join("; ")
}

/// An answer without an error body of Salesforce's own.
fn of_status(status: u16, asked: &Asked) -> Verdict {
    match status {
        401 => Verdict::Renew,
        412 => {
            Verdict::Heal { to: Heal::Reread, detail: "The record was changed since it was read".to_owned() }
        }
        // Refused before anything was looked at, and no smaller the next time.
        405 | 410 | 413 | 414 | 415 | 431 => hold(
            HoldReason::Unexpected,
            Who::Operator,
            format!("Salesforce refused the request itself (status {status}); please report this"),
        ),
        _ => unsure(asked, format!("Salesforce's answer could not be read (status {status})")),
    }
}

/// The table.
fn of_error(status: u16, error: &ApiError, said: &str, asked: &Asked) -> Verdict {
    use HoldReason::{
        LimitReached, NoPermission, RecordLocked, RequiredField, RuleRefused, StorageFull, Unexpected,
        ValueRefused,
    };
    let heal = |to| Verdict::Heal { to, detail: said.to_owned() };
    let unsure = || unsure(asked, said.to_owned());
    match error.code {
        // Sessions and access.
        "INVALID_SESSION_ID" | "INVALID_AUTH_HEADER" => session(error, said),
        _ if status == 401 => session(error, said),
        "API_DISABLED_FOR_ORG" => no_api(error, said),
        "FUNCTIONALITY_NOT_ENABLED" | "OPERATION_NOT_ALLOWED" => hold(
            NoPermission,
            Who::CrmAdmin,
            format!("A feature that is needed is not enabled in this Salesforce organization: {said}"),
        ),
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY" | "INSUFFICIENT_ACCESS_OR_READONLY"
            if asked.is_write() && error.names("OwnerId") =>
        {
            heal(Heal::Owner)
        }
        "INSUFFICIENT_ACCESS"
        | "INSUFFICIENT_ACCESS_OR_READONLY"
        | "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
        | "INVALID_LOGIN"
        | "INVALID_OPERATION_WITH_EXPIRED_PASSWORD"
        | "ORG_LOCKED"
        | "USER_LOCKED"
        | "LOGIN_MUST_USE_SECURITY_TOKEN" => hold(NoPermission, Who::CrmAdmin, said),

        // Limits and outages. Maintenance says itself that nothing was written.
        "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE" => again(60, said),
        "REQUEST_RUNNING_TOO_LONG" | "SERVER_UNAVAILABLE" | "UNKNOWN_EXCEPTION" => unsure(),
        _ if status >= 500 => unsure(),
        "API_CURRENTLY_DISABLED" => again(60, said),
        // One code for the day's quota and for too many slow requests at once: only the message differs, and
        // it holds the limit's name, which is not translated.
        "REQUEST_LIMIT_EXCEEDED" if error.message.contains("Concurrent") => again(10, said),
        code if code.starts_with("CONCURRENT_") => again(10, said),
        "REQUEST_LIMIT_EXCEEDED" => hold(LimitReached, Who::Nobody, said),
        "LIMIT_EXCEEDED" | "EXCEEDED_QUOTA" => hold(LimitReached, Who::CrmAdmin, said),
        "STORAGE_LIMIT_EXCEEDED" => hold(StorageFull, Who::CrmAdmin, said),
        "UNABLE_TO_LOCK_ROW" | "TXN_SECURITY_METERING_ERROR" => again(1, said),
        "QUERY_TIMEOUT" => again(5, said),
        "ALL_OR_NONE_OPERATION_ROLLED_BACK" | "PROCESSING_HALTED" => again(0, said),

        // Records that moved.
        "CANNOT_UPDATE_CONVERTED_LEAD" => heal(Heal::Person),
        "ENTITY_IS_DELETED" => match asked.what {
            What::Entry if !error.names("WhoId") => heal(Heal::EntryDeleted),
            What::Deletion(_) if asked.is_record => Verdict::Done,
            What::Deletion(Module::Task) => heal(Heal::EntryDeleted),
            _ => heal(Heal::Person),
        },
        "INVALID_CROSS_REFERENCE_KEY" => match asked.what {
            What::Deletion(Module::Task) => heal(Heal::EntryDeleted),
            _ if error.names("OwnerId") => heal(Heal::Owner),
            // The owner is the only reference that we give a new person.
            What::NewPerson => heal(Heal::Owner),
            What::Read => heal(Heal::Describe),
            _ => heal(Heal::Person),
        },
        "NOT_FOUND" => match asked.what {
            What::Entry | What::Deletion(Module::Task) if asked.is_record => heal(Heal::EntryDeleted),
            What::Person | What::Deletion(_) if asked.is_record => heal(Heal::Person),
            _ => heal(Heal::Describe),
        },
        "INACTIVE_OWNER_OR_USER"
        | "INACTIVE_OWNER"
        | "INVALID_OWNER"
        | "TRANSFER_REQUIRES_READ"
        | "OP_WITH_INVALID_USER_TYPE_EXCEPTION" => heal(Heal::Owner),
        "ENTITY_IS_LOCKED" => hold(RecordLocked, Who::CrmAdmin, said),

        // Duplicates.
        "DUPLICATE_VALUE" => duplicate_value(error, said, asked),
        "DUPLICATES_DETECTED" => {
            let found = duplicates(error.whole);
            if asked.allow_duplicate || (found.is_empty() && !may_save(error.whole)) {
                hold(RuleRefused, Who::CrmAdmin, said)
            } else {
                heal(Heal::Duplicates(found))
            }
        }

        // Values and rules.
        "INVALID_FIELD" | "INVALID_FIELD_FOR_INSERT_UPDATE" | "INVALID_TYPE" => heal(Heal::Describe),
        "REQUIRED_FIELD_MISSING" => hold(RequiredField, Who::CrmAdmin, said),
        "STRING_TOO_LONG"
        | "INVALID_EMAIL_ADDRESS"
        | "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
        | "FIELD_INTEGRITY_EXCEPTION"
        | "INVALID_TYPE_ON_FIELD_IN_RECORD"
        | "NUMBER_OUTSIDE_VALID_RANGE"
        | "INVALID_DATE"
        | "INVALID_STATUS"
        | "MALFORMED_ID"
        | "JSON_PARSER_ERROR"
        | "DUPLICATE_EXTERNAL_ID" => hold(ValueRefused, Who::WorkspaceAdmin, said),
        "FIELD_CUSTOM_VALIDATION_EXCEPTION"
        | "FIELD_FILTER_VALIDATION_EXCEPTION"
        | "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
        | "CANNOT_EXECUTE_FLOW_TRIGGER" => hold(RuleRefused, Who::CrmAdmin, said),
        "DELETE_FAILED" => hold(RuleRefused, Who::CrmUser, said),

        // An answer of the edge that happens to be readable.
        _ if matches!(status, 408 | 420 | 429) => unsure(),

        // Nothing that we know. Errors of our own making (a malformed query, a retired version) end here too.
        _ => hold(Unexpected, Who::Operator, format!("Salesforce refused: {said}")),
    }
}

/// A 401. Two of them do not heal by renewal; their code is the same, so the message has to tell.
fn session(error: &ApiError, said: &str) -> Verdict {
    const HOPELESS: [&str; 2] =
        ["session is not valid for use with the REST API", "Connected app is not attached to Agent"];
    if HOPELESS.iter().any(|text| error.message.contains(text)) {
        return hold(
            HoldReason::NoPermission,
            Who::WorkspaceAdmin,
            format!(
                "The grant does not include Salesforce's REST API. Give the app the scope \"api\" and connect \
                 again ({said})"
            ),
        );
    }
    Verdict::Renew
}

/// No API: the edition has none, or the user may not use it. The code is the same for both; the wording of the message
/// tells them apart, most of the time.
fn no_api(error: &ApiError, said: &str) -> Verdict {
    let message = error.message.to_ascii_lowercase();
    if message.contains("user") || message.contains("or partner") {
        let detail = format!(
            "The Salesforce user may not use the API. A Salesforce administrator has to grant the permission \
             \"API Enabled\" in the user's profile or a permission set; if nobody there may use the API, the edition \
             lacks it ({said})"
        );
        return hold(HoldReason::NoApiForUser, Who::CrmAdmin, detail);
    }
    let detail = format!(
        "API access is off for this Salesforce organization. Enterprise, Performance, Unlimited and \
         Developer Edition include it; Professional Edition needs the API add-on. If the edition has it, the \
         user lacks the permission \"API Enabled\" ({said})"
    );
    hold(HoldReason::NoApiAccess, Who::CrmAdmin, detail)
}

/// A unique field already holds the value. If that field is our key, an earlier attempt was written.
fn duplicate_value(error: &ApiError, said: &str, asked: &Asked) -> Verdict {
    let found = ids::records_in(error.message);
    let detail = said.to_owned();
    match asked.what {
        What::NewEntry => {
            // The field and the id are not translated; Salesforce writes `<unknown>` for what may not be seen.
            let is_key = asked.key_field.is_some_and(|field| {
                let message = error.message.to_ascii_lowercase();
                error.names(field)
                    || message.contains(&field.to_ascii_lowercase())
                    || message.contains("<unknown>")
            });
            match found.into_iter().find(|record| record.module == Module::Task) {
                Some(record) if is_key => Verdict::Heal { to: Heal::Adopt(record), detail },
                None if is_key => Verdict::Unknown { settle: Duration::ZERO, detail },
                _ => hold(HoldReason::ValueRefused, Who::CrmAdmin, detail),
            }
        }
        What::NewPerson if !found.is_empty() => Verdict::Heal { to: Heal::Duplicates(found), detail },
        _ => hold(HoldReason::ValueRefused, Who::CrmAdmin, detail),
    }
}

/// Salesforce spells the member `duplicateResut`.
fn duplicate_result(error: &Value) -> Option<&Value> {
    error.get("duplicateResut").or_else(|| error.get("duplicateResult"))
}

/// Whether the rule lets the record through when told to.
fn may_save(error: &Value) -> bool {
    duplicate_result(error)
        .and_then(|result| result.get("allowSave"))
        .and_then(Value::as_bool)
        .unwrap_or(true)
}

/// The contacts and leads that the duplicate rule points at.
fn duplicates(error: &Value) -> Vec<RecordRef> {
    let list =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut found = Vec::new();
    for matches in duplicate_result(error).map(|result| list(result, "matchResults")).unwrap_or_default() {
        for candidate in list(&matches, "matchRecords") {
            let id = candidate.get("record").and_then(|record| record.get("Id")).and_then(Value::as_str);
            if let Some(record) = id.and_then(ids::record).filter(|record| record.module != Module::Task)
                && !found.contains(&record)
            {
                found.push(record);
            }
        }
    }
    found
}
