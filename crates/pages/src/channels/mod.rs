//! Channels: endpoints to which providers post, their secrets, the numbers behind them, and what was posted.

mod endpoint;
mod list;
mod requests;

pub use endpoint::{Account, Edit, Endpoint, New, check, endpoint, fresh, live_parts, removal};
pub use list::{Listed, list};
pub use requests::{Outcome, Part, Request, Requests, quarantine, request, requests};
