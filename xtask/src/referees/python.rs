//! Referees that pytest runs: botocore and boto3, the AWS CLI, parliament.

use anyhow::Result;

use crate::phases::Tally;
use crate::{process, setup, tally};

/// The packages of all of them.
pub(crate) const REQUIREMENTS: &str = "crates/emulator/tests/boto3/requirements.txt";

/// botocore's models judge every operation and refusal.
pub(super) fn boto3() -> Result<Tally> {
    pytest("crates/emulator/tests/boto3")
}

/// A whole promotion typed into a shell.
pub(super) fn cli() -> Result<Tally> {
    pytest("crates/emulator/tests/cli")
}

/// A linter on the policies that `crates/iam` generates.
pub(super) fn parliament() -> Result<Tally> {
    pytest("crates/iam/tests/parliament")
}

fn pytest(tests: &str) -> Result<Tally> {
    let python = setup::python::install(setup::python::REFEREES, REQUIREMENTS)?;
    let mut pytest = process::command(python);
    pytest.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", tests]);
    let watched = process::watch(pytest.env("PYTHONDONTWRITEBYTECODE", "1"))?;
    Ok(tally::of_pytest(&watched.lines).of_runner(watched.success))
}
