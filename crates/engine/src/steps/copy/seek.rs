//! One look for a copy in doubt, and whose the version is that it finds.

use super::provenance::{Descent, OF_ANOTHER, Provenance, descends_from_plan, judge};
use crate::error::Move;
use crate::visit::{Parties, Visit};
use domain::{Millis, PromotionPlan};
use operations::jobs::{Found, Sought};
use operations::ports::aws::{AwsError, VersionDescription};

/// What a look under the planned name shows.
pub(in crate::steps) enum Sight {
    /// No version.
    Nothing,
    /// The job's copy: all proofs are there.
    Ours(VersionDescription),
    /// A version that cannot be the job's copy; why, as a sentence.
    Foreign(Candidate, String),
    /// A version of which a proof is not shown, or not yet; which, as a sentence.
    Unproven(Candidate, String),
    /// AWS could not be read.
    Unreadable(AwsError),
}

/// A version of the planned name that is not proven to be ours.
pub(in crate::steps) struct Candidate {
    pub(in crate::steps) version: VersionDescription,
    /// Whether it descends from the planned source; none where AWS does not show that.
    pub(in crate::steps) source_matches: Option<bool>,
    /// Whether its tags name another proposal.
    pub(in crate::steps) of_another: bool,
}

/// Looks once, and keeps what was seen for the job page.
pub(in crate::steps) async fn seek(
    visit: &mut Visit<'_>,
    plan: &PromotionPlan,
    intended: Millis,
) -> Move<Sight> {
    let parties = visit.parties(plan).await?;
    let reader = parties.destination_reader();
    let project = &plan.destination_project;
    let found = match visit.version(&reader, project, &plan.version_name).await {
        Err(error) => return Ok(Sight::Unreadable(error)),
        Ok(found) => found,
    };
    let at = visit.now();
    let Some(version) = found else {
        visit.sought(Sought { at, found: None });
        return Ok(Sight::Nothing);
    };
    let provenance = judge(visit, &parties, plan, &version, Some(intended)).await;
    let of_another = matches!(provenance, Provenance::OfAnother);
    let (foreign, verdict) = match provenance {
        Provenance::Ours => return Ok(Sight::Ours(version)),
        Provenance::Foreign(reason) => (true, reason),
        Provenance::OfAnother => (true, OF_ANOTHER.to_owned()),
        Provenance::Unproven(reason) => (false, reason),
    };
    let source_matches = descent(visit, &parties, plan, &version).await;
    let candidate = Candidate {
        version,
        source_matches,
        of_another,
    };
    visit.sought(Sought {
        at,
        found: Some(shown(&candidate, &verdict)),
    });
    Ok(if foreign {
        Sight::Foreign(candidate, verdict)
    } else {
        Sight::Unproven(candidate, verdict)
    })
}

async fn descent(
    visit: &mut Visit<'_>,
    parties: &Parties,
    plan: &PromotionPlan,
    version: &VersionDescription,
) -> Option<bool> {
    match descends_from_plan(visit, parties, plan, version).await {
        Descent::Planned => Some(true),
        Descent::Other(_) => Some(false),
        Descent::NotShown | Descent::Unknown(_) => None,
    }
}

fn shown(candidate: &Candidate, verdict: &str) -> Found {
    let version = &candidate.version;
    let output = version.output.as_ref();
    Found {
        version: version.arn.clone(),
        status: version.status.as_str().to_owned(),
        created: version.created,
        source: version.source.clone(),
        source_matches: candidate.source_matches,
        output: output.map(|(bucket, prefix)| format!("s3://{bucket}/{prefix}")),
        verdict: verdict.to_owned(),
    }
}
