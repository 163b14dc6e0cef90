//! `cargo xtask check`: what takes seconds while working.

use std::process::ExitCode;

use crate::phases::Phases;
use crate::test::{self, rust};

pub(crate) fn run() -> ExitCode {
    let mut phases = Phases::default();
    phases.check("formatting", rust::formatting);
    phases.check("clippy, server side", rust::clippy_server_side);
    phases.check("clippy, browser side", rust::clippy_browser_side);
    phases.check("tests of the core", rust::core_tests);
    test::finish(&phases)
}
