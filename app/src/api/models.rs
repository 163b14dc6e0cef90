//! Forms about models.

use leptos::prelude::*;
use operations::models;

use super::answer::finish;
use super::{ApiError, op_context};
use crate::forms::FormName;

/// Looks at all accounts again, or at one, and shows the models.
#[server(prefix = "/api", endpoint = "models/refresh")]
pub async fn refresh(#[server(default)] account: String) -> Result<(), ApiError> {
    let cx = op_context()?;
    let account = Some(account).filter(|account| !account.is_empty());
    let looked = models::refresh(&cx, account.as_deref()).await;
    finish(
        &cx,
        FormName::RefreshModels,
        &(),
        "/models",
        looked.map(|_| "/models".to_owned()),
    )
    .await
}
