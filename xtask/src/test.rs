//! `cargo xtask test`: every check and test, the quick ones first.
//!
//! A phase that fails does not hide a later one, unless that one needs its result.

mod browser;
mod budget;
pub(crate) mod rust;

use std::process::ExitCode;

use crate::phases::Phases;
use crate::postgres::Postgres;
use crate::site::{self, Profile};
use crate::{fuzz, referees, setup};

const FUZZING: &str = "fuzzing for 5 seconds";
const SIMULATE: &str = "iam-simulate on 500 cases";

/// Runs everything; the exit code is 0 only if nothing failed.
pub(crate) fn run() -> ExitCode {
    let mut phases = Phases::default();
    phases.check("formatting", rust::formatting);
    phases.check("clippy, server side", rust::clippy_server_side);
    phases.check("clippy, browser side", rust::clippy_browser_side);
    phases.check("links in the documentation", rust::documentation);

    let programs = phases.check("programs and tests, compiled", rust::compile);
    if programs {
        rust_tests(&mut phases);
        phases.check("doc tests", rust::doc_tests);
        for referee in &referees::LIGHT {
            phases.check(referee.name, referee.run);
        }
        phases.check(SIMULATE, referees::simulate::short);
        phases.check(FUZZING, fuzz::short);
    } else {
        let light = referees::LIGHT.iter().map(|referee| referee.name);
        for name in ["Rust tests", "doc tests", SIMULATE, FUZZING]
            .into_iter()
            .chain(light)
        {
            phases.blocked(name, "programs and tests, compiled");
        }
    }

    // The files that are released are the files that are tested.
    match site::build(&mut phases, Profile::Release) {
        Ok(()) => {
            phases.check("size of the islands", budget::islands);
            phases.check("types of the scripts", browser::types);
            browser_tests(&mut phases, programs);
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            for name in [
                "size of the islands",
                "types of the scripts",
                "browser tests",
            ] {
                phases.blocked(name, "site");
            }
        }
    }
    finish(&phases)
}

/// On SQLite in any case; that PostgreSQL is not to be had counts as a failure.
fn rust_tests(phases: &mut Phases) {
    let postgres = match phases.step("PostgreSQL server", Postgres::start) {
        Ok(server) => Some(server),
        Err(error) => {
            eprintln!("error: {error:#}");
            phases.blocked("Rust tests on PostgreSQL", "PostgreSQL server");
            None
        }
    };
    if let Err(error) = phases.step("strace", setup::strace::install) {
        eprintln!("error: {error:#}");
    }
    phases.check("Rust tests", || rust::tests(postgres.as_ref()));
}

fn browser_tests(phases: &mut Phases, programs: bool) {
    const NAME: &str = "browser tests";
    if !programs {
        phases.blocked(NAME, "programs and tests, compiled");
    } else if let Err(error) = phases.step("browser", setup::chromium::install) {
        eprintln!("error: {error:#}");
        phases.blocked(NAME, "browser");
    } else {
        phases.check(NAME, browser::tests);
    }
}

/// Prints the times and, as the very last line, the count.
pub(crate) fn finish(phases: &Phases) -> ExitCode {
    phases.print_times();
    let tally = phases.tally();
    println!("\n{tally}");
    if tally.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
