//! Forms about promotions.

use leptos::prelude::*;
use operations::promotions::{self, PromotionForm};

use super::answer::{come_back, finish};
use super::policies::watched_at;
use super::{ApiError, op_context};
use crate::forms::{FormName, Outcome};

/// The form's page.
const FORM: &str = "/promotions/new";

/// Shows the form again with what goes with both ends that are chosen: fields that are empty are
/// filled in, and the rule of the destination is told.
#[server(prefix = "/api", endpoint = "promotions/fill")]
pub async fn fill(#[server(flatten)] form: PromotionForm) -> Result<(), ApiError> {
    let cx = op_context()?;
    let ends = (&form.source_version, &form.destination_project);
    match promotions::form(&cx, Some(ends.0), Some(ends.1)).await {
        Ok(_) => {
            come_back(&cx, FormName::Promotion, &form, FORM, Outcome::Preview).await;
            Ok(())
        }
        Err(error) => finish(&cx, FormName::Promotion, &form, FORM, Err(error)).await,
    }
}

/// Proposes a promotion and shows its job, or the promotion while it waits for approval.
#[server(prefix = "/api", endpoint = "promotions/propose")]
pub async fn propose(#[server(flatten)] form: PromotionForm) -> Result<(), ApiError> {
    let cx = op_context()?;
    let proposed = promotions::propose(&cx, &form).await;
    let result = proposed.map(|proposed| watched_at(&proposed));
    finish(&cx, FormName::Promotion, &form, FORM, result).await
}
