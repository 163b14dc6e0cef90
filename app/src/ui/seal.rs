//! The seal: six digits that stand for one plan, the same wherever the plan is shown.

use domain::PlanDigest;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// The first six digits of a plan digest.
#[component]
pub fn Seal(
    /// The digest of the plan.
    digest: PlanDigest,
) -> impl IntoView {
    view! {
        <span class="seal" title=digest.to_string()>
            <Icon glyph=Glyph::Seal />
            <span>"plan"</span>
            " "
            <code>{digest.short().to_owned()}</code>
        </span>
    }
}
