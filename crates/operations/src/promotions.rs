//! Promotions, and reading proposals of every kind.

mod boxes;
mod check;
mod form;
mod get;
mod list;
mod propose;
mod view;

pub use boxes::{PlanBox, PlanLine};
pub use form::{DestinationOption, PromotionFormView, SourceOption, form};
pub use get::get;
pub use list::list;
pub use propose::propose;
pub use view::{ApprovalView, ProposalRow, ProposalView};

pub(crate) use view::arrow_of;

use serde::{Deserialize, Serialize};

/// A promotion as somebody filled it in: raw texts, empty where nothing was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PromotionForm {
    /// ARN of the version to copy.
    pub source_version: String,
    /// ARN of its project. Empty: looked up in what was last seen, since it cannot be told from the
    /// version's ARN.
    pub source_project: String,
    /// ARN of the project that receives the copy.
    pub destination_project: String,
    /// The copy's name.
    pub version_name: String,
    /// The bucket of its results.
    pub bucket: String,
    /// The prefix of their keys; the proposal's id is added. May be empty.
    pub prefix: String,
    /// The KMS key that encrypts them. May be empty.
    pub kms_key: String,
    /// Tags, one `key=value` a line. May be empty.
    pub tags: String,
    /// Why. May be empty.
    pub reason: String,
    /// The form's hidden id or the `Idempotency-Key`. Empty: each sending acts.
    pub form_id: String,
}
