//! Carries a round out.

use crate::child::WORKING;
use crate::clock::AheadClock;
use crate::control::Control;
use crate::database::Database;
use crate::finding::Finding;
use crate::judge::{judge, judge_intents};
use crate::living::{Living, Silence};
use crate::round::{End, Round};
use crate::setting::{LEASE_MS, approve_promotions, context, world};
use anyhow::{Context as _, Result, bail};
use domain::{Clock, Random};
use operations::ports::aws::AwsReads;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use store::{EventCursor, Store};
use testkit::{EmulatedAws, SeededRandom};
use tokio::process::Command;

/// What a round came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// Children that were ended or frozen.
    pub ended: u32,
    /// What was wrong; empty if the round was survived.
    pub wrong: Vec<Finding>,
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
    clock: AheadClock,
    lives: u64,
    read: Vec<EventCursor>,
    wrong: Vec<Finding>,
}

impl Driver {
    /// Carries out `round`, the `number`th of this process.
    pub async fn run(&self, round: &Round, number: u64) -> Result<Report> {
        let aws = EmulatedAws::start(&world(&round.assumptions.join("\n"))?).await?;
        let database = Database::create(round.kind, number).await?;
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let clock = AheadClock::create(folder.path().join("clock"))?;
        let start = prepare(&database, &aws, &clock, round.seed).await?;
        aws.faults(&round.faults).await?;
        let mut stage = Stage {
            driver: self,
            round,
            aws: &aws,
            database: &database,
            clock,
            lives: 0,
            read: vec![start],
            wrong: Vec::new(),
        };
        let ended = stage.live_and_end().await?;
        let store = open(&database).await?;
        let mut wrong = stage.wrong;
        wrong.extend(judge(round, &aws, &store, &stage.read).await?);
        store.close().await;
        database.remove().await?;
        Ok(Report { ended, wrong })
    }
}

/// Approves the promotions and gives the number of the last event.
async fn prepare(
    database: &Database,
    aws: &EmulatedAws,
    clock: &AheadClock,
    seed: u64,
) -> Result<EventCursor> {
    let store = open(database).await?;
    let clock: Arc<dyn Clock> = Arc::new(clock.clone());
    let random: Arc<dyn Random> = Arc::new(SeededRandom::new(seed));
    let adapter: Arc<dyn AwsReads> = Arc::new(aws.adapter(Arc::clone(&clock)).await);
    let cx = context(testkit::everything(), &store, adapter, clock, random);
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

/// What became of a child that was to be ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It had finished before.
    Finished,
    Ended,
    Frozen,
}

impl Stage<'_> {
    /// Lets children live and ends them; the last one finishes. One that was frozen wakes once the
    /// child after it is through. Gives how many were ended or frozen.
    async fn live_and_end(&mut self) -> Result<u32> {
        let mut ended = 0;
        let mut asleep: Option<Living> = None;
        for end in self.round.ends.clone() {
            let mut living = self.begin(Some(&end)).await?;
            let fate = self.strike(&end, &mut living).await?;
            ended += u32::from(fate != Fate::Finished);
            self.lose_newest_event();
            self.let_leases_end().await?;
            self.judge_now().await?;
            if let Some(sleeper) = asleep.take() {
                sleeper.wake().await?;
            }
            asleep = (fate == Fate::Frozen).then_some(living);
        }
        self.let_finish().await?;
        if let Some(sleeper) = asleep {
            sleeper.wake().await?;
        }
        // What a woken child has changed comes to readers too.
        self.let_finish().await?;
        Ok(ended)
    }

    async fn begin(&mut self, end: Option<&End>) -> Result<Living> {
        self.lives += 1;
        let seed = self.round.seed.wrapping_mul(1_000).wrapping_add(self.lives);
        let mut command = Command::new(&self.driver.program);
        command
            .args(["child", "--database", self.database.url()])
            .args(["--aws", &self.aws.url()])
            .arg("--clock")
            .arg(self.clock.file())
            .args(["--seed", &seed.to_string()]);
        if self.driver.control != Some(Control::ForgetsPlace) || self.lives == 1 {
            let last = self.read.last().context("the reader has begun")?;
            command.args(["--after", &last.to_string()]);
        }
        match end {
            Some(End::At { moment, nth }) => {
                command.args(["--end-at", moment, "--nth", &nth.to_string()]);
            }
            Some(End::FrozenAt { moment, nth }) => {
                command.args(["--freeze-at", moment, "--nth", &nth.to_string()]);
            }
            Some(End::Killed { .. } | End::Frozen { .. }) | None => {}
        }
        match self.driver.control {
            Some(Control::Retries) => command.args(["--control", "retries"]),
            Some(Control::ForgetsPlace) => command.args(["--control", "forgets-place"]),
            None => &mut command,
        };
        Living::start(command, WORKING).await
    }

    /// Ends a child, or freezes it. One that finishes its work first does neither.
    async fn strike(&mut self, end: &End, living: &mut Living) -> Result<Fate> {
        let fate = match end {
            End::At { .. } | End::FrozenAt { .. } => self.read_to_end(living).await?,
            End::Killed { after_ms } | End::Frozen { after_ms } => {
                let life = Duration::from_millis(*after_ms);
                if !living.outlives(life, &mut self.read).await {
                    return Ok(Fate::Finished);
                }
                if matches!(end, End::Frozen { .. }) {
                    Silence::Frozen
                } else {
                    living.kill().await?;
                    self.read_to_end(living).await?
                }
            }
        };
        match fate {
            Silence::Frozen => living.freeze().await.map(|()| Fate::Frozen),
            Silence::Ended if living.end().await?.success() => Ok(Fate::Finished),
            Silence::Ended => Ok(Fate::Ended),
        }
    }

    /// Lets a child work in peace until nothing is left to do.
    async fn let_finish(&mut self) -> Result<()> {
        let mut living = self.begin(None).await?;
        self.read_to_end(&mut living).await?;
        let status = living.end().await?;
        if !status.success() {
            bail!("a child that nobody ended failed: {status}");
        }
        Ok(())
    }

    async fn read_to_end(&mut self, living: &mut Living) -> Result<Silence> {
        let read = living.read_to_end(&mut self.read).await;
        if read.is_err() {
            self.tell_jobs().await?;
        }
        read
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

    /// Judges what must hold whenever a process ends.
    async fn judge_now(&mut self) -> Result<()> {
        let store = open(self.database).await?;
        self.wrong.extend(judge_intents(self.aws, &store).await?);
        store.close().await;
        Ok(())
    }

    /// The last event on its way to a reader is lost with the connection.
    fn lose_newest_event(&mut self) {
        if self.read.len() > 1 {
            self.read.pop();
        }
    }

    /// Moves all children and the emulator past every lease.
    async fn let_leases_end(&mut self) -> Result<()> {
        self.clock.forward(LEASE_MS + 1_000)?;
        self.aws.advance(31.0).await
    }
}
