//! The button that takes a text to the clipboard.

use leptos::prelude::*;

use crate::ui::icon::{Glyph, Icon};

/// How long the button shows that it worked, in milliseconds.
#[cfg(feature = "hydrate")]
const SHOWN_MS: u64 = 2000;

/// Takes `text` to the clipboard; shows and says that it did. Hidden without scripts.
#[island]
pub fn CopyButton(
    /// What is taken.
    text: String,
    /// What the button says, with what it takes: `Copy ARN of …`.
    label: String,
) -> impl IntoView {
    let (copied, set_copied) = signal(false);
    view! {
        <button
            type="button"
            class="copy needs-script"
            class:copy-done=copied
            aria-label=label.clone()
            title=label
            on:click=move |_| to_clipboard(&text, set_copied)
        >
            <span class="copy-idle">
                <Icon glyph=Glyph::Clip />
            </span>
            <span class="copy-tick">
                <Icon glyph=Glyph::Check />
            </span>
        </button>
        <span class="sr-only" role="status">
            {move || if copied.get() { "Copied to the clipboard" } else { "" }}
        </span>
    }
}

#[cfg(feature = "hydrate")]
fn to_clipboard(text: &str, copied: WriteSignal<bool>) {
    let written = window().navigator().clipboard().write_text(text);
    leptos::task::spawn_local(async move {
        // Refused when the page lost the focus meanwhile: then the button simply stays as it was.
        if wasm_bindgen_futures::JsFuture::from(written).await.is_ok() {
            copied.set(true);
            set_timeout(
                move || copied.set(false),
                std::time::Duration::from_millis(SHOWN_MS),
            );
        }
    });
}

/// Nothing is clicked on the server.
#[cfg(not(feature = "hydrate"))]
fn to_clipboard(_text: &str, _copied: WriteSignal<bool>) {}
