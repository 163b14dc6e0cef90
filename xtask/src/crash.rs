//! `cargo xtask crash`: ends the engine's process at bad moments, again and again.
//!
//! The program is `crates/crash`; it says there what a round is and who judges it.

use anyhow::Result;
use clap::Args;

use crate::postgres::Postgres;
use crate::{process, workspace};

#[derive(Args)]
pub(crate) struct Options {
    /// How many random rounds, after one for each moment and each kind of lost answer.
    #[arg(long, default_value_t = 100)]
    rounds: u64,
    /// The number that everything follows from; a random one when left out.
    #[arg(long)]
    seed: Option<u64>,
}

/// Runs on SQLite and on PostgreSQL.
pub(crate) fn run(options: &Options) -> Result<()> {
    process::run(process::cargo().args(["build", "--package", "crash"]))?;
    let mut program = process::command(workspace::path("target/debug/crash"));
    program.args(["run", "--rounds", &options.rounds.to_string()]);
    if let Some(seed) = options.seed {
        program.args(["--seed", &seed.to_string()]);
    }
    let postgres = Postgres::start()?;
    process::run(postgres.known_to(&mut program))
}
