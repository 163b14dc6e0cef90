//! One reader of the stream.

use super::filter::StreamFilter;
use super::frame::{heartbeat, opening, resync};
use super::hub::{Inner, entry};
use super::ring::Entry;
use bytes::Bytes;
use futures::Stream;
use futures::stream::{BoxStream, StreamExt, unfold};
use operations::events::{self, EventCursor};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

/// How many frames a reader takes out of the ring, or out of the database, at once.
const BATCH: usize = 64;

/// How long a reader that is ahead of this process waits before it asks again.
const AHEAD: Duration = Duration::from_millis(100);

/// Frames for one reader, ready to be sent. Ends when the hub stops, when it is too old, or when the
/// database cannot be read; the reader then connects again.
pub struct EventStream(BoxStream<'static, Bytes>);

/// Where a reader begins.
#[derive(Clone, Copy)]
pub(super) enum Start {
    /// With what is new.
    Now,
    /// After an event that it has.
    After(EventCursor),
    /// It does not know.
    Lost,
}

impl EventStream {
    pub(super) fn new(
        hub: Arc<Inner>,
        start: Start,
        filter: StreamFilter,
        retry_ms: i64,
        held: OwnedSemaphorePermit,
    ) -> Self {
        let reader = Reader::new(hub, start, filter, retry_ms, held);
        Self(unfold(reader, Reader::next).boxed())
    }
}

impl Stream for EventStream {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        self.0.poll_next_unpin(context)
    }
}

/// Where a reader reads.
#[derive(Clone, Copy)]
enum Place {
    /// In the ring.
    Ring(u64),
    /// In the database, until it reaches the ring.
    Database,
}

struct Reader {
    hub: Arc<Inner>,
    filter: StreamFilter,
    /// The last event that was read, sent or filtered out.
    cursor: EventCursor,
    place: Place,
    generation: u64,
    pending: VecDeque<Bytes>,
    changes: watch::Receiver<u64>,
    heartbeats: Interval,
    ends: Instant,
    _held: OwnedSemaphorePermit,
}

enum Step {
    Ready,
    End,
}

impl Reader {
    fn new(
        hub: Arc<Inner>,
        start: Start,
        filter: StreamFilter,
        retry_ms: i64,
        held: OwnedSemaphorePermit,
    ) -> Self {
        let settings = hub.settings();
        let pause = settings.heartbeat.max(Duration::from_millis(1));
        let now = Instant::now();
        let mut heartbeats = interval_at(now + pause, pause);
        heartbeats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let ends = now + settings.max_age;
        let changes = hub.changes();
        let ring = hub.ring();
        let (head, end, generation) = (ring.head(), ring.end(), ring.generation());
        let (cursor, place) = match start {
            Start::Now | Start::Lost => (head, Place::Ring(end)),
            Start::After(after) => (
                after,
                ring.place_after(after).map_or(Place::Database, Place::Ring),
            ),
        };
        drop(ring);
        let mut pending = VecDeque::from([opening(retry_ms, cursor)]);
        if matches!(start, Start::Lost) {
            pending.push_back(resync(cursor));
        }
        Self {
            hub,
            filter,
            cursor,
            place,
            generation,
            pending,
            changes,
            heartbeats,
            ends,
            _held: held,
        }
    }

    async fn next(mut self) -> Option<(Bytes, Self)> {
        loop {
            if self.hub.stop().is_cancelled() || Instant::now() >= self.ends {
                return None;
            }
            if let Some(frame) = self.pending.pop_front() {
                self.heartbeats.reset();
                return Some((frame, self));
            }
            let step = match self.place {
                Place::Ring(place) => self.read_ring(place).await,
                Place::Database => self.read_database().await,
            };
            if let Step::End = step {
                return None;
            }
        }
    }

    async fn read_ring(&mut self, place: u64) -> Step {
        let (generation, entries) = {
            let ring = self.hub.ring();
            (ring.generation(), ring.read(place, BATCH))
        };
        if generation != self.generation {
            self.begin_anew();
            return Step::Ready;
        }
        let Some(entries) = entries else {
            self.place = Place::Database;
            return Step::Ready;
        };
        if entries.is_empty() {
            return self.wait(None).await;
        }
        self.place = Place::Ring(place + entries.len() as u64);
        for entry in entries {
            self.take(&entry);
        }
        Step::Ready
    }

    async fn read_database(&mut self) -> Step {
        let (generation, place) = {
            let ring = self.hub.ring();
            (ring.generation(), ring.place_after(self.cursor))
        };
        if generation != self.generation {
            self.begin_anew();
            return Step::Ready;
        }
        if let Some(place) = place {
            self.place = Place::Ring(place);
            return Step::Ready;
        }
        let limit = u32::try_from(BATCH).unwrap_or(u32::MAX);
        match events::since(self.hub.operations(), self.cursor, limit).await {
            Ok(Some(events)) if events.is_empty() => self.wait(Some(AHEAD)).await,
            Ok(Some(events)) => {
                for (cursor, view) in events {
                    self.take(&entry(cursor, view));
                }
                Step::Ready
            }
            Ok(None) => {
                self.begin_anew();
                Step::Ready
            }
            Err(error) => {
                tracing::warn!(%error, "a stream ends: events were not read");
                Step::End
            }
        }
    }

    fn take(&mut self, entry: &Entry) {
        self.cursor = entry.cursor.unwrap_or(self.cursor);
        if self
            .filter
            .admits(entry.environment.as_ref(), &entry.subject)
        {
            self.pending.push_back(entry.frame.clone());
        }
    }

    /// Goes on at the head and says that something is missing before it.
    fn begin_anew(&mut self) {
        let ring = self.hub.ring();
        self.cursor = ring.head();
        self.place = Place::Ring(ring.end());
        self.generation = ring.generation();
        drop(ring);
        self.pending.push_back(resync(self.cursor));
    }

    /// Waits until there may be something to read, at most `at_most`; a long silence brings a
    /// heartbeat.
    async fn wait(&mut self, at_most: Option<Duration>) -> Step {
        let at_most = at_most.unwrap_or(Duration::MAX);
        tokio::select! {
            () = self.hub.stop().cancelled() => Step::End,
            () = tokio::time::sleep_until(self.ends) => Step::End,
            () = tokio::time::sleep(at_most) => Step::Ready,
            _ = self.heartbeats.tick() => {
                self.pending.push_back(heartbeat(self.cursor));
                Step::Ready
            }
            changed = self.changes.changed() => {
                if changed.is_ok() { Step::Ready } else { Step::End }
            }
        }
    }
}
