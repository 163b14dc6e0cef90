//! Everything that the emulator draws: ids, credentials, faults. It all follows from one seed.

use domain::Random;
use rand::TryRngCore as _;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};
use std::sync::{Mutex, PoisonError};

/// A seed from the operating system, for a start that names none.
pub(crate) fn system_seed() -> u64 {
    let seed = rand::rngs::OsRng.try_next_u32();
    u64::from(seed.expect("the operating system always gives random bytes once it is up"))
}

/// A seed that people can copy by hand: a number of 32 bits.
pub(crate) fn seed(random: &dyn Random) -> u64 {
    let mut bytes = [0; 4];
    random.fill(&mut bytes);
    u64::from(u32::from_be_bytes(bytes))
}

/// Bytes that follow from a seed: the same seed gives the same bytes in the same order, on every
/// machine and in every version (`ChaCha8`). Its credentials open nothing but an emulator on this
/// machine, so they need not be hard to guess.
pub(crate) struct SeededRandom(Mutex<ChaCha8Rng>);

impl SeededRandom {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha8Rng::seed_from_u64(seed)))
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stream.fill_bytes(bytes);
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
