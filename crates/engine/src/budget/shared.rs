//! What all decorators share, and waiting for a turn.

use super::bucket::Bucket;
use super::door::{Doors, Way};
use super::lane::Lane;
use super::settings::{BudgetSettings, Precedence};
use crate::backoff::between;
use async_trait::async_trait;
use domain::{AccountNumber, Clock, Millis, Random, Region};
use operations::ports::aws::{AwsError, AwsReads, AwsWrites, Call, ErrorClass, Turns, Withheld};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// The budget of one process. A handle that is cheap to clone.
#[derive(Clone)]
pub struct Budget {
    pub(super) inner: Arc<Inner>,
}

/// AWS through the budget, for one precedence. Made by [`Budget::reads`] and [`Budget::writes`].
pub(super) struct Through<T: ?Sized> {
    pub(super) aws: Arc<T>,
    pub(super) inner: Arc<Inner>,
    pub(super) precedence: Precedence,
}

pub(super) struct Inner {
    pub(super) settings: BudgetSettings,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    line: Mutex<Line>,
    doors: Mutex<Doors>,
}

/// One operation in one Region of one account.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Place {
    account: AccountNumber,
    region: Region,
    operation: &'static str,
}

#[derive(Default)]
struct Line {
    lanes: HashMap<Place, Lane>,
    /// Those who wait, by ticket.
    waiting: HashMap<u64, oneshot::Sender<()>>,
    tickets: u64,
}

/// A place in a line; dropping it leaves the line.
struct Ticket<'a> {
    inner: &'a Inner,
    place: Place,
    number: u64,
}

impl Budget {
    /// A budget of which nothing is used yet.
    pub fn new(settings: BudgetSettings, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        let doors = Doors::new(settings.shut_ms, settings.longest_shut_ms);
        Self {
            inner: Arc::new(Inner {
                settings,
                clock,
                random,
                line: Mutex::default(),
                doors: Mutex::new(doors),
            }),
        }
    }

    /// `reads` within the budget. What one call of it sends beyond the first request counts too.
    pub fn reads(&self, reads: &Arc<dyn AwsReads>, precedence: Precedence) -> Arc<dyn AwsReads> {
        reads.ask_before_more(Arc::clone(&self.inner) as Arc<dyn Turns>);
        Arc::new(Through {
            aws: Arc::clone(reads),
            inner: Arc::clone(&self.inner),
            precedence,
        })
    }

    /// `writes` within the budget. They go first: a job holds its claim while it waits.
    pub fn writes(&self, writes: &Arc<dyn AwsWrites>) -> Arc<dyn AwsWrites> {
        Arc::new(Through {
            aws: Arc::clone(writes),
            inner: Arc::clone(&self.inner),
            precedence: Precedence::Interactive,
        })
    }
}

/// Further requests of a read that is under way: whoever has begun goes first.
#[async_trait]
impl Turns for Inner {
    async fn turn(
        &self,
        account: &AccountNumber,
        region: &Region,
        operation: &'static str,
    ) -> Result<(), AwsError> {
        let longest = self.settings.longest_wait_ms;
        let precedence = Precedence::Interactive;
        self.wait((account, region, operation), precedence, longest)
            .await
    }
}

impl Inner {
    /// Waits for a token, at most `longest_ms`.
    pub(super) async fn wait(
        &self,
        (account, region, operation): (&AccountNumber, &Region, &'static str),
        precedence: Precedence,
        longest_ms: i64,
    ) -> Result<(), AwsError> {
        if self.settings.quota_of(operation).is_none() {
            return Ok(());
        }
        let place = Place {
            account: account.clone(),
            region: region.clone(),
            operation,
        };
        let began = self.clock.now();
        let (ticket, mut turn) = self.enter(place, precedence);
        loop {
            let now = self.clock.now();
            let ready_in_ms = self.let_through(&ticket.place, now);
            if turn.try_recv().is_ok() {
                return Ok(());
            }
            let left_ms = longest_ms - now.since(began);
            if left_ms <= 0 {
                return Err(held_back(operation, began));
            }
            let pause_ms = ready_in_ms.min(left_ms).max(1);
            let pause = Duration::from_millis(u64::try_from(pause_ms).unwrap_or(1));
            tokio::select! {
                biased;
                Ok(()) = &mut turn => return Ok(()),
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// AWS throttled a call that was sent at `sent_at`.
    pub(super) fn throttled(
        &self,
        (account, region, operation): (&AccountNumber, &Region, &'static str),
        sent_at: Millis,
    ) {
        let place = Place {
            account: account.clone(),
            region: region.clone(),
            operation,
        };
        let now = self.clock.now();
        if let Some(lane) = self.lane(&mut self.line(), &place, now) {
            lane.bucket.throttled(sent_at, now);
            tracing::warn!(%account, %region, operation, "AWS throttles; fewer calls are made");
        }
    }

    /// Calls a second that may be made at present; none if they are not counted.
    pub(super) fn rate(
        &self,
        account: &AccountNumber,
        region: &Region,
        operation: &'static str,
    ) -> Option<f64> {
        let place = Place {
            account: account.clone(),
            region: region.clone(),
            operation,
        };
        let now = self.clock.now();
        let rate = self.lane(&mut self.line(), &place, now)?.bucket.rate(now);
        Some(f64::from(i32::try_from(rate).unwrap_or(i32::MAX)) / 1e6)
    }

    pub(super) fn knock(&self, way: &Way) -> Result<(), AwsError> {
        self.doors().knock(way, self.clock.now())
    }

    pub(super) fn told(&self, way: &Way, error: Option<&AwsError>) {
        let now = self.clock.now();
        self.doors().told(way, error, now, &*self.random);
    }

    pub(super) fn withheld(&self, account: &AccountNumber) -> Vec<Withheld> {
        self.doors().list(|role| role.account() == account)
    }

    /// A pause before a read is sent again: full jitter, doubled with each try.
    pub(super) async fn pause(&self, attempt: u32, throttled: bool) {
        let base_ms: i64 = if throttled { 1_000 } else { 100 };
        let most = base_ms << attempt.min(4);
        let pause_ms = between(1, most, &*self.random);
        tokio::time::sleep(Duration::from_millis(u64::try_from(pause_ms).unwrap_or(1))).await;
    }

    fn enter(&self, place: Place, precedence: Precedence) -> (Ticket<'_>, oneshot::Receiver<()>) {
        let (sender, receiver) = oneshot::channel();
        let now = self.clock.now();
        let mut line = self.line();
        line.tickets += 1;
        let number = line.tickets;
        if let Some(lane) = self.lane(&mut line, &place, now) {
            lane.enter(number, precedence);
        }
        line.waiting.insert(number, sender);
        drop(line);
        let inner = self;
        (
            Ticket {
                inner,
                place,
                number,
            },
            receiver,
        )
    }

    /// Tells all whose turn it is, and gives the milliseconds until there may be another one.
    fn let_through(&self, place: &Place, now: Millis) -> i64 {
        let mut line = self.line();
        while let Some(ticket) = line.lanes.get_mut(place).and_then(|lane| lane.next(now)) {
            if let Some(waiting) = line.waiting.remove(&ticket) {
                // Whoever left in this moment took their ticket out of the line.
                let _ = waiting.send(());
            }
        }
        let lane = line.lanes.get_mut(place);
        lane.map_or(1, |lane| lane.bucket.ready_in(now))
    }

    fn lane<'a>(&self, line: &'a mut Line, place: &Place, now: Millis) -> Option<&'a mut Lane> {
        let quota = self.settings.quota_of(place.operation)?;
        let lane = line.lanes.entry(place.clone());
        Some(lane.or_insert_with(|| Lane::new(Bucket::new(quota, self.settings.share, now))))
    }

    /// A panic elsewhere leaves at worst one turn unused.
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn doors(&self) -> MutexGuard<'_, Doors> {
        self.doors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let mut line = self.inner.line();
        if line.waiting.remove(&self.number).is_some()
            && let Some(lane) = line.lanes.get_mut(&self.place)
        {
            lane.leave(self.number);
        }
    }
}

/// The error of a call that had no turn in time.
fn held_back(operation: &'static str, at: Millis) -> AwsError {
    AwsError {
        call: Call {
            operation,
            at,
            took_ms: 0,
            request_id: None,
        },
        class: ErrorClass::NotSent,
        code: None,
        message: AwsError::HELD_BACK.to_owned(),
    }
}

/// Whether AWS refused because of too many calls.
pub(super) fn is_throttled(error: &AwsError) -> bool {
    matches!(
        error.code.as_deref(),
        Some(
            "ThrottlingException"
                | "Throttling"
                | "ProvisionedThroughputExceededException"
                | "RequestLimitExceeded"
                | "TooManyRequestsException"
        )
    )
}
