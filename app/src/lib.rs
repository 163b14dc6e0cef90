//! The console that people see: pages, forms, the few interactive islands and the parts they are
//! made of.
//!
//! Pages are rendered on the server only (feature `ssr`) and call `operations` directly. The
//! browser gets HTML, two small scripts of `public/`, and the WebAssembly of [`islands`]
//! (feature `hydrate`). A page begins in [`layout`], its body is in `pages/<noun>`, a form posts to
//! a function of [`api`], and what is live is served again, piece by piece, by `fragments`.

#![cfg_attr(
    feature = "ssr",
    expect(
        unreachable_pub,
        reason = "the component macro makes pub what it makes of a component"
    ),
    expect(
        clippy::needless_pass_by_value,
        reason = "components and views own what they show"
    )
)]

#[cfg(feature = "ssr")]
pub mod api;
pub mod assets;
pub mod islands;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod forms;
#[cfg(feature = "ssr")]
pub mod fragments;
#[cfg(feature = "ssr")]
pub mod layout;
#[cfg(feature = "ssr")]
pub mod links;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod scripts;
#[cfg(feature = "ssr")]
pub mod text;

#[cfg(feature = "ssr")]
pub use layout::{App, shell};
