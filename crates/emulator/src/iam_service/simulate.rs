//! `SimulatePrincipalPolicy`: what the identity policies of a user or a role say of calls that are
//! not made.
//!
//! Resource policies count for nothing in it, as at AWS, where they would have to be given. A
//! condition key that neither the caller gave nor the principal brings counts as absent and is
//! named in `MissingContextValues`. What the evaluator cannot judge even then is refused by name.

use super::pairs::pairs;
use super::request::Request;
use super::{Call, invalid_input};
use crate::authorize::Question;
use crate::error::ApiError;
use crate::query_xml::{element, list, text};
use crate::rekognition::page::Paging;
use crate::state::State;
use crate::sts::input::Form;
use crate::world::text::PolicyText;
use domain::AccountNumber;
use iam::{
    ConditionContext, Decision, EvaluationRequest, NamedPolicy, PrincipalFacts, ResourceRule,
    StatementRef, evaluate,
};
use std::collections::BTreeSet;

const ACTION: &str = "iam:SimulatePrincipalPolicy";

/// Keys that follow from the principal and the resource's account.
const BROUGHT: &[&str] = &[
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principaltype",
    "aws:resourceaccount",
    "aws:userid",
    "aws:username",
];

/// The user or role whose policies are asked.
struct Subject<'a> {
    /// `user` or `role`, as IAM names the source of a policy.
    kind: &'static str,
    name: &'a str,
    policy: Option<&'a PolicyText>,
    facts: PrincipalFacts,
}

/// One answer.
struct Simulated {
    action: String,
    resource: String,
    decision: &'static str,
    by: Vec<StatementRef>,
    missing: BTreeSet<String>,
}

pub(super) fn call(call: &mut Call<'_>, form: &Form) -> Result<String, ApiError> {
    let request = Request::read(form)?;
    let account: AccountNumber = account_of(&request.source)
        .ok_or_else(|| invalid_input(format!("Invalid Entity Arn: {}", request.source)))?;
    let question = Question::of_identity(ACTION, &request.source, &account);
    if !call.judge.allows(&question) {
        let refusal = call.judge.refusal(ACTION, &request.source);
        return Err(ApiError::common("AccessDenied", 403, refusal));
    }
    let subject = subject(call.state, &account, &request.source)?;
    let paging = Paging {
        key: call.token_key,
        list: format!("{ACTION} {} {}", call.caller.account, request.list),
        most: request.most,
        token: request.marker.clone(),
    };
    let (pairs, marker) = pairs(&request, &paging).map_err(|_| invalid_input("Invalid Marker."))?;
    let results = pairs
        .into_iter()
        .map(|(action, resource)| {
            let (action, resource) = (&request.actions[action], &request.resources[resource]);
            simulate(&request, &subject, &account, action, resource)
                .map(|simulated| write(&subject, &simulated))
        })
        .collect::<Result<Vec<String>, ApiError>>()?;
    Ok([
        element("IsTruncated", &marker.is_some().to_string()),
        marker
            .map(|marker| element("Marker", &text(&marker)))
            .unwrap_or_default(),
        list("EvaluationResults", results),
    ]
    .concat())
}

fn account_of(arn: &str) -> Option<AccountNumber> {
    let rest = arn.strip_prefix("arn:aws:iam::")?;
    let (account, entity) = rest.split_once(':')?;
    let known = ["user/", "role/", "group/"];
    known
        .iter()
        .any(|kind| entity.starts_with(kind))
        .then(|| account.parse().ok())?
}

fn subject<'a>(
    state: &'a State,
    account: &AccountNumber,
    arn: &str,
) -> Result<Subject<'a>, ApiError> {
    let account = state.accounts.get(account);
    let role = account.and_then(|account| account.roles.values().find(|role| role.arn == arn));
    if let Some(role) = role {
        let role_arn = role
            .arn
            .parse()
            .expect("a role of the world file has a role's ARN");
        return Ok(Subject {
            kind: "role",
            name: &role.name,
            policy: role.policy.as_ref(),
            facts: PrincipalFacts::role(&role_arn),
        });
    }
    let user = account.and_then(|account| account.users.values().find(|user| user.arn == arn));
    if let Some(user) = user {
        return Ok(Subject {
            kind: "user",
            name: &user.name,
            policy: user.policy.as_ref(),
            facts: PrincipalFacts::user(&user.arn)
                .expect("a user of the world file has an ARN of the right shape"),
        });
    }
    let name = arn.rsplit('/').next().unwrap_or_default();
    let kind = match arn {
        _ if arn.contains(":user/") => "user",
        _ if arn.contains(":group/") => "group",
        _ => "role",
    };
    Err(ApiError::modelled(
        "NoSuchEntity",
        404,
        format!("The {kind} with name {name} cannot be found."),
    ))
}

fn simulate(
    request: &Request,
    subject: &Subject<'_>,
    owner: &AccountNumber,
    action: &str,
    resource: &str,
) -> Result<Simulated, ApiError> {
    let own = subject.policy.map(|policy| NamedPolicy {
        name: subject.name,
        document: &policy.document,
    });
    let numbered: Vec<String> = (1..=request.more.len())
        .map(|number| format!("PolicyInputList.{number}"))
        .collect();
    let more = request.more.iter().zip(&numbered);
    let identity: Vec<NamedPolicy<'_>> = own
        .into_iter()
        .chain(more.map(|(policy, name)| NamedPolicy {
            name,
            document: &policy.document,
        }))
        .collect();
    let given = request
        .context
        .iter()
        .fold(ConditionContext::new(), |context, entry| {
            context.with_all(&entry.key, entry.values.iter().cloned())
        });
    let judge = |context: &ConditionContext| {
        evaluate(&EvaluationRequest {
            principal: &subject.facts,
            action,
            resource,
            resource_account: owner,
            context,
            identity: &identity,
            session: None,
            resource_policies: &[],
            resource_rule: ResourceRule::IdentityOrResource,
        })
    };
    let mut missing = BTreeSet::new();
    let mut decision = judge(&given);
    if matches!(decision, Decision::CannotTell { .. }) {
        missing = missing_keys(request, &identity);
        let context = missing
            .iter()
            .fold(given, |context, key| context.absent(key));
        decision = judge(&context);
    }
    let (decision, by) = match decision {
        Decision::Allowed { by } => ("allowed", by),
        Decision::Denied { by } => ("explicitDeny", by),
        Decision::NotAllowed { .. } => ("implicitDeny", Vec::new()),
        Decision::CannotTell { element } => {
            return Err(ApiError::not_emulated(&format!("a judgement of {element}")));
        }
    };
    Ok(Simulated {
        action: action.to_owned(),
        resource: resource.to_owned(),
        decision,
        by,
        missing,
    })
}

/// The keys of conditions and the policy variables that nobody gave a value for.
fn missing_keys(request: &Request, policies: &[NamedPolicy<'_>]) -> BTreeSet<String> {
    let given = |key: &str| {
        BROUGHT.contains(&key.to_ascii_lowercase().as_str())
            || request
                .context
                .iter()
                .any(|entry| entry.key.eq_ignore_ascii_case(key))
    };
    let mut keys = BTreeSet::new();
    for policy in policies {
        let tests = policy
            .document
            .statements
            .iter()
            .flat_map(|statement| &statement.condition);
        keys.extend(
            tests
                .flat_map(|test| &test.keys)
                .map(|(key, _)| key.clone()),
        );
        let json = policy.document.to_json();
        let variables = json.split("${").skip(1).filter_map(|rest| {
            let inside = rest.split('}').next()?;
            inside.split(',').next().map(|key| key.trim().to_owned())
        });
        keys.extend(variables.filter(|key| key.contains(':')));
    }
    keys.retain(|key| !given(key));
    keys
}

/// With resources named, AWS puts the missing keys under each resource ("`EvaluationResult`", IAM
/// API reference).
fn write(subject: &Subject<'_>, simulated: &Simulated) -> String {
    let statements = || {
        list(
            "MatchedStatements",
            simulated.by.iter().map(|by| statement(subject, by)),
        )
    };
    let missing = || {
        let keys = simulated.missing.iter().map(|key| text(key));
        list("MissingContextValues", keys)
    };
    let everything = simulated.resource == "*";
    let specific = [
        element("EvalResourceName", &text(&simulated.resource)),
        element("EvalResourceDecision", simulated.decision),
        statements(),
        missing(),
    ]
    .concat();
    [
        element("EvalActionName", &text(&simulated.action)),
        element("EvalResourceName", &text(&simulated.resource)),
        element("EvalDecision", simulated.decision),
        statements(),
        if everything {
            missing()
        } else {
            list("MissingContextValues", []) + &list("ResourceSpecificResults", [specific])
        },
    ]
    .concat()
}

fn statement(subject: &Subject<'_>, by: &StatementRef) -> String {
    let (id, kind) = if by.policy == subject.name {
        (format!("{}_{}", subject.kind, subject.name), subject.kind)
    } else {
        (by.policy.clone(), "none")
    };
    [
        element("SourcePolicyId", &text(&id)),
        element("SourcePolicyType", kind),
    ]
    .concat()
}
