//! Breadcrumbs: the way back to the lists above a page.

use leptos::prelude::*;

/// The places above this page, each a path and a name, then the page's own name.
#[component]
pub fn Crumbs(
    /// Path and name, outermost first.
    above: Vec<(String, String)>,
    /// The name of this page.
    #[prop(into)]
    here: String,
) -> impl IntoView {
    let above = above
        .into_iter()
        .map(|(path, name)| view! { <li><a href=path>{name}</a></li> });
    view! {
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol>
                {above.collect_view()}
                <li aria-current="page">{here}</li>
            </ol>
        </nav>
    }
}
