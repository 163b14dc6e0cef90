//! Proposing to remove a policy.

use super::check::{Errors, name, project, reason};
use super::{PolicyRemoveForm, managed_policy_name};
use crate::accounts::Registry;
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use crate::field::{Field, FieldCode};
use crate::idempotency::{self, Request};
use crate::proposals::{Proposed, Submission, replay, submit};
use domain::plan::PolicyChange;
use domain::{
    Account, Action, Plan, PolicyChangePlan, PolicyName, ProjectArn, ProposalId, Reason,
    RolePurpose,
};
use store::{Reader, installation, project_policies};

/// Proposes to remove a policy that the project had when last seen. The policy that holds this
/// installation's own grants is refused: jobs remove what they put there.
///
/// Nothing is asked of AWS. The same form sent twice acts once and gives what the first gave.
pub async fn propose_remove(cx: &OpContext, form: &PolicyRemoveForm) -> OpResult<Proposed> {
    cx.require(Action::ProposePolicyChange)?;
    let request = Request::new("policies.propose_remove", &form.form_id, form)?;
    let mut tx = cx.store.begin().await?;
    if let Some(earlier) = replay(&mut tx, request.as_ref()).await? {
        return Ok(earlier);
    }
    let registry = Registry::load(&mut tx).await?;
    let mut errors = Errors::default();
    let found = project(&mut tx, &registry, &form.project, &mut errors).await?;
    let arn = found.as_ref().map(|(arn, _)| arn);
    let name = present_name(&mut tx, arn, &form.policy_name, &mut errors).await?;
    let reason = reason(&form.reason, &mut errors);
    errors.extend(idempotency::check_key(&form.form_id));
    errors.check()?;
    let ((project, account), name) = found
        .zip(name)
        .ok_or_else(|| OpError::stored("checked policy form"))?;
    let change = (name, PolicyChange::Remove);
    let submission = submission(cx, &registry, (project, &account), change, reason)?;
    let proposed = submit(cx, &mut tx, &submission, request.as_ref()).await?;
    tx.commit().await?;
    Ok(proposed)
}

async fn present_name(
    reader: &mut Reader,
    project: Option<&ProjectArn>,
    text: &str,
    errors: &mut Errors,
) -> OpResult<Option<PolicyName>> {
    let (Some(name), Some(project)) = (name(text, errors), project) else {
        return Ok(None);
    };
    let ours = installation::find(reader).await?;
    if ours.is_some_and(|id| managed_policy_name(&id) == name) {
        errors.add(Field::PolicyName, FieldCode::PolicyNameReserved);
        return Ok(None);
    }
    let policies = project_policies::of_project(reader, project).await?;
    if !policies.iter().any(|policy| policy.name == name) {
        errors.add(Field::PolicyName, FieldCode::PolicyNameUnknown);
    }
    Ok(Some(name))
}

/// The plan of a policy change under the rule of the project's environment.
pub(super) fn submission(
    cx: &OpContext,
    registry: &Registry,
    (project, account): (ProjectArn, &Account),
    (policy, change): (PolicyName, PolicyChange),
    reason: Option<Reason>,
) -> OpResult<Submission> {
    let now = cx.now();
    let rule = registry.environment_of(account)?.rule.clone();
    let plan = PolicyChangePlan {
        proposal: ProposalId::generate(now, cx.random.as_ref()),
        project,
        grantor: account.access(RolePurpose::Promoter).role,
        policy,
        change,
        rule: rule.reference.clone(),
        run_before: now.plus(rule.run_within_ms),
    };
    Ok(Submission {
        plan: Plan::PolicyChange(Box::new(plan)),
        environment: account.environment.clone(),
        rule,
        reason,
    })
}
