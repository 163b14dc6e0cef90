//! How old what is known of AWS is.

use crate::context::OpContext;
use crate::error::OpResult;
use domain::{Action, Millis};
use store::looks::{self, LookTarget};

/// When the projects of any account were last looked at; none if that was never done.
pub async fn last_look(cx: &OpContext) -> OpResult<Option<Millis>> {
    cx.require(Action::RefreshModels)?;
    let looks = looks::list(&mut cx.store.read().await?).await?;
    let of_projects = looks.iter();
    let of_projects = of_projects.filter(|look| matches!(look.target, LookTarget::Projects { .. }));
    Ok(of_projects.map(|look| look.looked_at).max())
}
