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
use store::project_policies::{self, ProjectPolicyRow};
use store::{Reader, installation};

/// Proposes to remove a policy that the project had when last seen, in the revision that the form
/// names: the plan holds its document, and only that document is removed. The policy that holds
/// this installation's own grants is refused: jobs remove what they put there.
///
/// Nothing is asked of AWS. The same form sent twice acts once and gives what the first gave.
pub async fn propose_remove(cx: &OpContext, form: &PolicyRemoveForm) -> OpResult<Proposed> {
    cx.require(Action::ProposePolicyChange)?;
    let request = Request::new(cx, "policies.propose_remove", &form.form_id, form)?;
    let mut tx = cx.store.begin().await?;
    if let Some(earlier) = replay(cx, &mut tx, request.as_ref()).await? {
        return Ok(earlier);
    }
    let registry = Registry::visible(cx, &mut tx, Action::ViewPolicies).await?;
    let mut errors = Errors::default();
    let found = project(&mut tx, &registry, &form.project, &mut errors).await?;
    let arn = found.as_ref().map(|(arn, _)| arn);
    let present = present(&mut tx, arn, form, &mut errors).await?;
    let reason = reason(&form.reason, &mut errors);
    errors.extend(idempotency::check_key(&form.form_id));
    errors.check()?;
    let ((project, account), present) = found
        .zip(present)
        .ok_or_else(|| OpError::stored("checked policy form"))?;
    let document = present.document;
    let change = (present.name, PolicyChange::Remove { document });
    cx.require_in(Action::ProposePolicyChange, &account.environment)?;
    let submission = submission(cx, &registry, (project, &account), change, reason)?;
    let proposed = submit(cx, &mut tx, &submission, request.as_ref()).await?;
    tx.commit().await?;
    Ok(proposed)
}

/// The policy that the form names, as last seen.
async fn present(
    reader: &mut Reader,
    project: Option<&ProjectArn>,
    form: &PolicyRemoveForm,
    errors: &mut Errors,
) -> OpResult<Option<ProjectPolicyRow>> {
    let (Some(name), Some(project)) = (name(&form.policy_name, errors), project) else {
        return Ok(None);
    };
    let ours = installation::find(reader).await?;
    if ours.is_some_and(|id| managed_policy_name(&id) == name) {
        errors.add(Field::PolicyName, FieldCode::PolicyNameReserved);
        return Ok(None);
    }
    let policies = project_policies::of_project(reader, project).await?;
    let present = policies.into_iter().find(|policy| policy.name == name);
    match &present {
        None => errors.add(Field::PolicyName, FieldCode::PolicyNameUnknown),
        Some(policy) if policy.revision.as_str() != form.revision => {
            errors.add(Field::PolicyName, FieldCode::PolicyChanged);
        }
        Some(_) => {}
    }
    Ok(present)
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
