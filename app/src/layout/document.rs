//! The document around the pages.

use leptos::prelude::*;
use leptos_meta::MetaTags;
use operations::OpContext;

use super::App;
use super::refresh::RefreshWithoutScripts;
use crate::assets::asset_url;
use crate::scripts::HydrationScripts;

/// The whole document of every page.
///
/// Scripts come as files of our own, but for the one of [`HydrationScripts`], which has the nonce
/// of the response; there is no inline style. `theme.js` stands before the body on purpose: a page
/// must not flash in the other theme. `data-now` tells scripts what the server took for now, so
/// that ages are right under a wrong clock.
pub fn shell() -> impl IntoView {
    // Before anybody has signed in there is nothing to follow and nothing to hydrate.
    let signed_in = super::somebody().is_some();
    let now = use_context::<OpContext>().map(|cx| cx.now().get().to_string());
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" type="image/svg+xml" href=asset_url("icon.svg") />
                <link rel="stylesheet" href=asset_url("customhouse.css") />
                <script src=asset_url("theme.js")></script>
                <script type="module" src=asset_url("page.js")></script>
                {signed_in
                    .then(|| {
                        view! {
                            <script type="module" src=asset_url("live.js")></script>
                            <HydrationScripts />
                            <RefreshWithoutScripts />
                        }
                    })}
                <MetaTags />
            </head>
            <body data-now=now>
                <App />
            </body>
        </html>
    }
}
