//! What can go wrong with a request to this org.

use serde::{Deserialize, Serialize};

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
    /// The token endpoint says, in the user's language, that too many tokens were asked for.
    TokenThrottled,
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
