//! The verify step: reads back what was made.
//!
//! Status and source of a copy must match the plan. What AWS shows beyond that (output, key, tags)
//! is reported as equal, different or not shown, and does not fail the job: AWS does not say how a
//! copy shows them.

use crate::error::{Move, Stop};
use crate::outcome::StepOutcome;
use crate::refusal::is_passing;
use crate::steps::copy::{Descent, descends_from_plan};
use crate::visit::{Parties, Visit};
use domain::job::{CopyEvent, PolicyEvent};
use domain::plan::PolicyChange;
use domain::tags::{PLAN_TAG, PROPOSAL_TAG};
use domain::{
    Failure, FailureCode, JobEvent, PolicyChangePlan, ProjectVersionArn, PromotionPlan,
    RolePurpose, VersionStatus,
};
use operations::jobs::ReadBack;
use operations::ports::aws::VersionDescription;
use serde::{Deserialize, Serialize};

fn copy_failed(failure: Failure) -> JobEvent {
    JobEvent::Copy(CopyEvent::VerifyFailed(failure))
}

fn policy_failed(failure: Failure) -> JobEvent {
    JobEvent::Policy(PolicyEvent::VerifyFailed(failure))
}

/// How many readings must disagree before the step fails: AWS may answer from an older state.
const READINGS: u32 = 3;

/// Reads the copied version back.
pub(super) async fn copy(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
    version: &ProjectVersionArn,
) -> Move<StepOutcome> {
    let parties = visit.parties(plan).await?;
    let reader = parties.destination_reader();
    let project = &plan.destination_project;
    let read = visit.version(&reader, project, &plan.version_name).await;
    // The copy is made: trouble on the way to AWS says nothing about it, however long it lasts.
    let read = match read {
        Err(error) if is_passing(&error) => {
            visit.insist(Err(error), FailureCode::AwsUnreachable)?
        }
        read => visit.need(read, FailureCode::DestinationMissing, copy_failed)?,
    };
    let Some(found) = read.filter(|found| found.arn == *version) else {
        return disagrees(visit, FailureCode::RemovedOutside, copy_failed);
    };
    match found.status {
        VersionStatus::CopyingFailed => {
            return disagrees(visit, FailureCode::CopyFailed, copy_failed);
        }
        VersionStatus::Deleting => {
            return disagrees(visit, FailureCode::RemovedOutside, copy_failed);
        }
        _ => {}
    }
    match descends_from_plan(visit, &parties, plan, &found).await {
        Descent::Planned => visit.note(format!(
            "Status {} and source are as planned.",
            found.status
        )),
        Descent::NotShown | Descent::Unknown(_) if visit.job.vouched.as_ref() == Some(version) => {
            visit.note(format!(
                "Status {} is as planned. AWS does not show the source; an operator vouched for it.",
                found.status
            ));
        }
        Descent::Unknown(error) => {
            let cause = visit.failure_from(FailureCode::LineageDiffers, &error);
            return Ok(if is_passing(&error) {
                visit.retry(cause)
            } else {
                visit.retry_or(cause, copy_failed)
            });
        }
        Descent::NotShown => {
            visit.note("AWS shows no source for the new version.");
            return disagrees(visit, FailureCode::LineageDiffers, copy_failed);
        }
        Descent::Other(source) => {
            visit.note(format!("The new version was copied from {source}."));
            return disagrees(visit, FailureCode::LineageDiffers, copy_failed);
        }
    }
    report(visit, &parties, plan, &found).await;
    visit.read_back(ReadBack {
        project: project.clone(),
        version: found,
    });
    Ok(StepOutcome::Event(JobEvent::Copy(CopyEvent::Verified)))
}

/// Reads the project's policies back: the attached document byte for byte, or none.
pub(super) async fn policy(visit: &mut Visit<'_>, plan: &PolicyChangePlan) -> Move<StepOutcome> {
    let account = visit.account(plan.project.account()).await?;
    let reader = account.access(RolePurpose::Reader);
    let read = visit.policies(&reader, &plan.project).await;
    let policies = visit.need(read, FailureCode::SourceMissing, policy_failed)?;
    let present = policies
        .iter()
        .find(|policy| policy.name == plan.policy)
        .map(|policy| policy.document.as_str());
    let wanted = match &plan.change {
        PolicyChange::Attach { document } => Some(document.as_str()),
        PolicyChange::Remove { .. } => None,
    };
    if present != wanted {
        return disagrees(visit, FailureCode::PolicyDiffers, policy_failed);
    }
    visit.note(match wanted {
        Some(_) => "The policy reads back exactly as approved.",
        None => "The policy is gone.",
    });
    Ok(StepOutcome::Event(JobEvent::Policy(PolicyEvent::Verified)))
}

/// Readings that disagreed, in a row. Errors in between are no readings and do not count.
#[derive(Default, Serialize, Deserialize)]
struct Readings {
    disagreed: u32,
}

fn disagrees(
    visit: &mut Visit<'_>,
    code: FailureCode,
    fail: fn(Failure) -> JobEvent,
) -> Move<StepOutcome> {
    let failure = visit.failure(code);
    let mut readings: Readings = visit.memory();
    readings.disagreed = readings.disagreed.saturating_add(1);
    if readings.disagreed >= READINGS {
        return Ok(StepOutcome::Event(fail(failure)));
    }
    visit.remember(&readings);
    Err(Stop::with(visit.retry(failure)))
}

/// Says for output, key, tags and evaluation what AWS shows.
async fn report(
    visit: &mut Visit<'_>,
    parties: &Parties,
    plan: &PromotionPlan,
    found: &VersionDescription,
) {
    let planned = (plan.output.bucket.as_str(), plan.output.prefix.as_str());
    let shown = found
        .output
        .as_ref()
        .map(|(bucket, prefix)| (bucket.as_str(), prefix.as_str()));
    visit.note(match shown {
        None => "Output: not shown.".to_owned(),
        Some(shown) if shown == planned => "Output: equal.".to_owned(),
        Some((bucket, prefix)) => {
            format!("Output: different, AWS shows s3://{bucket}/{prefix}.")
        }
    });
    let key = plan.kms_key.as_ref().map(domain::KmsKeyRef::as_str);
    visit.note(match (key, found.kms_key.as_deref()) {
        (None, None) => "KMS key: equal, AWS's own.".to_owned(),
        (Some(_), None) => "KMS key: not shown.".to_owned(),
        (Some(planned), Some(shown)) if names_the_same_key(planned, shown) => {
            "KMS key: equal.".to_owned()
        }
        (Some(planned), Some(shown)) if planned.contains("alias/") => {
            format!("KMS key: AWS shows {shown}; an alias cannot be compared with it.")
        }
        (_, Some(shown)) => format!("KMS key: different, AWS shows {shown}."),
    });
    let reader = parties.destination_reader();
    let tags = visit.tags(&reader, &found.arn).await;
    visit.note(match tags {
        Err(_) => "Tags: not shown.".to_owned(),
        Ok(tags) => {
            let mut wanted: std::collections::BTreeMap<String, String> = plan.tags.clone().into();
            wanted.insert(PROPOSAL_TAG.to_owned(), plan.proposal.to_string());
            wanted.insert(PLAN_TAG.to_owned(), visit.job.approved.to_string());
            if tags == wanted {
                "Tags: equal.".to_owned()
            } else {
                format!("Tags: different, AWS shows {}.", tags.len())
            }
        }
    });
    visit.note(match found.f1 {
        Some(f1) => format!("Evaluation: F1 {f1:.3}."),
        None => "Evaluation: not shown.".to_owned(),
    });
}

/// Whether two ways of naming a key name the same one: AWS shows ARNs, people type ids as well.
fn names_the_same_key(planned: &str, shown: &str) -> bool {
    let id = |text: &str| text.rsplit(['/', ':']).next().unwrap_or(text).to_owned();
    planned == shown || (!planned.contains("alias/") && id(planned) == id(shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_the_same_by_id_but_never_by_alias() {
        let arn = "arn:aws:kms:eu-west-1:333333333333:key/1234abcd";
        for (planned, shown, same) in [
            (arn, arn, true),
            ("1234abcd", arn, true),
            ("arn:1234abcd", arn, true),
            ("1234abce", arn, false),
            ("alias/1234abcd", arn, false),
        ] {
            assert_eq!(names_the_same_key(planned, shown), same, "{planned}");
        }
    }
}
