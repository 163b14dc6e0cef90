//! Binary values, written in base64 (RFC 4648, section 4).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Whether two binary values are the same, byte for byte; `None` when one cannot be read.
pub(super) fn same(left: &str, right: &str) -> Option<bool> {
    Some(STANDARD.decode(left).ok()? == STANDARD.decode(right).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_compared_and_other_text_is_refused() {
        for (left, right, expected) in [
            ("QmluYXJ5", "QmluYXJ5", Some(true)),
            ("QmluYXJ5", "Qmluyxj5", Some(false)),
            ("", "", Some(true)),
            ("QQ==", "QQ==", Some(true)),
            ("QQ==", "QQ", None),
            ("QR==", "QQ==", None),
            ("not base64", "QQ==", None),
        ] {
            assert_eq!(same(left, right), expected, "{left} {right}");
        }
    }
}
