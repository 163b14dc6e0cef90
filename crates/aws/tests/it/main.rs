//! The adapter through the real SDK against the emulator; the emulator's ledger is the oracle.

mod many_accounts;
mod reads;
mod support;
mod writes;
