//! The table itself: which role allows what.

use super::Action;
use crate::name::EnvironmentName;
use crate::role::Role;

/// What an action concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionScope {
    /// Something that belongs to an environment.
    Environment,
    /// The installation as a whole.
    Installation,
    /// What belongs to whoever acts.
    Own,
}

/// Where something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// In any environment: the first question that a route or a list asks.
    Somewhere,
    /// In this one.
    Environment(&'a EnvironmentName),
}

/// What a role allows in the environments that it reaches.
pub(super) fn role(role: Role, action: Action) -> bool {
    use Action as A;
    let sees = matches!(
        action,
        A::ViewAccounts | A::ViewModels | A::ViewPolicies | A::ViewProposals | A::FollowEvents
    );
    match role {
        Role::Viewer => sees,
        Role::Requester => {
            sees || matches!(
                action,
                A::RefreshModels
                    | A::ProposePromotion
                    | A::ProposePolicyChange
                    | A::StopJob
                    | A::LookAgain
            )
        }
        Role::Approver => {
            sees || matches!(
                action,
                A::RefreshModels | A::Approve | A::StopJob | A::LookAgain
            )
        }
        Role::Auditor => sees || action == A::ViewAudit,
        // An admin runs the installation and decides about nobody's models: proposing and
        // approving are roles of their own.
        Role::Admin => {
            sees || matches!(
                action,
                A::RefreshModels
                    | A::TestRole
                    | A::StopJob
                    | A::LookAgain
                    | A::AdoptVersion
                    | A::ResendCopy
                    | A::GiveUpJob
                    | A::PauseInstallation
                    | A::DeclareRestored
                    | A::ViewAudit
                    | A::ManagePeople
            )
        }
    }
}

/// What commands beside the server may: what keeps an installation alive, and letting the first
/// people in.
pub(super) fn local_operator(action: Action) -> bool {
    matches!(
        action,
        Action::ViewAccounts
            | Action::ViewPolicies
            | Action::TestRole
            | Action::PauseInstallation
            | Action::DeclareRestored
            | Action::ManagePeople
    )
}

/// What the engine may.
pub(super) fn engine(action: Action) -> bool {
    matches!(
        action,
        Action::RunJob
            | Action::RefreshModels
            | Action::TestRole
            | Action::FollowEvents
            | Action::DeclareRestored
    )
}
