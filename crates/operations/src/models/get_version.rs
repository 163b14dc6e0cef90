//! One model version.

use super::view::{Inventory, ProjectView, VersionView};
use crate::context::OpContext;
use crate::error::{Kind, OpError, OpResult};
use crate::view::AccountIdentity;
use domain::{Action, ProjectArn, ProjectVersionArn};
use serde::Serialize;

/// A model version with its project and its copies.
#[derive(Clone, Debug, Serialize)]
pub struct VersionDetail {
    /// The project with all its versions.
    pub project: ProjectView,
    /// The version.
    pub version: VersionView,
    /// Versions that were seen as copies of it.
    pub copies: Vec<CopyOf>,
}

/// A version that was copied from another one.
#[derive(Clone, Debug, Serialize)]
pub struct CopyOf {
    /// The project that holds it.
    pub project: ProjectArn,
    /// The account that owns that project.
    pub account: AccountIdentity,
    /// The version.
    pub version: VersionView,
}

/// The version of this ARN, as last seen.
pub async fn get_version(cx: &OpContext, arn: &str) -> OpResult<VersionDetail> {
    cx.require(Action::ViewModels)?;
    let missing = || OpError::not_found(Kind::ModelVersion, arn);
    let parsed: ProjectVersionArn = arn.parse().map_err(|_| missing())?;
    let mut reader = cx.store.read().await?;
    let inventory = Inventory::load(cx, &mut reader).await?;
    let project = inventory.project_of(&parsed).ok_or_else(missing)?;
    let project = inventory.project(project)?.ok_or_else(missing)?;
    let version = project
        .versions
        .iter()
        .find(|version| version.arn == parsed)
        .cloned()
        .ok_or_else(missing)?;
    let mut copies = Vec::new();
    for row in inventory.copies_of(&parsed) {
        if let Some(account) = inventory.registry.account(row.project.account()) {
            copies.push(CopyOf {
                project: row.project.clone(),
                account: inventory.registry.identity(account)?,
                version: VersionView::from(row),
            });
        }
    }
    Ok(VersionDetail {
        project,
        version,
        copies,
    })
}
