//! The emulator seen by AWS's own Python SDK.

use anyhow::Result;

use super::tally;
use crate::phases::Tally;
use crate::{process, setup};

const TESTS: &str = "crates/emulator/tests/boto3";

pub(super) fn run() -> Result<Tally> {
    let python = setup::python::install(&format!("{TESTS}/requirements.txt"))?;
    let mut pytest = process::command(python);
    pytest.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", TESTS]);
    let watched = process::watch(pytest.env("PYTHONDONTWRITEBYTECODE", "1"))?;
    Ok(tally::of_pytest(&watched.lines).of_runner(watched.success))
}
