//! When things run: claims, leases, steps, looks at AWS, and the stream of events.
//!
//! The engine carries out approved plans and nothing else. It claims a job from the database, makes
//! one move of its present step, stores what came of it under the claim's number, and lets go. Every
//! step reads first what is true in AWS, so it can be run again after any crash. What may be written
//! to the database, and in which transaction, is decided in `operations::jobs`.
//!
//! - [`Engine`] (`engine.rs`): claims what is due, bounds what runs at once, ends on shutdown.
//! - `visit.rs`: one claimed job in hand, its calls to AWS and what is stored of them.
//! - `steps/`: one file for each step. `steps/copy/` holds the rules of at most one copy.
//! - [`Checkpoints`]: where tests may end the process.
//! - [`budget`]: how much AWS may be asked, shared by all that ask.
//! - [`events`]: committed events as ready frames for any number of readers.

mod backoff;
pub mod budget;
mod checkpoint;
pub mod duty;
mod engine;
mod error;
pub mod events;
mod lease;
mod outcome;
mod parts;
mod policy_text;
mod refusal;
mod settings;
mod steps;
mod sweep;
mod visit;

pub use budget::{Budget, BudgetSettings, Precedence};
pub use checkpoint::{Checkpoint, Checkpoints, NoCheckpoints};
pub use duty::Duty;
pub use engine::Engine;
pub use error::EngineError;
pub use events::{EventHub, EventStream, HubParts, HubSettings, StreamFilter, SubscribeError};
pub use parts::EngineParts;
pub use settings::{DoubtSettings, EngineSettings, LookSchedule, RetrySettings};
