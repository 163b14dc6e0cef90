//! Named, timed pieces of work, and the count of what passed.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::Result;

/// How many checks or tests ended which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Tally {
    /// One check that ended well.
    pub(crate) const PASSED: Self = Self {
        passed: 1,
        failed: 0,
    };
    const FAILED: Self = Self {
        passed: 0,
        failed: 1,
    };

    /// A runner that ended badly without naming a failed test counts as one failure.
    pub(crate) fn of_runner(self, success: bool) -> Self {
        if success || self.failed > 0 {
            self
        } else {
            Self { failed: 1, ..self }
        }
    }
}

impl std::ops::Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// The phases of one command, in order.
#[derive(Default)]
pub(crate) struct Phases {
    done: Vec<Phase>,
}

struct Phase {
    name: &'static str,
    took: Duration,
    tally: Tally,
}

impl Phases {
    /// Runs a step that the following ones need; its error ends the command.
    pub(crate) fn step<T>(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let (result, took) = timed(name, work);
        self.done.push(Phase {
            name,
            took,
            tally: Tally::default(),
        });
        result
    }

    /// Runs checks. An error is printed and counts as one failure, and the next phase still
    /// runs. Returns whether nothing failed.
    pub(crate) fn check(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<Tally>,
    ) -> bool {
        let (result, took) = timed(name, work);
        let tally = result.unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Tally::FAILED
        });
        self.done.push(Phase { name, took, tally });
        tally.failed == 0
    }

    /// Says that a phase could not run because an earlier one failed; counts as one failure.
    pub(crate) fn blocked(&mut self, name: &'static str, because: &'static str) {
        eprintln!("\n== {name}: not run, because \"{because}\" failed");
        self.done.push(Phase {
            name,
            took: Duration::ZERO,
            tally: Tally::FAILED,
        });
    }

    /// Prints how long each phase took.
    pub(crate) fn print_times(&self) {
        println!();
        for Phase { name, took, tally } in &self.done {
            let result = if *tally == Tally::default() {
                String::new()
            } else {
                tally.to_string()
            };
            println!("{:>8.1} s  {name:<34} {result}", took.as_secs_f64());
        }
        let total: Duration = self.done.iter().map(|phase| phase.took).sum();
        println!("{:>8.1} s  in all", total.as_secs_f64());
    }

    pub(crate) fn tally(&self) -> Tally {
        self.done
            .iter()
            .fold(Tally::default(), |sum, phase| sum + phase.tally)
    }
}

fn timed<T>(name: &str, work: impl FnOnce() -> Result<T>) -> (Result<T>, Duration) {
    println!("\n== {name}");
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_counts_as_one_failure_and_hides_nothing_after_it() {
        let mut phases = Phases::default();
        assert!(!phases.check("breaks", || anyhow::bail!("no")));
        assert!(phases.check("works", || Ok(Tally {
            passed: 3,
            failed: 0
        })));
        phases.blocked("needs the first", "breaks");
        assert_eq!(
            phases.tally(),
            Tally {
                passed: 3,
                failed: 2
            }
        );
    }

    #[test]
    fn a_runner_that_dies_without_a_failed_test_counts_as_one_failure() {
        let counted = Tally {
            passed: 2,
            failed: 0,
        };
        assert_eq!(
            counted.of_runner(false),
            Tally {
                passed: 2,
                failed: 1
            }
        );
        assert_eq!(counted.of_runner(true), counted);
        let named = Tally {
            passed: 1,
            failed: 4,
        };
        assert_eq!(named.of_runner(false), named);
    }
}
