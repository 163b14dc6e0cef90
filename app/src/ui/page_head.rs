//! The head of a page: title, one large status, a line of facts, actions at the right.

use leptos::prelude::*;

/// The head of a page.
#[component]
pub fn PageHead(
    /// The title; the only `h1` of the page.
    title: impl IntoView + 'static,
    /// Beside the title: the state of the object.
    #[prop(optional)]
    status: Option<AnyView>,
    /// Under the title.
    #[prop(optional)]
    meta: Option<AnyView>,
    /// At the right; the primary one last.
    #[prop(optional)]
    actions: Option<AnyView>,
) -> impl IntoView {
    view! {
        <header class="page-head">
            <div>
                <div class="page-title">
                    <h1>{title}</h1>
                    {status}
                </div>
                {meta}
            </div>
            {actions.map(|actions| view! { <div class="actions">{actions}</div> })}
        </header>
    }
}
