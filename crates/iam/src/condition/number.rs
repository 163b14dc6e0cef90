//! Decimal numbers of any length, compared exactly.

use std::cmp::Ordering;

/// Compares two decimal numbers such as `-12.50`; `None` when one is not.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Decimal::parse(left)?, Decimal::parse(right)?);
    Some(match (left.negative, right.negative) {
        (false, false) => left.size(&right),
        (true, true) => right.size(&left),
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
    })
}

struct Decimal<'a> {
    negative: bool,
    /// Without leading zeros.
    whole: &'a str,
    /// Without trailing zeros.
    fraction: &'a str,
}

impl<'a> Decimal<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (minus, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let (whole, fraction) = (
            whole.trim_start_matches('0'),
            fraction.trim_end_matches('0'),
        );
        let zero = whole.is_empty() && fraction.is_empty();
        Some(Self {
            negative: minus && !zero,
            whole,
            fraction,
        })
    }

    /// The order of two numbers without their signs.
    fn size(&self, other: &Self) -> Ordering {
        self.whole
            .len()
            .cmp(&other.whole.len())
            .then_with(|| self.whole.cmp(other.whole))
            .then_with(|| self.fraction.cmp(other.fraction))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_compare_as_integers_do(left: i32, right: i32, scale in 0_usize..4) {
            let decimal = |value: i32| {
                let digits = format!("{:05}", value.unsigned_abs());
                let (whole, fraction) = digits.split_at(digits.len() - scale);
                let sign = if value < 0 { "-" } else { "" };
                if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
            };
            prop_assert_eq!(compare(&decimal(left), &decimal(right)), Some(left.cmp(&right)));
        }
    }

    #[test]
    fn spellings_of_one_number_are_equal_and_others_are_refused() {
        for (left, right) in [("0", "-0.0"), ("010", "10"), ("1.50", "1.5"), ("1", "1.0")] {
            assert_eq!(
                compare(left, right),
                Some(Ordering::Equal),
                "{left} {right}"
            );
        }
        for text in ["", "-", "+1", "1e3", ".5", "1.", " 1", "1_0", "٣"] {
            assert_eq!(compare(text, "1"), None, "{text:?}");
        }
    }
}
