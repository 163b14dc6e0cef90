//! What a restored database does not know of.

use super::{PauseReason, Stray, Unseen};
use crate::accounts::Registry;
use crate::context::OpContext;
use crate::error::OpResult;
use domain::{Action, ProjectArn};
use store::policy_sweeps::strays as rows;
use store::{Reader, policy_sweeps};

/// Grants that may stand in AWS without a job that takes them back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strays {
    /// Statements in our policies under a Sid of ours that no job of this database put: those of
    /// jobs that a backup does not know, or of another installation that was restored from the same
    /// backup. They are never removed by themselves.
    pub statements: Vec<Stray>,
    /// Projects that were not looked through since the database was restored, so that nothing is
    /// known of them; none without a pause for that reason.
    pub unseen: Vec<Unseen>,
}

impl Strays {
    /// Whether every project was looked through and nothing was found.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty() && self.unseen.is_empty()
    }
}

/// The strays as they were seen last, in the environments whose policies the caller may see.
pub async fn strays(cx: &OpContext) -> OpResult<Strays> {
    cx.require(Action::ViewPolicies)?;
    let mut reader = cx.store.read().await?;
    let registry = Registry::visible(cx, &mut reader, Action::ViewPolicies).await?;
    let is_seen = |project: &ProjectArn| registry.account(project.account()).is_some();
    let mut strays = read(&mut reader).await?;
    strays.statements.retain(|stray| is_seen(&stray.project));
    strays.unseen.retain(|unseen| is_seen(&unseen.project));
    Ok(strays)
}

pub(super) async fn read(reader: &mut Reader) -> OpResult<Strays> {
    let pause = store::installation::pause(reader).await?;
    let restored = pause.is_some_and(|pause| pause.reason == PauseReason::Restored);
    Ok(Strays {
        statements: rows::all(reader).await?,
        unseen: if restored {
            policy_sweeps::unseen(reader).await?
        } else {
            Vec::new()
        },
    })
}
