//! When somebody is told: at 80 % and at the stop, once each until it has recovered.

use super::Outlook;

/// From here on calls run short, in percent of what the lane may spend.
pub const NEAR: u64 = 80;

/// Below this it has recovered: a little under [`NEAR`], so that nobody is told again and again at the edge.
pub const RECOVERED: u64 = 75;

/// What somebody was told and has not passed yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alarms {
    /// That calls run short.
    pub near: bool,
    /// That the lane waits.
    pub stopped: bool,
}

/// What is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Calls run short.
    Near,
    /// The lane waits for calls.
    Stopped,
}

/// The alarms after a look, and what is to be told now. `spent`: percent of what the lane may spend.
pub fn alarms(before: Alarms, spent: Option<u64>, is_stopped: bool) -> (Alarms, Option<Level>) {
    if is_stopped {
        // Whoever knows that it stands need not hear on the way back that calls are short.
        return (Alarms { near: true, stopped: true }, (!before.stopped).then_some(Level::Stopped));
    }
    match spent {
        Some(spent) if spent >= NEAR => {
            (Alarms { near: true, ..before }, (!before.near).then_some(Level::Near))
        }
        Some(spent) if spent >= RECOVERED => (before, None),
        _ => (Alarms::default(), None),
    }
}

/// Do calls run short? They are near their end, or will be used up before the window brings new ones. It ends when
/// they have recovered and nothing says that they will not last.
pub fn is_short(before: bool, spent: Option<u64>, is_stopped: bool, reached: Outlook) -> bool {
    let spent = spent.unwrap_or(0);
    is_stopped || spent >= NEAR || matches!(reached, Outlook::At(_)) || (before && spent >= RECOVERED)
}
