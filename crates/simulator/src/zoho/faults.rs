//! What can go wrong with a request to this org.

use serde::{Deserialize, Serialize};

use super::problem::Problem;

/// One scripted fault of this org.
pub type Fault = crate::faults::Fault<Kind>;

/// The script of this org.
pub type Faults = crate::faults::Faults<Kind>;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The work is done, the answer never arrives.
    CommitThenCut,
    /// The connection drops before any work.
    CutBefore,
    /// The answer is cut; the work is applied when the clock has moved `seconds` on.
    CommitLate,
    /// 503 with an HTML page.
    Unavailable,
    /// 502 with an HTML page: nothing was done.
    BadGateway,
    /// 502 with an HTML page, and the work is done all the same.
    CommitThenBadGateway,
    /// The work is done, and something between says 200 with a page of its own.
    CommitThenGarble,
    /// 500 `INTERNAL_ERROR`: nothing was done.
    InternalError,
    /// 500 `INTERNAL_ERROR`, and the work is done all the same.
    CommitThenInternalError,
    /// The access token is dead: 401 until it is refreshed.
    SessionExpired,
    /// The token endpoint says `invalid_code`: the refresh token counts no more.
    RefreshRefused,
    /// The token endpoint says `code`, one of its own words, with HTTP 200.
    TokenRefused,
    /// The token endpoint says, in the user's language, that too many tokens were asked for.
    TokenThrottled,
    /// The request is refused with `code`, one of the vendor's catalogue.
    Refuse,
    /// Every `every`-th element is refused with `code`.
    RefuseElements,
    /// `RECORD_LOCKED` for every `every`-th element.
    RowLock,
    /// Every second element of a batch fails.
    HalfCollection,
    /// 429 `TOO_MANY_REQUESTS`.
    LimitExhausted,
    /// 429 in the shape of years ago, which makes the vendor's own SDKs fall over.
    LimitExhaustedOldShape,
    /// 403 `NO_PERMISSION`.
    PermissionDenied,
    /// The answer takes `seconds`.
    Slow,
}

/// The vendor's codes that can be asked for, each with the status that it comes with.
const CATALOGUE: &[(&str, u16)] = &[
    ("INVALID_TOKEN", 401),
    ("AUTHENTICATION_FAILURE", 401),
    ("OAUTH_SCOPE_MISMATCH", 401),
    ("NO_PERMISSION", 403),
    ("AUTHORIZATION_FAILED", 400),
    ("INVALID_HOST", 400),
    ("API_NOT_SUPPORTED", 400),
    ("VERSION_NOT_SUPPORTED", 400),
    ("FEATURE_NOT_ENABLED", 400),
    ("FEATURE_NOT_SUPPORTED", 400),
    ("NOT_SUPPORTED", 400),
    ("INVALID_MODULE", 400),
    ("INVALID_URL_PATTERN", 404),
    ("INVALID_REQUEST_METHOD", 400),
    ("REQUIRED_PARAM_MISSING", 400),
    ("EXPECTED_PARAM_MISSING", 400),
    ("EXPECTED_FIELD_MISSING", 400),
    ("UNABLE_TO_PARSE_DATA_TYPE", 400),
    ("PATTERN_NOT_MATCHED", 400),
    ("INVALID_DATA", 400),
    ("MANDATORY_NOT_FOUND", 400),
    ("DEPENDENT_FIELD_MISSING", 400),
    ("DEPENDENT_MISMATCH", 400),
    ("MAPPING_MISMATCH", 400),
    ("DUPLICATE_DATA", 400),
    ("ALREADY_MODIFIED", 412),
    ("RECORD_LOCKED", 400),
    ("NOT_APPROVED", 400),
    ("NOT_ALLOWED", 400),
    ("CANNOT_PERFORM_ACTION", 400),
    ("RECORD_IN_BLUEPRINT", 400),
    ("LIMIT_EXCEEDED", 400),
    ("STORAGE_SPACE_EXCEEDED", 400),
    ("LICENSE_LIMIT_EXCEEDED", 403),
    ("FILE_SIZE_EXCEEDS", 400),
    ("FILE_SIZE_MORE_THAN_ALLOWED_SIZE", 413),
    ("BODY_SIZE_REACHED", 413),
    ("TOO_MANY_REQUESTS", 429),
    ("RATE_LIMIT_EXCEEDED", 429),
    ("INTERNAL_ERROR", 500),
];

/// What the token endpoint says of itself, with HTTP 200.
const GRANT_WORDS: &[&str] = &[
    "invalid_code",
    "invalid_client",
    "invalid_client_secret",
    "invalid_redirect_uri",
    "unsupported_grant_type",
    "general_error",
];

/// The refusal of that code; `INTERNAL_ERROR` when none was named, or none that is known.
pub fn refusal(code: Option<&str>) -> Problem {
    let known = CATALOGUE.iter().find(|(known, _)| Some(*known) == code);
    let (code, status) = known.copied().unwrap_or(("INTERNAL_ERROR", 500));
    Problem::new(status, code, "as the script of faults says")
}

/// Whether a fault names no code, or one that is known.
pub fn is_sound(fault: &Fault) -> bool {
    let is_known = |code: &str| match fault.kind {
        Kind::TokenRefused => GRANT_WORDS.contains(&code),
        _ => CATALOGUE.iter().any(|(known, _)| *known == code),
    };
    fault.code.as_deref().is_none_or(is_known)
}
