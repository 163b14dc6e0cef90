//! Every statement that this crate can run, for checking them against a database.
//!
//! A module whose list is missing here does not compile without a warning: nothing else uses it.

/// One statement.
#[derive(Clone, Copy)]
pub(crate) struct Statement {
    /// The module that runs it.
    pub(crate) module: &'static str,
    /// Its name there.
    pub(crate) name: &'static str,
    /// Its text.
    pub(crate) sql: &'static str,
}

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = Statement> {
    [
        crate::accounts::STATEMENTS,
        crate::approvals::STATEMENTS,
        crate::audit::STATEMENTS,
        crate::checkpoint::STATEMENTS,
        crate::duties::STATEMENTS,
        crate::environments::STATEMENTS,
        crate::events::STATEMENTS,
        crate::idempotency::STATEMENTS,
        crate::installation::STATEMENTS,
        crate::job_attempts::STATEMENTS,
        crate::job_calls::STATEMENTS,
        crate::job_requests::STATEMENTS,
        crate::job_steps::STATEMENTS,
        crate::jobs::STATEMENTS,
        crate::jobs::claim::STATEMENTS,
        crate::jobs::progress::STATEMENTS,
        crate::jobs::queue::STATEMENTS,
        crate::jobs::together::STATEMENTS,
        crate::known_devices::STATEMENTS,
        crate::ledger::STATEMENTS,
        crate::local_credentials::STATEMENTS,
        crate::looks::STATEMENTS,
        crate::model_versions::STATEMENTS,
        crate::numbers::STATEMENTS,
        crate::people::STATEMENTS,
        crate::policy_sweeps::STATEMENTS,
        crate::policy_sweeps::strays::STATEMENTS,
        crate::project_policies::STATEMENTS,
        crate::projects::STATEMENTS,
        crate::proposals::STATEMENTS,
        crate::role_tests::STATEMENTS,
        crate::sessions::STATEMENTS,
        crate::sign_in_returns::STATEMENTS,
        crate::sign_ins::STATEMENTS,
        crate::tokens::STATEMENTS,
        crate::setup_links::STATEMENTS,
        crate::sign_in_throttle::STATEMENTS,
    ]
    .into_iter()
    .chain(crate::audit::MORE_STATEMENTS)
    .flatten()
    .copied()
}
