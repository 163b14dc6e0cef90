//! The top bar.

use leptos::prelude::*;

use super::somebody;
use crate::ui::icon::{Glyph, Icon};

/// Name, search, theme, and who one is. The menu button opens the side navigation on narrow
/// screens, without a script.
#[component]
pub(super) fn TopBar() -> impl IntoView {
    view! {
        <header class="bar">
            {somebody().map(|_| menu())}
            <a class="brand" href="/">
                <svg class="brand-mark" viewBox="0 0 22 22" aria-hidden="true">
                    <path d="M3 8.5 11 3l8 5.5M5 8.4V15M17 8.4V15M2 18.5h3.5M7.5 18.5H11M13 18.5h7" />
                    <path d="M8 12h6m-2.2-2.2L14 12l-2.2 2.2" />
                </svg>
                <span>"Customhouse"</span>
            </a>
            <span class="bar-gap"></span>
            {somebody().map(|_| search())}
            <button
                type="button"
                class="bar-btn needs-script"
                data-theme-toggle
                aria-label="Dark theme"
                aria-pressed="false"
            >
                <Icon glyph=Glyph::Theme />
            </button>
            {somebody().map(|cx| person(cx.caller.name))}
        </header>
    }
}

fn menu() -> AnyView {
    view! {
        <button type="button" class="bar-btn bar-menu" popovertarget="nav" aria-label="Menu">
            <Icon glyph=Glyph::Menu />
        </button>
    }
    .into_any()
}

fn search() -> AnyView {
    view! {
        <form class="bar-search" role="search" method="get" action="/models">
            <Icon glyph=Glyph::Search />
            <input type="search" name="q" aria-label="Find models" placeholder="Find models" />
        </form>
    }
    .into_any()
}

/// One's name, which leads to one's settings, and the way out.
fn person(name: String) -> AnyView {
    let label = format!("{name}, your settings");
    view! {
        <a class="bar-person" href="/settings" aria-label=label>
            <Icon glyph=Glyph::Person />
            <span class="bar-name">{name}</span>
        </a>
        <form method="post" action="/api/sign-out">
            <button class="bar-btn bar-out" type="submit">
                "Sign out"
            </button>
        </form>
    }
    .into_any()
}
