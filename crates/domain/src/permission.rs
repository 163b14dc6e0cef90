//! Who may do what: one function for pages, server functions, API and streams.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "actor", rename_all = "snake_case")]
pub enum Actor {
    /// Whoever sits at the machine: the server answers only on loopback while there is no sign-in.
    LocalOperator,
    /// The engine, carrying out an approved plan.
    Engine,
    /// The rule of an environment, approving by itself.
    Rule,
    /// The configuration, filling an empty database.
    Configuration,
}

/// What can be done. Each use case names exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See accounts and environments.
    ViewAccounts,
    /// Assume an account's roles to see whether they work.
    TestRole,
    /// Fill an empty registry of accounts and environments.
    FillRegistry,
    /// See projects and model versions.
    ViewModels,
    /// Look at AWS again.
    RefreshModels,
    /// See project policies.
    ViewPolicies,
    /// See proposals and jobs.
    ViewProposals,
    /// Propose a promotion.
    ProposePromotion,
    /// Propose a change of a project policy.
    ProposePolicyChange,
    /// Approve a proposal.
    Approve,
    /// Carry out an approved plan.
    RunJob,
    /// Stop a job.
    StopJob,
    /// Have a job that needs an operator look at AWS at once.
    LookAgain,
    /// Say that a version is the copy of a job that needs an operator.
    AdoptVersion,
    /// Have a job that needs an operator send the same copy again.
    ResendCopy,
    /// Give up a job that needs an operator.
    GiveUpJob,
    /// Follow the stream of events.
    FollowEvents,
    /// Pause the installation, and lift the pause.
    PauseInstallation,
    /// Declare that the database is a restored or older one.
    DeclareRestored,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 19] = [
        Self::ViewAccounts,
        Self::TestRole,
        Self::FillRegistry,
        Self::ViewModels,
        Self::RefreshModels,
        Self::ViewPolicies,
        Self::ViewProposals,
        Self::ProposePromotion,
        Self::ProposePolicyChange,
        Self::Approve,
        Self::RunJob,
        Self::StopJob,
        Self::LookAgain,
        Self::AdoptVersion,
        Self::ResendCopy,
        Self::GiveUpJob,
        Self::FollowEvents,
        Self::PauseInstallation,
        Self::DeclareRestored,
    ];
}

/// The answer to "may they?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Allowed,
    /// No: nothing allows it.
    Denied,
}

/// Decides whether `actor` may do `action`. What is not listed is denied.
pub fn may(actor: &Actor, action: Action) -> Decision {
    use Action as A;
    let allowed = match actor {
        // Approving is left out on purpose: while nobody signs in, nobody can be told apart from
        // the requester, so only a rule that asks for no approval approves.
        Actor::LocalOperator => matches!(
            action,
            A::ViewAccounts
                | A::TestRole
                | A::ViewModels
                | A::RefreshModels
                | A::ViewPolicies
                | A::ViewProposals
                | A::ProposePromotion
                | A::ProposePolicyChange
                | A::StopJob
                | A::LookAgain
                | A::AdoptVersion
                | A::ResendCopy
                | A::GiveUpJob
                | A::FollowEvents
                | A::PauseInstallation
                | A::DeclareRestored
        ),
        Actor::Engine => matches!(
            action,
            A::RunJob | A::RefreshModels | A::TestRole | A::FollowEvents | A::DeclareRestored
        ),
        Actor::Rule => matches!(action, A::Approve),
        Actor::Configuration => matches!(action, A::FillRegistry),
    };
    if allowed {
        Decision::Allowed
    } else {
        Decision::Denied
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::LocalOperator => "local operator",
            Self::Engine => "engine",
            Self::Rule => "approval rule",
            Self::Configuration => "configuration",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    #[test]
    fn who_may_do_what() {
        let actors = [
            Actor::LocalOperator,
            Actor::Engine,
            Actor::Rule,
            Actor::Configuration,
        ];
        let mut table = String::new();
        for action in Action::ALL {
            let allowed: Vec<_> = actors
                .iter()
                .filter(|actor| may(actor, action) == Decision::Allowed)
                .map(ToString::to_string)
                .collect();
            writeln!(table, "{action:?}: {}", allowed.join(", ")).unwrap();
        }
        insta::assert_snapshot!(table, @r"
    ViewAccounts: local operator
    TestRole: local operator, engine
    FillRegistry: configuration
    ViewModels: local operator
    RefreshModels: local operator, engine
    ViewPolicies: local operator
    ViewProposals: local operator
    ProposePromotion: local operator
    ProposePolicyChange: local operator
    Approve: approval rule
    RunJob: engine
    StopJob: local operator
    LookAgain: local operator
    AdoptVersion: local operator
    ResendCopy: local operator
    GiveUpJob: local operator
    FollowEvents: local operator, engine
    PauseInstallation: local operator
    DeclareRestored: local operator, engine
        ");
    }
}
