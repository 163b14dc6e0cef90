//! What every use case is given: who acts, the database, AWS to look at, clock and randomness.

use crate::caller::Caller;
use crate::error::{OpError, OpResult};
use crate::people::SignInSettings;
use crate::ports::aws::AwsReads;
use domain::{
    Action, Actor, Clock, Decision, EnvironmentName, Environments, Millis, Place, Plan, Random,
    Step, permission,
};
use std::fmt;
use std::sync::Arc;
use store::Store;

/// The surroundings of one use case. Made for each request; cheap to clone.
#[derive(Clone)]
pub struct OpContext {
    /// Who calls, and what they may.
    pub caller: Caller,
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
    /// How many copies may run into one destination project at once; the others wait in the queue,
    /// before anything is granted for them.
    pub copies_per_project: u32,
    /// How long each step may take before it counts as late.
    pub deadlines: Deadlines,
    /// How often source projects are looked through for grants that a job left behind, in
    /// milliseconds.
    pub sweep_ms: i64,
    /// When sign-ins end by themselves, and what groups stand for.
    pub sign_in: SignInSettings,
}

/// How long each step may take, in milliseconds. A grant, a change or reading back that goes on
/// failing longer than that ends; a copy that AWS has, and the removal of a grant, are never given
/// up: they only show as late.
#[derive(Clone, Debug)]
pub struct Deadlines {
    /// The grant.
    pub grant_ms: i64,
    /// The copy.
    pub copy_ms: i64,
    /// The change of a project policy.
    pub apply_ms: i64,
    /// Reading back.
    pub verify_ms: i64,
    /// The removal of the grant.
    pub revoke_ms: i64,
}

impl Default for Deadlines {
    fn default() -> Self {
        const HOUR_MS: i64 = 3_600_000;
        Self {
            grant_ms: HOUR_MS,
            copy_ms: 24 * HOUR_MS,
            apply_ms: HOUR_MS,
            verify_ms: HOUR_MS,
            revoke_ms: HOUR_MS,
        }
    }
}

impl Deadlines {
    /// When `step` of a job with this plan counts as late if it begins at `at`. A check may wait for
    /// its turn as long as the plan may run.
    pub(crate) fn of(&self, plan: &Plan, step: Step, at: Millis) -> Millis {
        at.plus(match step {
            Step::Check => return plan.run_before(),
            Step::Grant => self.grant_ms,
            Step::Copy => self.copy_ms,
            Step::Apply => self.apply_ms,
            Step::Verify => self.verify_ms,
            Step::Revoke => self.revoke_ms,
        })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            grant_hours: 24,
            principal: None,
            copies_per_project: 1,
            deadlines: Deadlines::default(),
            sweep_ms: 900_000,
            sign_in: SignInSettings::default(),
        }
    }
}

impl OpContext {
    /// The present moment.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.caller.actor
    }

    /// The same surroundings with a part of the product itself as the actor.
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        self.called_by(Caller::of(actor))
    }

    /// The same surroundings with another caller.
    #[must_use]
    pub fn called_by(&self, caller: Caller) -> Self {
        Self {
            caller,
            ..self.clone()
        }
    }

    /// Whether the caller may do `action` anywhere.
    pub fn may(&self, action: Action) -> bool {
        self.is_allowed(action, Place::Somewhere)
    }

    /// Whether the caller may do `action` in this environment.
    pub fn may_in(&self, action: Action, environment: &EnvironmentName) -> bool {
        self.is_allowed(action, Place::Environment(environment))
    }

    /// The environments in which the caller may do `action`.
    pub fn environments(&self, action: Action) -> Environments {
        permission::environments(&self.caller.authority, action)
    }

    fn is_allowed(&self, action: Action, place: Place<'_>) -> bool {
        permission::may(&self.caller.authority, action, place) == Decision::Allowed
    }

    /// Fails with [`OpError::Forbidden`] unless the caller may do `action` anywhere. Every use case
    /// calls it before anything else.
    pub(crate) fn require(&self, action: Action) -> OpResult<()> {
        if self.may(action) {
            Ok(())
        } else {
            Err(OpError::Forbidden { action })
        }
    }

    /// Fails with [`OpError::Forbidden`] unless the caller may do `action` in this environment.
    pub(crate) fn require_in(&self, action: Action, environment: &EnvironmentName) -> OpResult<()> {
        if self.may_in(action, environment) {
            Ok(())
        } else {
            Err(OpError::Forbidden { action })
        }
    }
}

impl fmt::Debug for OpContext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OpContext")
            .field("actor", &self.caller.actor)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}
