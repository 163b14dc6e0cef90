//! Proposals: requests to carry out one plan, and where each stands.

use crate::clock::Millis;
use crate::id::{JobId, ProposalId};
use serde::{Deserialize, Serialize};

/// What a proposal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalKind {
    /// Ends in a copy.
    Promotion,
    /// Attaches or removes a project policy.
    PolicyChange,
}

impl ProposalKind {
    /// The word used in SQL and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Promotion => "promotion",
            Self::PolicyChange => "policy_change",
        }
    }
}

/// Where one proposal stands. Each variant holds what is known only from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ProposalState {
    /// Being written, or a check fails.
    Checking,
    /// Sent; the rule asks for approvals that are not all there.
    WaitingForApproval {
        /// When it was sent.
        since: Millis,
    },
    /// An approver wants it changed.
    ChangesRequested {
        /// When that was said.
        at: Millis,
    },
    /// The rule is met and a job exists.
    Approved {
        /// When the rule was met.
        at: Millis,
        /// The job that carries out the plan.
        job: JobId,
    },
    /// An approver refused it.
    Rejected {
        /// When.
        at: Millis,
    },
    /// The requester took it back.
    Withdrawn {
        /// When.
        at: Millis,
    },
    /// It waited too long.
    Expired {
        /// When.
        at: Millis,
    },
    /// A later proposal for the same destination and name was approved.
    Superseded {
        /// The later one.
        by: ProposalId,
    },
}

/// What can happen to a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposalEvent {
    /// It is sent and its rule asks for approvals.
    Sent {
        /// When.
        at: Millis,
    },
    /// Its rule is met (at once under a rule of 0) and its job exists.
    RuleMet {
        /// When.
        at: Millis,
        /// The job made for it.
        job: JobId,
    },
    /// An approver asks for changes.
    ChangesAsked {
        /// When.
        at: Millis,
    },
    /// Somebody edits it: a new plan number.
    Edited,
    /// An approver refuses it.
    Rejected {
        /// When.
        at: Millis,
    },
    /// The requester takes it back. After approval only while the job is Queued; the caller checks.
    Withdrawn {
        /// When.
        at: Millis,
    },
    /// Its time is over. After approval only while the job is Queued; the caller checks.
    Expired {
        /// When.
        at: Millis,
    },
    /// A later proposal for the same destination and name was approved.
    Superseded {
        /// The later one.
        by: ProposalId,
    },
}

/// An event that a state does not take, since nothing leads there or it came too late.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event} cannot follow {from}")]
pub struct InvalidTransition {
    /// The state's word.
    pub from: &'static str,
    /// The event's name.
    pub event: &'static str,
}

/// The word for a proposal's state: the same in interface, API and mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ProposalWord {
    /// See [`ProposalState::Checking`].
    Checking,
    /// See [`ProposalState::WaitingForApproval`].
    #[serde(rename = "Waiting for approval")]
    WaitingForApproval,
    /// See [`ProposalState::ChangesRequested`].
    #[serde(rename = "Changes requested")]
    ChangesRequested,
    /// See [`ProposalState::Approved`].
    Approved,
    /// See [`ProposalState::Rejected`].
    Rejected,
    /// See [`ProposalState::Withdrawn`].
    Withdrawn,
    /// See [`ProposalState::Expired`].
    Expired,
    /// See [`ProposalState::Superseded`].
    Superseded,
}

impl ProposalWord {
    /// The word itself.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Checking => "Checking",
            Self::WaitingForApproval => "Waiting for approval",
            Self::ChangesRequested => "Changes requested",
            Self::Approved => "Approved",
            Self::Rejected => "Rejected",
            Self::Withdrawn => "Withdrawn",
            Self::Expired => "Expired",
            Self::Superseded => "Superseded",
        }
    }
}

impl ProposalEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "sent",
            Self::RuleMet { .. } => "rule met",
            Self::ChangesAsked { .. } => "changes asked",
            Self::Edited => "edited",
            Self::Rejected { .. } => "rejected",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Expired { .. } => "expired",
            Self::Superseded { .. } => "superseded",
        }
    }
}

impl ProposalState {
    /// Applies `event`, or says which pair was refused. Terminal states refuse everything.
    ///
    /// Whether the rule is met, and whether the job of an approved proposal is still Queued, is for
    /// the caller to know.
    pub fn apply(self, event: ProposalEvent) -> Result<Self, InvalidTransition> {
        use ProposalEvent as E;
        use ProposalState as S;
        let refused = InvalidTransition {
            from: self.word().as_str(),
            event: event.name(),
        };
        Ok(match (self, event) {
            (S::Checking, E::Sent { at }) => S::WaitingForApproval { since: at },
            (S::Checking | S::WaitingForApproval { .. }, E::RuleMet { at, job }) => {
                S::Approved { at, job }
            }
            (S::WaitingForApproval { .. }, E::ChangesAsked { at }) => S::ChangesRequested { at },
            (S::WaitingForApproval { .. }, E::Rejected { at }) => S::Rejected { at },
            (
                S::Checking | S::WaitingForApproval { .. } | S::ChangesRequested { .. },
                E::Edited,
            ) => S::Checking,
            (S::WaitingForApproval { .. } | S::ChangesRequested { .. }, E::Superseded { by }) => {
                S::Superseded { by }
            }
            (state, E::Withdrawn { at }) if !state.is_terminal() => S::Withdrawn { at },
            (state, E::Expired { at }) if !state.is_terminal() => S::Expired { at },
            _ => return Err(refused),
        })
    }

    /// Whether nothing can happen to it any more.
    pub fn is_terminal(&self) -> bool {
        matches!(
            self,
            Self::Rejected { .. }
                | Self::Withdrawn { .. }
                | Self::Expired { .. }
                | Self::Superseded { .. }
        )
    }

    /// The word that people see.
    pub fn word(&self) -> ProposalWord {
        match self {
            Self::Checking => ProposalWord::Checking,
            Self::WaitingForApproval { .. } => ProposalWord::WaitingForApproval,
            Self::ChangesRequested { .. } => ProposalWord::ChangesRequested,
            Self::Approved { .. } => ProposalWord::Approved,
            Self::Rejected { .. } => ProposalWord::Rejected,
            Self::Withdrawn { .. } => ProposalWord::Withdrawn,
            Self::Expired { .. } => ProposalWord::Expired,
            Self::Superseded { .. } => ProposalWord::Superseded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn events() -> impl Strategy<Value = ProposalEvent> {
        let at = Millis::new(5);
        let job: JobId = "job_01KATTTTTTTTTTTTTTTTTTTTTT".parse().unwrap();
        let by: ProposalId = "prp_01KATTTTTTTTTTTTTTTTTTTTTT".parse().unwrap();
        proptest::sample::select(vec![
            ProposalEvent::Sent { at },
            ProposalEvent::RuleMet { at, job },
            ProposalEvent::ChangesAsked { at },
            ProposalEvent::Edited,
            ProposalEvent::Rejected { at },
            ProposalEvent::Withdrawn { at },
            ProposalEvent::Expired { at },
            ProposalEvent::Superseded { by },
        ])
    }

    /// Every state with the events that lead out of it and where to; all others are refused.
    #[test]
    fn these_transitions_and_no_others() {
        use ProposalEvent as E;
        use ProposalState as S;
        let at = Millis::new(5);
        let job: JobId = "job_01KATTTTTTTTTTTTTTTTTTTTTT".parse().unwrap();
        let by: ProposalId = "prp_01KATTTTTTTTTTTTTTTTTTTTTT".parse().unwrap();
        let events = [
            E::Sent { at },
            E::RuleMet { at, job },
            E::ChangesAsked { at },
            E::Edited,
            E::Rejected { at },
            E::Withdrawn { at },
            E::Expired { at },
            E::Superseded { by },
        ];
        for (state, ways) in [
            (
                S::Checking,
                "sent: Waiting for approval, rule met: Approved, edited: Checking, \
                 withdrawn: Withdrawn, expired: Expired",
            ),
            (
                S::WaitingForApproval { since: at },
                "rule met: Approved, changes asked: Changes requested, edited: Checking, \
                 rejected: Rejected, withdrawn: Withdrawn, expired: Expired, \
                 superseded: Superseded",
            ),
            (
                S::ChangesRequested { at },
                "edited: Checking, withdrawn: Withdrawn, expired: Expired, superseded: Superseded",
            ),
            (
                S::Approved { at, job },
                "withdrawn: Withdrawn, expired: Expired",
            ),
            (S::Rejected { at }, ""),
            (S::Withdrawn { at }, ""),
            (S::Expired { at }, ""),
            (S::Superseded { by }, ""),
        ] {
            let found: Vec<String> = events
                .iter()
                .filter_map(|event| {
                    let next = state.clone().apply(event.clone()).ok()?;
                    Some(format!("{}: {}", event.name(), next.word().as_str()))
                })
                .collect();
            assert_eq!(found.join(", "), ways, "{state:?}");
        }
    }

    proptest! {
        #[test]
        fn a_terminal_state_is_never_left(walk in proptest::collection::vec(events(), 0..40)) {
            let mut state = ProposalState::Checking;
            for event in walk {
                let terminal = state.is_terminal();
                let approved = matches!(state, ProposalState::Approved { .. });
                match state.clone().apply(event.clone()) {
                    Ok(next) => {
                        prop_assert!(!terminal);
                        // After approval the job decides; only its end before the start is left.
                        let ended = matches!(
                            next,
                            ProposalState::Withdrawn { .. } | ProposalState::Expired { .. }
                        );
                        prop_assert!(!approved || ended);
                        if matches!(next, ProposalState::Approved { .. }) {
                            let rule_met = matches!(event, ProposalEvent::RuleMet { .. });
                            prop_assert!(rule_met);
                        }
                        state = next;
                    }
                    Err(refused) => prop_assert_eq!(refused.from, state.word().as_str()),
                }
            }
        }
    }
}
