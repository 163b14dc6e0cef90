//! The side navigation. On narrow screens the same element is a popover.

use domain::Action;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::somebody;
use crate::ui::icon::{Glyph, Icon};

/// The places of the console, in the order in which people meet them.
const PLACES: [(&str, &str, Glyph); 5] = [
    ("/", "Home", Glyph::Home),
    ("/promotions", "Promotions", Glyph::Promotions),
    ("/models", "Models", Glyph::Models),
    ("/policies", "Policies", Glyph::Policies),
    ("/accounts", "Accounts", Glyph::Accounts),
];

/// Links to the places, the one of this page marked, and whether updates arrive.
#[component]
pub(super) fn SideNavigation() -> impl IntoView {
    let path = use_location().pathname.get_untracked();
    let places = places();
    let links = places.into_iter().map(|(to, name, glyph)| {
        view! {
            <li>
                <a href=to aria-current=leads_to(to, &path)>
                    <Icon glyph />
                    {name}
                </a>
            </li>
        }
    });
    view! {
        <nav class="nav" id="nav" popover aria-label="Main">
            <ul class="nav-list">{links.collect_view()}</ul>
            <dl class="nav-foot">
                <div>
                    <dt>"Updates"</dt>
                    <dd>
                        <LiveBadge />
                    </dd>
                </div>
                <div>
                    <dt>"Times"</dt>
                    <dd>"UTC"</dd>
                </div>
            </dl>
        </nav>
    }
}

/// The places that whoever asks may go to; none before they have signed in.
fn places() -> Vec<(&'static str, &'static str, Glyph)> {
    let Some(cx) = somebody() else {
        return Vec::new();
    };
    let mut places = PLACES.to_vec();
    if cx.may(Action::ViewAudit) {
        places.push(("/audit", "Audit", Glyph::Seal));
    }
    if cx.may(Action::ManagePeople) {
        places.push(("/settings/people", "People", Glyph::Person));
    }
    places
}

/// `page` for the place itself, `true` for pages below it; jobs belong to promotions.
fn leads_to(place: &str, path: &str) -> Option<&'static str> {
    let below = |place: &str| {
        path.strip_prefix(place)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    match place {
        _ if place == path => Some("page"),
        "/" => None,
        "/promotions" if below("/jobs") => Some("true"),
        _ => below(place).then_some("true"),
    }
}

/// Whether changes arrive by themselves. `public/live.js` writes state and word; without scripts
/// nothing is live.
#[component]
pub fn LiveBadge() -> impl IntoView {
    view! {
        <span class="live live-off" data-live>
            <span class="live-dot"></span>
            <span>"Not live"</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::leads_to;

    #[test]
    fn a_place_is_marked_on_its_own_page_and_those_below() {
        for (place, path, mark) in [
            ("/", "/", Some("page")),
            ("/", "/models", None),
            ("/models", "/models", Some("page")),
            ("/models", "/models/a/b", Some("true")),
            ("/models", "/modelsx", None),
            ("/promotions", "/jobs/job_1", Some("true")),
            ("/accounts", "/jobs/job_1", None),
        ] {
            assert_eq!(leads_to(place, path), mark, "{place} {path}");
        }
    }
}
