//! Messages on top of a page or above the data that they concern. They stay until the next page.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::status::Tone;

/// A message in the colour of its tone, with an icon that differs as well.
#[component]
pub fn Flash(
    /// What kind of news.
    tone: Tone,
    /// The message.
    children: Children,
) -> impl IntoView {
    let (class, glyph) = match tone {
        Tone::Waiting => ("flash is-waiting", Glyph::Waiting),
        Tone::Moving => ("flash is-moving", Glyph::Moving),
        Tone::Done => ("flash is-done", Glyph::Done),
        Tone::Failed => ("flash is-failed", Glyph::Failed),
        Tone::Person => ("flash is-person", Glyph::Warning),
    };
    let role = if matches!(tone, Tone::Failed) {
        "alert"
    } else {
        "status"
    };
    view! {
        <div class=class role=role>
            <Icon glyph />
            <div class="min-w-0">{children()}</div>
        </div>
    }
}
