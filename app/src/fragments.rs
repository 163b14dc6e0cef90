//! Pieces of pages, rendered again when something changed.
//!
//! `public/live.js` asks for them when the event stream names their subject, and puts them in the
//! place of what the page shows. Each is the same view that the page rendered at first, so there
//! is one way of showing a state. Only [`project_policies`] asks AWS.

use std::sync::Arc;

use domain::{Action, FormId};
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use operations::PageRequest;
use operations::{Kind, OpError};
use operations::{OpContext, OpResult, jobs, models, policies, promotions};

use crate::assets::AssetManifest;
use crate::layout;
use crate::links;
use crate::pages;

/// Home below its head.
pub async fn home(cx: &OpContext, assets: &AssetManifest) -> OpResult<String> {
    let overview = pages::home::Overview::read(cx).await?;
    Ok(render(assets, || pages::home::live(overview)))
}

/// The banner of a pause; nothing while there is none.
pub async fn pause(cx: &OpContext, assets: &AssetManifest) -> OpResult<String> {
    let notice = layout::pause::Notice::read(cx).await?;
    Ok(render(assets, || {
        notice.map(layout::pause::banner).into_any()
    }))
}

/// The first page of promotions.
pub async fn promotions(cx: &OpContext, assets: &AssetManifest) -> OpResult<String> {
    let page = promotions::list(cx, PageRequest::default()).await?;
    let now = cx.now();
    Ok(render(assets, || pages::promotions::live_list(page, now)))
}

/// One proposal.
pub async fn promotion(cx: &OpContext, assets: &AssetManifest, id: &str) -> OpResult<String> {
    let proposal = promotions::get(cx, id).await?;
    let now = cx.now();
    Ok(render(assets, || {
        pages::promotions::live_detail(proposal, now)
    }))
}

/// One job.
pub async fn job(cx: &OpContext, assets: &AssetManifest, id: &str) -> OpResult<String> {
    let job = jobs::get(cx, id).await?;
    Ok(render(assets, || pages::jobs::live(job)))
}

/// The grids of models, without a filter.
pub async fn models(cx: &OpContext, assets: &AssetManifest) -> OpResult<String> {
    let models = models::list(cx).await?;
    Ok(render(assets, || pages::models::live(models, "")))
}

/// The projects whose policies can be seen.
pub async fn policies(cx: &OpContext, assets: &AssetManifest) -> OpResult<String> {
    let models = models::list(cx).await?;
    Ok(render(assets, || pages::policies::live_list(models)))
}

/// What stands on the project of this key, see [`links::project_key`]. Asks AWS, as its page does:
/// what a job has changed there is not in the database yet.
pub async fn project_policies(
    cx: &OpContext,
    assets: &AssetManifest,
    key: &str,
) -> OpResult<String> {
    let project = links::project_of(key).ok_or_else(|| OpError::NotFound {
        kind: Kind::Project,
        id: key.to_owned(),
    })?;
    let listed = policies::list(cx, &project.to_string()).await?;
    let proposes = cx.may(Action::ProposePolicyChange);
    let form_id = proposes.then(|| FormId::generate(cx.now(), &*cx.random));
    let now = cx.now();
    Ok(render(assets, || {
        pages::policies::live(listed, form_id, now)
    }))
}

/// Renders as pages do: nothing hydrates but the islands within.
fn render(assets: &AssetManifest, view: impl FnOnce() -> AnyView) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        provide_context(assets.clone());
        view().to_html()
    });
    owner.unset_with_forced_cleanup();
    html
}
