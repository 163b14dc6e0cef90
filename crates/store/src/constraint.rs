//! The rules that the database keeps by itself, under one name on both databases.

/// A rule of uniqueness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Constraint {
    /// Another job for the same destination project and version name has not ended.
    ActiveCopy,
    /// The proposal has a job already.
    JobOfProposal,
    /// A job has this id already.
    JobId,
    /// A proposal has this id already.
    ProposalId,
    /// This actor has approved this plan already.
    Approval,
    /// The account is there already.
    AccountNumber,
    /// Another account has this alias.
    AccountAlias,
    /// The environment is there already.
    EnvironmentName,
    /// Another environment has this place.
    EnvironmentPosition,
    /// The environment has a rule of this version already.
    RuleVersion,
    /// The key was used already in this scope.
    IdempotencyKey,
}

/// PostgreSQL reports the name; SQLite reports the columns.
const KNOWN: [(Constraint, &str, &str); 11] = [
    (
        Constraint::ActiveCopy,
        "jobs_active_copy",
        "jobs.destination_project, jobs.version_name",
    ),
    (Constraint::JobOfProposal, "jobs_proposal", "jobs.proposal"),
    (Constraint::JobId, "jobs_id", "jobs.id"),
    (Constraint::ProposalId, "proposals_id", "proposals.id"),
    (
        Constraint::Approval,
        "approvals_once",
        "approvals.proposal, approvals.plan_number, approvals.actor",
    ),
    (
        Constraint::AccountNumber,
        "accounts_number",
        "accounts.number",
    ),
    (Constraint::AccountAlias, "accounts_alias", "accounts.alias"),
    (
        Constraint::EnvironmentName,
        "environments_name",
        "environments.name",
    ),
    (
        Constraint::EnvironmentPosition,
        "environments_position",
        "environments.position",
    ),
    (
        Constraint::RuleVersion,
        "environment_rules_version",
        "environment_rules.environment, environment_rules.version",
    ),
    (
        Constraint::IdempotencyKey,
        "idempotency_key",
        "idempotency.scope, idempotency.key",
    ),
];

impl Constraint {
    /// The rule that `error` reports as broken, if it is one that this program knows.
    pub(crate) fn broken_by(error: &sqlx::Error) -> Option<Self> {
        let error = error.as_database_error()?;
        if !error.is_unique_violation() {
            return None;
        }
        let columns = error.message().strip_prefix("UNIQUE constraint failed: ");
        KNOWN
            .into_iter()
            .find(|(_, name, text)| {
                error.constraint().is_some_and(|known| known == *name)
                    || columns.is_some_and(|columns| columns == *text)
            })
            .map(|(constraint, _, _)| constraint)
    }
}
