//! `cargo xtask fuzz`: spoiled requests and policies against the emulator and `crates/iam`.
//!
//! The program is the example `fuzz` of the emulator's crate; botocore judges its answers.

use anyhow::Result;
use clap::Args;

use crate::phases::{Phases, Tally};
use crate::referees::REQUIREMENTS;
use crate::{build, process, setup, workspace};

#[derive(Args)]
pub(crate) struct Options {
    /// How long.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The number that everything follows from; a random one when left out.
    #[arg(long)]
    seed: Option<u64>,
    /// Stop after so many cases; with the seed of a finding, 1 plays it again.
    #[arg(long)]
    cases: Option<u64>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let mut phases = Phases::default();
    phases.step("fuzzing program", build::judged)?;
    let outcome = phases.step("fuzzing", || fuzz(options));
    phases.print_times();
    println!("\n{}", outcome?);
    Ok(())
}

/// A few seconds of it, on what is compiled already.
pub(crate) fn short() -> Result<Tally> {
    let options = Options {
        seconds: 5,
        seed: None,
        cases: None,
    };
    fuzz(&options).map(|_| Tally::PASSED)
}

/// The line of figures; a finding is an error.
fn fuzz(options: &Options) -> Result<String> {
    let python = setup::python::install(setup::python::REFEREES, REQUIREMENTS)?;
    let mut program = process::command(workspace::path("target/debug/examples/fuzz"));
    program
        .arg("--python")
        .arg(python)
        .arg("--seconds")
        .arg(options.seconds.to_string());
    for (name, value) in [("--seed", options.seed), ("--cases", options.cases)] {
        if let Some(value) = value {
            program.arg(name).arg(value.to_string());
        }
    }
    let watched = process::watch(&mut program)?;
    let last = watched.lines.last().cloned().unwrap_or_default();
    anyhow::ensure!(watched.success, "fuzzing found something; see above");
    Ok(last)
}
