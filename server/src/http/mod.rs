//! HTTP: the registry of routes, the layers around them, and the handlers that are no page.
//!
//! Start at [`routes`], which lists everything that is answered, and [`router`], which puts the
//! layers around it.

pub mod assets;
pub mod events;
pub mod fragments;
pub mod functions;
pub mod health;
pub mod layers;
pub mod pages;
pub mod places;
pub mod problem;
pub mod registry;
pub mod router;
pub mod routes;
pub mod site;
pub mod standing;
pub mod state;
pub mod v1;
