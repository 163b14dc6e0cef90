//! Times, lengths of time and figures as people read them. Always UTC, always with a unit.
//!
//! `public/live.js` writes ages in the same words; a change here is a change there.

use domain::Millis;

/// A day with its year: `24 Nov 2026`.
pub fn day(moment: Millis) -> String {
    format(moment, "%-d %b %Y")
}

/// A moment to the minute: `24 Nov 2026, 10:14 UTC`.
pub fn minute(moment: Millis) -> String {
    format(moment, "%-d %b %Y, %H:%M UTC")
}

/// A moment to the second: `24 Nov 2026, 10:14:14 UTC`.
pub fn second(moment: Millis) -> String {
    format(moment, "%-d %b %Y, %H:%M:%S UTC")
}

/// The time of day alone: `10:14:14`. The column or label beside it says UTC.
pub fn time_of_day(moment: Millis) -> String {
    format(moment, "%H:%M:%S")
}

/// A moment that the calendar cannot show is shown as its number.
fn format(moment: Millis, pattern: &str) -> String {
    match jiff::Timestamp::from_millisecond(moment.get()) {
        Ok(timestamp) => timestamp.strftime(pattern).to_string(),
        Err(_) => format!("{} ms", moment.get()),
    }
}

/// How far `then` lies from `now`, in one unit: `8 s ago`, `in 12 s`, `now` within a second.
pub fn distance(now: Millis, then: Millis) -> String {
    let seconds = now.since(then) / 1000;
    let length = one_unit(seconds.unsigned_abs());
    match seconds {
        0 => "now".to_owned(),
        1.. => format!("{length} ago"),
        _ => format!("in {length}"),
    }
}

fn one_unit(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// How long something took: `84 ms`, `3.1 s`, `42 s`, `4 min 20 s`, `2 h 09 min`.
pub fn duration(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    match milliseconds {
        0..1000 => format!("{milliseconds} ms"),
        1000..10_000 => format!("{seconds}.{} s", milliseconds % 1000 / 100),
        _ => elapsed(seconds),
    }
}

/// How long something has been running, to the second or, beyond an hour, to the minute.
pub fn elapsed(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// A share from 0 to 1 as a percentage with one decimal: `93.1 %`.
pub fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A count with separators: `1,140`.
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count and the word for what is counted: `1 policy`, `2 policies`.
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// Text for `<textarea>` and `<title>`, whose contents Leptos writes as they are: `&` and `<`
/// become references, which browsers read back there (HTML standard, RCDATA state).
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Millis = Millis::new(1_795_515_254_999);

    #[test]
    fn moments_are_utc_and_never_rounded_up() {
        assert_eq!(day(NOON), "24 Nov 2026");
        assert_eq!(minute(NOON), "24 Nov 2026, 10:14 UTC");
        assert_eq!(second(NOON), "24 Nov 2026, 10:14:14 UTC");
        assert_eq!(time_of_day(NOON), "10:14:14");
        let beyond = Millis::new(i64::MAX);
        assert_eq!(second(beyond), format!("{} ms", beyond.get()));
    }

    #[test]
    fn distances_have_one_unit_and_a_direction() {
        for (seconds, text) in [
            (0, "now"),
            (8, "8 s ago"),
            (-12, "in 12 s"),
            (59, "59 s ago"),
            (60, "1 min ago"),
            (3600, "1 h ago"),
            (172_799, "47 h ago"),
            (172_800, "2 d ago"),
        ] {
            assert_eq!(distance(NOON, NOON.plus(-seconds * 1000)), text);
        }
    }

    #[test]
    fn lengths_keep_what_matters() {
        for (milliseconds, text) in [
            (84, "84 ms"),
            (3_149, "3.1 s"),
            (42_900, "42 s"),
            (260_000, "4 min 20 s"),
            (7_745_000, "2 h 09 min"),
        ] {
            assert_eq!(duration(milliseconds), text);
        }
    }

    #[test]
    fn raw_text_cannot_end_its_element() {
        assert_eq!(escaped("</textarea>&lt;"), "&lt;/textarea>&amp;lt;");
    }

    #[test]
    fn figures_are_grouped_and_rounded() {
        assert_eq!(percent(0.931), "93.1 %");
        assert_eq!(percent(1.0), "100.0 %");
        assert_eq!(count(1_140), "1,140");
        assert_eq!(count(123), "123");
        assert_eq!(count(1_000_000), "1,000,000");
        assert_eq!(counted(1, "policy", "policies"), "1 policy");
    }
}
