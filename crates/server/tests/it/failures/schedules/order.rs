//! The order of a conversation: no entry is first attempted before every earlier one of its conversation that was known by
//! then, unless that one was refused. And what was attempted first stands first.

use super::judge::Scene;
use crate::store::evidence::{Attempt, Entry};

/// What is out of order.
pub fn check(scene: &Scene<'_>, disordered: &mut Vec<String>) {
    let entries: Vec<(&i64, &Entry)> =
        scene.evidence.entries.iter().filter(|(_, entry)| entry.state != "skipped").collect();
    for (earlier_id, earlier) in &entries {
        for (later_id, later) in &entries {
            if earlier.conversation_id != later.conversation_id || earlier_id == later_id {
                continue;
            }
            if let Some(wrong) = compare(scene, earlier, later) {
                let names = |entry: &Entry| {
                    entry.items.iter().map(|item| item.provider_id.clone()).collect::<Vec<_>>().join(" ")
                };
                disordered.push(format!("{} {wrong} {}", names(later), names(earlier)));
            }
        }
    }
}

/// What is wrong between two, if the one stands before the other in their conversation.
fn compare(scene: &Scene<'_>, earlier: &Entry, later: &Entry) -> Option<&'static str> {
    let first = later.attempts.first()?;
    let step = step(scene, first.sent_at);
    // What was read later could not be known, and opened a window that begins before.
    let begins = |entry: &Entry| {
        let known = entry.items.iter().filter(|item| self::step(scene, item.known_at) < step);
        known.map(|item| item.order).min()
    };
    if begins(earlier)? >= begins(later)? {
        return None;
    }
    let Some(before) = earlier.attempts.first() else {
        return (earlier.state != "held").then_some("was attempted, and never, before it,");
    };
    let earlier_step = self::step(scene, before.sent_at);
    if earlier_step > step || (earlier_step == step && before.id > first.id) {
        return Some("was attempted before");
    }
    let is = |attempt: &Attempt, verdict: &str| attempt.verdict.as_deref() == Some(verdict);
    if earlier.attempts.iter().any(|attempt| is(attempt, "hold")) {
        return None;
    }
    // Of one request the org may take the later part alone, also where the earlier is tried again in it.
    let together =
        earlier.attempts.iter().find(|attempt| attempt.sent_at == first.sent_at && attempt.id < first.id);
    let was_taken_apart = together.is_some_and(|attempt| !is(attempt, "done") || !is(first, "done"));
    if was_taken_apart || (together.is_none() && earlier_step == step) {
        return None;
    }
    (made(scene, earlier)? > made(scene, later)?).then_some("was made before")
}

/// The number of the step in which a node's clock showed that.
pub fn step(scene: &Scene<'_>, at: i64) -> i64 {
    scene.stage.moments.get(&at).copied().unwrap_or(i64::MAX)
}

/// The place of an entry's first record among all that were made.
fn made(scene: &Scene<'_>, entry: &Entry) -> Option<usize> {
    let record = entry.parts.get(&1)?.as_ref()?;
    scene.entries.iter().position(|entry| entry.id == *record)
}
