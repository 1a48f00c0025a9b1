//! The first line of an entry for several messages, from a workspace's template (R4.44).

use super::Scene;
use crate::{
    plan::text::{shorten, units},
    time::Timestamp,
};

/// What a template may name, beside patterns of the day as in `{DD/MM/YYYY}`.
pub const NAMES: [&str; 4] = ["channel", "name", "phone", "account"];

/// A piece of a template.
enum Piece<'a> {
    Text(&'a str),
    /// What stands in braces.
    Named(&'a str),
}

/// The pieces of a template. A brace that does not end is text.
fn pieces(template: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), template);
    while let Some((text, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        pieces.extend([Piece::Text(text), Piece::Named(name)]);
        rest = behind;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// Is it a pattern of a day: `DD`, `MM`, `YYYY` or `YY`, and signs between them?
fn is_day(pattern: &str) -> bool {
    let mut rest = pattern.replace("YYYY", "").replace("YY", "");
    for word in ["DD", "MM"] {
        rest = rest.replace(word, "");
    }
    rest.len() < pattern.len() && rest.chars().all(|sign| !sign.is_alphanumeric())
}

/// What a template names and nothing fills in.
pub fn unknown(template: &str) -> Vec<String> {
    let named = pieces(template).into_iter().filter_map(|piece| match piece {
        Piece::Named(name) if !NAMES.contains(&name) && !is_day(name) => Some(format!("{{{name}}}")),
        _ => None,
    });
    named.collect()
}

/// The line, within `room`: a long name is shortened, so that what stands behind it is still to be read.
pub(super) fn fill(scene: &Scene<'_>, at: Timestamp, room: usize) -> String {
    let whole = filled(scene, at, scene.person);
    let too_much = units(&whole).saturating_sub(room);
    if too_much == 0 {
        return whole;
    }
    let left = units(scene.person).saturating_sub(too_much);
    shorten(&filled(scene, at, &shorten(scene.person, left)), room)
}

fn filled(scene: &Scene<'_>, at: Timestamp, person: &str) -> String {
    let said = pieces(scene.title).into_iter().map(|piece| match piece {
        Piece::Text(text) => text.to_owned(),
        Piece::Named("channel") => scene.channel.to_owned(),
        Piece::Named("name") => person.to_owned(),
        Piece::Named("phone") => scene.customer.to_owned(),
        Piece::Named("account") => scene.account.to_owned(),
        Piece::Named(day) if is_day(day) => {
            let pattern = day.replace('%', "%%").replace("YYYY", "%Y").replace("YY", "%y");
            let pattern = pattern.replace("DD", "%d").replace("MM", "%m");
            at.in_zone(scene.zone).strftime(&pattern).to_string()
        }
        Piece::Named(other) => format!("{{{other}}}"),
    });
    said.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
