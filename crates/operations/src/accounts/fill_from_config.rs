//! Filling an empty registry from the configuration.

use super::registry::{Registry, RegistryProblem};
use crate::audit::{Entry, Verb, about_installation};
use crate::context::OpContext;
use crate::error::OpError;
use domain::{Action, InstallationId};
use std::fmt;
use store::StoreError;

/// What became of the configuration's accounts and environments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FillOutcome {
    /// The registry was empty and is now filled.
    Filled {
        /// How many environments.
        environments: usize,
        /// How many accounts.
        accounts: usize,
    },
    /// The database has a registry already, so the configuration's was not looked at. Worth a
    /// warning, which is how it prints.
    Ignored,
    /// The configuration names none.
    Nothing,
}

/// Why the registry was not filled.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// The configuration's accounts and environments do not fit together.
    #[error("the configured accounts and environments do not fit together: {}", sentences(.0))]
    Problems(Vec<RegistryProblem>),
    /// Something else.
    #[error("the registry could not be filled")]
    Operation(#[source] OpError),
}

impl From<OpError> for FillError {
    fn from(error: OpError) -> Self {
        Self::Operation(error)
    }
}

impl From<StoreError> for FillError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

impl fmt::Display for FillOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Filled {
                environments,
                accounts,
            } => write!(
                formatter,
                "registered {environments} environments and {accounts} accounts from the configuration"
            ),
            Self::Ignored => formatter.write_str(
                "the configuration's accounts and environments are ignored, because the database has \
                 its own since its first start; remove them from the file",
            ),
            Self::Nothing => {
                formatter.write_str("the configuration names no accounts and no environments")
            }
        }
    }
}

/// Fills the registry from the configuration if the database has none, and makes the installation's
/// id if it has none. A registry that is there is never changed.
pub async fn fill_from_config(
    cx: &OpContext,
    configured: &Registry,
) -> Result<FillOutcome, FillError> {
    cx.require(Action::FillRegistry)?;
    let problems = configured.problems();
    if !problems.is_empty() {
        return Err(FillError::Problems(problems));
    }
    let now = cx.now();
    let mut tx = cx.store.begin().await?;
    store::installation::ensure(&mut tx, &InstallationId::generate(cx.random.as_ref()), now)
        .await?;
    let present = Registry::load(&mut tx).await?;
    let outcome = match (present.is_empty(), configured.is_empty()) {
        (_, true) => FillOutcome::Nothing,
        (false, false) => FillOutcome::Ignored,
        (true, false) => {
            for environment in &configured.environments {
                store::environments::insert(&mut tx, environment, now).await?;
            }
            for account in &configured.accounts {
                store::accounts::insert(&mut tx, account, now).await?;
            }
            tx.audit(
                Entry::new(cx, Verb::FillRegistry, about_installation(), now)
                    .with("environments", &configured.environments.len())
                    .with("accounts", &configured.accounts.len())
                    .done(),
            );
            FillOutcome::Filled {
                environments: configured.environments.len(),
                accounts: configured.accounts.len(),
            }
        }
    };
    tx.commit().await?;
    Ok(outcome)
}

fn sentences(problems: &[RegistryProblem]) -> String {
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    problems.join("; ")
}
