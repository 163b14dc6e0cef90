//! The words and rules of Customhouse: ids, names, ARNs, plans, states and who may do what.
//!
//! Nothing here waits, reads a clock, draws a random number or touches a file or the network, so
//! the same types serve the server, the browser and the emulator. A value that exists has been
//! checked: text from people and from AWS becomes a type of [`name`] or [`arn`] once, at the edge.
//!
//! - [`id`], [`name`], [`arn`], [`tags`]: checked texts and their limits.
//! - [`account`], [`environment`], [`version_status`]: what there is to promote, and between what.
//! - [`plan`], hashed in the form of [`canonical`]: what a proposal will do.
//! - [`proposal`], [`job`], [`failure`]: where each stands, what moves it, and why one ends badly.
//! - [`permission`], [`role`]: who may do what.
//! - [`clock`], [`random`]: where time and randomness come in.

pub mod account;
pub mod arn;
pub mod canonical;
pub mod clock;
pub mod environment;
pub mod failure;
pub mod id;
pub mod job;
pub mod name;
pub mod permission;
pub mod plan;
pub mod proposal;
pub mod random;
pub mod role;
pub mod tags;
pub mod version_status;

pub use account::{Account, RoleAccess, RolePurpose};
pub use arn::{AccountNumber, Partition, ProjectArn, ProjectVersionArn, Region, RoleArn};
pub use clock::{Clock, Millis};
pub use environment::{Environment, EnvironmentColour, Rule, RuleRef};
pub use failure::{Failure, FailureCode};
pub use id::{FormId, InstallationId, JobId, PersonId, ProposalId, SignInId, TokenId};
pub use job::{JobEvent, JobKind, JobState, JobWord, RequestVerb, Step, StepStatus};
pub use name::{
    AccountAlias, BucketName, EnvironmentName, ExternalId, InvalidText, KeyPrefix, KmsKeyRef,
    PolicyName, PolicyRevisionId, ProjectName, Reason, VersionName,
};
pub use permission::{Action, Actor, Authority, Decision, Place};
pub use plan::{Plan, PlanDigest, PolicyChangePlan, PromotionPlan};
pub use proposal::{ProposalEvent, ProposalKind, ProposalState, ProposalWord};
pub use random::Random;
pub use role::{Environments, Reach, Role, RoleAssignment, Roles};
pub use tags::Tags;
pub use version_status::VersionStatus;
