//! Use cases: everything that pages, the API, the command line and the engine can do.
//!
//! One noun is one module, one verb is one file. Each use case takes an [`OpContext`], asks
//! [`domain::permission`] first, and writes state, audit entry and event in one transaction. What
//! AWS must offer stands in [`ports`]; only looking is offered here, so no page can change anything
//! in AWS: it stores a proposal, and the engine carries out what was approved.
//!
//! A good place to begin is [`promotions::propose()`], then [`jobs`].

pub mod accounts;
pub mod audit;
pub mod environments;
pub mod events;
pub mod field;
pub mod installation;
pub mod jobs;
pub mod models;
pub mod people;
pub mod policies;
pub mod ports;
pub mod promotions;
pub mod service_accounts;
pub mod sweeps;
pub mod tokens;

mod approvals;
mod caller;
mod context;
mod error;
mod idempotency;
mod proposals;
mod view;

pub use caller::{Caller, Channel, SignIn};
pub use context::{Deadlines, OpContext, Settings};
pub use error::{AwsErrorView, ConflictCode, InternalError, Kind, OpError, OpResult};
pub use field::{Field, FieldCode, FieldError};
pub use iam;
pub use proposals::Proposed;
pub use view::{AccountIdentity, Arrow, JobLink, Page, PageRequest, ProposalLink};
