//! Carries a round out.

use crate::child::{AHEAD, EVENT, WORKING};
use crate::clock::AheadClock;
use crate::control::Control;
use crate::database::Database;
use crate::judge::judge;
use crate::round::{End, Round};
use crate::setting::{LEASE_MS, approve_promotions, context, world};
use anyhow::{Context as _, Result, bail};
use domain::{Actor, Clock, Random};
use operations::ports::aws::AwsReads;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;
use store::{EventCursor, Store};
use testkit::{EmulatedAws, SeededRandom};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// How long a child may take to finish when nobody ends it.
const PATIENCE: Duration = Duration::from_mins(2);

/// What a round came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// Children that were ended or frozen.
    pub ended: u32,
    /// What was wrong; empty if the round was survived.
    pub wrong: Vec<String>,
}

/// Runs rounds with children of one program.
#[derive(Clone, Debug)]
pub struct Driver {
    /// The program whose `child` command is the child.
    pub program: PathBuf,
    /// A fault built into the children.
    pub control: Option<Control>,
}

struct Stage<'a> {
    driver: &'a Driver,
    round: &'a Round,
    aws: &'a EmulatedAws,
    database: &'a Database,
    ahead_ms: i64,
    lives: u64,
    read: Vec<EventCursor>,
}

/// A child with its output.
struct Living {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Driver {
    /// Carries out `round`, the `number`th of this process.
    pub async fn run(&self, round: &Round, number: u64) -> Result<Report> {
        let aws = EmulatedAws::start(&world(&round.assumptions.join("\n"))?).await?;
        let database = Database::create(round.kind, number).await?;
        let start = prepare(&database, &aws, round.seed).await?;
        aws.faults(&round.faults).await?;
        let mut stage = Stage {
            driver: self,
            round,
            aws: &aws,
            database: &database,
            ahead_ms: 0,
            lives: 0,
            read: vec![start],
        };
        let ended = stage.live_and_end().await?;
        let store = open(&database).await?;
        let wrong = judge(round, &aws, &store, &stage.read).await?;
        store.close().await;
        database.remove().await?;
        Ok(Report { ended, wrong })
    }
}

/// Approves the promotions and gives the number of the last event.
async fn prepare(database: &Database, aws: &EmulatedAws, seed: u64) -> Result<EventCursor> {
    let store = open(database).await?;
    let clock: Arc<dyn Clock> = Arc::new(AheadClock::new(0));
    let random: Arc<dyn Random> = Arc::new(SeededRandom::new(seed));
    let adapter: Arc<dyn AwsReads> = Arc::new(aws.adapter(Arc::clone(&clock)).await);
    let cx = context(Actor::LocalOperator, &store, adapter, clock, random);
    approve_promotions(&cx, aws).await?;
    let head = *store.watch_head().borrow();
    store.close().await;
    Ok(head)
}

async fn open(database: &Database) -> Result<Store> {
    Store::open(&database.url().parse()?)
        .await
        .context("the database does not open")
}

impl Stage<'_> {
    /// Lets children live and ends them; the last one finishes. Gives how many were ended.
    async fn live_and_end(&mut self) -> Result<u32> {
        let mut ended = 0;
        let mut frozen = Vec::new();
        for end in self.round.ends.clone() {
            let mut living = self.begin(Some(&end)).await?;
            match end {
                End::At { .. } => {
                    // It may finish without passing the moment that often.
                    let status = self.finish(&mut living).await?;
                    ended += u32::from(!status.success());
                }
                End::Killed { after_ms } => {
                    if self.let_live(&mut living, after_ms).await? {
                        living.process.kill().await?;
                        self.drain(&mut living).await?;
                        ended += 1;
                    }
                }
                End::Frozen { after_ms } => {
                    if self.let_live(&mut living, after_ms).await? {
                        signal(&living.process, "STOP").await?;
                        frozen.push(living);
                        ended += 1;
                    }
                }
            }
            self.lose_newest_event();
            self.let_leases_end().await?;
        }
        let mut last = self.begin(None).await?;
        let status = self.finish(&mut last).await?;
        if !status.success() {
            bail!("a child that nobody ended failed: {status}");
        }
        for mut living in frozen {
            signal(&living.process, "CONT").await?;
            let status = self.wake(&mut living).await?;
            if !status.success() {
                bail!("a child that was frozen failed: {status}");
            }
        }
        // What a woken child has changed comes to readers too.
        let mut reader = self.begin(None).await?;
        self.finish(&mut reader).await?;
        Ok(ended)
    }

    async fn begin(&mut self, end: Option<&End>) -> Result<Living> {
        self.lives += 1;
        let seed = self.round.seed.wrapping_mul(1_000).wrapping_add(self.lives);
        let mut command = Command::new(&self.driver.program);
        command
            .args(["child", "--database", self.database.url()])
            .args(["--aws", &self.aws.url()])
            .args(["--ahead-ms", &self.ahead_ms.to_string()])
            .args(["--seed", &seed.to_string()]);
        if self.driver.control != Some(Control::ForgetsPlace) || self.lives == 1 {
            let last = self.read.last().context("the reader has begun")?;
            command.args(["--after", &last.to_string()]);
        }
        if let Some(End::At { moment, nth }) = end {
            command.args(["--end-at", moment, "--nth", &nth.to_string()]);
        }
        match self.driver.control {
            Some(Control::Retries) => command.args(["--control", "retries"]),
            Some(Control::ForgetsPlace) => command.args(["--control", "forgets-place"]),
            None => &mut command,
        };
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the child does not start")?;
        let out = process.stdout.take().context("the child has an output")?;
        let mut lines = BufReader::new(out).lines();
        let first = timeout(PATIENCE, lines.next_line()).await??;
        if first.as_deref() != Some(WORKING) {
            bail!("the child did not begin to work: {first:?}");
        }
        Ok(Living { process, lines })
    }

    /// Reads on for a time. Whether the child is still alive then.
    async fn let_live(&mut self, living: &mut Living, milliseconds: u64) -> Result<bool> {
        let life = Duration::from_millis(milliseconds);
        // A deadline that passes is what is waited for.
        Ok(timeout(life, self.drain(living)).await.is_err())
    }

    /// Reads what the child prints until it prints no more.
    async fn drain(&mut self, living: &mut Living) -> Result<()> {
        while let Some(line) = living.lines.next_line().await? {
            if let Some(cursor) = line.strip_prefix(EVENT) {
                self.read.push(cursor.parse()?);
            } else if let Some(ahead_ms) = line.strip_prefix(AHEAD) {
                self.ahead_ms = self.ahead_ms.max(ahead_ms.parse()?);
            }
        }
        Ok(())
    }

    async fn finish(&mut self, living: &mut Living) -> Result<ExitStatus> {
        let all = timeout(PATIENCE, self.drain(living))
            .await
            .context("a child did not finish");
        if all.is_err() {
            self.tell_jobs().await?;
        }
        all??;
        Ok(living.process.wait().await?)
    }

    /// Prints where the jobs of a round that does not end stand.
    async fn tell_jobs(&self) -> Result<()> {
        let store = open(self.database).await?;
        let mut reader = store.read().await?;
        for job in store::jobs::active(&mut reader).await? {
            eprintln!("{job:#?}");
            for step in store::job_steps::of_job(&mut reader, job.id).await? {
                eprintln!("{step:?}");
            }
        }
        Ok(())
    }

    /// Lets a frozen child go on to its end. Its events were read by another.
    async fn wake(&mut self, living: &mut Living) -> Result<ExitStatus> {
        let all = async {
            while living.lines.next_line().await?.is_some() {}
            living.process.wait().await
        };
        timeout(PATIENCE, all)
            .await
            .context("a frozen child did not finish")?
            .context("a frozen child's output")
    }

    /// The last event on its way to a reader is lost with the connection.
    fn lose_newest_event(&mut self) {
        if self.read.len() > 1 {
            self.read.pop();
        }
    }

    /// Moves children to come and the emulator past every lease.
    async fn let_leases_end(&mut self) -> Result<()> {
        let step_ms = LEASE_MS + 1_000;
        self.ahead_ms += step_ms;
        self.aws.advance(31.0).await
    }
}

/// Sends a signal by its name.
async fn signal(process: &Child, name: &str) -> Result<()> {
    let id = process.id().context("the child is gone")?;
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &id.to_string()])
        .status()
        .await?;
    if !sent.success() {
        bail!("SIG{name} was not sent");
    }
    Ok(())
}
