//! The binary `customhouse`; see [`server::cli`].

use std::process::ExitCode;

use clap::Parser;
use server::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    server::cli::run(Cli::parse()).await
}
