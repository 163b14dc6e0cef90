//! The revoke step: takes our statement out again and proves that it is gone.
//!
//! It runs after success, failure and stop, and it is tried without end: a job does not end while
//! its grant may stand. The statement counts as gone after two lists without it. If a put got no
//! clear answer, or the process that intended one lost its job, the second list is one from after
//! the time in which that put can still arrive.

use crate::error::{Move, Stop};
use crate::outcome::StepOutcome;
use crate::policy_text::without_statement;
use crate::refusal::{is_passing, is_role_refused};
use crate::steps::{grants, policy_scope};
use crate::visit::{Parties, Visit};
use domain::job::CopyEvent;
use domain::{FailureCode, JobEvent, PolicyName, PromotionPlan};
use operations::iam::PolicyDocument;
use operations::jobs::Intent;
use operations::policies::managed_policy_name;
use operations::ports::aws::{AwsError, ErrorClass, ProjectPolicy, Refusal};
use serde::{Deserialize, Serialize};

const REVOKED: StepOutcome = StepOutcome::Event(JobEvent::Copy(CopyEvent::Revoked));

/// Removes the plan's statement until a list of the project's policies shows that it is gone.
pub(super) async fn run(visit: &mut Visit<'_>, plan: &PromotionPlan) -> Move<StepOutcome> {
    if !grants::is_cross_account(plan) {
        visit.skip("No grant was put: source and destination lie in one account.");
        return Ok(REVOKED);
    }
    let parties = visit.parties(plan).await?;
    let ours = managed_policy_name(&visit.job.installation);
    let mut absence: Absence = visit.memory();
    if let Some(policy) = holding(visit, &parties, plan, &ours).await? {
        absence.seen = false;
        visit.remember(&absence);
        if let Err(error) = remove(visit, plan, &parties, &policy).await? {
            return Ok(again(visit, &error));
        }
        if holding(visit, &parties, plan, &ours).await?.is_some() {
            return Ok(visit.retry(visit.failure(FailureCode::PolicyContended)));
        }
        visit.note(format!("Statement {} was removed.", plan.grant.sid));
    }
    if let Some(after_ms) = visit.until_no_put_can_arrive() {
        if !absence.told {
            visit.note(
                "A put of the grant got no clear answer and may still arrive, so the policies are \
                 read once more when that time is over.",
            );
        }
        visit.remember(&Absence {
            seen: true,
            told: true,
        });
        return Ok(StepOutcome::Wait { after_ms });
    }
    if !absence.seen && holding(visit, &parties, plan, &ours).await?.is_some() {
        return Ok(visit.retry(visit.failure(FailureCode::PolicyContended)));
    }
    visit.note("No statement of this job is left.");
    Ok(REVOKED)
}

/// What the step remembers of lists without the statement.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Absence {
    /// A list on an earlier visit was without it, and nothing was removed since.
    seen: bool,
    /// The job page says why the step waits.
    told: bool,
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
    let Ok(rest) = without_statement(&policy.document, &plan.grant.sid) else {
        return Err(Stop::with(
            visit.retry(visit.failure(FailureCode::PolicyUnreadable)),
        ));
    };
    let project = &plan.source_project;
    let operation = match rest {
        None => "DeleteProjectPolicy",
        Some(_) => "PutProjectPolicy",
    };
    visit
        .intend(Intent {
            operation,
            target: project.to_string(),
            detail: format!("without statement {} of {}", plan.grant.sid, policy.name),
        })
        .await?;
    let scope = policy_scope(visit, parties.grantor(plan), project);
    let (name, revision) = (&policy.name, &policy.revision);
    Ok(match rest {
        None => visit.delete_policy(&scope, project, name, revision).await,
        Some(text) => visit
            .put_policy(&scope, project, name, &text, Some(revision))
            .await
            .map(drop),
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
