//! Help while one fills in the promotion form. The server checks everything again.

use leptos::prelude::*;

/// Wraps the fields of the promotion form. When the source version changes, destinations of other
/// Regions cannot be chosen any more; when the destination changes, the next free version name is
/// filled in, unless a name was typed.
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
    match event_target::<web_sys::Element>(event).id().as_str() {
        "source_version" => keep_to_region(),
        "destination_project" => suggest_name(),
        _ => {}
    }
}

/// Nothing changes on the server.
#[cfg(not(feature = "hydrate"))]
fn follow(_event: &leptos::ev::Event) {}

#[cfg(feature = "hydrate")]
fn chosen(select: &str, attribute: &str) -> Option<String> {
    let option = document()
        .query_selector(&format!("#{select} option:checked"))
        .ok()??;
    option.get_attribute(attribute)
}

#[cfg(feature = "hydrate")]
fn keep_to_region() {
    use leptos::wasm_bindgen::JsCast;

    let region = chosen("source_version", "data-region");
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

#[cfg(feature = "hydrate")]
fn suggest_name() {
    use leptos::wasm_bindgen::JsCast;

    let field = document().get_element_by_id("version_name");
    let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok())
    else {
        return;
    };
    let untouched = field.value().is_empty() || field.value() == field.default_value();
    if let (true, Some(name)) = (untouched, chosen("destination_project", "data-name")) {
        field.set_default_value(&name);
        field.set_value(&name);
    }
}
