//! Small parts of pages on native elements: no I/O, no state, no scripts of their own.
//!
//! Each file holds one part; its classes are in the file of `style/` with the same subject. Only
//! [`icon`] is also used by islands, so only it reaches the browser's build.

pub mod icon;

#[cfg(feature = "ssr")]
pub mod age;
#[cfg(feature = "ssr")]
pub mod arn;
#[cfg(feature = "ssr")]
pub mod card;
#[cfg(feature = "ssr")]
pub mod crumbs;
#[cfg(feature = "ssr")]
pub mod empty;
#[cfg(feature = "ssr")]
pub mod environment;
#[cfg(feature = "ssr")]
pub mod field;
#[cfg(feature = "ssr")]
pub mod flash;
#[cfg(feature = "ssr")]
pub mod lane;
#[cfg(feature = "ssr")]
pub mod page_head;
#[cfg(feature = "ssr")]
pub mod problem;
#[cfg(feature = "ssr")]
pub mod route;
#[cfg(feature = "ssr")]
pub mod seal;
#[cfg(feature = "ssr")]
pub mod status;
#[cfg(feature = "ssr")]
pub mod table;
