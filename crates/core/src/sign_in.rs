//! The rules of signing in: which passwords are taken, when one must wait after failures, when a session ends.

use std::time::Duration;

use crate::time::Timestamp;

/// Fewest characters of a password.
pub const SHORTEST_PASSWORD: usize = 10;

/// Most characters of a password: hashing takes time with length.
pub const LONGEST_PASSWORD: usize = 200;

/// Failures within [`FAILURE_WINDOW`] after which one has to wait.
pub const FAILURES_ALLOWED: usize = 8;

/// For how long a failure counts.
pub const FAILURE_WINDOW: Duration = Duration::from_mins(15);

/// A session that is not used for so long ends.
pub const IDLE_LIMIT: Duration = Duration::from_hours(14 * 24);

/// A session ends after so long, however much it is used.
pub const SESSION_LIMIT: Duration = Duration::from_hours(90 * 24);

/// How often the use of a session is noted.
pub const NOTED_EVERY: Duration = Duration::from_mins(1);

/// For how long an invitation or a sign-in link may be used.
pub const TICKET_LIMIT: Duration = Duration::from_hours(7 * 24);

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordRefused {
    /// Shorter than [`SHORTEST_PASSWORD`]; so many characters.
    Short(usize),
    /// Longer than [`LONGEST_PASSWORD`].
    Long,
    /// Among the first that anybody would try, or made of the person's own e-mail.
    Guessable,
}

/// What everybody tries first (those that are long enough to be taken otherwise).
const KNOWN: &[&str] = &[
    "1234567890",
    "0123456789",
    "0987654321",
    "qwertyuiop",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "password123",
    "password1234",
    "passwordpassword",
    "administrator",
    "letmeinplease",
    "iloveyou123",
    "welcome123",
    "causeway123",
    "causewaycauseway",
];

/// Most characters of a name of a person, a workspace or an inbox.
pub const LONGEST_NAME: usize = 100;

/// Why a name is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameRefused {
    /// Nothing is left of it without spaces.
    Empty,
    /// Longer than [`LONGEST_NAME`].
    Long,
    /// It holds something that is no letter and cannot be seen.
    Unreadable,
}

/// May somebody or something be called that? Returns the name as it is kept.
pub fn check_name(name: &str) -> Result<String, NameRefused> {
    let name = name.trim();
    if name.is_empty() {
        return Err(NameRefused::Empty);
    }
    if name.chars().any(char::is_control) {
        return Err(NameRefused::Unreadable);
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(NameRefused::Long);
    }
    Ok(name.to_owned())
}

/// An e-mail as it is compared: without spaces around it, lower case, and without what no database holds.
pub fn folded_email(email: &str) -> String {
    email.trim().chars().filter(|letter| !letter.is_control()).collect::<String>().to_lowercase()
}

/// May this be the password of the person with that e-mail?
pub fn check_password(password: &str, email: &str) -> Result<(), PasswordRefused> {
    let count = password.chars().count();
    if count < SHORTEST_PASSWORD {
        return Err(PasswordRefused::Short(count));
    }
    if count > LONGEST_PASSWORD {
        return Err(PasswordRefused::Long);
    }
    let lower = password.to_lowercase();
    let first = lower.chars().next();
    let is_one_letter = lower.chars().all(|letter| Some(letter) == first);
    if is_one_letter || KNOWN.contains(&lower.as_str()) || lower == email.to_lowercase() {
        return Err(PasswordRefused::Guessable);
    }
    Ok(())
}

/// How long one must wait before the next try, given the times of failures. `None`: not at all.
pub fn wait_after(failures: &[Timestamp], now: Timestamp) -> Option<Duration> {
    let mut counted: Vec<Timestamp> =
        failures.iter().copied().filter(|at| now.since(*at) < FAILURE_WINDOW).collect();
    counted.sort_unstable();
    let oldest_that_stops = counted.len().checked_sub(FAILURES_ALLOWED)?;
    Some(counted[oldest_that_stops].plus(FAILURE_WINDOW).since(now))
}

/// Does a session still stand that was begun and last used then?
pub fn session_stands(begun: Timestamp, used: Timestamp, now: Timestamp) -> bool {
    now.since(begun) < SESSION_LIMIT && now.since(used) < IDLE_LIMIT
}

/// An address of ours to go to after signing in, if it is one: a path, never another host.
pub fn next_place(asked: &str) -> &str {
    let is_path = asked.starts_with('/')
        && !asked.starts_with("//")
        && !asked.contains('\\')
        && !asked.chars().any(char::is_control);
    if is_path { asked } else { "/inbox" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_enough_and_not_the_first_that_is_tried() {
        assert_eq!(check_password("correct horse", "a@b.example"), Ok(()));
        assert_eq!(check_password("короткий", "a@b.example"), Err(PasswordRefused::Short(8)));
        assert_eq!(check_password(&"x y".repeat(80), "a@b.example"), Err(PasswordRefused::Long));
        for guessable in ["Password123", "aaaaaaaaaaaa", "Ann.Lee@acme.example"] {
            let refused = check_password(guessable, "ann.lee@acme.example");
            assert_eq!(refused, Err(PasswordRefused::Guessable), "{guessable}");
        }
    }

    #[test]
    fn after_eight_failures_one_waits_until_the_first_of_them_is_a_quarter_of_an_hour_old() {
        let at = |seconds: i64| Timestamp::from_seconds(10_000 + seconds);
        let seven: Vec<_> = (0..7).map(at).collect();
        assert_eq!(wait_after(&seven, at(10)), None);
        let eight: Vec<_> = (0..8).map(at).collect();
        assert_eq!(wait_after(&eight, at(10)), Some(Duration::from_secs(890)));
        assert_eq!(wait_after(&eight, at(900)), None);
    }

    #[test]
    fn a_session_ends_when_idle_and_at_the_latest_after_ninety_days() {
        let day = |days: i64| Timestamp::from_seconds(days * 86_400);
        assert!(session_stands(day(0), day(13), day(26)));
        assert!(!session_stands(day(0), day(13), day(27)));
        assert!(!session_stands(day(0), day(89), day(90)));
    }

    #[test]
    fn after_signing_in_one_goes_to_an_address_of_ours_only() {
        assert_eq!(next_place("/inbox/cnv_1?x=1"), "/inbox/cnv_1?x=1");
        for bad in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "",
            "inbox",
            "/a\r\nb",
            "/a\u{7f}",
            "/\t/x",
        ] {
            assert_eq!(next_place(bad), "/inbox", "{bad}");
        }
    }

    #[test]
    fn a_name_is_kept_without_spaces_around_it_and_holds_only_what_can_be_read() {
        assert_eq!(check_name("  Ann Lee "), Ok("Ann Lee".to_owned()));
        assert_eq!(check_name(" \t "), Err(NameRefused::Empty));
        assert_eq!(check_name("A\0nn"), Err(NameRefused::Unreadable));
        assert_eq!(check_name(&"あ".repeat(100)), Ok("あ".repeat(100)));
        assert_eq!(check_name(&"あ".repeat(101)), Err(NameRefused::Long));
        assert_eq!(folded_email(" Ann@Acme.Example\0 "), "ann@acme.example");
    }
}
