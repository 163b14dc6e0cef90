//! The client of both sides: boto3, which makes equal signed calls.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::machine;
use crate::process;
use crate::referees::REQUIREMENTS;
use crate::service::Service;
use crate::setup;

/// Makes calls and measures what they cost the server.
pub(super) struct Client {
    python: PathBuf,
}

/// One kind of call.
#[derive(Clone, Copy)]
pub(super) struct Calls {
    pub(super) service: &'static str,
    /// As boto3 spells it, such as `get_caller_identity`.
    pub(super) operation: &'static str,
    /// JSON.
    pub(super) parameters: &'static str,
    pub(super) count: u32,
}

impl Client {
    pub(super) fn install() -> Result<Self> {
        let python = setup::python::install(setup::python::REFEREES, REQUIREMENTS)?;
        Ok(Self { python })
    }

    /// The interpreter.
    pub(super) fn python(&self) -> &Path {
        &self.python
    }

    /// Processor time of the server for one call, in milliseconds: the mean of `calls.count`,
    /// after a tenth as many that do not count.
    pub(super) fn cpu_ms_per_call(&self, server: &Service, calls: Calls) -> Result<f64> {
        self.make(server, calls, calls.count / 10 + 1)?;
        let before = machine::cpu_ms(server.id())?;
        self.make(server, calls, calls.count)?;
        let after = machine::cpu_ms(server.id())?;
        Ok((after - before) / f64::from(calls.count))
    }

    fn make(&self, server: &Service, calls: Calls, count: u32) -> Result<()> {
        let mut client = process::command(&self.python);
        client.arg("xtask/bench/calls.py").args([
            server.url(),
            calls.service,
            calls.operation,
            calls.parameters,
            &count.to_string(),
        ]);
        process::run(&mut client)
    }
}
