//! Unpredictable values: credentials and request ids.

use domain::Random;
use rand::TryRngCore as _;

/// The operating system's randomness.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rngs::OsRng
            .try_fill_bytes(bytes)
            .expect("the operating system always gives random bytes once it is up");
    }
}

/// `length` characters out of `alphabet`, each drawn on its own.
pub(crate) fn text(random: &dyn Random, alphabet: &[u8], length: usize) -> String {
    let mut bytes = vec![0; length];
    random.fill(&mut bytes);
    bytes
        .into_iter()
        .map(|byte| char::from(alphabet[usize::from(byte) % alphabet.len()]))
        .collect()
}

/// Lower-case hexadecimal digits; `length` of them.
pub(crate) fn hexadecimal(random: &dyn Random, length: usize) -> String {
    text(random, b"0123456789abcdef", length)
}

/// A request id in the shape of a UUID.
pub(crate) fn request_id(random: &dyn Random) -> String {
    let digits = hexadecimal(random, 32);
    format!(
        "{}-{}-{}-{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..]
    )
}
