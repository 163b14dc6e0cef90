//! What the policy form offers.

use super::POLICY_SLOTS;
use crate::context::OpContext;
use crate::error::{Kind, OpError, OpResult};
use crate::models::{Inventory, ProjectView};
use crate::view::AccountIdentity;
use domain::{Action, FormId, ProjectArn, RoleArn, RolePurpose};
use serde::Serialize;
use store::project_policies;

/// The policy form with its choices.
#[derive(Clone, Debug, Serialize)]
pub struct PolicyFormView {
    /// The project with the versions to choose from.
    pub project: ProjectView,
    /// The promoters of all other accounts.
    pub roles: Vec<PromoterOption>,
    /// A fresh id for the form.
    pub form_id: FormId,
    /// How many policies the project had when last seen.
    pub slots_used: usize,
    /// How many it may have.
    pub slots: usize,
}

/// A role that may be allowed to copy.
#[derive(Clone, Debug, Serialize)]
pub struct PromoterOption {
    /// Its account.
    pub account: AccountIdentity,
    /// The role.
    pub role: RoleArn,
}

/// The form for a policy of the project of this ARN. Makes no call to AWS.
pub async fn form(cx: &OpContext, project: &str) -> OpResult<PolicyFormView> {
    cx.require(Action::ProposePolicyChange)?;
    let missing = || OpError::not_found(Kind::Project, project);
    let arn: ProjectArn = project.parse().map_err(|_| missing())?;
    let mut reader = cx.store.read().await?;
    let inventory = Inventory::load(cx, &mut reader).await?;
    let view = inventory.project(&arn)?.ok_or_else(missing)?;
    let accounts = inventory.registry.accounts.iter();
    let roles = accounts
        .filter(|account| &account.number != arn.account())
        .map(|account| {
            Ok(PromoterOption {
                account: inventory.registry.identity(account)?,
                role: account.access(RolePurpose::Promoter).role,
            })
        })
        .collect::<OpResult<_>>()?;
    let policies = project_policies::of_project(&mut reader, &arn).await?;
    Ok(PolicyFormView {
        project: view,
        roles,
        form_id: FormId::generate(cx.now(), cx.random.as_ref()),
        slots_used: policies.len(),
        slots: POLICY_SLOTS,
    })
}
