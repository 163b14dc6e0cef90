//! What cargo checks and tests.

use std::process::Command;

use anyhow::Result;

use crate::phases::Tally;
use crate::postgres::Postgres;
use crate::workspace::{BROWSER_SIDE, SERVER_SIDE};
use crate::{process, tally};

/// The crates without a browser or AWS: the bulk of the logic, compiled in seconds.
const CORE: [&str; 5] = ["domain", "iam", "store", "operations", "engine"];
const XTASK: [&str; 2] = ["--package", "xtask"];

pub(crate) fn formatting() -> Result<Tally> {
    passes(process::cargo().args(["fmt", "--all", "--check"]))
}

pub(crate) fn clippy_server_side() -> Result<Tally> {
    let clippy = |packages: &[&str]| {
        let mut cargo = process::cargo();
        cargo
            .arg("clippy")
            .args(packages)
            .arg("--all-targets")
            .args(DENY_WARNINGS);
        passes(&mut cargo)
    };
    Ok(clippy(&SERVER_SIDE)? + clippy(&XTASK)?)
}

/// For this machine's own target: our code takes the same branches as in the browser, and the
/// dependencies that no feature changes are checked already.
pub(crate) fn clippy_browser_side() -> Result<Tally> {
    passes(
        process::cargo()
            .arg("clippy")
            .args(BROWSER_SIDE)
            .arg("--lib")
            .args(DENY_WARNINGS),
    )
}

/// rustdoc alone looks at the links of doc comments.
pub(super) fn documentation() -> Result<Tally> {
    passes(
        process::cargo()
            .args(["doc", "--quiet", "--no-deps"])
            .args(SERVER_SIDE),
    )
}

const DENY_WARNINGS: [&str; 3] = ["--", "--deny", "warnings"];

/// One compilation gives the tests and the programs that later phases start.
pub(super) fn compile() -> Result<Tally> {
    passes(
        process::cargo()
            .arg("build")
            .args(SERVER_SIDE)
            .arg("--all-targets"),
    )
}

/// Tests that use a database run on PostgreSQL too where there is a server.
pub(super) fn tests(postgres: Option<&Postgres>) -> Result<Tally> {
    Ok(test(&SERVER_SIDE, postgres)? + test(&XTASK, None)?)
}

pub(crate) fn core_tests() -> Result<Tally> {
    test(&CORE.map(|package| ["--package", package]).concat(), None)
}

/// Neither nextest nor `--all-targets` includes them.
pub(super) fn doc_tests() -> Result<Tally> {
    let mut cargo = process::cargo();
    libtest(
        cargo
            .args(["test", "--no-fail-fast", "--doc"])
            .args(SERVER_SIDE),
    )
}

/// With nextest where it is on `PATH`; the tests themselves must not notice.
fn test(packages: &[&str], postgres: Option<&Postgres>) -> Result<Tally> {
    let mut cargo = process::cargo();
    if let Some(postgres) = postgres {
        postgres.known_to(&mut cargo);
    }
    if process::find("cargo-nextest").is_none() {
        return libtest(
            cargo
                .args(["test", "--no-fail-fast", "--all-targets"])
                .args(packages),
        );
    }
    let quiet = ["--status-level", "slow", "--final-status-level", "fail"];
    cargo
        .args(["nextest", "run", "--no-fail-fast", "--no-tests", "pass"])
        .args(quiet);
    let watched = process::watch(cargo.args(packages))?;
    Ok(tally::of_nextest(&watched.lines).of_runner(watched.success))
}

fn libtest(cargo: &mut Command) -> Result<Tally> {
    let watched = process::watch(cargo)?;
    Ok(tally::of_libtest(&watched.lines).of_runner(watched.success))
}

fn passes(command: &mut Command) -> Result<Tally> {
    process::run(command).map(|()| Tally::PASSED)
}
