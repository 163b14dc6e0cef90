//! The configuration: `customhouse.toml`, then the environment on top of it.
//!
//! Each section is one file that knows its defaults and checks itself. An environment variable
//! `CUSTOMHOUSE_SERVER__LISTEN` replaces the key `listen` of `[server]`. Values that may hold a
//! secret have a twin that ends in `_file` and names a file to read them from. A key that nobody
//! knows is refused with its path, so that a typing mistake never passes as a default.
//!
//! Nothing else in the product reads the environment, except the AWS SDK's credential chain.
//! Relative paths start in the working directory.

mod account;
mod address;
mod audit;
mod aws;
mod database;
mod engine;
mod environment;
mod error;
mod log;
mod retention;
mod secret;
mod server;
mod sign_in;

use std::path::{Path, PathBuf};

use domain::random::Random;
use domain::{Account, AccountAlias, ExternalId};
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use operations::accounts::Registry;
use serde::{Deserialize, Serialize};

pub use account::AccountSection;
pub use address::Address;
pub use audit::AuditSection;
pub use aws::{AwsSection, is_principal};
pub use database::DatabaseSection;
pub use engine::EngineSection;
pub use environment::EnvironmentSection;
pub use error::{ConfigError, Finding};
pub use log::{LogFormat, LogSection};
pub use retention::RetentionSection;
pub use secret::Secret;
pub use server::ServerSection;
pub use sign_in::{GroupSection, OidcSection, SignInSection};

use error::Findings;

/// The file that is read when none is named.
pub const DEFAULT_FILE: &str = "customhouse.toml";

/// Everything that can be set.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the console listens and what it is called.
    pub server: ServerSection,
    /// Where the rows are.
    pub database: DatabaseSection,
    /// How AWS is reached.
    pub aws: AwsSection,
    /// When things run.
    pub engine: EngineSection,
    /// Where signed checkpoints of the audit go.
    pub audit: AuditSection,
    /// How long is kept what is not the audit.
    pub retention: RetentionSection,
    /// What is logged.
    pub log: LogSection,
    /// How people sign in and for how long.
    pub sign_in: SignInSection,
    /// The environments that fill an empty database, in the order in which models move.
    pub environment: Vec<EnvironmentSection>,
    /// The accounts that fill an empty database.
    pub account: Vec<AccountSection>,
}

impl Config {
    /// Reads `file`, or [`DEFAULT_FILE`] if there is one, then the environment.
    ///
    /// A named file must exist. All mistakes are reported at once.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        if file.is_some() && !path.is_file() {
            return Err(ConfigError::NoFile(path.to_owned()));
        }
        let figment = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file_exact(path))
            .merge(Env::prefixed("CUSTOMHOUSE_").split("__"));
        Self::from_figment(&figment)
    }

    /// Reads a configuration that is given as text. The environment plays no part.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        let figment =
            Figment::from(Serialized::defaults(Self::default())).merge(Toml::string(text));
        Self::from_figment(&figment)
    }

    fn from_figment(figment: &Figment) -> Result<Self, ConfigError> {
        let mut config: Self = figment.extract().map_err(ConfigError::from_figment)?;
        let mut findings = Findings::default();
        config.database.resolve(&mut findings);
        config.sign_in.resolve(&mut findings);
        for (index, account) in config.account.iter_mut().enumerate() {
            account.resolve(index, &mut findings);
        }
        config.validate(&mut findings);
        findings.into_result(config)
    }

    fn validate(&self, findings: &mut Findings) {
        self.server.validate(findings);
        self.database.validate(findings);
        self.aws.validate(findings);
        self.engine.validate(findings);
        self.audit.validate(findings);
        self.retention.validate(findings);
        self.log.validate(findings);
        self.sign_in.validate(&self.environment, findings);
        environment::validate(&self.environment, findings);
        account::validate(&self.account, &self.environment, findings);
    }

    /// The environments and accounts, if every account has its ExternalId.
    pub fn registry(&self) -> Result<Registry, ConfigError> {
        let mut findings = Findings::default();
        let mut accounts = Vec::with_capacity(self.account.len());
        for (index, section) in self.account.iter().enumerate() {
            match &section.external_id {
                Some(external_id) => accounts.push(section.account(external_id.clone())),
                None => findings.add(
                    format!("account[{index}].external_id"),
                    format!(
                        "is missing; `customhouse roles {}` makes one and prints the roles that ask for it",
                        section.alias
                    ),
                ),
            }
        }
        let environments = environment::in_order(&self.environment);
        findings.into_result(Registry {
            environments,
            accounts,
        })
    }

    /// The file of the key that signs checkpoints: by default `<database>.audit-key` beside an
    /// SQLite file, and none with PostgreSQL.
    pub fn audit_key(&self) -> Option<PathBuf> {
        let named = self.audit.key_file.clone();
        named.or_else(|| self.database.beside(".audit-key"))
    }

    /// The account of that alias, with a new ExternalId when it has none yet. The second value
    /// says whether it is new.
    pub fn account_for_roles(
        &self,
        alias: &AccountAlias,
        random: &dyn Random,
    ) -> Option<(Account, bool)> {
        let section = self
            .account
            .iter()
            .find(|section| &section.alias == alias)?;
        Some(match &section.external_id {
            Some(external_id) => (section.account(external_id.clone()), false),
            None => (section.account(ExternalId::generate(random)), true),
        })
    }
}

#[cfg(test)]
mod tests;
