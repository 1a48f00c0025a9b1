//! How much of the org's API limit is used, and what time it is there.
//!
//! `Sforce-Limit-Info` counts the whole organization, other applications too.
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_api_usage.htm>
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_limits.htm>

use std::time::Duration;

use serde_json::Value;

use super::{composite, verdict::Asked};
use crate::{
    crm::{Response, Usage},
    governor::Window,
    lane::Verdict,
};

/// The limit is for 24 hours that roll.
pub(super) const WINDOW: Window = Window { length: Duration::from_hours(24), is_rolling: true };

/// Each request costs one, whatever it holds: a composite, a collection, a page of a query.
pub(super) const COST: u64 = 1;

/// How many requests a search for a hundred people takes, each by one number, as a rule.
pub(super) const REQUESTS_TO_FIND_100: u64 = 3;

/// From the header `api-usage=18/15000; per-app-api-usage=17/250(appName=x)`.
pub(super) fn of_headers(response: &Response) -> Option<Usage> {
    let info = response.header("sforce-limit-info")?;
    let (used, limit) =
        info.split([';', ',']).find_map(|item| item.trim().strip_prefix("api-usage="))?.split_once('/')?;
    Some(Usage { used: used.trim().parse().ok()?, limit: limit.trim().parse().ok()? })
}

/// The answer of the limits resource, which may lag a few minutes behind the header. Some users may not see
/// the entry; the header then has to do.
pub(super) fn reply(response: &Response) -> Result<Option<Usage>, Verdict> {
    let pieces = composite::pieces(1, true, response, &Asked::READ)?;
    let limits = pieces.first().map(|piece| piece.content(&Asked::READ)).transpose()?;
    Ok(limits.and_then(of_limits))
}

fn of_limits(limits: &Value) -> Option<Usage> {
    let daily = limits.get("DailyApiRequests")?;
    let limit = daily.get("Max").and_then(Value::as_u64)?;
    let remaining = daily.get("Remaining").and_then(Value::as_u64)?;
    Some(Usage { used: limit.saturating_sub(remaining), limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> Response {
        Response { headers: vec![(name.to_owned(), value.to_owned())], ..Response::default() }
    }

    #[test]
    fn the_limit_header_tells_what_the_whole_org_used() {
        let usage = Some(Usage { used: 18, limit: 15_000 });
        assert_eq!(of_headers(&with("sforce-limit-info", "api-usage=18/15000")), usage);
        let both = "api-usage=18/15000; per-app-api-usage=17/250(appName=x)";
        assert_eq!(of_headers(&with("sforce-limit-info", both)), usage);
        for broken in
            ["", "api-usage=", "api-usage=1", "api-usage=x/y", "per-app-api-usage=17/250(appName=x)"]
        {
            assert_eq!(of_headers(&with("sforce-limit-info", broken)), None, "{broken}");
        }
    }
}
