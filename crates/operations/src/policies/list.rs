//! Listing a project's policies.

use super::document::findings;
use super::{POLICY_SLOTS, managed_policy_name};
use crate::accounts::Registry;
use crate::context::OpContext;
use crate::error::{AwsErrorView, Kind, OpError, OpResult};
use crate::ports::aws::{Answer, AwsError, ProjectPolicy};
use crate::view::AccountIdentity;
use domain::{Account, Action, Millis, PolicyName, PolicyRevisionId, ProjectArn, RolePurpose};
use serde::Serialize;
use store::looks::{self, LookTarget};
use store::project_policies::{self, ProjectPolicyRow};
use store::{installation, projects};

/// A project's policies, as AWS just gave them or as last seen.
#[derive(Clone, Debug, Serialize)]
pub struct ProjectPoliciesView {
    /// The project.
    pub project: ProjectArn,
    /// The account that owns it.
    pub account: AccountIdentity,
    /// Whether AWS just gave them.
    pub live: bool,
    /// When they were seen; none if they never were.
    pub seen_at: Option<Millis>,
    /// Why AWS did not give them, if it did not.
    pub error: Option<AwsErrorView>,
    /// AWS's request id of the answer, if AWS just gave them.
    pub request_id: Option<String>,
    /// The policies.
    pub policies: Vec<PolicyView>,
    /// How many the project may have.
    pub slots: usize,
}

/// One policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyView {
    /// Its name.
    pub name: PolicyName,
    /// Its revision.
    pub revision: PolicyRevisionId,
    /// The JSON, byte for byte. Untrusted text.
    pub document: String,
    /// Its length in characters.
    pub characters: usize,
    /// When it was first put.
    pub created: Option<Millis>,
    /// When it was last put.
    pub updated: Option<Millis>,
    /// Whether it holds this installation's grants.
    pub ours: bool,
    /// What our reading of AWS's rules says against it, in words.
    pub findings: Vec<String>,
}

/// The policies of the project of this ARN: asked of AWS through the account's reader and kept, or,
/// if AWS does not give them, as last seen together with the reason.
pub async fn list(cx: &OpContext, project: &str) -> OpResult<ProjectPoliciesView> {
    cx.require(Action::ViewPolicies)?;
    let missing = || OpError::not_found(Kind::Project, project);
    let arn: ProjectArn = project.parse().map_err(|_| missing())?;
    let (account, identity) = {
        let mut reader = cx.store.read().await?;
        let registry = Registry::visible(cx, &mut reader, Action::ViewPolicies).await?;
        let account = registry.account(arn.account()).ok_or_else(missing)?;
        let seen = projects::find(&mut reader, &arn).await?;
        seen.ok_or_else(missing)?;
        (account.clone(), registry.identity(account)?)
    };
    let answer = look(cx, &account, &arn).await;
    keep(cx, &arn, &answer).await?;
    view(cx, arn, identity, answer).await
}

async fn look(
    cx: &OpContext,
    account: &Account,
    project: &ProjectArn,
) -> Result<Answer<Vec<ProjectPolicy>>, AwsError> {
    let access = account.access(RolePurpose::Reader);
    cx.aws.list_project_policies(&access, project).await
}

async fn keep(
    cx: &OpContext,
    project: &ProjectArn,
    answer: &Result<Answer<Vec<ProjectPolicy>>, AwsError>,
) -> OpResult<()> {
    let target = LookTarget::Policies(project.clone());
    let mut tx = cx.store.begin().await?;
    if projects::find(&mut tx, project).await?.is_none() {
        // A refresh found the project gone meanwhile, and its policies went with it.
        return Ok(());
    }
    match answer {
        Ok(answer) => {
            let at = answer.call.at;
            let rows: Vec<_> = answer
                .value
                .iter()
                .map(|policy| ProjectPolicyRow {
                    project: project.clone(),
                    name: policy.name.clone(),
                    revision: policy.revision.clone(),
                    document: policy.document.clone(),
                    created: policy.created,
                    updated: policy.updated,
                    seen_at: at,
                })
                .collect();
            project_policies::replace(&mut tx, project, &rows).await?;
            looks::succeeded(&mut tx, &target, at).await?;
        }
        Err(error) => {
            let view = serde_json::to_value(AwsErrorView::from(error))
                .expect("texts and whole numbers are always JSON");
            looks::failed(&mut tx, &target, error.call.at, &view).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn view(
    cx: &OpContext,
    project: ProjectArn,
    account: AccountIdentity,
    answer: Result<Answer<Vec<ProjectPolicy>>, AwsError>,
) -> OpResult<ProjectPoliciesView> {
    let mut reader = cx.store.read().await?;
    let rows = project_policies::of_project(&mut reader, &project).await?;
    let look = looks::find(&mut reader, &LookTarget::Policies(project.clone())).await?;
    let ours = installation::find(&mut reader).await?;
    let ours = ours.as_ref().map(managed_policy_name);
    let policies = rows.into_iter().map(|row| PolicyView {
        ours: ours.as_ref() == Some(&row.name),
        characters: row.document.chars().count(),
        findings: findings(&row.document),
        name: row.name,
        revision: row.revision,
        document: row.document,
        created: row.created,
        updated: row.updated,
    });
    Ok(ProjectPoliciesView {
        project,
        account,
        live: answer.is_ok(),
        seen_at: look.and_then(|look| look.seen_at),
        error: answer.as_ref().err().map(AwsErrorView::from),
        request_id: answer.ok().and_then(|answer| answer.call.request_id),
        policies: policies.collect(),
        slots: POLICY_SLOTS,
    })
}
