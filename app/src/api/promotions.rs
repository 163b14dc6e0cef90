//! Forms about promotions.

use leptos::prelude::*;
use operations::promotions::{self, PromotionForm};

use super::answer::finish;
use super::policies::watched_at;
use super::{ApiError, op_context};
use crate::forms::FormName;

/// Proposes a promotion and shows its job, or the promotion while it waits for approval.
#[server(prefix = "/api", endpoint = "promotions/propose")]
pub async fn propose(#[server(flatten)] form: PromotionForm) -> Result<(), ApiError> {
    let cx = op_context()?;
    let proposed = promotions::propose(&cx, &form).await;
    let result = proposed.map(|proposed| watched_at(&proposed));
    finish(&cx, FormName::Promotion, &form, "/promotions/new", result).await
}
