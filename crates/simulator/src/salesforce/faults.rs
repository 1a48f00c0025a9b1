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
    /// 502 with an HTML page: the gateway could not reach the org, and nothing was done.
    BadGateway,
    /// 502 with an HTML page: the gateway gave up waiting, and the work is done all the same.
    CommitThenBadGateway,
    /// The work is done, and something between says 200 with a page of its own instead of the answer.
    CommitThenGarble,
    /// The access token is dead: 401 until it is refreshed.
    SessionExpired,
    /// `UNABLE_TO_LOCK_ROW` for every `every`-th record.
    RowLock,
    /// Every second record of a collection fails.
    HalfCollection,
    /// 403 `REQUEST_LIMIT_EXCEEDED`.
    LimitExhausted,
    /// The answer takes `seconds`.
    Slow,
}
