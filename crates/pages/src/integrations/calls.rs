//! The calls of a connection's org: who used how many, what is left, what will come, and what the admin allows.

use causeway_core::{
    governor::{Because, Forecast, NEAR, Outlook, PURPOSES, Purpose, Rules, Standing},
    time::Timestamp,
};
use maud::{Markup, html};

use crate::{
    Words, args,
    form::Field,
    part::{Tone, badge, notice},
    when::Clock,
};

/// How the calls stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calls {
    /// The connection's id, as addresses have it.
    pub id: String,
    /// What people call the org.
    pub org: String,
    /// What holds.
    pub rules: Rules,
    /// Everybody's calls and ours.
    pub standing: Standing,
    /// When the org told of them.
    pub told_at: Option<Timestamp>,
    /// Our calls in the window, and today, by purpose.
    pub in_window: Vec<(Purpose, u64)>,
    /// See `in_window`.
    pub today: Vec<(Purpose, u64)>,
    /// What would end or has ended the calls for messages.
    pub because: Option<Because>,
    /// Percent of what messages may use that is spent.
    pub spent: Option<u64>,
    /// Entries that wait, and calls to write them.
    pub waiting: (u64, u64),
    /// What will come.
    pub forecast: Forecast,
    /// Messages wait until then.
    pub waits_until: Option<Timestamp>,
    /// Calls run short, since then.
    pub short_since: Option<Timestamp>,
    /// A chat sync puts messages together meanwhile.
    pub may_widen: bool,
}

/// The admin's choice as a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// As typed.
    pub share: String,
    /// As typed.
    pub reserve: String,
    /// What holds where nothing is typed.
    pub default: (u8, u8),
    /// What is wrong with share and reserve.
    pub bad: (bool, bool),
    /// Whoever looks may change it.
    pub may_change: bool,
    /// Mails are sent.
    pub has_mail: bool,
}

/// What people call a purpose.
pub(super) fn label(words: &Words, purpose: Purpose) -> String {
    // words: purpose-*
    words.say(&format!("purpose-{}", purpose.word()))
}

/// How the calls stand, fetched again when that changes.
pub(super) fn calls_part(clock: &Clock<'_>, calls: &Calls) -> Markup {
    let words = clock.words;
    let usage = calls.standing.usage.filter(|usage| usage.limit > 0);
    let address = format!("/integrations/connection/{}", calls.id);
    html! {
        section #calls .panel-box.call-box aria-labelledby="calls-title" data-live="connections" data-src=(address) {
            header.connection__head {
                h2 #calls-title { (words.say("calls-title")) }
                (state(words, calls))
            }
            @match usage {
                Some(usage) => {
                    (bar(words, calls, usage.used, usage.limit))
                    (says(clock, calls))
                    (table(words, calls, Some((usage.used, usage.limit))))
                    @if let Some(at) = calls.told_at {
                        p.quiet.small { (words.with("calls-told", args!["org" => calls.org.as_str(), "time" => clock.ago(at)])) }
                    }
                },
                None => {
                    p.quiet { (words.with("calls-no-limit", args!["org" => calls.org.as_str()])) }
                    (table(words, calls, None))
                },
            }
        }
    }
}

fn state(words: &Words, calls: &Calls) -> Markup {
    let (tone, key) = match (calls.waits_until, calls.spent) {
        (Some(_), _) => (Tone::Bad, "calls-stopped"),
        (None, None) => (Tone::Plain, "calls-unknown"),
        (None, Some(spent)) if spent >= NEAR || calls.short_since.is_some() => (Tone::Warning, "calls-near"),
        (None, Some(_)) => (Tone::Good, "calls-enough"),
    };
    badge(tone, &words.say(key))
}

/// The window as a bar: others, ours, free, reserved. Widths are attributes, which the content policy allows.
fn bar(words: &Words, calls: &Calls, used: u64, limit: u64) -> Markup {
    let of = |part: u64| (part.min(limit) * 1000 / limit).min(1000);
    let ours = calls.standing.ours.min(used);
    let (others, reserve) = (of(used - ours), u64::from(calls.rules.reserve_percent) * 10);
    let width = of(ours).max(u64::from(ours > 0) * 4).min(1000 - others);
    let told = words.with(
        "calls-bar",
        args!["limit" => limit, "others" => used - ours, "ours" => ours, "reserve" => calls.rules.reserve_percent],
    );
    html! {
        svg.call-bar viewBox="0 0 1000 20" preserveAspectRatio="none" role="img" aria-label=(told) {
            rect.call-bar__free x="0" y="0" width="1000" height="20" {}
            rect.call-bar__reserve x=(1000 - reserve) y="0" width=(reserve) height="20" {}
            rect.call-bar__others x="0" y="0" width=(others) height="20" {}
            rect.call-bar__ours x=(others) y="0" width=(width) height="20" {}
        }
        ul.call-key {
            li.call-key__others { (words.say("calls-others")) " " strong { (used - ours) } }
            li.call-key__ours { (words.say("calls-ours")) " " strong { (ours) } }
            li.call-key__reserve { (words.say("calls-reserve")) " " strong { (calls.rules.reserve_percent) " %" } }
        }
    }
}

/// What is and what will be, in sentences.
fn says(clock: &Clock<'_>, calls: &Calls) -> Markup {
    let words = clock.words;
    let at = |key: &str, at: Timestamp| words.with(key, args!["when" => clock.to_come(at)]);
    let mut lines = Vec::new();
    if calls.waits_until.is_none() {
        lines.push(match calls.forecast.reached {
            Outlook::TooFew => words.say("calls-ahead-few"),
            Outlook::Never => words.say("calls-ahead-never"),
            Outlook::At(then) => at("calls-ahead-at", then),
        });
    }
    lines.push(waiting(words, calls.waiting));
    if calls.waiting.0 > 0 {
        let soon = clock.now.plus(std::time::Duration::from_mins(15));
        lines.push(match calls.forecast.written {
            Outlook::At(then) if then <= soon => words.say("calls-written-soon"),
            Outlook::At(then) => at("calls-written", then),
            Outlook::TooFew | Outlook::Never => words.say("calls-written-never"),
        });
    }
    html! {
        @if let Some(until) = calls.waits_until {
            // words: calls-stops-*
            @let key = match calls.because {
                Some(Because::Share) => "calls-stops-share",
                Some(Because::Reserve) => "calls-stops-reserve",
                Some(Because::Limit) | None => "calls-stops-limit",
            };
            @let then = match calls.forecast.goes_on {
                Outlook::At(then) => at("calls-goes-on", then),
                Outlook::TooFew | Outlook::Never => words.say("calls-goes-on-few"),
            };
            (notice(Tone::Warning, &format!("{} {then}", at(key, until)), None))
        }
        p { (lines.join(" ")) }
        @if let Some(since) = calls.short_since {
            @let key = if calls.may_widen { "calls-widened" } else { "calls-short" };
            p.small { (words.with(key, args!["time" => clock.short(since)])) }
        }
    }
}

fn waiting(words: &Words, (entries, calls): (u64, u64)) -> String {
    match (entries, calls) {
        (0, _) => words.say("calls-waiting-none"),
        (_, 0 | 1) => words.with("calls-waiting-one", args!["count" => entries]),
        _ => words.with("calls-waiting", args!["count" => entries, "calls" => calls]),
    }
}

/// Calls by purpose, in the last window and today.
fn table(words: &Words, calls: &Calls, usage: Option<(u64, u64)>) -> Markup {
    let of = |counted: &[(Purpose, u64)], purpose: Purpose| {
        counted.iter().find(|(known, _)| *known == purpose).map_or(0, |(_, calls)| *calls)
    };
    let all = |counted: &[(Purpose, u64)]| counted.iter().map(|(_, calls)| calls).sum::<u64>();
    let none = words.say("calls-none-yet");
    html! {
        table.call-table {
            thead { tr {
                th scope="col" { (words.say("calls-for")) }
                th scope="col" { (words.say("calls-window")) }
                th scope="col" { (words.say("calls-day")) }
            } }
            tbody {
                @for purpose in PURPOSES {
                    tr { th scope="row" { (label(words, *purpose)) } td { (of(&calls.in_window, *purpose)) } td { (of(&calls.today, *purpose)) } }
                }
                tr.call-table__sum { th scope="row" { (words.say("calls-all-ours")) } td { (all(&calls.in_window)) } td { (all(&calls.today)) } }
                @if let Some((used, limit)) = usage {
                    tr { th scope="row" { (words.say("calls-everybody")) } td { (used) } td { (none) } }
                    tr { th scope="row" { (words.say("calls-limit")) } td { (limit) } td { (none) } }
                }
            }
        }
    }
}

/// What the admin allows.
pub(super) fn rules(words: &Words, id: &str, calls: &Calls, chosen: &Chosen) -> Markup {
    let bad = |is_bad: bool| is_bad.then(|| words.say("calls-rules-bad"));
    let hint = |key: &str, percent: u8| {
        format!("{} {}", words.say(key), words.with("calls-default", args!["percent" => percent]))
    };
    html! {
        section.panel-box.stack aria-labelledby="calls-rules" {
            h2 #calls-rules { (words.say("calls-rules-title")) }
            @if chosen.may_change {
                form.stack method="post" action=(format!("/integrations/connection/{id}/calls")) {
                    (Field::new("share_percent", words.say("calls-share")).value(&chosen.share)
                        .hint(hint("calls-share-hint", chosen.default.0)).error(bad(chosen.bad.0)).line("number", "off"))
                    (Field::new("reserve_percent", words.say("calls-reserve-label")).value(&chosen.reserve)
                        .hint(hint("calls-reserve-hint", chosen.default.1)).error(bad(chosen.bad.1)).line("number", "off"))
                    div.actions { button.button type="submit" { (words.say("calls-rules-save")) } }
                }
                @if !chosen.has_mail { p.quiet.small { (words.say("calls-mail-off")) } }
            } @else {
                dl.rows {
                    div { dt { (words.say("calls-share")) } dd { (calls.rules.share_percent) " %" } }
                    div { dt { (words.say("calls-reserve-label")) } dd { (calls.rules.reserve_percent) " %" } }
                }
                p.quiet.small { (words.say("calls-rules-who")) }
            }
        }
    }
}
