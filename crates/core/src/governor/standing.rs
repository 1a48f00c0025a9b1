//! What is spent, what is left for whom, and whether a call may be made.

use serde::{Deserialize, Serialize};

use super::Purpose;
use crate::call::{Call, Usage};

/// What the lane leaves to panels at least, in percent of the limit.
pub const FOR_PANELS: u64 = 1;

/// What the admin allows, in percent of the org's limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// The most that Causeway spends.
    pub share_percent: u8,
    /// What is always left to others.
    pub reserve_percent: u8,
}

impl Rules {
    /// What all may have spent before the lane stops.
    pub fn of_all(self, limit: u64) -> u64 {
        let kept = u64::from(self.reserve_percent.min(100)).max(FOR_PANELS);
        limit.saturating_sub(limit.saturating_mul(kept).div_ceil(100))
    }

    /// What Causeway may have spent before the lane stops.
    pub fn of_ours(self, limit: u64) -> u64 {
        limit.saturating_mul(u64::from(self.share_percent.min(100))) / 100
    }

    /// Can the share stop anything that the reserve does not stop first?
    pub fn has_share(self) -> bool {
        u64::from(self.share_percent) + u64::from(self.reserve_percent).max(FOR_PANELS) < 100
    }
}

/// How an org stands in its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// As the org told; `None`: it never did, or has no limit.
    pub usage: Option<Usage>,
    /// Calls of ours in the window, of every connection to that org, whatever they were for.
    pub ours: u64,
}

/// Why there is no call to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// The org's limit is used up, but for what is kept for panels.
    Limit,
    /// What remains is left to others.
    Reserve,
    /// Causeway has spent its share.
    Share,
}

/// How many calls are left for a purpose, and what will end them. `None`: no limit is known.
pub fn left(standing: Standing, rules: Rules, purpose: Purpose) -> Option<(u64, Because)> {
    let Usage { used, limit } = standing.usage.filter(|usage| usage.limit > 0)?;
    let Some(ceiling) = purpose.ceiling() else {
        return Some((limit.saturating_sub(used), Because::Limit));
    };
    let part = |whole: u64| whole.saturating_mul(ceiling) / 100;
    let by_all = part(rules.of_all(limit)).saturating_sub(used);
    let by_ours = part(rules.of_ours(limit)).saturating_sub(standing.ours);
    let is_limit = used >= limit || u64::from(rules.reserve_percent) <= FOR_PANELS;
    let all = (by_all, if is_limit { Because::Limit } else { Because::Reserve });
    Some(if rules.has_share() && by_ours < by_all { (by_ours, Because::Share) } else { all })
}

/// May a call be made that costs so many?
pub fn may_call(standing: Standing, rules: Rules, purpose: Purpose, cost: u64) -> Result<(), Because> {
    match left(standing, rules, purpose) {
        Some((left, because)) if left < cost.max(1) => Err(because),
        _ => Ok(()),
    }
}

/// May this call be made over a line of that purpose? What a lane has begun it ends under the rules for messages: a batch
/// that is half done helps nobody. A panel is stopped by the org itself: what was told may be old, and being refused costs
/// nothing.
pub fn allows(
    call: &Call,
    purpose: Purpose,
    standing: Standing,
    rules: Rules,
    cost: u64,
) -> Result<(), Because> {
    match (call, purpose) {
        // How many are left is asked seldom, and what an org can do when somebody connects it.
        (Call::Usage, _) | (Call::Describe { .. }, Purpose::Asked) | (_, Purpose::Panel) => Ok(()),
        _ => may_call(standing, rules, Purpose::Message, cost),
    }
}

/// How much of what the lane may spend is spent, in percent: by everybody, or by us, whichever is more. `None`: no limit
/// is known.
pub fn spent(standing: Standing, rules: Rules) -> Option<u64> {
    let Usage { used, limit } = standing.usage.filter(|usage| usage.limit > 0)?;
    let of = |part: u64, whole: u64| part.saturating_mul(100).checked_div(whole).unwrap_or(100);
    let all = of(used, rules.of_all(limit));
    Some(if rules.has_share() { all.max(of(standing.ours, rules.of_ours(limit))) } else { all })
}
