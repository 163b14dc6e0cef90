//! What the promotion form offers.

use super::PromotionForm;
use crate::context::OpContext;
use crate::error::OpResult;
use crate::models::{Inventory, ProjectView};
use crate::view::{AccountIdentity, Arrow};
use domain::{
    Action, FormId, ProjectArn, ProjectVersionArn, Region, Rule, VersionName, VersionStatus,
};
use serde::Serialize;
use std::collections::BTreeSet;
use store::jobs;

/// The promotion form with its choices.
#[derive(Clone, Debug, Serialize)]
pub struct PromotionFormView {
    /// Every version that was seen, those that cannot be copied included and marked.
    pub sources: Vec<SourceOption>,
    /// The version asked for, if it was seen.
    pub chosen: Option<SourceOption>,
    /// Every project that could receive the chosen version: those of its Region. Without a chosen
    /// version all projects.
    pub destinations: Vec<DestinationOption>,
    /// First values for the fields, with a fresh form id.
    pub values: PromotionForm,
    /// From where to where, once both ends are chosen.
    pub arrow: Option<Arrow>,
    /// The rule of the chosen destination's environment.
    pub rule: Option<Rule>,
}

/// A version that may be chosen.
#[derive(Clone, Debug, Serialize)]
pub struct SourceOption {
    /// Its project.
    pub project: ProjectArn,
    /// The version.
    pub version: ProjectVersionArn,
    /// The account that owns it.
    pub account: AccountIdentity,
    /// Its status when last seen.
    pub status: VersionStatus,
    /// Overall F1 score, 0 to 1.
    pub f1: Option<f64>,
    /// Whether its status lets it be copied.
    pub copyable: bool,
}

/// A project that may receive the copy.
#[derive(Clone, Debug, Serialize)]
pub struct DestinationOption {
    /// The project.
    pub project: ProjectArn,
    /// The account that owns it.
    pub account: AccountIdentity,
    /// The chosen version's name, or that name with the first free number behind it. None without
    /// a chosen version.
    pub next_free_name: Option<VersionName>,
}

/// The promotion form, with the version and the destination project that were asked for chosen if
/// they were seen. Makes no call to AWS.
pub async fn form(
    cx: &OpContext,
    source: Option<&str>,
    destination: Option<&str>,
) -> OpResult<PromotionFormView> {
    cx.require(Action::ProposePromotion)?;
    let mut reader = cx.store.read().await?;
    let inventory = Inventory::load(cx, &mut reader).await?;
    let active = jobs::active(&mut reader).await?;
    let projects = inventory.projects()?;
    let sources: Vec<_> = projects.iter().flat_map(sources_of).collect();
    let chosen = source
        .and_then(|text| text.parse::<ProjectVersionArn>().ok())
        .and_then(|arn| sources.iter().find(|source| source.version == arn))
        .cloned();
    let region = chosen.as_ref().map(|source| source.version.region());
    let in_region = |place: &Region| region.is_none_or(|region| region == place);
    let destinations: Vec<_> = projects
        .iter()
        .filter(|project| in_region(project.arn.region()))
        .map(|project| {
            let taken: BTreeSet<_> = taken_names(project, &active).collect();
            DestinationOption {
                project: project.arn.clone(),
                account: project.account.clone(),
                next_free_name: chosen
                    .as_ref()
                    .and_then(|source| free_name(source.version.name(), &taken)),
            }
        })
        .collect();
    let to = destination
        .and_then(|text| text.parse::<ProjectArn>().ok())
        .and_then(|arn| destinations.iter().find(|option| option.project == arn));
    let text = |arn: Option<String>| arn.unwrap_or_default();
    let values = PromotionForm {
        source_version: text(chosen.as_ref().map(|source| source.version.to_string())),
        source_project: text(chosen.as_ref().map(|source| source.project.to_string())),
        destination_project: text(to.map(|option| option.project.to_string())),
        version_name: text(
            to.and_then(|option| option.next_free_name.as_ref())
                .map(ToString::to_string),
        ),
        prefix: text(
            chosen
                .as_ref()
                .map(|source| source.project.name().to_string()),
        ),
        form_id: FormId::generate(cx.now(), cx.random.as_ref()).to_string(),
        ..PromotionForm::default()
    };
    let rule = to.and_then(|option| inventory.registry.environment(&option.account.environment));
    let rule = rule.map(|environment| environment.rule.clone());
    let arrow = chosen.as_ref().zip(to).map(|(from, to)| Arrow {
        subject: format!("{} {}", from.project.name(), from.version.name()),
        source: Some(from.account.clone()),
        destination: to.account.clone(),
        region: to.project.region().clone(),
    });
    Ok(PromotionFormView {
        sources,
        chosen,
        destinations,
        values,
        arrow,
        rule,
    })
}

fn sources_of(project: &ProjectView) -> impl Iterator<Item = SourceOption> {
    project.versions.iter().map(|version| SourceOption {
        project: project.arn.clone(),
        version: version.arn.clone(),
        account: project.account.clone(),
        status: version.status.clone(),
        f1: version.f1,
        copyable: version.copyable,
    })
}

fn taken_names<'a>(
    project: &'a ProjectView,
    active: &'a [jobs::JobRow],
) -> impl Iterator<Item = &'a str> {
    let seen = project.versions.iter().map(|version| version.arn.name());
    let promised = active
        .iter()
        .filter(|job| job.destination_project.as_ref() == Some(&project.arn))
        .filter_map(|job| job.version_name.as_ref());
    seen.chain(promised).map(VersionName::as_str)
}

/// `name`, or the first of `name-2`, `name-3`… that is free and not too long.
fn free_name(name: &VersionName, taken: &BTreeSet<&str>) -> Option<VersionName> {
    if !taken.contains(name.as_str()) {
        return Some(name.clone());
    }
    // One more candidate than there are taken names, so one of them is free.
    let last = taken.len() + 2;
    (2..=last)
        .map(|number| format!("{name}-{number}"))
        .find(|candidate| !taken.contains(candidate.as_str()))
        .and_then(|candidate| VersionName::new(candidate).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_free_name_counts_up_from_the_sources_own() {
        let name = VersionName::new("v7").unwrap();
        let cases: [(&[&str], &str); 4] = [
            (&[], "v7"),
            (&["v6"], "v7"),
            (&["v7"], "v7-2"),
            (&["v7", "v7-2", "v7-3", "v7-5"], "v7-4"),
        ];
        for (taken, expected) in cases {
            let taken = taken.iter().copied().collect();
            assert_eq!(free_name(&name, &taken).unwrap().as_str(), expected);
        }
        let long = VersionName::new("v".repeat(255)).unwrap();
        assert_eq!(free_name(&long, &[long.as_str()].into()), None);
    }
}
