//! The script that wakes the islands of a page.
//!
//! Leptos's own `HydrationScripts` finds hashed names through a file beside the executable and
//! asks for a wasm name fixed at compile time; ours takes both from the
//! [manifest](crate::assets), starts both downloads at once, fetches nothing on a page without
//! islands, and writes no attribute that the content security policy would refuse.

use leptos::nonce::use_nonce;
use leptos::prelude::*;

use crate::assets::asset_url;

/// A function of two addresses, the module that wasm-bindgen made and the WebAssembly. It calls
/// each island's exported function on its element, parents before children, since an island's
/// children get their reactive context from the `$$on_hydrate` that the parent's call leaves
/// behind. It stands in every page, so it carries no comments.
const HYDRATE: &str = include_str!("hydrate.js");

/// Put this into `<head>` once. It needs the nonce of the response in the context (Leptos
/// provides it under its feature `nonce`) and [`AssetManifest`](crate::assets::AssetManifest).
///
/// Whatever adds server-rendered HTML to the page later tells it by dispatching a bubbling
/// `customhouse:inserted` event on the new element, and the islands in it wake too.
/// `<html data-islands="ready">` says that the islands the page came with are awake.
#[component]
pub fn HydrationScripts() -> impl IntoView {
    // Outside islands nothing hydrates: neither markers nor data for the browser are written.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let script = asset_url("customhouse.js");
    let wasm = asset_url("customhouse.wasm");
    let call = format!("({HYDRATE})({script:?}, {wasm:?});");
    view! {
        <link rel="modulepreload" href=script />
        <script type="module" nonce=use_nonce()>
            {call}
        </script>
    }
}
