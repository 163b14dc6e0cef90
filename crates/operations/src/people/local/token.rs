//! Secrets that a browser or a link carries. Only their hashes are stored.

use domain::Random;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Random bytes of a token.
const BYTES: usize = 32;

/// A random token of 256 bits, as 64 hexadecimal digits. It has neither `Debug` nor `Serialize`.
pub struct SecretToken(Zeroizing<String>);

impl SecretToken {
    pub(super) fn generate(random: &dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0; BYTES]);
        random.fill(&mut *bytes);
        Self(Zeroizing::new(hex::encode(*bytes)))
    }

    /// One that was presented; none if it cannot be one.
    pub fn presented(text: &str) -> Option<Self> {
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 2 * BYTES && text.bytes().all(digit))
            .then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text, for the cookie or the link alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored of it. The token is random, so a plain hash cannot be guessed back, and
    /// looking it up by its hash tells nothing by the time it takes.
    pub(super) fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}
