//! What ends a visit early, and what keeps an engine from working at all.

use crate::outcome::StepOutcome;
use operations::OpError;

/// The database could not be used. The job keeps its lease until it runs out and is then tried
/// again; nothing in AWS depends on it.
#[derive(Debug, thiserror::Error)]
#[error("the engine could not {action}")]
pub struct EngineError {
    /// What it wanted, such as "claim jobs".
    pub action: &'static str,
    /// Why not.
    #[source]
    pub source: OpError,
}

impl EngineError {
    pub(crate) fn when(action: &'static str) -> impl FnOnce(OpError) -> Self {
        move |source| Self { action, source }
    }
}

/// Why a step does not go on to its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// What it comes to is known already.
    With(Box<StepOutcome>),
    /// Another engine holds the job; whatever was found here is not written.
    Lost,
    /// The database could not be used.
    Engine(EngineError),
}

impl Stop {
    /// Ends the step with `outcome`.
    pub(crate) fn with(outcome: StepOutcome) -> Self {
        Self::With(Box::new(outcome))
    }
}

impl From<EngineError> for Stop {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

/// What a step's functions give back.
pub(crate) type Move<T> = Result<T, Stop>;
