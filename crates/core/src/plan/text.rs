//! Text within lengths: counted in UTF-16 units, cut only where a reader sees a gap between two characters.

use unicode_segmentation::UnicodeSegmentation;

/// Length in UTF-16 units: what the strictest of our CRMs counts.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Splits so that the first piece has at most `most` units, behind a blank or line end if one is near, and never
/// within what a reader sees as one character. The first piece is empty only if nothing fits.
pub(super) fn split(text: &str, most: usize) -> (&str, &str) {
    let (mut used, mut hard, mut soft) = (0, 0, 0);
    for (at, cluster) in text.grapheme_indices(true) {
        used += units(cluster);
        if used > most {
            let is_near = soft > 0 && soft * 4 >= hard * 3;
            return text.split_at(if is_near { soft } else { hard });
        }
        hard = at + cluster.len();
        if cluster.chars().all(char::is_whitespace) {
            soft = hard;
        }
    }
    (text, "")
}

/// As [`split`], but takes something even where one character is longer than `most`: between code points then.
pub(super) fn split_some(text: &str, most: usize) -> (&str, &str) {
    let (piece, rest) = split(text, most);
    if !piece.is_empty() || rest.is_empty() {
        return (piece, rest);
    }
    let mut used = 0;
    let fitting = text.char_indices().take_while(|(at, letter)| {
        used += letter.len_utf16();
        used <= most || *at == 0
    });
    text.split_at(fitting.last().map_or(0, |(at, letter)| at + letter.len_utf8()))
}

/// One line of at most `most` units; a visible mark says that it was longer.
pub(super) fn shorten(text: &str, most: usize) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if units(&one_line) <= most {
        return one_line;
    }
    let (kept, _) = split(&one_line, most.saturating_sub(1));
    if most == 0 { String::new() } else { format!("{}…", kept.trim_end()) }
}
