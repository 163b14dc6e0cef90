//! Moments at which a test may end the process.
//!
//! What an engine must survive is its end between any two effects: a commit, a call to AWS, its
//! answer. Each such moment is named here, and whoever makes an engine passes in what happens then.
//! In the product nothing does.

/// A moment between two effects. The words are AWS's names of the operations that write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Checkpoint {
    /// The intent of a write is about to be committed.
    IntentDue(&'static str),
    /// The intent is committed and nothing was sent.
    IntentStored(&'static str),
    /// AWS has answered the write, or was not reached, and nothing of that is stored.
    WriteAnswered(&'static str),
    /// AWS has shown the running copies, and nothing of that is stored.
    LookAnswered,
    /// What a visit came to is about to be committed.
    OutcomeDue,
    /// It is committed, and no reader of events was told.
    OutcomeStored,
}

/// What happens at a checkpoint.
pub trait Checkpoints: Send + Sync {
    /// Is called at each checkpoint and may end the process there.
    fn reach(&self, checkpoint: Checkpoint);
}

/// Nothing happens at any checkpoint: the product's choice.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCheckpoints;

impl Checkpoints for NoCheckpoints {
    fn reach(&self, _checkpoint: Checkpoint) {}
}
