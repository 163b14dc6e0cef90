//! A child while it lives: its process, and what it prints.

use crate::child::{EVENT, FROZEN};
use anyhow::{Context as _, Result, bail};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use store::EventCursor;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// How long a child may take to finish when nobody ends it.
const PATIENCE: Duration = Duration::from_mins(2);

/// A child with its output.
pub struct Living {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

/// Why a child has stopped saying anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// It has ended.
    Ended,
    /// It is at the moment at which it is to be frozen.
    Frozen,
}

impl Living {
    /// Starts a child and waits for its first line, which has to be `first`.
    pub async fn start(mut command: Command, first: &str) -> Result<Self> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the child does not start")?;
        let out = process.stdout.take().context("the child has an output")?;
        let mut lines = BufReader::new(out).lines();
        let line = timeout(PATIENCE, lines.next_line()).await??;
        if line.as_deref() != Some(first) {
            bail!("the child did not begin to work: {line:?}");
        }
        Ok(Self { process, lines })
    }

    /// Takes in each event that the child prints until it prints no more.
    pub async fn read(&mut self, events: &mut Vec<EventCursor>) -> Result<Silence> {
        while let Some(line) = self.lines.next_line().await? {
            if let Some(cursor) = line.strip_prefix(EVENT) {
                events.push(cursor.parse()?);
            } else if line == FROZEN {
                return Ok(Silence::Frozen);
            }
        }
        Ok(Silence::Ended)
    }

    /// As [`Living::read`]; a child that goes on for too long is an error.
    pub async fn read_to_end(&mut self, events: &mut Vec<EventCursor>) -> Result<Silence> {
        timeout(PATIENCE, self.read(events))
            .await
            .context("a child did not finish")?
    }

    /// As [`Living::read`], for a time. Whether the child is still alive then.
    pub async fn outlives(&mut self, life: Duration, events: &mut Vec<EventCursor>) -> bool {
        // A deadline that passes is what is waited for.
        timeout(life, self.read(events)).await.is_err()
    }

    /// Ends it by SIGKILL.
    pub async fn kill(&mut self) -> Result<()> {
        Ok(self.process.kill().await?)
    }

    /// Stops it as it stands.
    pub async fn freeze(&self) -> Result<()> {
        self.signal("STOP").await
    }

    /// Lets a frozen child go on to its end. What it prints was read by another.
    pub async fn wake(mut self) -> Result<()> {
        let mut input = self
            .process
            .stdin
            .take()
            .context("the child has an input")?;
        input.write_all(b"\n").await?;
        self.signal("CONT").await?;
        self.read_to_end(&mut Vec::new()).await?;
        let status = self.end().await?;
        if !status.success() {
            bail!("a child that was frozen failed: {status}");
        }
        Ok(())
    }

    /// How it ended. To be asked once it prints no more.
    pub async fn end(&mut self) -> Result<ExitStatus> {
        Ok(self.process.wait().await?)
    }

    async fn signal(&self, name: &str) -> Result<()> {
        let id = self.process.id().context("the child is gone")?;
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &id.to_string()])
            .status()
            .await?;
        if !sent.success() {
            bail!("SIG{name} was not sent");
        }
        Ok(())
    }
}
