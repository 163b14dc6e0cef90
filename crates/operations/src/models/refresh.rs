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

/// After how many rows others get their turn to write: some tenths of a second on a network.
const ROWS_AT_ONCE: usize = 200;

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
/// places are refreshed all the same. Many versions are stored in several transactions, and readers
/// are told with the last: when the database fails in between, what was stored stays. What a job has
/// seen of a version later than this look is not overwritten.
pub async fn refresh(cx: &OpContext, account: Option<&str>) -> OpResult<RefreshView> {
    cx.require(Action::RefreshModels)?;
    let registry = {
        let mut reader = cx.store.read().await?;
        Registry::visible(cx, &mut reader, Action::RefreshModels).await?
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

/// Transactions that follow each other: everybody else who writes waits for one, and an inventory of
/// thousands of versions takes longer than they can wait.
struct Batch<'a> {
    cx: &'a OpContext,
    tx: Option<Tx>,
    rows: usize,
}

impl Batch<'_> {
    async fn tx(&mut self) -> OpResult<&mut Tx> {
        let tx = match self.tx.take() {
            Some(tx) => tx,
            None => self.cx.store.begin().await?,
        };
        Ok(self.tx.insert(tx))
    }

    /// Commits once enough rows are written.
    async fn wrote(&mut self, rows: usize) -> OpResult<()> {
        self.rows += rows;
        if self.rows >= ROWS_AT_ONCE
            && let Some(tx) = self.tx.take()
        {
            self.rows = 0;
            tx.commit().await?;
        }
        Ok(())
    }
}

async fn keep(
    cx: &OpContext,
    registry: &Registry,
    account: Option<&str>,
    seen: &[Seen],
) -> OpResult<()> {
    let mut batch = Batch {
        cx,
        tx: None,
        rows: 0,
    };
    for place in seen {
        keep_place(&mut batch, place).await?;
    }
    let now = cx.now();
    let tx = batch.tx().await?;
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
    if let Some(tx) = batch.tx {
        tx.commit().await?;
    }
    Ok(())
}

async fn keep_place(batch: &mut Batch<'_>, place: &Seen) -> OpResult<()> {
    let target = LookTarget::Projects {
        account: place.account.number.clone(),
        region: place.region.clone(),
    };
    let tx = batch.tx().await?;
    let seen = match &place.projects {
        Err(error) => return Ok(failed(tx, &target, place.at, error).await?),
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
    projects::replace(tx, &place.account.number, &place.region, &rows).await?;
    looks::succeeded(tx, &target, place.at).await?;
    batch.wrote(rows.len()).await?;
    for project in seen {
        keep_project(batch, project).await?;
    }
    Ok(())
}

async fn keep_project(batch: &mut Batch<'_>, seen: &SeenProject) -> OpResult<()> {
    let (arn, at) = (&seen.project.arn, seen.at);
    let target = LookTarget::Versions(arn.clone());
    let tx = batch.tx().await?;
    // Another look may have found in between that it is gone.
    if projects::find(tx, arn).await?.is_none() {
        return Ok(());
    }
    let versions = match &seen.versions {
        Err(error) => return Ok(failed(tx, &target, at, error).await?),
        Ok(versions) => versions,
    };
    let rows: Vec<_> = versions
        .iter()
        .filter(|version| arn.may_hold(&version.arn))
        .map(|version| version_row(arn, version, at))
        .collect();
    model_versions::replace(tx, arn, &rows, at).await?;
    looks::succeeded(tx, &target, at).await?;
    batch.wrote(rows.len()).await
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
