//! From where to where, in one line; the same everywhere.

use leptos::prelude::*;
use operations::Arrow;

use super::environment::EnvironmentMark;
use super::icon::{Glyph, Icon};

/// `inspector v7 · dev vision-dev → prod vision-prod · eu-west-1`.
#[component]
pub fn Route(
    /// What moves, and between which accounts.
    arrow: Arrow,
) -> impl IntoView {
    let Arrow {
        subject,
        source,
        destination,
        region,
    } = arrow;
    let source = source.map(|source| {
        let alias = source.alias.to_string();
        view! {
            <EnvironmentMark account=source />
            " "
            {alias}
            " "
            <Icon glyph=Glyph::Arrow />
            <span class="sr-only">"to"</span>
            " "
        }
    });
    let alias = destination.alias.to_string();
    view! {
        <p class="route">
            <strong>{subject}</strong>
            " "
            <span class="dot">"·"</span>
            " "
            {source}
            <EnvironmentMark account=destination />
            " "
            {alias}
            " "
            <span class="dot">"·"</span>
            " "
            <span class="muted">{region.to_string()}</span>
        </p>
    }
}

/// Only the environments: `dev → prod`, for narrow table cells.
#[component]
pub fn ShortRoute(
    /// Between which accounts.
    arrow: Arrow,
) -> impl IntoView {
    let source = arrow.source.map(|source| {
        view! {
            <EnvironmentMark account=source />
            " "
            <span class="muted" aria-hidden="true">
                "→"
            </span>
            <span class="sr-only">"to"</span>
            " "
        }
    });
    view! {
        <span class="nowrap">
            {source}
            <EnvironmentMark account=arrow.destination />
        </span>
    }
}
