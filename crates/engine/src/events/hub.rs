//! Follows committed events and hands them to readers.

use super::filter::StreamFilter;
use super::frame::frame;
use super::ring::{Entry, Ring};
use super::stream::{EventStream, Start};
use crate::backoff::between;
use domain::Random;
use operations::OpContext;
use operations::events::{self, EventCursor, StreamView};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::Store;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

/// How many events are read from the database at once.
const BATCH: u32 = 256;

/// What a hub works with.
pub struct HubParts {
    /// The database, whose head is followed.
    pub store: Store,
    /// What events are read with; its actor must be allowed to follow events.
    pub operations: OpContext,
    /// For the jitter of reconnects.
    pub random: Arc<dyn Random>,
    /// The hub's settings.
    pub settings: HubSettings,
    /// Ends the hub and every stream.
    pub stop: CancellationToken,
}

/// How many readers, how much is kept, how often something is sent.
#[derive(Clone, Debug)]
pub struct HubSettings {
    /// How many frames are kept in memory.
    pub ring: usize,
    /// The longest silence in a stream.
    pub heartbeat: Duration,
    /// After this time a stream ends; its reader connects again and is asked for its rights anew.
    pub max_age: Duration,
    /// How many streams there may be at once.
    pub max_subscribers: usize,
    /// How often the database is asked for commits of other processes.
    pub poll: Duration,
}

impl Default for HubSettings {
    fn default() -> Self {
        Self {
            ring: 4096,
            heartbeat: Duration::from_secs(15),
            max_age: Duration::from_mins(15),
            max_subscribers: 1000,
            poll: Duration::from_secs(1),
        }
    }
}

/// Why there is no stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubscribeError {
    /// There are as many streams as allowed; one may end within seconds.
    #[error("there are as many event streams as this server holds")]
    Full,
    /// The server is shutting down.
    #[error("the server is shutting down")]
    Stopping,
}

/// The hub of one process. A handle that is cheap to clone.
#[derive(Clone)]
pub struct EventHub {
    inner: Arc<Inner>,
}

pub(super) struct Inner {
    parts: HubParts,
    ring: Mutex<Ring>,
    /// Raised whenever the ring changed.
    changed: watch::Sender<u64>,
    places: Arc<Semaphore>,
}

impl fmt::Debug for EventHub {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EventHub")
            .field("subscribers", &self.subscribers())
            .finish_non_exhaustive()
    }
}

impl EventHub {
    /// A hub that stands at the database's present head and follows nothing yet.
    pub fn new(parts: HubParts) -> Self {
        let head = *parts.store.watch_head().borrow();
        let ring = Ring::new(head, parts.settings.ring);
        let places = Arc::new(Semaphore::new(
            parts.settings.max_subscribers.min(Semaphore::MAX_PERMITS),
        ));
        Self {
            inner: Arc::new(Inner {
                parts,
                ring: Mutex::new(ring),
                changed: watch::Sender::new(0),
                places,
            }),
        }
    }

    /// Follows the database until the hub is stopped: at once after commits of this process, within
    /// the poll interval after those of others.
    pub async fn run(&self) {
        let parts = &self.inner.parts;
        let mut head = parts.store.watch_head();
        loop {
            self.inner.follow().await;
            tokio::select! {
                () = parts.stop.cancelled() => return,
                Ok(()) = head.changed() => {}
                () = tokio::time::sleep(parts.settings.poll) => {
                    if let Err(error) = parts.store.refresh_head().await {
                        tracing::warn!(error = &error as &dyn std::error::Error, "the head was not read");
                    }
                }
            }
        }
    }

    /// A stream of what follows the event `after`, or of what is new from now on.
    pub fn subscribe(
        &self,
        after: Option<EventCursor>,
        filter: StreamFilter,
    ) -> Result<EventStream, SubscribeError> {
        let start = after.map_or(Start::Now, Start::After);
        self.open(start, filter)
    }

    /// [`EventHub::subscribe`] with the text of a `Last-Event-ID` header. A reader whose text is not
    /// a place in the stream is told to load anew.
    pub fn subscribe_text(
        &self,
        last_event_id: Option<&str>,
        filter: StreamFilter,
    ) -> Result<EventStream, SubscribeError> {
        let start = match last_event_id.map(str::parse::<EventCursor>) {
            None => Start::Now,
            Some(Ok(after)) => Start::After(after),
            Some(Err(_)) => Start::Lost,
        };
        self.open(start, filter)
    }

    /// How many streams there are.
    pub fn subscribers(&self) -> usize {
        let most = self.inner.parts.settings.max_subscribers;
        most.saturating_sub(self.inner.places.available_permits())
    }

    /// Streams looks that found nothing new. They have no number and are not replayed.
    pub fn publish_looks(&self, views: &[StreamView]) {
        if views.is_empty() {
            return;
        }
        let mut ring = self.inner.ring();
        for view in views {
            ring.push(Entry {
                cursor: None,
                environment: view.environment.clone(),
                subject: view.subject.clone(),
                frame: frame(None, "look", &view.data),
            });
        }
        drop(ring);
        self.inner.announce();
    }

    fn open(&self, start: Start, filter: StreamFilter) -> Result<EventStream, SubscribeError> {
        let inner = &self.inner;
        if inner.parts.stop.is_cancelled() {
            return Err(SubscribeError::Stopping);
        }
        let place = Arc::clone(&inner.places)
            .try_acquire_owned()
            .map_err(|_| SubscribeError::Full)?;
        let retry_ms = between(2_000, 4_000, &*inner.parts.random);
        Ok(EventStream::new(
            Arc::clone(inner),
            start,
            filter,
            retry_ms,
            place,
        ))
    }
}

impl Inner {
    pub(super) fn settings(&self) -> &HubSettings {
        &self.parts.settings
    }

    pub(super) fn stop(&self) -> &CancellationToken {
        &self.parts.stop
    }

    pub(super) fn operations(&self) -> &OpContext {
        &self.parts.operations
    }

    /// The ring. A panic elsewhere cannot leave it half changed.
    pub(super) fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    fn announce(&self) {
        self.changed
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Takes over what was committed since the last time.
    async fn follow(&self) {
        loop {
            let head = self.ring().head();
            match events::since(&self.parts.operations, head, BATCH).await {
                Ok(Some(events)) => {
                    let count = events.len();
                    let mut ring = self.ring();
                    for (cursor, view) in events {
                        ring.push(entry(cursor, view));
                    }
                    drop(ring);
                    if count > 0 {
                        self.announce();
                    }
                    if count < BATCH as usize {
                        return;
                    }
                }
                Ok(None) => match events::head(&self.parts.operations).await {
                    Ok(head) => {
                        self.ring().restart(head);
                        self.announce();
                        return;
                    }
                    Err(error) => {
                        tracing::warn!(%error, "the head was not read");
                        return;
                    }
                },
                Err(error) => {
                    tracing::warn!(%error, "events were not read");
                    return;
                }
            }
        }
    }
}

/// An event with its bytes.
pub(super) fn entry(cursor: EventCursor, view: StreamView) -> Entry {
    Entry {
        cursor: Some(cursor),
        frame: frame(Some(cursor), view.name.as_str(), &view.data),
        environment: view.environment,
        subject: view.subject,
    }
}
