//! The WebAssembly that a browser loads: the islands of `app`, and nothing else.
//!
//! `app/src/hydrate.js` calls [`hydrate`] once and then one exported function for each island.

// Without a use of the crate the linker drops the islands' exports.
use app as _;

/// Makes the page ready for its islands.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
