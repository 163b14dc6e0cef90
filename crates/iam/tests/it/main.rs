//! What the emulator, preflight and the roles command rely on, through the public interface.

mod conditions;
mod documents;
mod evaluation;
mod generation;
mod lint;
mod properties;
mod settled;
mod trust;
mod world;
