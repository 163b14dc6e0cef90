//! Pages and forms as a browser meets them, against a real database and an emulated AWS.

mod accounts;
mod audit;
mod errors;
mod forms;
mod html;
mod jobs;
mod local;
mod models;
mod policies;
mod promotions;
mod world;
