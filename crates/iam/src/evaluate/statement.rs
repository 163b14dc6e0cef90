//! Whether one statement applies to a call.

use super::decision::{Mismatch, PolicyKind};
use crate::condition::{ConditionContext, holds};
use crate::document::{
    ActionClause, ConditionTest, Effect, PolicyVersion, PrincipalClause, ResourceClause, Statement,
    Values,
};
use crate::pattern::{Incomplete, Pattern, Scope};
use crate::principal::{PrincipalFacts, Reach};
use crate::truth::Truth;

/// The call as statements see it.
pub(super) struct Call<'a> {
    pub(super) principal: &'a PrincipalFacts,
    pub(super) action: &'a str,
    pub(super) resource: &'a str,
    pub(super) context: &'a ConditionContext,
}

/// Whether a statement applies, and if not, the first element that does not fit.
pub(super) struct Answer {
    pub(super) truth: Truth,
    pub(super) mismatch: Option<Mismatch>,
}

/// Judges one statement. `reach` is asked of the `Principal` of resource and trust policies.
///
/// A statement that does not suit its place (an identity policy with a `Principal`, a trust policy
/// with a `Resource`) would have been refused by AWS; it is not judged unless another element
/// already rules it out.
pub(super) fn applies(
    statement: &Statement,
    version: Option<PolicyVersion>,
    kind: PolicyKind,
    call: &Call<'_>,
    reach: Reach,
) -> Answer {
    let scope = Scope {
        version,
        context: call.context,
    };
    let elements = [
        (action(statement, call, &scope), Mismatch::Action),
        (principal(statement, kind, call, reach), Mismatch::Principal),
        (resource(statement, kind, call, &scope), Mismatch::Resource),
    ];
    let mut whole = Truth::Yes;
    for (truth, mismatch) in elements {
        if truth == Truth::No {
            return Answer {
                truth,
                mismatch: Some(mismatch),
            };
        }
        whole = whole.and(truth);
    }
    let (truth, failed) = holds(&statement.condition, &scope);
    Answer {
        truth: whole.and(truth),
        mismatch: failed.map(|(operator, key)| Mismatch::Condition { operator, key }),
    }
}

/// Whether any value fits; a lone `*` fits whatever it is compared with.
fn any(values: &Values, scope: &Scope<'_>, fits: impl Fn(Pattern<'_>) -> Truth) -> Truth {
    Truth::any(values.iter().map(|value| {
        if value == "*" {
            Truth::Yes
        } else {
            fits(Pattern::with_wildcards(value, scope))
        }
    }))
}

/// Actions are compared without regard to case and hold no variables ("IAM JSON policy elements:
/// Action").
fn action(statement: &Statement, call: &Call<'_>, scope: &Scope<'_>) -> Truth {
    let plain = Scope {
        version: None,
        context: scope.context,
    };
    let listed = any(statement.action.values(), &plain, |pattern| {
        pattern.matches_action(call.action)
    });
    match &statement.action {
        ActionClause::Action(_) => listed,
        ActionClause::NotAction(_) => listed.negate(),
    }
}

fn resource(statement: &Statement, kind: PolicyKind, call: &Call<'_>, scope: &Scope<'_>) -> Truth {
    let incomplete = match kind {
        PolicyKind::Identity => Incomplete::Completed,
        PolicyKind::Session => Incomplete::Refused,
        PolicyKind::Resource | PolicyKind::Trust => Incomplete::Itself,
    };
    match (&statement.resource, kind) {
        (None, PolicyKind::Trust) => Truth::Yes,
        (Some(_), PolicyKind::Trust) => Truth::Unknown("Resource in a trust policy".to_owned()),
        (None, _) => Truth::Unknown("the missing Resource".to_owned()),
        (Some(clause), _) => {
            let listed = any(clause.values(), scope, |pattern| {
                pattern.matches_resource(call.resource, incomplete)
            });
            match clause {
                ResourceClause::Resource(_) => listed,
                ResourceClause::NotResource(_) => listed.negate(),
            }
        }
    }
}

fn principal(statement: &Statement, kind: PolicyKind, call: &Call<'_>, reach: Reach) -> Truth {
    match (&statement.principal, kind) {
        (None, PolicyKind::Identity | PolicyKind::Session) => Truth::Yes,
        (Some(_), PolicyKind::Identity | PolicyKind::Session) => {
            Truth::Unknown("Principal in a policy that takes none".to_owned())
        }
        (None, PolicyKind::Resource | PolicyKind::Trust) => {
            Truth::Unknown("the missing Principal".to_owned())
        }
        (Some(PrincipalClause::Principal(listed)), _) => {
            call.principal
                .named_in(listed, reach, &everyone(&statement.condition))
        }
        (Some(PrincipalClause::NotPrincipal(_)), PolicyKind::Trust) => {
            Truth::Unknown("NotPrincipal in a trust policy".to_owned())
        }
        (Some(PrincipalClause::NotPrincipal(listed)), _) => match statement.effect {
            Effect::Deny => call.principal.not_named_in(listed),
            Effect::Allow => Truth::Unknown("NotPrincipal with Allow".to_owned()),
        },
    }
}

/// Whether a grant to `"*"` reaches past session policies. It does when the statement names the
/// caller by `aws:PrincipalArn` ("AWS JSON policy elements: Principal", IAM role principals); AWS
/// does not say for others.
fn everyone(tests: &[ConditionTest]) -> Truth {
    let names_the_caller = tests
        .iter()
        .filter(|test| {
            matches!(
                test.operator.as_str(),
                "ArnEquals" | "ArnLike" | "StringEquals" | "StringLike"
            )
        })
        .flat_map(|test| &test.keys)
        .any(|(key, _)| key.eq_ignore_ascii_case("aws:PrincipalArn"));
    if names_the_caller {
        Truth::Yes
    } else {
        Truth::Unknown("Principal \"*\", which a session policy may or may not limit,".to_owned())
    }
}
