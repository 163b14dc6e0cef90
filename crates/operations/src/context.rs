//! What every use case is given: who acts, the database, AWS to look at, clock and randomness.

use crate::error::{OpError, OpResult};
use crate::ports::aws::AwsReads;
use domain::{Action, Actor, Clock, Decision, Millis, Random, permission};
use std::fmt;
use std::sync::Arc;
use store::Store;

/// The surroundings of one use case. Made for each request; cheap to clone.
#[derive(Clone)]
pub struct OpContext {
    /// Who acts.
    pub actor: Actor,
    /// Names the request in log and audit entries; at most 64 characters.
    pub request_id: String,
    /// The database.
    pub store: Store,
    /// AWS, to look at. Nothing here can change AWS.
    pub aws: Arc<dyn AwsReads>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives unpredictable bytes.
    pub random: Arc<dyn Random>,
    /// What the configuration decides.
    pub settings: Arc<Settings>,
}

/// What the configuration decides about use cases.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many hours a grant lives beyond the moment before which its plan must run.
    pub grant_hours: u16,
    /// The ARN of the user or role that Customhouse runs as, if known: it stands in the trust
    /// policies that role tests suggest.
    pub principal: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            grant_hours: 24,
            principal: None,
        }
    }
}

impl OpContext {
    /// The present moment.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// The same surroundings with another actor.
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self {
            actor,
            ..self.clone()
        }
    }

    /// Fails with [`OpError::Forbidden`] unless the actor may do `action`. Every use case calls it
    /// before anything else.
    pub(crate) fn require(&self, action: Action) -> OpResult<()> {
        match permission::may(&self.actor, action) {
            Decision::Allowed => Ok(()),
            Decision::Denied => Err(OpError::Forbidden { action }),
        }
    }
}

impl fmt::Debug for OpContext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OpContext")
            .field("actor", &self.actor)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}
