//! Projects and versions as pages show them.

use crate::accounts::{PlaceError, Registry, place_error, place_look};
use crate::context::OpContext;
use crate::error::{AwsErrorView, OpError, OpResult};
use crate::view::AccountIdentity;
use domain::{Action, Millis, ProjectArn, ProjectVersionArn, Region, VersionStatus};
use serde::Serialize;
use store::looks::{LookRow, LookTarget};
use store::model_versions::ModelVersionRow;
use store::projects::ProjectRow;
use store::{Reader, looks, model_versions, projects};

/// All that was last seen.
#[derive(Clone, Debug, Serialize)]
pub struct ModelsView {
    /// Projects of all accounts, in the order of environments, accounts and names.
    pub projects: Vec<ProjectView>,
    /// Every account and Region that is looked at, with the age of its data.
    pub places: Vec<PlaceView>,
    /// The present moment, to reckon ages from.
    pub now: Millis,
}

/// One Region of one account.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceView {
    /// The account.
    pub account: AccountIdentity,
    /// The Region.
    pub region: Region,
    /// The last good look; none before the first.
    pub seen_at: Option<Millis>,
    /// What went wrong in the last look, if it was no good one.
    pub error: Option<PlaceError>,
}

/// One project with its versions.
#[derive(Clone, Debug, Serialize)]
pub struct ProjectView {
    /// The project.
    pub arn: ProjectArn,
    /// The account that owns it.
    pub account: AccountIdentity,
    /// `CREATING`, `CREATED` or `DELETING`. Untrusted text.
    pub status: String,
    /// When it was created.
    pub created: Option<Millis>,
    /// When it was last seen.
    pub seen_at: Millis,
    /// Its versions, newest first.
    pub versions: Vec<VersionView>,
    /// Why its versions could not be read in the last look, if so; older ones are then shown.
    pub error: Option<AwsErrorView>,
}

/// One model version.
#[derive(Clone, Debug, Serialize)]
pub struct VersionView {
    /// The version.
    pub arn: ProjectVersionArn,
    /// Its status.
    pub status: VersionStatus,
    /// AWS's words about the status. Untrusted text.
    pub status_message: Option<String>,
    /// When training or the copy began.
    pub created: Option<Millis>,
    /// Overall F1 score, 0 to 1.
    pub f1: Option<f64>,
    /// The version that it was copied from; only copies have one.
    pub source: Option<ProjectVersionArn>,
    /// Bucket and prefix of its results, if shown.
    pub output: Option<(String, String)>,
    /// The key that it was made with, if shown. Untrusted text.
    pub kms_key: Option<String>,
    /// Whether its status lets it be copied.
    pub copyable: bool,
    /// When it was last seen.
    pub seen_at: Millis,
}

impl From<&ModelVersionRow> for VersionView {
    fn from(row: &ModelVersionRow) -> Self {
        Self {
            arn: row.arn.clone(),
            status: row.status.clone(),
            status_message: row.status_message.clone(),
            created: row.created,
            f1: row.f1,
            source: row.source.clone(),
            output: row.output.clone(),
            kms_key: row.kms_key.clone(),
            copyable: row.status.is_copyable(),
            seen_at: row.seen_at,
        }
    }
}

/// Everything that was last seen, read in one go.
pub(crate) struct Inventory {
    pub(crate) registry: Registry,
    projects: Vec<ProjectRow>,
    versions: Vec<ModelVersionRow>,
    looks: Vec<LookRow>,
}

impl Inventory {
    pub(crate) async fn load(cx: &OpContext, reader: &mut Reader) -> OpResult<Self> {
        let registry = Registry::visible(cx, reader, Action::ViewModels).await?;
        let mut projects = projects::list(reader).await?;
        projects.retain(|project| registry.account(project.arn.account()).is_some());
        let mut versions = model_versions::list(reader).await?;
        versions.retain(|version| registry.account(version.project.account()).is_some());
        projects.sort_by_cached_key(|project| {
            let account = registry.account(project.arn.account());
            let position = account
                .and_then(|account| registry.environment(&account.environment))
                .map(|environment| environment.position);
            let alias = account.map(|account| account.alias.clone());
            (position, alias, project.arn.clone())
        });
        Ok(Self {
            registry,
            projects,
            versions,
            looks: looks::list(reader).await?,
        })
    }

    /// All projects in the order of environments, accounts and names.
    pub(crate) fn projects(&self) -> OpResult<Vec<ProjectView>> {
        self.projects.iter().map(|row| self.view(row)).collect()
    }

    /// One project, if it was seen.
    pub(crate) fn project(&self, arn: &ProjectArn) -> OpResult<Option<ProjectView>> {
        let row = self.projects.iter().find(|row| &row.arn == arn);
        row.map(|row| self.view(row)).transpose()
    }

    /// The project that a version was seen in.
    pub(crate) fn project_of(&self, version: &ProjectVersionArn) -> Option<&ProjectArn> {
        let row = self.versions.iter().find(|row| &row.arn == version);
        row.map(|row| &row.project)
    }

    /// Every version that was seen as a copy of `source`, with its project.
    pub(crate) fn copies_of(
        &self,
        source: &ProjectVersionArn,
    ) -> impl Iterator<Item = &ModelVersionRow> {
        let source = source.clone();
        self.versions
            .iter()
            .filter(move |row| row.source.as_ref() == Some(&source))
    }

    pub(super) fn places(&self) -> OpResult<Vec<PlaceView>> {
        let mut places = Vec::new();
        for account in &self.registry.accounts {
            for region in &account.regions {
                let look = place_look(&self.looks, account, region);
                places.push(PlaceView {
                    account: self.registry.identity(account)?,
                    region: region.clone(),
                    seen_at: look.and_then(|look| look.seen_at),
                    error: look.map(place_error).transpose()?.flatten(),
                });
            }
        }
        Ok(places)
    }

    fn view(&self, row: &ProjectRow) -> OpResult<ProjectView> {
        let look = self
            .looks
            .iter()
            .find(|look| matches!(&look.target, LookTarget::Versions(arn) if *arn == row.arn));
        let error = look.and_then(|look| look.error.clone());
        let error = error
            .map(serde_json::from_value)
            .transpose()
            .map_err(|_| OpError::stored("look's error"))?;
        let mut versions: Vec<VersionView> = self
            .versions
            .iter()
            .filter(|version| version.project == row.arn)
            .map(VersionView::from)
            .collect();
        versions.sort_by_key(|version| std::cmp::Reverse(version.created));
        Ok(ProjectView {
            arn: row.arn.clone(),
            account: self.registry.identity_of(row.arn.account())?,
            status: row.status.clone(),
            created: row.created,
            seen_at: row.seen_at,
            versions,
            error,
        })
    }
}
