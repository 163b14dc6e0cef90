//! The project's build: one program for what several tools have to do together.
//!
//! It compiles the server with cargo, the islands to WebAssembly, the styles with Tailwind,
//! gives the results hashed names, and runs the demo and the tests. Everything it makes lies
//! under `target/`, `node_modules/` and `.venv/`.
//!
//! Start reading at [`Command`]; each command is one module.

mod bench;
mod build;
mod check;
mod crash;
mod demo;
mod fuzz;
mod phases;
mod postgres;
mod process;
mod referee;
mod referees;
mod routes;
mod screenshots;
mod section;
mod service;
mod setup;
mod site;
mod tally;
mod test;
mod token;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, shows and tests Customhouse.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and serve the console against an emulated AWS until Ctrl-C.
    Demo(demo::Options),
    /// Run every check and test; the last line counts them.
    Test,
    /// The fast part of `test`: formatting, clippy, tests of the crates without a browser or AWS.
    Check,
    /// Build the programs; with --release one binary that holds the whole site.
    Build(build::Options),
    /// List every route of the server: method, path, action.
    Routes(routes::Options),
    /// Spoil requests and policies until something breaks or the time is over.
    Fuzz(fuzz::Options),
    /// Let every program that we did not write judge the emulator and the policy evaluator, and
    /// write what they found into docs/referees.md.
    Referee(referee::Options),
    /// End the engine's process at bad moments and ask the emulator what was done.
    Crash(crash::Options),
    /// Measure, and write what was measured into docs/benchmarks.md.
    Bench(bench::Options),
    /// Photograph every page, light, dark and narrow, into target/screenshots.
    Screenshots,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Demo(options) => demo::run(&options),
        Command::Test => return test::run(),
        Command::Check => return check::run(),
        Command::Build(options) => build::run(&options),
        Command::Routes(options) => routes::run(&options),
        Command::Referee(options) => return referee::run(&options),
        Command::Crash(options) => crash::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Screenshots => screenshots::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
