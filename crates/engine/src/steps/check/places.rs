//! Whether source, destination and bucket are what the plan says.

use super::promotion_failed;
use crate::error::{Move, Stop};
use crate::outcome::StepOutcome;
use crate::refusal::is_passing;
use crate::refusal::is_role_refused;
use crate::steps::copy::{OF_ANOTHER, Provenance, judge};
use crate::visit::{Parties, Visit};
use domain::{Failure, FailureCode, JobEvent, ProjectArn, PromotionPlan, RoleAccess};

fn end(visit: &Visit<'_>, code: FailureCode) -> Stop {
    Stop::with(StepOutcome::Event(promotion_failed(visit.failure(code))))
}

/// Ends the job with `fail` unless AWS lists the project.
pub(super) async fn project(
    visit: &mut Visit<'_>,
    reader: &RoleAccess,
    project: &ProjectArn,
    fail: fn(Failure) -> JobEvent,
) -> Move<()> {
    listed(visit, reader, project, FailureCode::SourceMissing, fail).await
}

async fn listed(
    visit: &mut Visit<'_>,
    reader: &RoleAccess,
    project: &ProjectArn,
    missing: FailureCode,
    fail: fn(Failure) -> JobEvent,
) -> Move<()> {
    let read = visit.projects(reader, project.region()).await;
    let projects = visit.need(read, missing, fail)?;
    let there = projects
        .iter()
        .any(|found| found.arn == *project && found.status != "DELETING");
    if there {
        return Ok(());
    }
    let failure = visit.failure(missing);
    Err(Stop::with(StepOutcome::Event(fail(failure))))
}

/// The source project is there, and in it exactly the planned version, in a status that AWS copies.
pub(super) async fn source(
    visit: &mut Visit<'_>,
    parties: &Parties,
    plan: &PromotionPlan,
) -> Move<()> {
    let reader = parties.source_reader();
    let missing = FailureCode::SourceMissing;
    listed(
        visit,
        &reader,
        &plan.source_project,
        missing,
        promotion_failed,
    )
    .await?;
    let name = plan.source_version.name();
    let read = visit.version(&reader, &plan.source_project, name).await;
    let version = visit
        .need(read, missing, promotion_failed)?
        .filter(|version| version.arn == plan.source_version)
        .ok_or_else(|| end(visit, missing))?;
    visit.note(format!("The source version is {}.", version.status));
    if version.status.is_copyable() {
        Ok(())
    } else {
        Err(end(visit, FailureCode::SourceNotReady))
    }
}

/// The destination project is there, and the name is free in it or stands for our own copy.
pub(super) async fn destination(
    visit: &mut Visit<'_>,
    parties: &Parties,
    plan: &PromotionPlan,
) -> Move<()> {
    let reader = parties.destination_reader();
    let project = &plan.destination_project;
    let missing = FailureCode::DestinationMissing;
    listed(visit, &reader, project, missing, promotion_failed).await?;
    let read = visit.version(&reader, project, &plan.version_name).await;
    let Some(version) = visit.need(read, missing, promotion_failed)? else {
        visit.note(format!("The name {} is free.", plan.version_name));
        return Ok(());
    };
    match judge(visit, parties, plan, &version, None).await {
        Provenance::Ours => {
            visit.note("A version of this name is there, and it is this proposal's own copy.");
            Ok(())
        }
        Provenance::Foreign(reason) | Provenance::Unproven(reason) => {
            visit.note(reason);
            Err(end(visit, FailureCode::NameTaken))
        }
        Provenance::OfAnother => {
            visit.note(OF_ANOTHER);
            Err(end(visit, FailureCode::NameTaken))
        }
    }
}

/// The promoter sees the bucket, and it lies in the Region of the copy.
pub(super) async fn bucket(
    visit: &mut Visit<'_>,
    parties: &Parties,
    plan: &PromotionPlan,
) -> Move<()> {
    let region = plan.destination_project.region();
    let bucket = &plan.output.bucket;
    let facts = match visit.bucket(&parties.copier(plan), region, bucket).await {
        Err(error) if !is_passing(&error) && !is_role_refused(&error) => {
            let failure = visit.failure_from(FailureCode::BucketUnusable, &error);
            return Err(Stop::with(StepOutcome::Event(promotion_failed(failure))));
        }
        read => visit.need(read, FailureCode::BucketUnusable, promotion_failed)?,
    };
    match facts.region {
        Some(found) if found != *region => {
            visit.note(format!(
                "The bucket {bucket} lies in {found}, not in {region}."
            ));
            Err(end(visit, FailureCode::BucketElsewhere))
        }
        Some(_) => Ok(()),
        None => {
            visit.note(format!(
                "Cannot tell in which Region the bucket {bucket} lies."
            ));
            Ok(())
        }
    }
}
