//! Putting the statements of all policies together.

use super::decision::{Decision, Missing, MissingFrom, NearMiss, PolicyKind, StatementRef};
use super::request::{EvaluationRequest, NamedPolicy, ResourceRule, TrustRequest};
use super::statement::{Call, applies};
use crate::condition::ConditionContext;
use crate::document::Effect;
use crate::evaluate::Mismatch;
use crate::principal::{PrincipalFacts, Reach};
use crate::truth::Truth;
use domain::AccountNumber;

/// Judges one call against the policies given. Policies of other kinds (organization policies,
/// permissions boundaries) are not looked at; a caller that knows of one says so with
/// [`Decision::beside`].
pub fn evaluate(request: &EvaluationRequest<'_>) -> Decision {
    Judge {
        principal: request.principal,
        action: request.action,
        resource: request.resource,
        owner: request.resource_account,
        context: complete(request.principal, request.context, request.resource_account),
        identity: request.identity,
        session: request.session,
        attached: request.resource_policies,
        attached_kind: PolicyKind::Resource,
        rule: request.resource_rule,
    }
    .decide()
}

/// Judges whether the caller may become a role (or tag the session it makes): the trust policy must
/// allow. A caller from another account also needs an identity policy that allows; one of the
/// role's account needs it only if the trust policy names the account instead of the caller. An
/// account's root user becomes no role ("`AssumeRole`", AWS STS API reference).
pub fn evaluate_trust(request: &TrustRequest<'_>) -> Decision {
    Judge {
        principal: request.principal,
        action: request.action,
        resource: &request.role.to_string(),
        owner: request.role.account(),
        context: complete(request.principal, request.context, request.role.account()),
        identity: request.identity,
        session: request.session,
        attached: &[NamedPolicy {
            name: request.role.name(),
            document: request.trust,
        }],
        attached_kind: PolicyKind::Trust,
        rule: ResourceRule::ResourceMustAllow,
    }
    .decide()
}

fn complete(
    principal: &PrincipalFacts,
    context: &ConditionContext,
    owner: &AccountNumber,
) -> ConditionContext {
    principal
        .complete(context.clone())
        .or_with("aws:ResourceAccount", owner.as_str())
}

struct Judge<'a> {
    principal: &'a PrincipalFacts,
    action: &'a str,
    resource: &'a str,
    owner: &'a AccountNumber,
    context: ConditionContext,
    identity: &'a [NamedPolicy<'a>],
    session: Option<&'a [NamedPolicy<'a>]>,
    /// Attached to the resource: its policies, or the role's trust policy.
    attached: &'a [NamedPolicy<'a>],
    attached_kind: PolicyKind,
    rule: ResourceRule,
}

/// What the statements of one effect in some policies come to.
struct Found {
    truth: Truth,
    by: Vec<StatementRef>,
    near: Vec<NearMiss>,
}

impl Found {
    /// Yes without any statement.
    const YES: Self = Self {
        truth: Truth::Yes,
        by: Vec::new(),
        near: Vec::new(),
    };
}

/// One way to be allowed: everything in it must be yes.
type Way<'a> = Vec<&'a Found>;

impl Judge<'_> {
    fn decide(&self) -> Decision {
        let denied = self.denied();
        if denied.truth.is_yes() {
            return Decision::Denied { by: denied.by };
        }
        let identity = self.allowed_by_identity();
        let session = self.allowed_by_session();
        let [account, role, direct] = [Reach::Account, Reach::Role, Reach::Direct]
            .map(|reach| self.search(self.attached, self.attached_kind, Effect::Allow, reach));
        let own = self.principal.account() == Some(self.owner);
        let ways: Vec<Way<'_>> = if self.is_root_becoming_a_role() {
            Vec::new()
        } else if self.principal.is_service() {
            vec![vec![&direct]]
        } else if !own {
            vec![vec![&account, &identity, &session]]
        } else if self.rule == ResourceRule::ResourceMustAllow {
            vec![
                vec![&direct],
                vec![&role, &session],
                vec![&account, &identity, &session],
            ]
        } else {
            vec![
                vec![&direct],
                vec![&role, &session],
                vec![&identity, &session],
            ]
        };
        let truth_of = |way: &Way<'_>| Truth::all(way.iter().map(|found| found.truth.clone()));
        match Truth::any(ways.iter().map(truth_of)) {
            Truth::No => Decision::NotAllowed {
                missing: self.missing(own, &identity, &session, &account, &role),
            },
            Truth::Unknown(element) => Decision::CannotTell { element },
            Truth::Yes => match denied.truth {
                Truth::Unknown(element) => Decision::CannotTell { element },
                Truth::Yes | Truth::No => {
                    let way = ways.into_iter().find(|way| truth_of(way).is_yes());
                    let by = way.unwrap_or_default();
                    Decision::Allowed {
                        by: by.into_iter().flat_map(|found| found.by.clone()).collect(),
                    }
                }
            },
        }
    }

    fn denied(&self) -> Found {
        let search = |policies, kind| self.search(policies, kind, Effect::Deny, Reach::Account);
        let mut whole = search(self.attached, self.attached_kind);
        if !self.principal.is_service() {
            for part in [
                search(self.identity, PolicyKind::Identity),
                search(self.session.unwrap_or_default(), PolicyKind::Session),
            ] {
                whole.truth = whole.truth.or(part.truth);
                whole.by.extend(part.by);
            }
        }
        whole
    }

    fn is_root_becoming_a_role(&self) -> bool {
        self.principal.is_root() && self.attached_kind == PolicyKind::Trust
    }

    fn allowed_by_identity(&self) -> Found {
        if self.principal.is_root() {
            return Found::YES;
        }
        self.search(
            self.identity,
            PolicyKind::Identity,
            Effect::Allow,
            Reach::Account,
        )
    }

    fn allowed_by_session(&self) -> Found {
        match self.session {
            None => Found::YES,
            Some(policies) => {
                self.search(policies, PolicyKind::Session, Effect::Allow, Reach::Account)
            }
        }
    }

    fn search(
        &self,
        policies: &[NamedPolicy<'_>],
        kind: PolicyKind,
        effect: Effect,
        reach: Reach,
    ) -> Found {
        let call = Call {
            principal: self.principal,
            action: self.action,
            resource: self.resource,
            context: &self.context,
        };
        let mut found = Found {
            truth: Truth::No,
            by: Vec::new(),
            near: Vec::new(),
        };
        for policy in policies {
            for (index, statement) in policy.document.statements.iter().enumerate() {
                if statement.effect != effect {
                    continue;
                }
                let place = StatementRef {
                    kind,
                    policy: policy.name.to_owned(),
                    sid: statement.sid.clone(),
                    index,
                };
                let answer = applies(statement, policy.document.version, kind, &call, reach);
                let truth = match answer.truth {
                    Truth::Unknown(element) => Truth::Unknown(format!("{element} in {place}")),
                    decided => decided,
                };
                if truth.is_yes() {
                    found.by.push(place);
                } else if let Some(because) = answer.mismatch
                    && because != Mismatch::Action
                {
                    found.near.push(NearMiss {
                        statement: place,
                        because,
                    });
                }
                found.truth = found.truth.or(truth);
            }
        }
        found
    }

    /// Says who would have to allow; called when every way holds a certain no.
    fn missing(
        &self,
        own: bool,
        identity: &Found,
        session: &Found,
        account: &Found,
        role: &Found,
    ) -> Missing {
        let attached = match self.attached_kind {
            PolicyKind::Trust => MissingFrom::Trust,
            _ => MissingFrom::Resource,
        };
        let either = own && self.rule == ResourceRule::IdentityOrResource;
        let candidates: Vec<(MissingFrom, Vec<&Found>)> = if self.is_root_becoming_a_role() {
            vec![(MissingFrom::UserOrRole, Vec::new())]
        } else if self.principal.is_service() {
            vec![(attached, vec![account])]
        } else if either {
            vec![
                (MissingFrom::IdentityOrResource, vec![identity, role]),
                (MissingFrom::Session, vec![session]),
            ]
        } else {
            let named = if own {
                vec![identity, role]
            } else {
                vec![identity]
            };
            vec![
                (MissingFrom::Identity, named),
                (MissingFrom::Session, vec![session]),
                (attached, vec![account]),
            ]
        };
        let mut missing = Missing {
            principal: self.principal.arn(),
            action: self.action.to_owned(),
            resource: self.resource.to_owned(),
            from: Vec::new(),
            near: Vec::new(),
        };
        for (from, places) in candidates {
            if places.iter().all(|found| found.truth == Truth::No) {
                missing.from.push(from);
                for miss in places.into_iter().flat_map(|found| &found.near) {
                    if !missing.near.contains(miss) {
                        missing.near.push(miss.clone());
                    }
                }
            }
        }
        missing
    }
}
