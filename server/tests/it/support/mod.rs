//! A console that runs, and what tests ask it and the emulator.

mod aws;
mod console;
pub(crate) mod followed;
pub(crate) mod person;
pub(crate) mod place;
pub(crate) mod postgres;
mod program;
mod wait;

pub(crate) use aws::FakeAws;
pub(crate) use console::Console;
pub(crate) use console::{SECRET, configuration, write_site};
pub(crate) use program::{Program, command, run};
pub(crate) use wait::until;

use serde_json::{Value, json};

pub(crate) const SOURCE_PROJECT: &str =
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1756890000000";
pub(crate) const SOURCE_VERSION: &str =
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1780304400000";

/// A promotion of inspector v7 from dev to prod under `name`, as `/v1` takes it.
pub(crate) fn promotion(destination_project: &str, name: &str) -> Value {
    json!({
        "source_version": SOURCE_VERSION,
        "destination_project": destination_project,
        "version_name": name,
        "bucket": "vision-prod-models",
        "prefix": "inspector",
        "tags": { "team": "vision" },
        "reason": "better on scratches",
    })
}

/// A client of nobody, that follows no redirect.
pub(crate) fn client() -> reqwest::Client {
    client_with(reqwest::header::HeaderMap::new())
}

/// A client that sends these headers with every request, and follows no redirect.
pub(crate) fn client_with(headers: reqwest::header::HeaderMap) -> reqwest::Client {
    let none = reqwest::redirect::Policy::none();
    let client = reqwest::Client::builder().redirect(none);
    client.default_headers(headers).build().unwrap()
}
