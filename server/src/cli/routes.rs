//! `customhouse routes`.

use anyhow::{Context, Result};
use clap::Args;

use super::Verdict;
use super::output::say;
use crate::http::registry::{Access, RouteInfo};
use crate::http::routes;

/// How routes are listed.
#[derive(Args)]
pub(super) struct Options {
    /// As a JSON list of objects.
    #[arg(long)]
    json: bool,
}

/// Lists what the registry holds. Needs neither configuration nor database.
pub(super) fn run(options: &Options) -> Result<Verdict> {
    let list = routes::collect()?.list();
    if options.json {
        say(&serde_json::to_string_pretty(&list).context("routes have no JSON")?)?;
    } else {
        for route in &list {
            say(&line(route))?;
        }
    }
    Ok(Verdict::Good)
}

fn line(route: &RouteInfo) -> String {
    let action = match route.access {
        Access::Open => "open".to_owned(),
        Access::Action(action) => format!("{action:?}"),
    };
    format!("{:<6} {:<40} {action}", route.method.as_str(), route.path)
}
