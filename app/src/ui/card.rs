//! Sheets: what belongs together on a page, under one title.

use leptos::prelude::*;

/// A sheet with a title. Its region is named by the title.
#[component]
pub fn Card(
    /// The title's id, unique on the page; links may point at it.
    id: &'static str,
    /// The title.
    title: impl IntoView + 'static,
    /// What stands at the right of the title.
    #[prop(optional)]
    aside: Option<AnyView>,
    /// The body, with paddings of its own.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby=id>
            <div class="card-head">
                <h2 id=id tabindex="-1">
                    {title}
                </h2>
                {aside}
            </div>
            {children()}
        </section>
    }
}
