//! Help while one fills in the promotion form. The server checks everything again.

use leptos::prelude::*;

/// Wraps the fields of the promotion form. When the source version changes, destinations of other
/// Regions cannot be chosen any more. What is filled in then is the matter of `public/page.js`.
#[island]
pub fn PromotionChoices(
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="contents" on:change=move |event| follow(&event)>
            {children()}
        </div>
    }
}

#[cfg(feature = "hydrate")]
fn follow(event: &leptos::ev::Event) {
    if event_target::<web_sys::Element>(event).id() == "source_version" {
        keep_to_region();
    }
}

/// Nothing changes on the server.
#[cfg(not(feature = "hydrate"))]
fn follow(_event: &leptos::ev::Event) {}

#[cfg(feature = "hydrate")]
fn chosen_region() -> Option<String> {
    let option = document()
        .query_selector("#source_version option:checked")
        .ok()??;
    option.get_attribute("data-region")
}

#[cfg(feature = "hydrate")]
fn keep_to_region() {
    use leptos::wasm_bindgen::JsCast;

    let region = chosen_region();
    let Ok(groups) = document().query_selector_all("#destination_project optgroup") else {
        return;
    };
    for index in 0..groups.length() {
        let group = groups
            .item(index)
            .and_then(|group| group.dyn_into::<web_sys::Element>().ok());
        let Some(group) = group else { continue };
        let foreign = region.is_some() && group.get_attribute("data-region") != region;
        // Setting an attribute of an element that is in the page cannot fail.
        let _ = group.toggle_attribute_with_force("disabled", foreign);
    }
}
