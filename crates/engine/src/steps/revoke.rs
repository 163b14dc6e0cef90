//! The revoke step: takes our statement out again and proves that it is gone.
//!
//! It runs after success and after failure, and it is tried without end: a job does not end while
//! its grant may stand.

use crate::error::{Move, Stop};
use crate::outcome::StepOutcome;
use crate::refusal::{is_passing, is_role_refused};
use crate::steps::{grants, policy_scope};
use crate::visit::{Parties, Visit};
use domain::job::CopyEvent;
use domain::{FailureCode, JobEvent, PolicyName, PromotionPlan};
use operations::iam::PolicyDocument;
use operations::jobs::Intent;
use operations::policies::managed_policy_name;
use operations::ports::aws::{AwsError, ErrorClass, ProjectPolicy, Refusal};

const REVOKED: StepOutcome = StepOutcome::Event(JobEvent::Copy(CopyEvent::Revoked));

/// Removes the plan's statement until a list of the project's policies shows that it is gone.
pub(super) async fn run(visit: &mut Visit<'_>, plan: &PromotionPlan) -> Move<StepOutcome> {
    if !grants::is_cross_account(plan) {
        visit.skip("No grant was put: source and destination lie in one account.");
        return Ok(REVOKED);
    }
    let parties = visit.parties(plan).await?;
    let ours = managed_policy_name(&visit.job.installation);
    let Some(policy) = holding(visit, &parties, plan, &ours).await? else {
        visit.note("No statement of this job is left.");
        return Ok(REVOKED);
    };
    if let Err(error) = remove(visit, plan, &parties, &policy).await? {
        return Ok(again(visit, &error));
    }
    match holding(visit, &parties, plan, &ours).await? {
        None => {
            visit.note(format!("Statement {} was removed.", plan.grant.sid));
            Ok(REVOKED)
        }
        Some(_) => Ok(visit.retry(visit.failure(FailureCode::PolicyContended))),
    }
}

/// Our policy, if it holds the plan's statement. A project that no longer exists holds nothing.
async fn holding(
    visit: &mut Visit<'_>,
    parties: &Parties,
    plan: &PromotionPlan,
    ours: &PolicyName,
) -> Move<Option<ProjectPolicy>> {
    let (reader, project) = (parties.source_reader(), &plan.source_project);
    let policies = match visit.policies(&reader, project).await {
        Err(error) if error.class == ErrorClass::Refused(Refusal::NotFound) => {
            let read = visit.projects(&reader, project.region()).await;
            let projects = visit.insist(read, FailureCode::SourceMissing)?;
            if projects.iter().any(|found| found.arn == *project) {
                let cause = visit.failure_from(FailureCode::AwsRefused, &error);
                return Err(Stop::with(visit.retry(cause)));
            }
            visit.note("The source project is gone, and its policies with it.");
            return Ok(None);
        }
        read => visit.insist(read, FailureCode::SourceMissing)?,
    };
    let Some(policy) = grants::find(&policies, ours) else {
        return Ok(None);
    };
    match PolicyDocument::parse(&policy.document) {
        Ok(document) => Ok(document.statement(&plan.grant.sid).map(|_| policy.clone())),
        Err(_) => Err(Stop::with(
            visit.retry(visit.failure(FailureCode::PolicyUnreadable)),
        )),
    }
}

async fn remove(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
    parties: &Parties,
    policy: &ProjectPolicy,
) -> Move<Result<(), AwsError>> {
    let Ok(document) = PolicyDocument::parse(&policy.document) else {
        return Err(Stop::with(
            visit.retry(visit.failure(FailureCode::PolicyUnreadable)),
        ));
    };
    let rest = document.without_statement(&plan.grant.sid);
    let project = &plan.source_project;
    let scope = policy_scope(visit, parties.grantor(plan), project);
    let operation = if rest.statements.is_empty() {
        "DeleteProjectPolicy"
    } else {
        "PutProjectPolicy"
    };
    visit
        .intend(Intent {
            operation,
            target: project.to_string(),
            detail: format!("without statement {} of {}", plan.grant.sid, policy.name),
        })
        .await?;
    let (name, revision) = (&policy.name, &policy.revision);
    Ok(if rest.statements.is_empty() {
        visit.delete_policy(&scope, project, name, revision).await
    } else {
        let text = rest.to_json();
        visit
            .put_policy(&scope, project, name, &text, Some(revision))
            .await
            .map(drop)
    })
}

fn again(visit: &Visit<'_>, error: &AwsError) -> StepOutcome {
    let code = match error.class {
        ErrorClass::Refused(Refusal::Revision | Refusal::AlreadyExists) => {
            FailureCode::PolicyContended
        }
        _ if is_role_refused(error) => FailureCode::RoleRefused,
        _ if is_passing(error) => FailureCode::AwsUnreachable,
        _ => FailureCode::AwsRefused,
    };
    visit.retry(visit.failure_from(code, error))
}
