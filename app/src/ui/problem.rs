//! Errors in words: cause, consequence and next step, always in this order.

use leptos::prelude::*;

use super::flash::Flash;
use super::status::Tone;
use crate::forms::Outcome;

/// Why something was not done.
#[component]
pub fn Problem(
    /// What happened, as one sentence.
    cause: String,
    /// What that means.
    consequence: String,
    /// What a person can do.
    next_step: String,
) -> impl IntoView {
    view! {
        <Flash tone=Tone::Failed>
            <p class="font-semibold">{cause}</p>
            <p>{consequence}</p>
            <p>{next_step}</p>
        </Flash>
    }
}

/// A form that was refused as a whole; nothing when only fields were wrong, which say so
/// themselves.
#[component]
pub fn Refused(
    /// Why it came back.
    outcome: Outcome,
) -> impl IntoView {
    match outcome {
        Outcome::Refused {
            cause,
            consequence,
            next_step,
        } => view! {
            <div id="errors" tabindex="-1">
                <Problem cause consequence next_step />
            </div>
        }
        .into_any(),
        Outcome::Preview | Outcome::Invalid(_) => ().into_any(),
    }
}
