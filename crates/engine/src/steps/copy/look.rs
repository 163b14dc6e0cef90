//! Looking at copies that AWS accepted, until each has ended.
//!
//! All copies into one project are looked at with one call, and looks that find nothing new are
//! stored in one transaction. For that the looks of one project fall on the same moments, whenever
//! its copies began, and a copy that AWS has just taken waits for the next of these.

use super::memory::CopyMemory;
use crate::checkpoint::Checkpoint;
use crate::error::{EngineError, Move, Stop};
use crate::lease;
use crate::outcome::StepOutcome;
use crate::parts::EngineParts;
use crate::refusal::reason_of_read;
use crate::visit::{Visit, bounded};
use domain::job::CopyEvent;
use domain::{
    Failure, FailureCode, JobEvent, JobState, Millis, Plan, ProjectVersionArn, PromotionPlan,
    RolePurpose, VersionName, VersionStatus,
};
use operations::OpContext;
use operations::jobs::{self, CallRecord, ClaimedJob, JobLook, Seen};
use operations::ports::aws::{Answer, AwsError, Call, ErrorClass, Refusal, VersionDescription};
use std::sync::Arc;

/// The most names that one `DescribeProjectVersions` takes (Rekognition API model). More are looked
/// for among all versions of the project, which are one answer up to 100 of them.
const NAMES_PER_CALL: usize = 10;

/// The part of the calls that may be made at present which looks leave to the other reads of the
/// same operation.
const LEFT_TO_OTHERS: f64 = 0.25;

/// The version that a claimed job waits for, if all it needs is a look.
pub(crate) fn awaited(job: &ClaimedJob) -> Option<(&PromotionPlan, &ProjectVersionArn)> {
    match (&job.state, &job.plan) {
        (JobState::Copy(state), Plan::Promotion(plan)) => {
            state.awaited().map(|version| (plan.as_ref(), version))
        }
        _ => None,
    }
}

/// Looks once at the accepted copies of `group`, which all go into the same project.
pub(crate) async fn look_together(
    parts: &EngineParts,
    group: Vec<ClaimedJob>,
) -> Result<(), EngineError> {
    let Some(plan) = group
        .first()
        .and_then(awaited)
        .map(|(plan, _)| plan.clone())
    else {
        return Ok(());
    };
    let mut names: Vec<VersionName> = group
        .iter()
        .filter_map(awaited)
        .map(|(plan, _)| plan.version_name.clone())
        .collect();
    if names.len() > NAMES_PER_CALL {
        names.clear();
    }
    let claims = group.iter().map(|job| job.claim.clone()).collect();
    let visits: Vec<Visit<'_>> = group
        .into_iter()
        .map(|job| Visit::new(parts, job))
        .collect();
    let Some(first) = visits.first() else {
        return Ok(());
    };
    if let Some(after_ms) = all_just_taken(&visits, &plan) {
        for visit in visits {
            visit.settle(Ok(StepOutcome::Wait { after_ms })).await?;
        }
        return Ok(());
    }
    let cx = first.cx.clone();
    let Some(read) = lease::keep(parts, &cx, claims, read(first, &plan, &names)).await else {
        return Ok(());
    };
    match read {
        Ok(Ok(answer)) => store_all(parts, visits, &plan, answer).await,
        Ok(Err(error)) => {
            let mut gone = None;
            for mut visit in visits {
                visit.record_failed(plan.destination_project.account(), &error);
                let code = reason_of_read(&error, FailureCode::DestinationMissing);
                let cause = visit.failure_from(code, &error);
                if gone.is_none() && error.class == ErrorClass::Refused(Refusal::NotFound) {
                    gone = Some(is_project_gone(&mut visit, &plan).await);
                }
                let outcome = if error.is_held_back() {
                    // Nothing is wrong; the page shows how old the status is.
                    StepOutcome::Wait {
                        after_ms: visit.parts.settings.look.middle_ms,
                    }
                } else if gone == Some(true) {
                    visit.note("The destination project is gone, and its versions with it.");
                    let failure = visit.failure_from(FailureCode::RemovedOutside, &error);
                    StepOutcome::Event(JobEvent::Copy(CopyEvent::CopyFailed(failure)))
                } else {
                    visit.retry(cause)
                };
                visit.settle(Ok(outcome)).await?;
            }
            Ok(())
        }
        Err(Stop::With(outcome)) => {
            for visit in visits {
                visit.settle(Ok((*outcome).clone())).await?;
            }
            Ok(())
        }
        Err(Stop::Lost) => Ok(()),
        Err(Stop::Engine(error)) => Err(error),
    }
}

/// When the first look at copies is due that AWS has taken since the project's last moment for
/// looks, in milliseconds; none if any of them is to be looked at now.
fn all_just_taken(visits: &[Visit<'_>], plan: &PromotionPlan) -> Option<i64> {
    let phase = phase(plan);
    let waits = visits.iter().map(|visit| {
        let never_seen = visit.job.look.is_none();
        let first = visit.parts.settings.look.first(accepted_at(visit), phase);
        let wait_ms = first.since(visit.now());
        (never_seen && wait_ms > 0).then_some(wait_ms)
    });
    let waits: Option<Vec<i64>> = waits.collect();
    waits?.into_iter().min()
}

/// The shortest pause between two looks into a project that the budget allows to all projects with
/// running copies in the same account and Region, in milliseconds.
async fn affordable_pause(
    parts: &EngineParts,
    cx: &OpContext,
    plan: &PromotionPlan,
) -> Result<i64, EngineError> {
    let project = &plan.destination_project;
    let (account, region) = (project.account(), project.region());
    let Some(rate) = parts.reads.rate(account, region, "DescribeProjectVersions") else {
        return Ok(0);
    };
    let projects = jobs::projects_copied_into(cx, account, region)
        .await
        .map_err(EngineError::when("count the projects of running copies"))?;
    let projects = f64::from(u32::try_from(projects).unwrap_or(u32::MAX));
    let pause_ms = projects * 1_000.0 / (rate * (1.0 - LEFT_TO_OTHERS)).max(0.01);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an hour at most; what is out of range becomes the nearest number"
    )]
    Ok(pause_ms.min(3_600_000.0) as i64)
}

/// Whether AWS's list of projects, too, has no destination project. What cannot be read counts as
/// not gone.
async fn is_project_gone(visit: &mut Visit<'_>, plan: &PromotionPlan) -> bool {
    let project = &plan.destination_project;
    let Ok(account) = visit.account(project.account()).await else {
        return false;
    };
    let reader = account.access(RolePurpose::Reader);
    match visit.projects(&reader, project.region()).await {
        Ok(projects) => projects.iter().all(|found| found.arn != *project),
        Err(_) => false,
    }
}

async fn read(
    visit: &Visit<'_>,
    plan: &PromotionPlan,
    names: &[VersionName],
) -> Move<Result<Answer<Vec<VersionDescription>>, AwsError>> {
    let project = &plan.destination_project;
    let reader = visit
        .account(project.account())
        .await?
        .access(RolePurpose::Reader);
    let looks = Arc::clone(&visit.parts.looks);
    let call = looks.describe_project_versions(&reader, project, names);
    Ok(bounded(visit.parts, "DescribeProjectVersions", call).await)
}

/// Stores what the answer says about each job: news on its own, the rest together.
async fn store_all(
    parts: &EngineParts,
    visits: Vec<Visit<'_>>,
    plan: &PromotionPlan,
    answer: Answer<Vec<VersionDescription>>,
) -> Result<(), EngineError> {
    let mut looks = Vec::new();
    let cx = parts.context("looks".to_owned());
    let least_ms = affordable_pause(parts, &cx, plan).await?;
    parts.checkpoints.reach(Checkpoint::LookAnswered);
    for mut visit in visits {
        let Some((_, version)) = awaited(&visit.job) else {
            continue;
        };
        let version = version.clone();
        let found = answer.value.iter().find(|found| found.arn == version);
        let account = plan.destination_project.account();
        let said = found.map_or_else(
            || "no such version".to_owned(),
            |found| found.status.as_str().to_owned(),
        );
        let record = CallRecord::answered(account, &answer, said);
        let pause_ms = pause(&visit, plan, least_ms);
        match weigh(&mut visit, found, &answer.call, pause_ms) {
            Weighed::News(outcome) => {
                visit.record(record);
                visit.settle(Ok(outcome)).await?;
            }
            Weighed::Nothing { status } => {
                let seen_at = visit.now();
                looks.push(JobLook {
                    claim: visit.job.claim,
                    status: status.as_str().to_owned(),
                    seen_at,
                    next_look_at: seen_at.plus(pause_ms),
                    call: record,
                });
            }
        }
    }
    if looks.is_empty() {
        return Ok(());
    }
    let views = jobs::looked(&cx, looks)
        .await
        .map_err(EngineError::when("store looks"))?;
    if let Some(hub) = &parts.hub {
        hub.publish_looks(&views);
    }
    Ok(())
}

enum Weighed {
    /// The job goes on, or its version is missed.
    News(StepOutcome),
    /// The copy runs.
    Nothing { status: VersionStatus },
}

fn weigh(
    visit: &mut Visit<'_>,
    found: Option<&VersionDescription>,
    call: &Call,
    pause_ms: i64,
) -> Weighed {
    let Some(found) = found else {
        return Weighed::News(missed(visit, pause_ms));
    };
    let event = match &found.status {
        // What follows a finished copy: somebody may have started the version at once.
        VersionStatus::CopyingCompleted
        | VersionStatus::Starting
        | VersionStatus::Running
        | VersionStatus::Failed
        | VersionStatus::Stopping
        | VersionStatus::Stopped => CopyEvent::CopyCompleted,
        VersionStatus::CopyingFailed => CopyEvent::CopyFailed(Failure {
            aws_message: found.status_message.clone(),
            request_id: call.request_id.clone(),
            ..visit.failure(FailureCode::CopyFailed)
        }),
        VersionStatus::Deleting => {
            CopyEvent::CopyFailed(visit.failure(FailureCode::RemovedOutside))
        }
        VersionStatus::CopyingInProgress
        | VersionStatus::TrainingInProgress
        | VersionStatus::TrainingCompleted
        | VersionStatus::TrainingFailed
        | VersionStatus::Deprecated
        | VersionStatus::Expired
        | VersionStatus::Other(_) => {
            return Weighed::Nothing {
                status: found.status.clone(),
            };
        }
    };
    let seen_at = visit.now();
    visit.saw(Seen {
        status: found.status.as_str().to_owned(),
        seen_at,
        request_id: call.request_id.clone(),
    });
    Weighed::News(StepOutcome::Event(JobEvent::Copy(event)))
}

/// The accepted version is not there. One that was seen before is gone when it is missed twice in a
/// row; one that was never seen may still have to appear.
fn missed(visit: &mut Visit<'_>, pause_ms: i64) -> StepOutcome {
    let now = visit.now();
    let mut memory: CopyMemory = visit.memory();
    let gone = match &visit.job.look {
        Some(look) => memory
            .missed_at
            .is_some_and(|missed_at| missed_at > look.seen_at && missed_at < now),
        None => age(visit) >= visit.parts.settings.invisible_ms,
    };
    if gone {
        let failure = visit.failure(FailureCode::RemovedOutside);
        return StepOutcome::Event(JobEvent::Copy(CopyEvent::CopyFailed(failure)));
    }
    memory.missed_at = Some(now);
    visit.remember(&memory);
    StepOutcome::Wait { after_ms: pause_ms }
}

fn accepted_at(visit: &Visit<'_>) -> Millis {
    visit.job.accepted_at.unwrap_or(visit.job.step_since)
}

fn age(visit: &Visit<'_>) -> i64 {
    visit.now().since(accepted_at(visit))
}

/// Until the next look that the copy's age asks for and the budget allows.
fn pause(visit: &Visit<'_>, plan: &PromotionPlan, least_ms: i64) -> i64 {
    let now = visit.now();
    let look = &visit.parts.settings.look;
    look.next(now, age(visit), least_ms, phase(plan)).since(now)
}

/// Where between two moments for looks those of a project lie: projects take turns. FNV-1a, since
/// every process has to find the same.
fn phase(plan: &PromotionPlan) -> i64 {
    let project = plan.destination_project.to_string();
    let hash = project.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    i64::from(hash)
}
