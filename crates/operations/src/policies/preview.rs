//! Showing a policy before it is proposed.

use super::check::{Errors, project, wanted};
use super::{POLICY_SLOTS, PolicyForm};
use crate::accounts::Registry;
use crate::context::OpContext;
use crate::error::{OpError, OpResult};
use domain::Action;
use iam::lint::PROJECT_POLICY_CHARACTERS;
use serde::Serialize;
use store::project_policies;

/// A policy as it would be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyPreview {
    /// The JSON, byte for byte.
    pub document: String,
    /// Its length in characters.
    pub characters: usize,
    /// How many characters AWS takes.
    pub limit: usize,
    /// What AWS would refuse, in words; empty if nothing.
    pub findings: Vec<String>,
    /// How many policies the project had when last seen, without this one.
    pub slots_used: usize,
    /// How many it may have.
    pub slots: usize,
}

/// The exact document for the chosen promoter and versions, with what AWS would refuse about it.
/// Name, reason and form id are not looked at. Makes no call to AWS.
pub async fn preview(cx: &OpContext, form: &PolicyForm) -> OpResult<PolicyPreview> {
    cx.require(Action::ViewPolicies)?;
    let mut reader = cx.store.read().await?;
    let registry = Registry::visible(cx, &mut reader, Action::ViewPolicies).await?;
    let mut errors = Errors::default();
    let found = project(&mut reader, &registry, &form.project, &mut errors).await?;
    let arn = found.as_ref().map(|(arn, _)| arn);
    let wanted = wanted(&registry, arn, form, &mut errors);
    errors.check()?;
    let wanted = wanted.ok_or_else(|| OpError::stored("checked policy form"))?;
    let policies = project_policies::of_project(&mut reader, &wanted.project).await?;
    Ok(PolicyPreview {
        characters: wanted.document.chars().count(),
        document: wanted.document,
        limit: PROJECT_POLICY_CHARACTERS,
        findings: wanted.findings,
        slots_used: policies.len(),
        slots: POLICY_SLOTS,
    })
}
