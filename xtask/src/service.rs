//! A server process of the demo or of a benchmark.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// How long a process may take until it answers.
const START: Duration = Duration::from_secs(30);
/// How long it may take to end once asked.
const END: Duration = Duration::from_secs(5);

/// How often is asked whether it answers; what is measured of a start is as exact as this.
const POLL: Duration = Duration::from_millis(5);

/// A child process that is stopped when this is dropped.
pub(crate) struct Service {
    name: &'static str,
    child: Child,
    url: String,
    log: PathBuf,
}

impl Service {
    /// Starts a program that will listen on the port; what it prints goes to `<name>.log`.
    pub(crate) fn start(
        name: &'static str,
        port: u16,
        mut command: Command,
        folder: &Path,
    ) -> Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("cannot start the {name}"))?;
        Ok(Self {
            name,
            child,
            url: format!("http://127.0.0.1:{port}"),
            log,
        })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The process's number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until a path answers 200.
    pub(crate) fn wait_for(&mut self, path: &str) -> Result<()> {
        let start = Instant::now();
        while ureq::get(format!("{}{path}", self.url)).call().is_err() {
            self.check()?;
            if start.elapsed() > START {
                bail!(
                    "the {} did not answer within {START:?}; {}",
                    self.name,
                    self.last_words()
                );
            }
            thread::sleep(POLL);
        }
        Ok(())
    }

    /// An error if the process has ended.
    pub(crate) fn check(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!(
                "the {} ended with {status}; {}",
                self.name,
                self.last_words()
            );
        }
        Ok(())
    }

    /// Ends it at once, as a crash would.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        let tail = lines[lines.len().saturating_sub(20)..].join("\n");
        format!("the end of {}:\n{tail}", self.log.display())
    }

    /// Asks, waits, and insists.
    fn stop(&mut self) -> Result<()> {
        if self.child.try_wait()?.is_some() {
            return Ok(());
        }
        kill(Pid::from_raw(self.child.id().try_into()?), Signal::SIGTERM)?;
        let start = Instant::now();
        while self.child.try_wait()?.is_none() {
            if start.elapsed() > END {
                self.child.kill()?;
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            eprintln!("the {} may still run: {error:#}", self.name);
        }
    }
}
