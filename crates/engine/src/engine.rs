//! Claims what is due and works on it, a bounded number of jobs at once. Looks at running copies are
//! bounded on their own: they must not wait for jobs that wait for a call that AWS allows.

use crate::backoff::between;
use crate::error::{EngineError, Stop};
use crate::lease;
use crate::parts::EngineParts;
use crate::steps::{awaited, look_together, make_a_move};
use crate::visit::{Settled, Visit};
use domain::{Millis, ProjectArn};
use operations::OpContext;
use operations::jobs::{self, ClaimedJob};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How many jobs one search of a test takes.
const AT_ONCE: u32 = 1000;

/// A clock that goes back by less is not asked about.
const SET_BACK_MS: i64 = 60_000;

/// Pause when a job is due but somebody else is about to take it.
const SHORTEST_PAUSE_MS: i64 = 20;

/// Pause between two searches for copies to look at while no other work can be taken up.
const BUSY_PAUSE: Duration = Duration::from_millis(100);

/// Carries out approved plans. A handle that is cheap to clone; several engines may work on one
/// database, in one process or in many.
#[derive(Clone)]
pub struct Engine {
    pub(crate) parts: Arc<EngineParts>,
    /// What the clock said when work was last looked for, in milliseconds.
    last_claim_at: Arc<AtomicI64>,
}

/// One piece of work.
enum Work {
    /// One move of one job.
    Move(Box<ClaimedJob>),
    /// One look at all accepted copies into the same project.
    Look(Vec<ClaimedJob>),
}

/// What a running engine starts work with.
struct Desk {
    tracker: TaskTracker,
    /// Places for moves, and for groups of looks.
    moves: Arc<Semaphore>,
    looks: Arc<Semaphore>,
    /// Told when a piece of work is done.
    done: Arc<Notify>,
}

impl Engine {
    /// An engine that does nothing yet. Leases shorter than 30 s are raised to that.
    pub fn new(mut parts: EngineParts) -> Self {
        parts.settings = parts.settings.bounded();
        Self {
            parts: Arc::new(parts),
            last_claim_at: Arc::new(AtomicI64::new(i64::MAX)),
        }
    }

    /// Works until `stop`, then lets what is under way end and returns.
    ///
    /// It searches for work after every commit, when a job falls due, and at least every
    /// `poll_ms` (jittered). While the database cannot be used it goes on trying.
    pub async fn run(&self, stop: CancellationToken) {
        let desk = Desk {
            tracker: TaskTracker::new(),
            moves: Arc::new(Semaphore::new(self.parts.settings.concurrency)),
            looks: Arc::new(Semaphore::new(self.parts.settings.looks)),
            done: Arc::new(Notify::new()),
        };
        let mut head = self.parts.store.watch_head();
        let (engine, sweeping) = (self.clone(), stop.clone());
        desk.tracker
            .spawn(async move { engine.keep_sweeping(sweeping).await });
        while !stop.is_cancelled() {
            let pause = match Box::pin(self.take_up(&desk)).await {
                Ok(None) => continue,
                Ok(Some(pause)) => pause,
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "no work was taken up"
                    );
                    self.longest_pause()
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                Ok(()) = head.changed() => {}
                () = desk.done.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        desk.tracker.close();
        desk.tracker.wait().await;
    }

    /// Claims as much as there is room for and starts it. Gives how long to wait, or `None` if there
    /// may be more to claim.
    async fn take_up(&self, desk: &Desk) -> Result<Option<Duration>, EngineError> {
        self.take_up_looks(desk).await?;
        let room = u32::try_from(desk.moves.available_permits()).unwrap_or(u32::MAX);
        if room == 0 {
            return Ok(Some(BUSY_PAUSE));
        }
        let claimed = self.claim(room).await?;
        let more = claimed.len() >= usize::try_from(room).unwrap_or(usize::MAX);
        for work in self.grouped(claimed).await? {
            self.start(desk, &desk.moves, work).await;
        }
        if more {
            return Ok(None);
        }
        let due_in_ms = self
            .next_due()
            .await?
            .map(|due| due.since(self.parts.clock.now()).max(SHORTEST_PAUSE_MS));
        let due_in = due_in_ms.and_then(|pause| u64::try_from(pause).ok());
        let longest = self.longest_pause();
        Ok(Some(due_in.map_or(longest, |due| {
            longest.min(Duration::from_millis(due))
        })))
    }

    /// Claims the copies that are to be looked at, project after project, as far as there is room.
    async fn take_up_looks(&self, desk: &Desk) -> Result<(), EngineError> {
        let room = desk.looks.available_permits();
        if room == 0 {
            return Ok(());
        }
        let cx = self.parts.context("engine".to_owned());
        let projects = jobs::copies_due(&cx).await;
        let projects = projects.map_err(EngineError::when("read which copies are due"))?;
        for project in projects.into_iter().take(room) {
            let (moves, looks) = divided(self.claim_into(&project).await?);
            for work in moves.into_iter().chain(looks.into_values().map(Work::Look)) {
                self.start(desk, &desk.looks, work).await;
            }
        }
        Ok(())
    }

    /// Has the work done in a task of its own, once one of `places` is free.
    async fn start(&self, desk: &Desk, places: &Arc<Semaphore>, work: Work) {
        let permit = Arc::clone(places).acquire_owned().await;
        let (engine, done) = (self.clone(), Arc::clone(&desk.done));
        desk.tracker.spawn(async move {
            if let Err(error) = engine.work(work).await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a job was left to its lease"
                );
            }
            drop(permit);
            done.notify_one();
        });
    }

    /// Makes one visit to every job that is due, one after the other, in the caller's task. Gives
    /// how many there were. For tests, which move the clock themselves.
    pub async fn run_once(&self) -> Result<usize, EngineError> {
        let claimed = self.claim(AT_ONCE).await?;
        let count = claimed.len();
        for work in self.grouped(claimed).await? {
            self.work(work).await?;
        }
        Ok(count)
    }

    /// [`Engine::run_once`] until nothing is due any more at the present time.
    pub async fn drain(&self) -> Result<usize, EngineError> {
        let mut total = 0;
        loop {
            let count = self.run_once().await?;
            if count == 0 {
                return Ok(total);
            }
            total += count;
        }
    }

    /// When the next job that has not ended falls due; none if there is no such job.
    pub async fn next_due(&self) -> Result<Option<Millis>, EngineError> {
        let cx = self.parts.context("engine".to_owned());
        jobs::next_due(&cx)
            .await
            .map_err(EngineError::when("read when jobs fall due"))
    }

    async fn claim(&self, limit: u32) -> Result<Vec<ClaimedJob>, EngineError> {
        let cx = self.parts.context("engine".to_owned());
        self.compare_with_last_claim(&cx).await?;
        let lease_ms = self.parts.settings.lease_ms;
        jobs::claim(&cx, &self.parts.instance, lease_ms, limit)
            .await
            .map_err(EngineError::when("claim jobs"))
    }

    /// Finds out whether the clock was set back, since this engine looked for work or before it
    /// started: jobs would sleep until it has come that far again.
    async fn compare_with_last_claim(&self, cx: &OpContext) -> Result<(), EngineError> {
        let now = self.parts.clock.now().get();
        let last = self.last_claim_at.swap(now, Ordering::Relaxed);
        if last.saturating_sub(now) < SET_BACK_MS {
            return Ok(());
        }
        let count = jobs::bring_forward(cx)
            .await
            .map_err(EngineError::when("bring jobs forward"))?;
        if count > 0 {
            tracing::warn!(
                count,
                "the clock was set back: jobs are due that were put off by it"
            );
        }
        Ok(())
    }

    /// Puts accepted copies into the same project together, with all others that are due: what is
    /// worked on at once is bounded, and that bound must not divide them.
    async fn grouped(&self, claimed: Vec<ClaimedJob>) -> Result<Vec<Work>, EngineError> {
        let (mut work, looks) = divided(claimed);
        for (project, mut jobs) in looks {
            let (moves, beside) = divided(self.claim_into(&project).await?);
            jobs.extend(beside.into_values().flatten());
            work.push(Work::Look(jobs));
            work.extend(moves);
        }
        Ok(work)
    }

    async fn claim_into(&self, project: &ProjectArn) -> Result<Vec<ClaimedJob>, EngineError> {
        let cx = self.parts.context("engine".to_owned());
        let lease_ms = self.parts.settings.lease_ms;
        jobs::claim_copies_into(&cx, project, &self.parts.instance, lease_ms)
            .await
            .map_err(EngineError::when("claim copies into a project"))
    }

    async fn work(&self, work: Work) -> Result<(), EngineError> {
        match work {
            Work::Look(group) => Box::pin(look_together(&self.parts, group)).await,
            Work::Move(job) => Box::pin(self.move_on(*job)).await,
        }
    }

    async fn move_on(&self, job: ClaimedJob) -> Result<(), EngineError> {
        let mut visit = Visit::new(&self.parts, job);
        let claim = visit.job.claim.clone();
        let (cx, claims) = (visit.cx.clone(), vec![claim.clone()]);
        let end = lease::keep(&self.parts, &cx, claims, Box::pin(make_a_move(&mut visit)))
            .await
            .unwrap_or(Err(Stop::Lost));
        let (step, id) = (visit.step(), claim.job());
        match visit.settle(end).await? {
            Settled::Stored => tracing::debug!(job = %id, step = step.as_str(), "moved on"),
            Settled::Lost => {
                tracing::warn!(job = %id, step = step.as_str(), "another engine holds the job");
            }
        }
        Ok(())
    }

    /// The set pause, between half of it and all of it, so that replicas do not search in step.
    fn longest_pause(&self) -> Duration {
        let whole = i64::try_from(self.parts.settings.poll_ms).unwrap_or(i64::MAX);
        let pause = between(whole / 2, whole, &*self.parts.random);
        Duration::from_millis(u64::try_from(pause.max(1)).unwrap_or(1))
    }
}

/// The moves, and by project the accepted copies.
fn divided(claimed: Vec<ClaimedJob>) -> (Vec<Work>, BTreeMap<ProjectArn, Vec<ClaimedJob>>) {
    let mut work = Vec::new();
    let mut looks: BTreeMap<ProjectArn, Vec<ClaimedJob>> = BTreeMap::new();
    for job in claimed {
        let project = awaited(&job).map(|(plan, _)| plan.destination_project.clone());
        match project.filter(|_| needs_only_a_look(&job)) {
            Some(project) => looks.entry(project).or_default().push(job),
            None => work.push(Work::Move(Box::new(job))),
        }
    }
    (work, looks)
}

/// What is asked of a job is acted on before anything else.
fn needs_only_a_look(job: &ClaimedJob) -> bool {
    awaited(job).is_some() && job.requests.is_empty()
}
