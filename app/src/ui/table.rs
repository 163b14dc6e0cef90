//! Tables: a caption for readers of screens and a region that scrolls by itself when narrow.

use leptos::prelude::*;

/// A table of rows under a head. Focusable, so that the keyboard can scroll it.
#[component]
pub fn Table(
    /// What the table holds, as one line.
    caption: &'static str,
    /// More classes: `table-min` or `table-wide` keep columns readable.
    #[prop(optional)]
    class: &'static str,
    /// The cells of the head row.
    head: impl IntoView + 'static,
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="table-wrap" role="region" aria-label=caption tabindex="0">
            <table class=format!("table {class}")>
                <caption class="sr-only">{caption}</caption>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

/// The head of one column.
#[component]
pub fn Column(
    /// Its name.
    name: &'static str,
    /// Whether it holds figures or actions, which stand at the right.
    #[prop(optional)]
    figures: bool,
) -> impl IntoView {
    view! {
        <th scope="col" class=figures.then_some("num")>
            {name}
        </th>
    }
}
