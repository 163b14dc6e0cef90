//! Empty states: say that nothing is there, why, and what to do.

use leptos::prelude::*;

/// A sentence, an explanation and, as children, the action that fills the place.
#[component]
pub fn Empty(
    /// What is not there, as a sentence without full stop.
    title: &'static str,
    /// Why, and what it means.
    #[prop(into)]
    text: String,
    /// The way on.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="font-semibold">{title}</p>
            <p class="small muted prose">{text}</p>
            {children.map(|children| view! { <div class="actions mt-1">{children()}</div> })}
        </div>
    }
}
