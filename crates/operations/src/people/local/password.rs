//! Passwords in clear: a type that cannot print, and the floor below which none is accepted.

use crate::field::{Field, FieldCode, FieldError};
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

/// The fewest characters of a new password.
pub const SHORTEST: usize = 12;
/// The most bytes of a password.
pub const LONGEST: usize = 512;

/// A password as somebody typed it. It has neither `Debug` nor `Serialize`, cannot be cloned, and
/// is overwritten when it is dropped.
#[derive(Default)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes the text over; nothing is checked.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether it is longer than any password that was ever accepted, so that it need not be
    /// hashed.
    pub(super) fn is_too_long(&self) -> bool {
        self.0.len() > LONGEST
    }

    /// What speaks against it as the new password of somebody who is known by `names`; `field` is
    /// where it was typed. Each way in which a password is set asks this.
    ///
    /// At least [`SHORTEST`] characters, at most [`LONGEST`] bytes, none of the names or little more
    /// than one, and not guessed within 10^8 guesses by a program that knows common passwords,
    /// words, dates, keyboard walks and the names (zxcvbn, score 3).
    pub fn check(&self, field: Field, names: &[&str]) -> Result<(), FieldError> {
        let refuse = |code| Err(FieldError::new(field, code));
        if self.is_empty() {
            return refuse(FieldCode::Required);
        }
        if self.is_too_long() {
            return refuse(FieldCode::PasswordTooLong);
        }
        if self.0.chars().count() < SHORTEST {
            return refuse(FieldCode::PasswordTooShort);
        }
        let lower = Zeroizing::new(self.0.to_lowercase());
        let mut known = vec!["customhouse"];
        for name in names {
            let name = name.trim();
            if !name.is_empty() && is_little_more(&lower, &name.to_lowercase()) {
                return refuse(FieldCode::PasswordIsName);
            }
            known.push(name);
            known.extend(
                name.split(|c: char| !c.is_alphanumeric())
                    .filter(|part| part.len() > 2),
            );
        }
        if zxcvbn(&self.0, &known).score() < Score::Three {
            return refuse(FieldCode::PasswordCommon);
        }
        Ok(())
    }

    /// Whether both are the same.
    pub fn same_as(&self, other: &Self) -> bool {
        *self.0 == *other.0
    }
}

/// Whether `password` is `name`, perhaps several times over, with fewer than six characters more.
fn is_little_more(password: &str, name: &str) -> bool {
    password.contains(name) && password.replace(name, "").chars().count() < 6
}

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<FieldCode> {
        let names = ["requester", "Release manager"];
        let checked = Password::new(text.to_owned()).check(Field::Password, &names);
        checked.err().map(|error| error.code)
    }

    #[test]
    fn empty_short_long_common_and_telling_passwords_are_refused() {
        for (text, expected) in [
            ("", Some(FieldCode::Required)),
            ("xK4!pq9", Some(FieldCode::PasswordTooShort)),
            ("xK4!pq9Lw2v", Some(FieldCode::PasswordTooShort)),
            ("            ", Some(FieldCode::PasswordCommon)),
            ("aaaaaaaaaaaaaaaa", Some(FieldCode::PasswordCommon)),
            ("password1234", Some(FieldCode::PasswordCommon)),
            ("passwordpassword", Some(FieldCode::PasswordCommon)),
            ("qwertyuiop[]", Some(FieldCode::PasswordCommon)),
            ("Customhouse2026", Some(FieldCode::PasswordCommon)),
            ("123456789012", Some(FieldCode::PasswordCommon)),
            ("Requester2026", Some(FieldCode::PasswordIsName)),
            ("requesterrequester", Some(FieldCode::PasswordIsName)),
            ("release manager!", Some(FieldCode::PasswordIsName)),
            ("xK4!pq9Lw2vT", None),
            ("three grey boats sail", None),
            ("пять серых лодок плывут", None),
        ] {
            assert_eq!(code(text), expected, "{text:?}");
        }
        assert_eq!(code(&"x4!K".repeat(129)), Some(FieldCode::PasswordTooLong));
        let longest = format!("three grey boats sail over {}", "x".repeat(485));
        assert_eq!((longest.len(), code(&longest)), (LONGEST, None));
        assert_eq!(code(&(longest + "x")), Some(FieldCode::PasswordTooLong));
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert_eq!(code("ж8Ё!щъ"), Some(FieldCode::PasswordTooShort));
    }
}
