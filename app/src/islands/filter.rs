//! The filter over the rows of a page.
//!
//! Rows carry `data-filter`, lower-case text to search in. Without scripts the box is a field of
//! a search form and the server leaves rows out by the same rule, [`matches()`]. Groups without a
//! visible row, and the line that nothing fits, are left to the style sheet.

use leptos::prelude::*;

/// Whether every word of `query` occurs in `text`, both in lower case. An empty query fits
/// everything.
///
/// Who asks brings the lower case: a browser has its own, and need not load Rust's table of it.
pub fn matches(text: &str, query: &str) -> bool {
    query.split_whitespace().all(|word| text.contains(word))
}

/// A search field that hides rows while one types.
#[island]
pub fn FilterBox(
    /// What stands in it at first.
    value: String,
    /// What can be searched for.
    placeholder: String,
) -> impl IntoView {
    let (shown, set_shown) = signal(String::new());
    view! {
        <input
            class="input"
            type="search"
            name="q"
            aria-label="Filter"
            placeholder=placeholder
            value=value
            autocomplete="off"
            spellcheck="false"
            on:input=move |event| set_shown.set(apply(&event_target_value(&event)))
        />
        <span class="small muted nowrap" role="status">
            {shown}
        </span>
    }
}

/// Hides what does not fit, and says how much is left.
#[cfg(feature = "hydrate")]
fn apply(query: &str) -> String {
    use leptos::wasm_bindgen::JsCast;

    let Ok(rows) = document().query_selector_all("[data-filter]") else {
        return String::new();
    };
    let query = String::from(js_sys::JsString::from(query).to_lower_case());
    let mut visible = 0;
    for index in 0..rows.length() {
        let row = rows
            .item(index)
            .and_then(|row| row.dyn_into::<web_sys::Element>().ok());
        let Some(row) = row else { continue };
        let fits = matches(
            &row.get_attribute("data-filter").unwrap_or_default(),
            &query,
        );
        visible += u32::from(fits);
        // Setting an attribute of an element that is in the page cannot fail.
        let _ = row.toggle_attribute_with_force("hidden", !fits);
    }
    if query.trim().is_empty() {
        String::new()
    } else {
        format!("{visible} of {}", rows.length())
    }
}

/// Nothing is typed on the server.
#[cfg(not(feature = "hydrate"))]
fn apply(_query: &str) -> String {
    String::new()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn every_word_must_occur_in_any_order() {
        for (query, fits) in [
            ("", true),
            ("  ", true),
            ("v7", true),
            ("prod inspector", true),
            ("inspector staging", false),
        ] {
            assert_eq!(
                matches("inspector v7 prod copied", query),
                fits,
                "{query:?}"
            );
        }
    }
}
