//! Times as a person types them: an instant, or how long ago.

use std::time::Duration;

use causeway_core::time::Timestamp;

/// Reads an RFC 3339 instant, or a span before `now`: `3d`, `12h`, `30m`.
pub fn since(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let wrong =
        || format!("`{text}` is no time; give one like 2026-01-02T03:04:05Z, or how long ago: 3d, 12h, 30m");
    if let Some(at) = Timestamp::parse(text) {
        return Ok(at);
    }
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "d" => 86_400,
        "h" => 3_600,
        "m" => 60,
        _ => return Err(wrong()),
    };
    Ok(now.minus(Duration::from_secs(number.saturating_mul(seconds))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_or_a_span_before_now() {
        let now = Timestamp::from_seconds(1_767_323_045);
        let ago = |seconds: i64| Ok(Timestamp::from_seconds(1_767_323_045 - seconds));
        assert_eq!(since("3d", now), ago(3 * 86_400));
        assert_eq!(since("12h", now), ago(12 * 3_600));
        assert_eq!(since("30m", now), ago(1_800));
        assert_eq!(since("2026-01-02T03:04:05Z", now), ago(0));
        for text in ["", "d", "3", "3w", "yesterday", "-3d", "３日", "日"] {
            assert!(since(text, now).is_err(), "{text}");
        }
    }
}
