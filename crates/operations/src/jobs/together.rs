//! Copies that run into the same project are looked at together.

use super::ClaimedJob;
use super::claim::taken;
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use domain::{AccountNumber, Action, ProjectArn, Region};
use store::{installation, jobs};

/// Takes every job that is due, held by nobody and waits for a copy into `project` that AWS has
/// taken, for `owner` and `lease_ms` milliseconds. Jobs that cannot be read are left as
/// [`super::claim()`] leaves them.
pub async fn claim_copies_into(
    cx: &OpContext,
    project: &ProjectArn,
    owner: &str,
    lease_ms: i64,
) -> OpResult<Vec<ClaimedJob>> {
    cx.require(Action::RunJob)?;
    let now = cx.now();
    let mut tx = cx.store.begin().await?;
    let installation = installation::find(&mut tx).await?;
    let installation = installation.ok_or_else(|| OpError::stored("installation's id"))?;
    let mut claimed = Vec::new();
    loop {
        let next = jobs::claim_copy_into(&mut tx, project, owner, now, now.plus(lease_ms)).await;
        let next = match next {
            Ok(None) => break,
            Ok(Some(next)) => taken(cx, &mut tx, next, now, &installation).await,
            Err(error) => Err(error.into()),
        };
        match next {
            Ok(job) => claimed.push(job),
            Err(error) if error.is_unreadable() => tracing::error!(
                error = &error as &dyn std::error::Error,
                "a job that cannot be read was left to its lease"
            ),
            Err(error) => return Err(error),
        }
    }
    tx.commit().await?;
    Ok(claimed)
}

/// The projects for which [`claim_copies_into`] finds jobs at present.
pub async fn copies_due(cx: &OpContext) -> OpResult<Vec<ProjectArn>> {
    cx.require(Action::RunJob)?;
    let mut reader = cx.store.read().await?;
    Ok(jobs::copies_due(&mut reader, cx.now()).await?)
}

/// Into how many projects of the account in the Region copies run, or are about to.
pub async fn projects_copied_into(
    cx: &OpContext,
    account: &AccountNumber,
    region: &Region,
) -> OpResult<usize> {
    cx.require(Action::RunJob)?;
    let mut reader = cx.store.read().await?;
    let projects = jobs::copied_into(&mut reader, account).await?;
    Ok(projects
        .iter()
        .filter(|project| project.region() == region)
        .count())
}
