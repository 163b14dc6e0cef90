//! Forms about project policies.

use leptos::prelude::*;
use operations::Proposed;
use operations::policies::{self, PolicyForm, PolicyRemoveForm};

use super::answer::{come_back, finish};
use super::{ApiError, op_context};
use crate::forms::{FormName, Outcome};
use crate::links;

/// The page of a project's policies; the list when the text is no project.
fn page_of(project: &str) -> String {
    project.parse().map_or_else(
        |_| "/policies".to_owned(),
        |project| links::policies(&project),
    )
}

/// Where a proposal is watched: its job once it has one.
pub(super) fn watched_at(proposed: &Proposed) -> String {
    match &proposed.job {
        Some(job) => links::job(job.id),
        None => links::promotion(proposed.proposal.id),
    }
}

/// Shows the document that the form would attach, on the form's own page.
#[server(prefix = "/api", endpoint = "policies/preview")]
pub async fn preview(#[server(flatten)] form: PolicyForm) -> Result<(), ApiError> {
    let cx = op_context()?;
    let back = page_of(&form.project);
    match policies::preview(&cx, &form).await {
        Ok(_) => {
            come_back(&cx, FormName::AttachPolicy, &form, &back, Outcome::Preview).await;
            Ok(())
        }
        Err(error) => finish(&cx, FormName::AttachPolicy, &form, &back, Err(error)).await,
    }
}

/// Proposes to attach a policy.
#[server(prefix = "/api", endpoint = "policies/attach")]
pub async fn attach(#[server(flatten)] form: PolicyForm) -> Result<(), ApiError> {
    let cx = op_context()?;
    let proposed = policies::propose_attach(&cx, &form).await;
    let result = proposed.map(|proposed| watched_at(&proposed));
    finish(
        &cx,
        FormName::AttachPolicy,
        &form,
        &page_of(&form.project),
        result,
    )
    .await
}

/// Proposes to remove a policy.
#[server(prefix = "/api", endpoint = "policies/remove")]
pub async fn remove(#[server(flatten)] form: PolicyRemoveForm) -> Result<(), ApiError> {
    let cx = op_context()?;
    let proposed = policies::propose_remove(&cx, &form).await;
    let result = proposed.map(|proposed| watched_at(&proposed));
    finish(
        &cx,
        FormName::RemovePolicy,
        &form,
        &page_of(&form.project),
        result,
    )
    .await
}
