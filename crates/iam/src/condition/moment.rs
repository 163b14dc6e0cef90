//! Dates: ISO 8601 as the W3C note on date and time formats has it, or seconds since 1970.

use domain::Millis;
use std::cmp::Ordering;

/// Compares two dates, to the millisecond; `None` when one cannot be read.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(read(left)?.cmp(&read(right)?))
}

/// Reads `2026-11-24T10:14:14Z` (also with an offset or a fraction, or without seconds),
/// `2026-11-24`, which is midnight UTC, or at least nine digits of seconds since 1970. A year
/// alone and a month alone are not read, since a number could be meant.
fn read(text: &str) -> Option<Millis> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() >= 9 && digits(text) {
        return text.parse::<i64>().ok()?.checked_mul(1000).map(Millis::new);
    }
    let shaped = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"-:.TZ+".contains(&byte));
    let bytes = text.as_bytes();
    if !shaped || bytes.len() < 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    if bytes.len() == 10 {
        return Millis::parse_iso(&format!("{text}T00:00:00Z"));
    }
    (bytes[10] == b'T')
        .then(|| Millis::parse_iso(text))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_aws_documents_are_read() {
        let noon = Millis::new(1_795_521_600_000);
        for text in [
            "2026-11-24T12:00:00Z",
            "2026-11-24T12:00:00.000Z",
            "2026-11-24T12:00Z",
            "2026-11-24T13:00:00+01:00",
            "1795521600",
        ] {
            assert_eq!(read(text), Some(noon), "{text}");
        }
        assert_eq!(read("2026-11-24"), Some(Millis::new(1_795_478_400_000)));
    }

    #[test]
    fn anything_else_is_not_guessed() {
        for text in [
            "",
            "2026",
            "2026-11",
            "2026-11-24T12:00:00",
            "2026-11-24 12:00:00Z",
            "2026-13-01",
            "20261124",
            "2026-11-24T12:00:00Z[UTC]",
            "99999999999999999999",
            "tomorrow",
            "+002026-11-24T12:00:00Z",
            "ää26-11-24",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
