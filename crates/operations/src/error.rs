//! Why a use case did not do what was asked.
//!
//! [`OpError`] is closed: every edge (pages, server functions, the API) turns each case into its own
//! form and none is left over. Text for people says cause, consequence and next step; what only
//! operators may read stays in [`InternalError`] and goes to the log.

use crate::field::FieldError;
use crate::ports::aws::{AwsError, ErrorClass};
use domain::{Action, Millis};
use serde::{Deserialize, Serialize};
use store::StoreError;

/// After how many seconds a busy database is worth another try: its writers hold it for
/// milliseconds each, so whoever waited in vain met a crowd.
const BUSY_RETRY_S: u32 = 5;

/// What every use case gives.
pub type OpResult<T> = Result<T, OpError>;

/// Why a use case did not do what was asked. Nothing was changed unless a variant says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum OpError {
    /// There is no such thing, or the actor may not know of it.
    #[error("found no {kind} {id}", kind = kind.as_str())]
    NotFound {
        /// What was looked for.
        kind: Kind,
        /// What it was looked for by, as given. Untrusted text.
        id: String,
    },
    /// The actor may not.
    #[error("denied {action:?}")]
    Forbidden {
        /// What was to be done.
        action: Action,
    },
    /// It does not fit with what is there.
    #[error("refused because of a conflict: {code}", code = code.as_str())]
    Conflict {
        /// With what.
        code: ConflictCode,
    },
    /// Fields of a form are not valid; all of them are listed.
    #[error("refused {count} fields", count = _0.len())]
    Invalid(Vec<FieldError>),
    /// It cannot be done at this moment.
    #[error("found the server busy")]
    Unavailable {
        /// After how many seconds it is worth trying again.
        retry_after_s: u32,
    },
    /// AWS did not give what was needed.
    #[error("{operation} did not succeed", operation = _0.operation)]
    Aws(Box<AwsErrorView>),
    /// A fault of ours or of the machine.
    #[error("failed inside")]
    Internal(#[source] InternalError),
}

/// A fault whose details are for the log only.
#[derive(Debug, thiserror::Error)]
pub enum InternalError {
    /// The database.
    #[error("the database failed")]
    Store(#[source] StoreError),
    /// A stored value that cannot be read any more.
    #[error("the stored {what} cannot be read")]
    Stored {
        /// Which value.
        what: &'static str,
    },
    /// A password could not be hashed.
    #[error("a password could not be hashed")]
    Hashing,
    /// A transition that the states do not allow.
    #[error("a state was to change in a way that it cannot")]
    Transition(#[from] domain::proposal::InvalidTransition),
}

impl OpError {
    /// Whether what is stored cannot be read: trying again would not help, and nothing else is
    /// touched by it.
    pub(crate) fn is_unreadable(&self) -> bool {
        matches!(
            self,
            Self::Internal(
                InternalError::Stored { .. }
                    | InternalError::Store(StoreError::Inconsistent { .. })
            )
        )
    }
}

/// A kind of thing that can be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An account of the registry.
    Account,
    /// One of an account's two roles.
    Role,
    /// A Custom Labels project, as last seen.
    Project,
    /// A model version, as last seen.
    ModelVersion,
    /// A proposal.
    Proposal,
    /// A job.
    Job,
    /// A person.
    Person,
    /// A sign-in.
    SignIn,
    /// A token.
    Token,
}

impl Kind {
    /// What people call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Role => "role",
            Self::Project => "project",
            Self::ModelVersion => "model version",
            Self::Proposal => "proposal",
            Self::Job => "job",
            Self::Person => "person",
            Self::SignIn => "sign-in",
            Self::Token => "token",
        }
    }
}

/// With what something does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictCode {
    /// The same idempotency key or form id came with another request.
    IdempotencyMismatch,
    /// Somebody else changed the same thing meanwhile.
    StaleState,
    /// The job has ended.
    JobEnded,
    /// The job does not need an operator.
    NoOperatorNeeded,
    /// The job cannot be stopped where it stands.
    CannotStop,
    /// The last look showed a version of the name, or there was no look yet.
    NotMissing,
    /// The person may not come in.
    PersonInactive,
    /// Somebody would change what they themselves may.
    OwnRoles,
    /// Nobody would be left who may run the installation.
    LastAdmin,
    /// A service account may not have the role.
    NotForServices,
    /// The owner has as many good tokens as anybody may have.
    TooManyTokens,
}

impl ConflictCode {
    /// The word used in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IdempotencyMismatch => "idempotency_mismatch",
            Self::StaleState => "stale_state",
            Self::JobEnded => "job_ended",
            Self::NoOperatorNeeded => "no_operator_needed",
            Self::CannotStop => "cannot_stop",
            Self::NotMissing => "not_missing",
            Self::PersonInactive => "person_inactive",
            Self::OwnRoles => "own_roles",
            Self::LastAdmin => "last_admin",
            Self::NotForServices => "not_for_services",
            Self::TooManyTokens => "too_many_tokens",
        }
    }

    fn cause(self) -> &'static str {
        match self {
            Self::IdempotencyMismatch => {
                "This form or idempotency key was used before, with other contents."
            }
            Self::StaleState => "Somebody else changed this at the same moment.",
            Self::JobEnded => "The job has ended.",
            Self::NoOperatorNeeded => "The job does not need an operator at present.",
            Self::CannotStop => {
                "The job cannot be stopped where it stands: it is about to end, or waits for an operator."
            }
            Self::NotMissing => {
                "The copy is sent again only after a look that found no version of its name."
            }
            Self::PersonInactive => "An admin of this installation has kept you out.",
            Self::OwnRoles => "Nobody changes what they themselves may do.",
            Self::LastAdmin => "Nobody would be left who may run this installation.",
            Self::TooManyTokens => "There are as many good tokens as one owner may have.",
            Self::NotForServices => "A service account neither approves nor runs the installation.",
        }
    }

    fn next_step(self) -> &'static str {
        match self {
            Self::IdempotencyMismatch => "Open a fresh form, or use a new key for a new request.",
            Self::StaleState | Self::JobEnded | Self::NoOperatorNeeded => {
                "Reload the page, look at what changed, then try again."
            }
            Self::CannotStop => {
                "Wait until it has ended; one that needs an operator can be given up."
            }
            Self::NotMissing => "Look again first; a version that is there can be adopted.",
            Self::PersonInactive => "Ask one of the admins.",
            Self::OwnRoles => "Ask another admin.",
            Self::LastAdmin => "Give somebody else the role admin first.",
            Self::TooManyTokens => "Revoke one that nobody uses.",
            Self::NotForServices => "Give it the role viewer, requester or auditor.",
        }
    }
}

/// A call to AWS that did not succeed, as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwsErrorView {
    /// AWS's name of the operation.
    pub operation: String,
    /// AWS's error code. Untrusted text.
    pub code: Option<String>,
    /// AWS's message, or what went wrong on the way. Untrusted text.
    pub message: String,
    /// AWS's request id.
    pub request_id: Option<String>,
    /// When the call was sent.
    pub at: Millis,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// Whether AWS definitely refused, rather than not answered clearly.
    pub definite: bool,
}

impl From<&AwsError> for AwsErrorView {
    fn from(error: &AwsError) -> Self {
        Self {
            operation: error.call.operation.to_owned(),
            code: error.code.clone(),
            message: error.message.clone(),
            request_id: error.call.request_id.clone(),
            at: error.call.at,
            took_ms: error.call.took_ms,
            definite: !matches!(error.class, ErrorClass::Ambiguous),
        }
    }
}

impl OpError {
    /// The stable word of the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not_found",
            Self::Forbidden { .. } => "forbidden",
            Self::Conflict { code } => code.as_str(),
            Self::Invalid(_) => "invalid",
            Self::Unavailable { .. } => "unavailable",
            Self::Aws(_) => "aws",
            Self::Internal(_) => "internal",
        }
    }

    /// What happened, as one sentence.
    pub fn cause(&self) -> String {
        match self {
            Self::NotFound { kind, .. } => format!("There is no such {}.", kind.as_str()),
            Self::Forbidden { .. } => "You may not do this.".to_owned(),
            Self::Conflict { code } => code.cause().to_owned(),
            Self::Invalid(fields) if fields.len() == 1 => "One field is not valid.".to_owned(),
            Self::Invalid(fields) => format!("{} fields are not valid.", fields.len()),
            Self::Unavailable { .. } => "Customhouse is busy with other requests.".to_owned(),
            Self::Aws(error) => match &error.code {
                Some(code) => format!("AWS answered {} with {code}.", error.operation),
                None => format!("AWS gave no usable answer to {}.", error.operation),
            },
            Self::Internal(_) => "Customhouse met a fault of its own.".to_owned(),
        }
    }

    /// What that means, as one sentence.
    pub fn consequence(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "What was asked for was not done; nothing was changed.",
            Self::Internal(_) => {
                "What was asked for was probably not done; sending the same form again is safe."
            }
            _ => "Nothing was changed.",
        }
    }

    /// What a person can do about it, as one sentence.
    pub fn next_step(&self) -> String {
        match self {
            Self::NotFound {
                kind: Kind::Project | Kind::ModelVersion,
                ..
            } => "Refresh the Models page and choose one that it lists.".to_owned(),
            Self::NotFound { .. } => "Go back to the list and choose one that it shows.".to_owned(),
            Self::Forbidden { .. } => "Ask whoever runs this installation.".to_owned(),
            Self::Conflict { code } => code.next_step().to_owned(),
            Self::Invalid(_) => "Correct what is marked and send it again.".to_owned(),
            Self::Unavailable { retry_after_s } => {
                format!("Try again in {retry_after_s} seconds.")
            }
            Self::Aws(_) => "Test the account's roles on the Accounts page.".to_owned(),
            Self::Internal(_) => {
                "Try again; if it stays, look for the request id in the server's log.".to_owned()
            }
        }
    }

    /// The error for one field.
    pub(crate) fn field(error: FieldError) -> Self {
        Self::Invalid(vec![error])
    }

    pub(crate) fn not_found(kind: Kind, id: &str) -> Self {
        let id = id.chars().take(200).collect();
        Self::NotFound { kind, id }
    }

    pub(crate) fn stored(what: &'static str) -> Self {
        Self::Internal(InternalError::Stored { what })
    }
}

impl From<StoreError> for OpError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } | StoreError::Lost { .. } | StoreError::LostDuty { .. } => {
                Self::Conflict {
                    code: ConflictCode::StaleState,
                }
            }
            error if error.is_busy() => Self::Unavailable {
                retry_after_s: BUSY_RETRY_S,
            },
            error => Self::Internal(InternalError::Store(error)),
        }
    }
}

impl From<domain::proposal::InvalidTransition> for OpError {
    fn from(error: domain::proposal::InvalidTransition) -> Self {
        Self::Internal(error.into())
    }
}

impl From<AwsError> for OpError {
    fn from(error: AwsError) -> Self {
        Self::Aws(Box::new(AwsErrorView::from(&error)))
    }
}
