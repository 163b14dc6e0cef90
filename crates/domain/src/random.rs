//! Where randomness comes from.

/// Gives unpredictable bytes. The product takes them from the operating system; tests from a
/// seed that they print.
pub trait Random: Send + Sync {
    /// Overwrites all of `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}
