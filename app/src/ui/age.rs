//! Moments: how long ago, with the exact time one hover or one attribute away.

use domain::Millis;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::text;

/// How far a moment lies from now, `8 s ago` or `in 12 s`. `public/live.js` keeps it current.
#[component]
pub fn Ago(
    /// The moment.
    at: Millis,
    /// What the server took for now.
    now: Millis,
) -> impl IntoView {
    view! {
        <time datetime=at.to_string() title=text::second(at) data-age>
            {text::distance(now, at)}
        </time>
    }
}

/// How long something has been running since a moment; `public/live.js` counts on.
#[component]
pub fn Since(
    /// When it began.
    at: Millis,
    /// What the server took for now.
    now: Millis,
) -> impl IntoView {
    let seconds = u64::try_from(now.since(at) / 1000).unwrap_or(0);
    view! {
        <time datetime=at.to_string() title=text::second(at) data-elapsed>
            {text::elapsed(seconds)}
        </time>
    }
}

/// A moment to the minute, `24 Nov 2026, 10:14 UTC`.
#[component]
pub fn Moment(
    /// The moment.
    at: Millis,
) -> impl IntoView {
    view! {
        <time datetime=at.to_string() title=text::second(at)>
            {text::minute(at)}
        </time>
    }
}

/// A moment to the second, `24 Nov 2026, 10:14:14 UTC`.
#[component]
pub fn Second(
    /// The moment.
    at: Millis,
) -> impl IntoView {
    view! { <time datetime=at.to_string()>{text::second(at)}</time> }
}

/// A day, `24 Nov 2026`.
#[component]
pub fn Day(
    /// A moment of that day, UTC.
    at: Millis,
) -> impl IntoView {
    view! {
        <time datetime=at.to_string() title=text::second(at)>
            {text::day(at)}
        </time>
    }
}

/// How old data is, after a clock: the mark beside everything that was read from AWS earlier.
#[component]
pub fn Age(
    /// What was done then, such as `read`.
    verb: &'static str,
    /// When; none says `not read yet`.
    at: Option<Millis>,
    /// What the server took for now.
    now: Millis,
) -> impl IntoView {
    view! {
        <span class="age">
            <Icon glyph=Glyph::Clock />
            {match at {
                Some(at) => view! { <span>{verb} " " <Ago at now /></span> }.into_any(),
                None => view! { <span>"not " {verb} " yet"</span> }.into_any(),
            }}
        </span>
    }
}
