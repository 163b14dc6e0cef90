//! Islands: the few parts that need scripts of their own. Everything else is HTML.
//!
//! Each works before it wakes and without scripts: [`copy`] hides itself, [`filter`] is an
//! ordinary search form, [`promotion`] only helps to choose what the server checks anyway.

pub mod copy;
pub mod filter;
pub mod promotion;
