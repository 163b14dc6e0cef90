//! The adapter through the real SDK against the emulator; the emulator's ledger is the oracle.

#![expect(
    clippy::unwrap_used,
    reason = "a helper that cannot go on fails its test"
)]

mod many_accounts;
mod reads;
mod sessions;
mod strange_answers;
mod support;
mod writes;
