//! What tests of several crates need: a clock moved by hand, repeatable randomness, a database
//! that goes away, and AWS as the emulator plays it. Never part of the product.

pub mod clock;
pub mod database;
pub mod emulated;
pub mod people;
pub mod random;

pub use clock::ManualClock;
pub use database::TemporaryStore;
pub use emulated::EmulatedAws;
pub use people::everything;
pub use random::SeededRandom;
