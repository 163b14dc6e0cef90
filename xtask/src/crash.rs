//! `cargo xtask crash`: ends the engine's process at bad moments, again and again.
//!
//! The program is `crates/crash`; it says there what a round is and who judges it. With `--controls`
//! guards are taken out of the code first, and each of them has to be missed.

mod control;
mod controls;
mod tree;

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
    /// Instead: takes one guard after the other out of a copy of the code, and fails unless the
    /// judge finds what each of them prevents.
    #[arg(long, conflicts_with_all = ["rounds", "seed"])]
    controls: bool,
    /// Of the controls only this one; may be given more than once.
    #[arg(long, requires = "controls", value_name = "NAME")]
    only: Vec<String>,
}

/// Runs on SQLite and on PostgreSQL.
pub(crate) fn run(options: &Options) -> Result<()> {
    if options.controls {
        return controls::run(&options.only);
    }
    process::run(process::cargo().args(["build", "--package", "crash"]))?;
    let mut program = process::command(workspace::path("target/debug/crash"));
    program.args(["run", "--rounds", &options.rounds.to_string()]);
    if let Some(seed) = options.seed {
        program.args(["--seed", &seed.to_string()]);
    }
    let postgres = Postgres::start()?;
    process::run(postgres.known_to(&mut program))
}
