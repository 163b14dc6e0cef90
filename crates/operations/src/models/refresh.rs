//! Looking at AWS again.

use crate::accounts::Registry;
use crate::audit::{Entry, Verb, about_account, about_installation};
use crate::context::OpContext;
use crate::error::{AwsErrorView, Kind, OpError, OpResult};
use crate::events;
use crate::ports::aws::{AwsError, ProjectDescription, VersionDescription};
use crate::view::AccountIdentity;
use domain::{Account, Action, Millis, ProjectArn, Region, RolePurpose};
use futures::StreamExt as _;
use serde::Serialize;
use store::looks::{self, LookTarget};
use store::model_versions::{self, ModelVersionRow};
use store::projects::{self, ProjectRow};
use store::{StoreError, Tx};

/// How many Regions of accounts are looked at at the same time. Each has calls-per-second quotas
/// of its own, so more would only cost connections.
const AT_ONCE: usize = 8;

/// What a refresh brought.
#[derive(Clone, Debug, Serialize)]
pub struct RefreshView {
    /// Every Region of every account that was looked at.
    pub places: Vec<PlaceOutcome>,
}

/// What a refresh brought from one Region of one account.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceOutcome {
    /// The account.
    pub account: AccountIdentity,
    /// The Region.
    pub region: Region,
    /// How many projects were seen.
    pub projects: usize,
    /// How many versions were seen.
    pub versions: usize,
    /// The first thing that went wrong, if any did; what was seen before stays.
    pub error: Option<AwsErrorView>,
}

struct Seen {
    account: Account,
    region: Region,
    at: Millis,
    projects: Result<Vec<SeenProject>, AwsError>,
}

struct SeenProject {
    project: ProjectDescription,
    /// When its versions were asked for.
    at: Millis,
    versions: Result<Vec<VersionDescription>, AwsError>,
}

/// Looks through the readers of all accounts, or of the one named by number or alias, and keeps
/// what was seen.
///
/// What fails in one place is kept as that place's error beside the data seen before; the other
/// places are refreshed all the same. Each project is stored by itself, and readers are told at the
/// end: when the database fails in between, what was stored stays. What a job has seen of a version
/// later than this look is not overwritten.
pub async fn refresh(cx: &OpContext, account: Option<&str>) -> OpResult<RefreshView> {
    cx.require(Action::RefreshModels)?;
    let registry = {
        let mut reader = cx.store.read().await?;
        Registry::load(&mut reader).await?
    };
    let named = |known: &&Account| {
        account.is_none_or(|text| known.number.as_str() == text || known.alias.as_str() == text)
    };
    let accounts: Vec<_> = registry.accounts.iter().filter(named).collect();
    if let (Some(text), true) = (account, accounts.is_empty()) {
        return Err(OpError::not_found(Kind::Account, text));
    }
    let places = accounts.iter().flat_map(|account| {
        let regions = account.regions.iter();
        regions.map(|region| look(cx, account, region))
    });
    let looks: Vec<_> = places.collect();
    let seen: Vec<Seen> = futures::stream::iter(looks)
        .buffered(AT_ONCE)
        .collect()
        .await;
    keep(cx, &registry, account, &seen).await?;
    let outcomes = seen.iter().map(|seen| outcome(&registry, seen));
    Ok(RefreshView {
        places: outcomes.collect::<OpResult<_>>()?,
    })
}

async fn look(cx: &OpContext, account: &Account, region: &Region) -> Seen {
    let access = account.access(RolePurpose::Reader);
    let at = cx.now();
    let projects = match cx.aws.describe_projects(&access, region).await {
        Err(error) => Err(error),
        Ok(answer) => {
            let mut projects = Vec::new();
            // What is not of this place would be stored where nobody looks for it.
            let here = |project: &ProjectDescription| {
                project.arn.account() == &account.number && project.arn.region() == region
            };
            for project in answer.value.into_iter().filter(here) {
                let at = cx.now();
                let versions = cx
                    .aws
                    .describe_project_versions(&access, &project.arn, &[])
                    .await
                    .map(|answer| answer.value);
                projects.push(SeenProject {
                    project,
                    at,
                    versions,
                });
            }
            Ok(projects)
        }
    };
    Seen {
        account: account.clone(),
        region: region.clone(),
        at,
        projects,
    }
}

/// Keeps what was seen, in one transaction for each project: everybody else who writes waits for
/// it, and an inventory of thousands of versions takes longer than they can wait.
async fn keep(
    cx: &OpContext,
    registry: &Registry,
    account: Option<&str>,
    seen: &[Seen],
) -> OpResult<()> {
    for place in seen {
        keep_place(cx, place).await?;
    }
    let now = cx.now();
    let mut tx = cx.store.begin().await?;
    for known in &registry.accounts {
        let mut here = seen
            .iter()
            .filter(|seen| seen.account.number == known.number);
        if here.clone().next().is_some() {
            let good = here.all(|seen| first_error(seen).is_none());
            tx.emit(events::inventory(known, good, now));
        }
    }
    let subject = match (account, seen.first()) {
        (Some(_), Some(place)) => about_account(&place.account.number),
        _ => about_installation(),
    };
    let failed = seen.iter().filter(|seen| first_error(seen).is_some());
    tx.audit(
        Entry::new(cx, Verb::RefreshModels, subject, now)
            .with("places", &seen.len())
            .with("failed", &failed.count())
            .done(),
    );
    tx.commit().await?;
    Ok(())
}

async fn keep_place(cx: &OpContext, place: &Seen) -> OpResult<()> {
    let target = LookTarget::Projects {
        account: place.account.number.clone(),
        region: place.region.clone(),
    };
    let mut tx = cx.store.begin().await?;
    let seen = match &place.projects {
        Err(error) => {
            failed(&mut tx, &target, place.at, error).await?;
            tx.commit().await?;
            return Ok(());
        }
        Ok(seen) => seen,
    };
    let rows: Vec<_> = seen
        .iter()
        .map(|SeenProject { project, .. }| ProjectRow {
            arn: project.arn.clone(),
            status: project.status.clone(),
            created: project.created,
            seen_at: place.at,
        })
        .collect();
    projects::replace(&mut tx, &place.account.number, &place.region, &rows).await?;
    looks::succeeded(&mut tx, &target, place.at).await?;
    tx.commit().await?;
    for project in seen {
        keep_project(cx, project).await?;
    }
    Ok(())
}

async fn keep_project(cx: &OpContext, seen: &SeenProject) -> OpResult<()> {
    let (arn, at) = (&seen.project.arn, seen.at);
    let target = LookTarget::Versions(arn.clone());
    let mut tx = cx.store.begin().await?;
    // Another look may have found in between that it is gone.
    if projects::find(&mut tx, arn).await?.is_none() {
        return Ok(());
    }
    match &seen.versions {
        Err(error) => failed(&mut tx, &target, at, error).await?,
        Ok(versions) => {
            let rows: Vec<_> = versions
                .iter()
                .filter(|version| arn.may_hold(&version.arn))
                .map(|version| version_row(arn, version, at))
                .collect();
            model_versions::replace(&mut tx, arn, &rows, at).await?;
            looks::succeeded(&mut tx, &target, at).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn failed(
    tx: &mut Tx,
    target: &LookTarget,
    at: Millis,
    error: &AwsError,
) -> Result<(), StoreError> {
    let error = serde_json::to_value(AwsErrorView::from(error))
        .expect("texts and whole numbers are always JSON");
    looks::failed(tx, target, at, &error).await
}

/// A version as the inventory keeps it, read at `at`.
pub(crate) fn version_row(
    project: &ProjectArn,
    version: &VersionDescription,
    at: Millis,
) -> ModelVersionRow {
    ModelVersionRow {
        arn: version.arn.clone(),
        project: project.clone(),
        status: version.status.clone(),
        status_message: version.status_message.clone(),
        created: version.created,
        f1: version.f1,
        source: version.source.clone(),
        output: version.output.clone(),
        kms_key: version.kms_key.clone(),
        seen_at: at,
    }
}

fn first_error(seen: &Seen) -> Option<&AwsError> {
    match &seen.projects {
        Err(error) => Some(error),
        Ok(projects) => projects
            .iter()
            .find_map(|project| project.versions.as_ref().err()),
    }
}

fn outcome(registry: &Registry, seen: &Seen) -> OpResult<PlaceOutcome> {
    let projects = seen.projects.as_deref().unwrap_or_default();
    let versions = projects
        .iter()
        .map(|project| project.versions.as_deref().unwrap_or_default().len());
    Ok(PlaceOutcome {
        account: registry.identity(&seen.account)?,
        region: seen.region.clone(),
        projects: projects.len(),
        versions: versions.sum(),
        error: first_error(seen).map(AwsErrorView::from),
    })
}
