//! The named moments in a child's life, and what happens to the child at one of them.

use crate::child::{ChildOptions, FROZEN, say};
use engine::{Checkpoint, Checkpoints};
use std::process::abort;
use std::sync::atomic::{AtomicU32, Ordering};

/// The word for a checkpoint in [`crate::round::MOMENTS`].
pub fn word(checkpoint: Checkpoint) -> String {
    match checkpoint {
        Checkpoint::IntentDue(operation) => format!("intent-due:{operation}"),
        Checkpoint::IntentStored(operation) => format!("intent-stored:{operation}"),
        Checkpoint::WriteAnswered(operation) => format!("answered:{operation}"),
        Checkpoint::LookAnswered => "look-answered".to_owned(),
        Checkpoint::OutcomeDue => "outcome-due".to_owned(),
        Checkpoint::OutcomeStored => "outcome-stored".to_owned(),
    }
}

/// Ends or freezes the process at the nth passing of one moment.
pub struct StruckAt {
    moment: Option<String>,
    left: AtomicU32,
    freezes: bool,
}

impl StruckAt {
    /// As the child is told.
    pub fn new(options: &ChildOptions) -> Self {
        Self {
            moment: options.end_at.clone().or(options.freeze_at.clone()),
            left: AtomicU32::new(options.nth.max(1)),
            freezes: options.freeze_at.is_some(),
        }
    }
}

impl Checkpoints for StruckAt {
    fn reach(&self, checkpoint: Checkpoint) {
        let is_it = self.moment.as_ref() == Some(&word(checkpoint));
        if is_it && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            if self.freezes {
                freeze();
            } else {
                abort();
            }
        }
    }
}

/// Says so and goes no further: whoever started the child stops it as it stands, and sends a line
/// when it wakes.
fn freeze() {
    say(FROZEN).expect("the driver reads what a child prints");
    let woken = std::io::stdin().read_line(&mut String::new());
    woken.expect("the driver has the other end");
}
