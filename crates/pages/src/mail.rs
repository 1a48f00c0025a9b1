//! Mails: values in, plain text out.

use causeway_core::{call::Usage, governor::Outlook, time::Timestamp};

use crate::{args, when::Clock};

/// A mail as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// What a mail about API calls says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calls {
    /// Whom it is for.
    pub to: String,
    /// Their workspace.
    pub workspace: String,
    /// What people call the org.
    pub org: String,
    /// Messages wait; otherwise calls are near their end.
    pub is_stopped: bool,
    /// Percent of what messages may use that is spent.
    pub spent: u64,
    /// Everybody's calls.
    pub usage: Usage,
    /// Ours among them.
    pub ours: u64,
    /// What is left to others, in percent.
    pub reserve_percent: u8,
    /// When what messages may use is spent at this rate.
    pub reached: Outlook,
    /// When it is looked at again.
    pub until: Option<Timestamp>,
    /// Where more is to be seen.
    pub address: String,
}

/// The mail about API calls that run short or have run out (R5.24).
pub fn calls(clock: &Clock<'_>, says: &Calls) -> Letter {
    let words = clock.words;
    let org = says.org.as_str();
    let (subject, first) = if says.is_stopped {
        let until =
            says.until.map(|until| words.with("mail-calls-until", args!["when" => clock.to_come(until)]));
        let first = words.with("mail-calls-stopped", args!["org" => org]);
        let first = [Some(first), until].into_iter().flatten().collect::<Vec<_>>().join(" ");
        (words.with("mail-calls-stopped-subject", args!["org" => org]), first)
    } else {
        let ahead = match says.reached {
            Outlook::At(at) => words.with("mail-calls-ahead", args!["when" => clock.to_come(at)]),
            Outlook::Never | Outlook::TooFew => words.say("mail-calls-ahead-unknown"),
        };
        let first = words.with("mail-calls-near", args!["org" => org, "spent" => says.spent]);
        (
            words.with("mail-calls-near-subject", args!["org" => org, "spent" => says.spent]),
            format!("{first} {ahead}"),
        )
    };
    let numbers = words.with(
        "mail-calls-numbers",
        args![
            "limit" => says.usage.limit,
            "others" => says.usage.used.saturating_sub(says.ours),
            "ours" => says.ours.min(says.usage.used),
            "reserve" => says.reserve_percent
        ],
    );
    let text = [
        words.with("mail-hello", args!["name" => says.to.as_str()]),
        first,
        numbers,
        words.say("mail-calls-lost"),
        words.with("mail-calls-see", args!["address" => says.address.as_str()]),
        words.with("mail-why", args!["workspace" => says.workspace.as_str()]),
    ];
    Letter { subject, text: text.join("\n\n") + "\n" }
}

#[cfg(test)]
mod tests {
    use causeway_core::time::Zone;

    use super::*;
    use crate::Words;

    fn says() -> Calls {
        Calls {
            to: "Maya".into(),
            workspace: "Acme".into(),
            org: "Acme Corp".into(),
            is_stopped: false,
            spent: 81,
            usage: Usage { used: 11_000, limit: 15_000 },
            ours: 1000,
            reserve_percent: 10,
            reached: Outlook::At(Timestamp::from_seconds(1_767_366_000)),
            until: None,
            address: "https://chat.acme.test/integrations/connection/con_1".into(),
        }
    }

    fn text(says: &Calls) -> (String, String) {
        let zone = Zone::named("Asia/Tokyo").expect("a zone");
        let now = Timestamp::from_seconds(1_767_355_200);
        let letter = calls(&Clock { words: Words::english(), zone: &zone, now }, says);
        (letter.subject, letter.text)
    }

    #[test]
    fn a_mail_about_calls_says_when_they_end_and_where_to_look() {
        let (subject, text) = text(&says());
        assert!(subject.contains("Acme Corp") && subject.contains("81"), "{subject}");
        for part in ["Maya", "at 00:00", "15000", "10000", "1000", "con_1"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains('<') && !text.contains('\u{2068}'), "{text}");
    }

    #[test]
    fn a_mail_about_a_stop_says_that_nothing_is_lost() {
        let until = Some(Timestamp::from_seconds(1_767_358_800));
        let (subject, text) = text(&Calls { is_stopped: true, until, ..says() });
        assert_ne!(subject, self::text(&says()).0);
        assert!(text.contains("at 22:00") && text.contains("Nothing is lost"), "{text}");
    }
}
