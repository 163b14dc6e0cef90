//! `cargo xtask bench`: measures, and writes `docs/benchmarks.md`.
//!
//! Each benchmark is one module with one function that gives a [`Report`]; [`BENCHES`] lists them.
//! Time is measured here alone: no test asserts it.

mod console;
mod emulator;
mod fleet;
mod follow;
mod jobs;
mod ledger;
mod machine;
mod moto;
mod page;
mod python;
mod restart;
mod streams;
mod world;

use anyhow::{Result, ensure};
use clap::Args;

use crate::phases::Phases;

#[derive(Args)]
pub(crate) struct Options {
    /// The benchmarks to run; all of them when none is named.
    names: Vec<String>,
}

/// One benchmark.
struct Bench {
    /// Its name on the command line and in the page.
    name: &'static str,
    run: fn() -> Result<Report>,
}

const BENCHES: [Bench; 4] = [
    Bench {
        name: "emulator",
        run: emulator::run,
    },
    Bench {
        name: "streams",
        run: streams::run,
    },
    Bench {
        name: "jobs",
        run: jobs::run,
    },
    Bench {
        name: "restart",
        run: restart::run,
    },
];

/// What a benchmark found.
struct Report {
    title: &'static str,
    /// How it was measured, in Markdown.
    method: String,
    figures: Vec<Figure>,
    /// What else the reader must know, in Markdown.
    notes: String,
}

/// One line of a table.
struct Figure {
    what: String,
    measured: String,
    /// What the project asks of it, or `-`.
    wanted: String,
}

impl Figure {
    fn new(what: impl Into<String>, measured: impl Into<String>, wanted: &str) -> Self {
        Self {
            what: what.into(),
            measured: measured.into(),
            wanted: wanted.to_owned(),
        }
    }
}

pub(crate) fn run(options: &Options) -> Result<()> {
    for name in &options.names {
        let known: Vec<_> = BENCHES.iter().map(|bench| bench.name).collect();
        ensure!(
            known.contains(&name.as_str()),
            "there is no benchmark {name}; there are: {}",
            known.join(", ")
        );
    }
    let mut phases = Phases::default();
    for bench in &BENCHES {
        let wanted = options.names.is_empty() || options.names.iter().any(|one| one == bench.name);
        if wanted {
            let report = phases.step(bench.name, bench.run)?;
            page::write(bench.name, &report)?;
        }
    }
    phases.print_times();
    println!("\ndocs/benchmarks.md");
    Ok(())
}
