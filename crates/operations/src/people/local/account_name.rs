//! What local users type to say who they are.

use std::fmt;
use std::str::FromStr;

/// The most characters.
const LONGEST: usize = 64;

/// The account name of a local user: 1 to 64 of `a-z 0-9 . _ -`, beginning with a letter or digit.
/// What is typed in capitals, or with spaces around it, is the same name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountName(String);

/// Text that is no account name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an account name has 1 to 64 letters a to z, digits, dots, dashes and underscores, and begins with a letter or digit"
)]
pub struct InvalidAccountName;

impl AccountName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for AccountName {
    type Err = InvalidAccountName;

    fn from_str(text: &str) -> Result<Self, InvalidAccountName> {
        let name = text.trim().to_ascii_lowercase();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let good = |byte: u8| plain(byte) || matches!(byte, b'.' | b'_' | b'-');
        let begins = name.bytes().next().is_some_and(plain);
        if begins && name.len() <= LONGEST && name.bytes().all(good) {
            Ok(Self(name))
        } else {
            Err(InvalidAccountName)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_has_one_spelling_and_strange_ones_are_refused() {
        let name = "approver-1".parse::<AccountName>().unwrap();
        for text in ["approver-1", "Approver-1", "  APPROVER-1\n"] {
            assert_eq!(text.parse(), Ok(name.clone()), "{text:?}");
        }
        let long = "a".repeat(65);
        for text in [
            "", " ", "-a", ".a", "a b", "a@b", "аdmin", "a\0", "ª", &long,
        ] {
            assert_eq!(
                text.parse::<AccountName>(),
                Err(InvalidAccountName),
                "{text:?}"
            );
        }
        assert!(long[1..].parse::<AccountName>().is_ok());
    }
}
