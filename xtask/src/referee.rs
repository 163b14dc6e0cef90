//! `cargo xtask referee`: every judge that we did not write, and `docs/referees.md`.

mod page;
mod pinned;

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::phases::{Phases, Tally};
use crate::referees::{self, simulate};
use crate::{build, test};

/// So many cases make a run that is written down.
const FULL: usize = 5000;

#[derive(Args)]
pub(crate) struct Options {
    /// How many generated cases iam-simulate judges; from 5000 on the run is written down.
    #[arg(long, default_value_t = FULL)]
    cases: usize,
    /// The number that those cases follow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What one referee found.
struct Verdict {
    name: &'static str,
    packages: &'static [&'static str],
    tally: Tally,
}

const SIMULATE: &str = "iam-simulate and the evaluator";

/// The exit code is 0 only if no referee objects.
pub(crate) fn run(options: &Options) -> ExitCode {
    let mut phases = Phases::default();
    if let Err(error) = phases.step("programs", build::judged) {
        eprintln!("error: {error:#}");
        return ExitCode::FAILURE;
    }
    let mut verdicts = Vec::new();
    for referee in &referees::LIGHT {
        let mut found = None;
        phases.check(referee.name, || noted(&mut found, (referee.run)()));
        verdicts.extend(found.map(|tally| Verdict {
            name: referee.name,
            packages: referee.packages,
            tally,
        }));
    }
    let mut lines = Vec::new();
    let mut found = None;
    phases.check(SIMULATE, || {
        let simulation = simulate::run(options.cases, options.seed)?;
        lines = simulation.lines;
        noted(&mut found, Ok(simulation.tally))
    });
    verdicts.extend(found.map(|tally| Verdict {
        name: SIMULATE,
        packages: &["@cloud-copilot/iam-simulate"],
        tally,
    }));
    if options.cases >= FULL {
        phases.check("docs/referees.md", || {
            page::write(options, &verdicts, &lines)?;
            Ok(Tally::PASSED)
        });
    }
    test::finish(&phases)
}

fn noted(place: &mut Option<Tally>, tally: Result<Tally>) -> Result<Tally> {
    if let Ok(tally) = &tally {
        *place = Some(*tally);
    }
    tally
}
