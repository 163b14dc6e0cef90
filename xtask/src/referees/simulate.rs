//! `@cloud-copilot/iam-simulate`, a simulator of AWS IAM, against the evaluator of `crates/iam`.
//!
//! It is a program of its own that Node runs; its licence (AGPL-3.0) touches nothing of ours.

use anyhow::{Context, Result};

use crate::phases::Tally;
use crate::{process, setup, workspace};

/// Its packages, with a lock file of their own.
pub(crate) const FOLDER: &str = "crates/iam/tests/simulate";

/// What came of a run.
pub(crate) struct Simulation {
    pub(crate) tally: Tally,
    /// What the comparing program printed.
    pub(crate) lines: Vec<String>,
}

/// Enough cases to notice a change of the evaluator, in seconds.
pub(crate) fn short() -> Result<Tally> {
    Ok(run(500, 1)?.tally)
}

/// Compares on so many generated cases, besides those of our own policies.
pub(crate) fn run(cases: usize, seed: u64) -> Result<Simulation> {
    setup::npm::install_in(FOLDER)?;
    let mut program = process::command(workspace::path("target/debug/examples/simulate"));
    program.args(["--cases", &cases.to_string(), "--seed", &seed.to_string()]);
    let watched = process::watch(&mut program)?;
    let last = watched
        .lines
        .last()
        .context("the comparison said nothing")?;
    let tally = count(last)
        .with_context(|| format!("the comparison ended with {last:?}"))?
        .of_runner(watched.success);
    Ok(Simulation {
        tally,
        lines: watched.lines,
    })
}

/// `5119 cases, 5000 agreed, 119 settled differences, 0 disagreements`.
fn count(line: &str) -> Option<Tally> {
    let mut numbers = line.split(", ").filter_map(|part| {
        let (number, what) = part.split_once(' ')?;
        Some((number.parse::<usize>().ok()?, what))
    });
    let mut next = |wanted: &str| numbers.next().filter(|(_, what)| *what == wanted);
    next("cases")?;
    let (agreed, _) = next("agreed")?;
    let (settled, _) = next("settled differences")?;
    let (failed, _) = next("disagreements")?;
    Some(Tally {
        passed: agreed + settled,
        failed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_counted() {
        let line = "5119 cases, 5000 agreed, 117 settled differences, 2 disagreements";
        let tally = Tally {
            passed: 5117,
            failed: 2,
        };
        assert_eq!(count(line), Some(tally));
        assert_eq!(count("error: no Node"), None);
        assert_eq!(count("5119 cases, 5000 agreed"), None);
    }
}
