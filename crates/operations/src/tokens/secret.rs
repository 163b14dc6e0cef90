//! The text of a token.
//!
//! `chp_` or `chs_`, 256 random bits as 43 base62 digits, and their CRC-32 as six more, as GitHub
//! makes its tokens ("Behind GitHub's new authentication token formats"): a scanner for leaked
//! secrets knows one by its looks, tells it from noise by the sum, and needs to ask nobody.

use domain::Random;
use sha2::{Digest as _, Sha256};
use std::fmt;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62^43 > 2^256.
const RANDOM: usize = 43;
/// 62^6 > 2^32.
const SUM: usize = 6;
const BITS_IN_BYTES: usize = 32;

/// Whose token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A person's.
    Personal,
    /// A service account's.
    Service,
}

impl TokenKind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Personal => "chp_",
            Self::Service => "chs_",
        }
    }
}

/// The text of a token: whoever has it acts with it. It neither prints nor serialises.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenSecret(String);

impl TokenSecret {
    /// A new one of 256 random bits.
    pub(crate) fn generate(kind: TokenKind, random: &dyn Random) -> Self {
        let mut bytes = [0; BITS_IN_BYTES];
        random.fill(&mut bytes);
        let digits = base62(&bytes, RANDOM);
        let sum = checksum(&digits);
        Self(format!("{}{digits}{sum}", kind.prefix()))
    }

    /// Reads what somebody presents; none unless it has a token's looks and its sum is right, so that
    /// the database is not asked about anything else.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let kinds = [TokenKind::Personal, TokenKind::Service];
        let rest = kinds
            .into_iter()
            .find_map(|kind| text.strip_prefix(kind.prefix()))?;
        let plain = rest.len() == RANDOM + SUM && rest.bytes().all(|byte| DIGITS.contains(&byte));
        if !plain {
            return None;
        }
        let (digits, sum) = rest.split_at(RANDOM);
        (checksum(digits) == sum).then(|| Self(text.to_owned()))
    }

    /// The text, for showing it once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept: 64 hexadecimal digits of its SHA-256. A slow hash as for passwords would guard
    /// nothing, since nobody guesses 256 random bits; and finding a row by this hash tells no time
    /// that helps, since nobody can steer a SHA-256 towards one that is there.
    pub(crate) fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for TokenSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenSecret(…)")
    }
}

fn checksum(digits: &str) -> String {
    base62(&crc32fast::hash(digits.as_bytes()).to_be_bytes(), SUM)
}

/// The number that `bytes` are, the highest first, as so many digits.
fn base62(bytes: &[u8], digits: usize) -> String {
    let mut number = bytes.to_vec();
    let mut text = vec![b'0'; digits];
    for digit in text.iter_mut().rev() {
        let mut rest = 0_u32;
        for byte in &mut number {
            let part = rest * 256 + u32::from(*byte);
            // Below 256, since `rest` is below 62.
            *byte = u8::try_from(part / 62).unwrap_or_default();
            rest = part % 62;
        }
        *digit = DIGITS[rest as usize];
    }
    text.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Same(u8);

    impl Random for Same {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn numbers_have_one_text_of_fixed_length() {
        assert_eq!(base62(&[0], 3), "000");
        assert_eq!(base62(&[61], 3), "00z");
        assert_eq!(base62(&[62], 3), "010");
        assert_eq!(base62(&[1, 0], 3), "048");
        assert_eq!(base62(&u32::MAX.to_be_bytes(), SUM), "4gfFC3");
        let most = base62(&[255; BITS_IN_BYTES], RANDOM);
        assert_ne!(most, base62(&[255; BITS_IN_BYTES], RANDOM + 1)[..RANDOM]);
        assert!(base62(&[255; BITS_IN_BYTES], RANDOM + 1).starts_with('0'));
    }

    #[test]
    fn the_sum_is_that_of_iso_3309() {
        // The check value of CRC-32: CBF43926.
        assert_eq!(
            checksum("123456789"),
            base62(&0xCBF4_3926_u32.to_be_bytes(), SUM)
        );
    }

    #[test]
    fn a_token_is_read_back_and_one_that_was_changed_is_not() {
        for (kind, prefix) in [(TokenKind::Personal, "chp_"), (TokenKind::Service, "chs_")] {
            let secret = TokenSecret::generate(kind, &Same(0xA7));
            let text = secret.reveal();
            assert_eq!((text.len(), &text[..4]), (53, prefix));
            assert_eq!(TokenSecret::read(text), Some(secret.clone()));
            for place in 0..text.len() {
                let mut bytes = text.as_bytes().to_vec();
                bytes[place] = if bytes[place] == b'a' { b'b' } else { b'a' };
                let changed = String::from_utf8(bytes).unwrap();
                assert_eq!(TokenSecret::read(&changed), None, "{place}");
            }
            for other in [&text[..52], &format!("{text}0"), &format!(" {text}")] {
                assert_eq!(TokenSecret::read(other), None);
            }
            assert_eq!(format!("{secret:?}"), "TokenSecret(…)");
            assert_eq!(secret.hash().len(), 64);
        }
        assert_eq!(TokenSecret::read(""), None);
        assert_eq!(TokenSecret::read("chp_é"), None);
    }
}
