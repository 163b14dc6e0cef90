//! Who may do what: one function for pages, server functions, API and streams.
//!
//! An [`Actor`] is who somebody is, and stands in rows and in the audit. An [`Authority`] is what
//! they may at this moment, and is never stored: it is read anew for each request.

use crate::id::PersonId;
use crate::role::{Environments, Reach, Roles};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

pub use table::{ActionScope, Place};

mod table;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "actor", rename_all = "snake_case")]
pub enum Actor {
    /// Whoever sits at the machine and runs a command beside the server.
    LocalOperator,
    /// The engine, carrying out an approved plan.
    Engine,
    /// The rule of an environment, approving by itself.
    Rule,
    /// The configuration, filling an empty database.
    Configuration,
    /// A person who signed in, or a service account.
    Person {
        /// Which one. Names are kept apart, so that they can be replaced.
        id: PersonId,
    },
}

/// What somebody may at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authority {
    /// Nothing: nobody signed in.
    Nobody,
    /// What commands beside the server may.
    LocalOperator,
    /// What the engine may.
    Engine,
    /// What an environment's rule may.
    Rule,
    /// What the configuration may.
    Configuration,
    /// What a person's roles allow.
    Person(Roles),
    /// What the owner of a token may, as far as the token reaches.
    Token {
        /// What its owner may.
        owner: Roles,
        /// What it was made for.
        scope: Roles,
    },
}

impl Authority {
    /// What the product itself may in this part. A person's authority comes from their roles, which
    /// are no part of who they are: from here they get nothing.
    pub fn of(actor: &Actor) -> Self {
        match actor {
            Actor::LocalOperator => Self::LocalOperator,
            Actor::Engine => Self::Engine,
            Actor::Rule => Self::Rule,
            Actor::Configuration => Self::Configuration,
            Actor::Person { .. } => Self::Nobody,
        }
    }
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
    /// Read the audit.
    ViewAudit,
    /// Give and take roles, make service accounts, let people in and keep them out.
    ManagePeople,
    /// See and end one's own sign-ins, make and revoke one's own tokens, change one's own password.
    ManageOwn,
}

impl Action {
    /// What it concerns, and so how far a role must reach to allow it.
    pub fn scope(self) -> ActionScope {
        match self {
            Self::PauseInstallation
            | Self::DeclareRestored
            | Self::FillRegistry
            | Self::ViewAudit
            | Self::ManagePeople => ActionScope::Installation,
            Self::ManageOwn => ActionScope::Own,
            _ => ActionScope::Environment,
        }
    }

    /// Whether it only shows something: whoever may not is told that there is nothing.
    pub fn only_shows(self) -> bool {
        matches!(
            self,
            Self::ViewAccounts
                | Self::ViewModels
                | Self::ViewPolicies
                | Self::ViewProposals
                | Self::ViewAudit
        )
    }

    /// Every action.
    pub const ALL: [Self; 22] = [
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
        Self::ViewAudit,
        Self::ManagePeople,
        Self::ManageOwn,
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

/// Decides whether somebody may do `action` at `place`. What is not listed is denied.
///
/// A role allows an action in the environments that it reaches. What concerns the installation as a
/// whole asks for a role that reaches all of them.
pub fn may(authority: &Authority, action: Action, place: Place<'_>) -> Decision {
    let allowed = match authority {
        Authority::Nobody => false,
        Authority::LocalOperator => table::local_operator(action),
        Authority::Engine => table::engine(action),
        Authority::Rule => action == Action::Approve,
        Authority::Configuration => action == Action::FillRegistry,
        Authority::Person(roles) => roles_allow(roles, action, place),
        Authority::Token { owner, scope } => {
            roles_allow(owner, action, place) && roles_allow(scope, action, place)
        }
    };
    if allowed {
        Decision::Allowed
    } else {
        Decision::Denied
    }
}

/// The environments in which somebody may do `action`: what lists are filtered by.
pub fn environments(authority: &Authority, action: Action) -> Environments {
    let of_roles = |roles: &Roles| {
        let mut names = BTreeSet::new();
        for assignment in roles.iter().filter(|held| table::role(held.role, action)) {
            match &assignment.reach {
                Reach::All => return Environments::All,
                Reach::Environment(name) => {
                    names.insert(name.clone());
                }
            }
        }
        Environments::Only(names)
    };
    match authority {
        Authority::Person(roles) => of_roles(roles),
        Authority::Token { owner, scope } => of_roles(owner).and(of_roles(scope)),
        _ if may(authority, action, Place::Somewhere) == Decision::Allowed => Environments::All,
        _ => Environments::Only(BTreeSet::new()),
    }
}

fn roles_allow(roles: &Roles, action: Action, place: Place<'_>) -> bool {
    if action.scope() == ActionScope::Own {
        return true;
    }
    let whole = action.scope() == ActionScope::Installation;
    roles.iter().any(|assignment| {
        let reaches = match (&assignment.reach, place) {
            (Reach::All, _) => true,
            (Reach::Environment(_), Place::Somewhere) => !whole,
            (Reach::Environment(name), Place::Environment(wanted)) => !whole && name == wanted,
        };
        reaches && table::role(assignment.role, action)
    })
}

impl fmt::Display for Actor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LocalOperator => formatter.write_str("local operator"),
            Self::Engine => formatter.write_str("engine"),
            Self::Rule => formatter.write_str("approval rule"),
            Self::Configuration => formatter.write_str("configuration"),
            Self::Person { id } => id.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests;
