//! Project policies: what stands on a source project, and proposals to change it.

mod check;
mod document;
mod form;
mod list;
mod preview;
mod propose_attach;
mod propose_remove;

pub use form::{PolicyFormView, PromoterOption, form};
pub use list::{PolicyView, ProjectPoliciesView, list};
pub use preview::{PolicyPreview, preview};
pub use propose_attach::propose_attach;
pub use propose_remove::propose_remove;

use domain::{InstallationId, PolicyName};
use serde::{Deserialize, Serialize};

/// How many policies AWS allows for a project by default ("Attaching a project policy (SDK)",
/// Amazon Rekognition Custom Labels guide).
pub const POLICY_SLOTS: usize = 5;

/// What the names of policies that hold grants begin with.
const MANAGED_PREFIX: &str = "customhouse-";

/// A policy to be attached, as somebody filled it in: raw texts, empty where nothing was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyForm {
    /// ARN of the project that gets the policy.
    pub project: String,
    /// The policy's name.
    pub policy_name: String,
    /// Number of the account whose promoter may copy.
    pub account: String,
    /// ARNs of the versions that it may copy.
    pub versions: Vec<String>,
    /// Anything but empty: it may copy every version, also those to come, and `versions` is not
    /// looked at.
    pub every_version: String,
    /// Why. May be empty.
    pub reason: String,
    /// The form's hidden id or the `Idempotency-Key`. Empty: each sending acts.
    pub form_id: String,
}

/// A policy to be removed, as somebody filled it in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyRemoveForm {
    /// ARN of the project that loses the policy.
    pub project: String,
    /// The policy's name.
    pub policy_name: String,
    /// The revision whose document was shown to whoever filled the form in.
    pub revision: String,
    /// Why. May be empty.
    pub reason: String,
    /// The form's hidden id or the `Idempotency-Key`. Empty: each sending acts.
    pub form_id: String,
}

/// The name of the policy that holds an installation's grants.
pub fn managed_policy_name(installation: &InstallationId) -> PolicyName {
    PolicyName::new(format!("{MANAGED_PREFIX}{installation}"))
        .expect("the prefix and ten lower-case letters and digits are a policy name")
}
