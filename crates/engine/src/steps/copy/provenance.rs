//! Whose copy a version is.

use crate::visit::{Parties, Visit};
use domain::tags::PROPOSAL_TAG;
use domain::{Millis, PromotionPlan};
use operations::ports::aws::{AwsError, VersionDescription};

/// The verdict on a version of the planned name.
pub(in crate::steps) enum Provenance {
    /// It is this proposal's copy: all proofs are there.
    Ours,
    /// It cannot be; the reason as a sentence.
    Foreign(String),
    /// It cannot be, for its tags name another proposal.
    OfAnother,
    /// A proof is not shown, or not yet; the reason as a sentence.
    Unproven(String),
}

/// The verdict on a version whose tags name another proposal.
pub(in crate::steps) const OF_ANOTHER: &str = "The version belongs to another proposal.";

/// Weighs the proofs for `version`: it descends from the planned source, the proposal's id stands in
/// its output prefix or its tags, and, if `intended` is given, it was made after that moment less the
/// set slack.
pub(in crate::steps) async fn judge(
    visit: &mut Visit<'_>,
    parties: &Parties,
    plan: &PromotionPlan,
    version: &VersionDescription,
    intended: Option<Millis>,
) -> Provenance {
    if let Some(intended) = intended {
        match version.created {
            None => {
                return Provenance::Unproven(
                    "AWS does not show when the version was made.".to_owned(),
                );
            }
            Some(created) if created < intended.plus(-visit.parts.settings.doubt.slack_ms) => {
                return Provenance::Foreign(format!(
                    "The version was made at {created}, before this job's copy."
                ));
            }
            Some(_) => {}
        }
    }
    match descends_from_plan(visit, parties, plan, version).await {
        Descent::Planned => {}
        Descent::NotShown => {
            return Provenance::Unproven("AWS does not show the version's source.".to_owned());
        }
        Descent::Unknown(error) => {
            return Provenance::Unproven(format!(
                "The planned source could not be read to compare: {error}."
            ));
        }
        Descent::Other(source) => {
            return Provenance::Foreign(format!("The version was copied from {source}."));
        }
    }
    bears_our_mark(visit, parties, plan, version).await
}

/// Where a version comes from, compared with the plan.
pub(in crate::steps) enum Descent {
    /// From the planned source, or from that version's own source, as a second hop may show it.
    Planned,
    /// AWS shows no source.
    NotShown,
    /// It names another version, and the planned source could not be read to compare further.
    Unknown(AwsError),
    /// From another version.
    Other(String),
}

pub(in crate::steps) async fn descends_from_plan(
    visit: &mut Visit<'_>,
    parties: &Parties,
    plan: &PromotionPlan,
    version: &VersionDescription,
) -> Descent {
    let Some(source) = &version.source else {
        return Descent::NotShown;
    };
    if *source == plan.source_version {
        return Descent::Planned;
    }
    let (reader, name) = (parties.source_reader(), plan.source_version.name());
    match visit.version(&reader, &plan.source_project, name).await {
        Err(error) => Descent::Unknown(error),
        Ok(Some(planned))
            if planned.arn == plan.source_version && planned.source.as_ref() == Some(source) =>
        {
            Descent::Planned
        }
        Ok(_) => Descent::Other(source.to_string()),
    }
}

async fn bears_our_mark(
    visit: &mut Visit<'_>,
    parties: &Parties,
    plan: &PromotionPlan,
    version: &VersionDescription,
) -> Provenance {
    let proposal = plan.proposal.to_string();
    let in_prefix = version
        .output
        .as_ref()
        .is_some_and(|(_, prefix)| prefix.split('/').any(|part| part == proposal));
    if in_prefix {
        return Provenance::Ours;
    }
    let reader = parties.destination_reader();
    match visit.tags(&reader, &version.arn).await {
        Err(_) => Provenance::Unproven(
            "The version's output does not name this proposal, and its tags cannot be read."
                .to_owned(),
        ),
        Ok(tags) => match tags.get(PROPOSAL_TAG) {
            Some(value) if *value == proposal => Provenance::Ours,
            Some(_) => Provenance::OfAnother,
            None => Provenance::Unproven(
                "Neither the version's output nor its tags name this proposal.".to_owned(),
            ),
        },
    }
}
