//! All accounts and environments.

use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::view::AccountIdentity;
use domain::{Account, AccountNumber, Action, Environment, EnvironmentName, RolePurpose};
use std::collections::BTreeSet;
use store::Reader;

/// All accounts and environments, as they stand in the configuration or in the database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registry {
    /// Environments in their order.
    pub environments: Vec<Environment>,
    /// Accounts.
    pub accounts: Vec<Account>,
}

/// Why a registry cannot be used. Prints as a sentence for whoever writes the configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryProblem {
    /// Two environments of one name.
    #[error("environment {0} is there twice: give each a name of its own")]
    EnvironmentTwice(EnvironmentName),
    /// Two accounts of one number.
    #[error("account {0} is there twice: keep one of them")]
    NumberTwice(AccountNumber),
    /// Two accounts of one alias.
    #[error("alias {0} is there twice: give each account an alias of its own")]
    AliasTwice(domain::AccountAlias),
    /// An account of an environment that is not there.
    #[error(
        "account {account} belongs to environment {environment}, which is not there: add it or name another one"
    )]
    UnknownEnvironment {
        /// The account.
        account: domain::AccountAlias,
        /// The environment it names.
        environment: EnvironmentName,
    },
    /// A role of another account.
    #[error("the {purpose} of account {account} is a role of another account: give the ARN of a role in {number}", purpose = purpose.as_str())]
    RoleElsewhere {
        /// The account.
        account: domain::AccountAlias,
        /// Its number.
        number: AccountNumber,
        /// The role.
        purpose: RolePurpose,
    },
    /// An account without a Region.
    #[error("account {0} has no Region: name at least one")]
    NoRegion(domain::AccountAlias),
}

impl Registry {
    /// Reads the registry from the database.
    pub(crate) async fn load(reader: &mut Reader) -> OpResult<Self> {
        Ok(Self {
            environments: store::environments::list(reader).await?,
            accounts: store::accounts::list(reader).await?,
        })
    }

    /// Reads what the caller may do `action` with: other environments, and the accounts in them, are
    /// left out as if they were not there.
    pub(crate) async fn visible(
        cx: &OpContext,
        reader: &mut Reader,
        action: Action,
    ) -> OpResult<Self> {
        let mut registry = Self::load(reader).await?;
        let within = cx.environments(action);
        let accounts = &mut registry.accounts;
        accounts.retain(|account| within.contains(&account.environment));
        let environments = &mut registry.environments;
        environments.retain(|environment| within.contains(&environment.name));
        Ok(registry)
    }

    /// Whether there is neither an account nor an environment.
    pub fn is_empty(&self) -> bool {
        self.environments.is_empty() && self.accounts.is_empty()
    }

    /// Everything that does not fit together.
    pub fn problems(&self) -> Vec<RegistryProblem> {
        let mut problems = Vec::new();
        let mut names = BTreeSet::new();
        for environment in &self.environments {
            if !names.insert(&environment.name) {
                problems.push(RegistryProblem::EnvironmentTwice(environment.name.clone()));
            }
        }
        let (mut numbers, mut aliases) = (BTreeSet::new(), BTreeSet::new());
        for account in &self.accounts {
            let alias = || account.alias.clone();
            if !numbers.insert(&account.number) {
                problems.push(RegistryProblem::NumberTwice(account.number.clone()));
            }
            if !aliases.insert(&account.alias) {
                problems.push(RegistryProblem::AliasTwice(alias()));
            }
            if !names.contains(&account.environment) {
                problems.push(RegistryProblem::UnknownEnvironment {
                    account: alias(),
                    environment: account.environment.clone(),
                });
            }
            for purpose in RolePurpose::ALL {
                if account.access(purpose).role.account() != &account.number {
                    problems.push(RegistryProblem::RoleElsewhere {
                        account: alias(),
                        number: account.number.clone(),
                        purpose,
                    });
                }
            }
            if account.regions.is_empty() {
                problems.push(RegistryProblem::NoRegion(alias()));
            }
        }
        problems
    }

    /// The account of this number.
    pub fn account(&self, number: &AccountNumber) -> Option<&Account> {
        self.accounts
            .iter()
            .find(|account| &account.number == number)
    }

    /// The environment of this name.
    pub fn environment(&self, name: &EnvironmentName) -> Option<&Environment> {
        self.environments
            .iter()
            .find(|environment| &environment.name == name)
    }

    /// The environment that an account belongs to.
    pub(crate) fn environment_of(&self, account: &Account) -> OpResult<&Environment> {
        self.environment(&account.environment)
            .ok_or_else(|| OpError::stored("environment of an account"))
    }

    /// How an account is told apart.
    pub(crate) fn identity(&self, account: &Account) -> OpResult<AccountIdentity> {
        let environment = self.environment_of(account)?;
        Ok(AccountIdentity {
            number: account.number.clone(),
            alias: account.alias.clone(),
            environment: environment.name.clone(),
            colour: environment.colour,
            protected: environment.protected,
        })
    }

    /// How the account of this number, which stored things name, is told apart.
    pub(crate) fn identity_of(&self, number: &AccountNumber) -> OpResult<AccountIdentity> {
        let account = self
            .account(number)
            .ok_or_else(|| OpError::stored("account of a stored thing"))?;
        self.identity(account)
    }
}
