//! Ends the engine's process at every moment that matters and asks AWS what was done.
//!
//! A round starts an emulated AWS and an empty database, approves a few promotions, and gives them
//! to child processes that run the engine as the server does. Each child is ended: at a named
//! moment between two effects, by a signal at a random time, or by being frozen until another has
//! taken its work. AWS answers late, wrongly or not at all meanwhile. The last child is left in
//! peace; when it has finished, the round is judged.
//!
//! The judge is what the emulator holds and its ledger, never what the product says of itself:
//! [`judge`] has the rules. A round is made from a seed and can be run again.
//!
//! - [`round`]: what happens in a round, from its seed.
//! - [`drive`]: carries it out.
//! - [`child`]: the process that is ended, or stopped, at a [`moment`].
//! - [`operator`]: decides where nothing proves whose a version is.
//! - [`judge`]: what must hold afterwards, and [`finding`]: what it can find.
//! - [`control`]: faults built in on purpose; with any of them the judge must object. Those that
//!   take a guard out of the product's code are the patches in `controls/`, which
//!   `cargo xtask crash --controls` applies to a copy.

pub mod child;
pub mod clock;
pub mod control;
pub mod database;
pub mod drive;
pub mod finding;
pub mod judge;
pub mod living;
pub mod moment;
pub mod operator;
pub mod round;
pub mod setting;
