//! The newest frames, and where each place in the stream lies among them.

use bytes::Bytes;
use domain::EnvironmentName;
use operations::events::EventCursor;
use std::collections::VecDeque;
use std::sync::Arc;

/// One frame with what readers are filtered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The event's number; looks have none.
    pub(super) cursor: Option<EventCursor>,
    pub(super) environment: Option<EnvironmentName>,
    pub(super) subject: String,
    pub(super) frame: Bytes,
}

/// Holds every event after `floor` up to `head`, and the looks between them. Readers share them.
pub(super) struct Ring {
    entries: VecDeque<Arc<Entry>>,
    /// The number of the first entry; entries are numbered from 0 for the life of the process.
    first: u64,
    capacity: usize,
    floor: EventCursor,
    head: EventCursor,
    /// Counts how often the stream began anew.
    generation: u64,
}

impl Ring {
    /// An empty ring at `head`.
    pub(super) fn new(head: EventCursor, capacity: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            first: 0,
            capacity: capacity.max(1),
            floor: head,
            head,
            generation: 0,
        }
    }

    /// The newest event's number.
    pub(super) fn head(&self) -> EventCursor {
        self.head
    }

    /// How often the stream began anew.
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// The place behind the last entry.
    pub(super) fn end(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    /// Adds an entry and drops the oldest if there are too many. Events come in the order of their
    /// numbers; one that is not beyond the head is there already and is left out.
    pub(super) fn push(&mut self, entry: Entry) {
        if let Some(cursor) = entry.cursor {
            if cursor <= self.head {
                return;
            }
            self.head = cursor;
        }
        self.entries.push_back(Arc::new(entry));
        while self.entries.len() > self.capacity {
            if let Some(dropped) = self.entries.pop_front() {
                self.floor = dropped.cursor.unwrap_or(self.floor);
                self.first += 1;
            }
        }
    }

    /// Begins anew at `head`: nothing that came before connects to what follows.
    pub(super) fn restart(&mut self, head: EventCursor) {
        self.first = self.end();
        self.entries.clear();
        self.floor = head;
        self.head = head;
        self.generation += 1;
    }

    /// The place right behind the event `after`; none if the ring does not hold everything that
    /// follows it.
    pub(super) fn place_after(&self, after: EventCursor) -> Option<u64> {
        if after < self.floor || after > self.head {
            return None;
        }
        let behind = self
            .entries
            .iter()
            .rposition(|entry| entry.cursor.is_some_and(|cursor| cursor <= after))
            .map_or(0, |index| index as u64 + 1);
        Some(self.first + behind)
    }

    /// At most `limit` entries from `place` on; none if some of them are gone.
    pub(super) fn read(&self, place: u64, limit: usize) -> Option<Vec<Arc<Entry>>> {
        let skip = usize::try_from(place.checked_sub(self.first)?).ok()?;
        Some(
            self.entries
                .iter()
                .skip(skip)
                .take(limit)
                .cloned()
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(cursor: Option<EventCursor>) -> Entry {
        Entry {
            cursor,
            environment: None,
            subject: String::new(),
            frame: Bytes::new(),
        }
    }

    fn event(seq: i64) -> EventCursor {
        EventCursor { epoch: 1, seq }
    }

    proptest! {
        /// A reader that starts anywhere the ring admits, and reads while entries come and go,
        /// gets each later event once and in order, or is told that it fell behind.
        #[test]
        fn no_event_is_left_out_or_comes_twice(
            capacity in 1_usize..8,
            start in 0_i64..6,
            moves in proptest::collection::vec(0_u8..4, 0..60),
        ) {
            let mut ring = Ring::new(event(0), capacity);
            let mut next = 1;
            for _ in 0..start {
                ring.push(entry(Some(event(next))));
                next += 1;
            }
            let mut seen = start;
            let mut place = ring.place_after(event(seen)).expect("the head is always held");
            for action in moves {
                match action {
                    0 => {
                        ring.push(entry(Some(event(next))));
                        next += 1;
                    }
                    1 => ring.push(entry(None)),
                    2 => ring.push(entry(Some(event((next - 1).max(0))))),
                    _ => {
                        if let Some(entries) = ring.read(place, 3) {
                            place += entries.len() as u64;
                            for cursor in entries.iter().filter_map(|entry| entry.cursor) {
                                prop_assert_eq!(cursor.seq, seen + 1);
                                seen = cursor.seq;
                            }
                        } else {
                            // Without a place, events were lost and not only looks.
                            let found = ring.place_after(event(seen));
                            place = found.unwrap_or(ring.end());
                            if found.is_none() {
                                prop_assert!(seen < next - 1);
                                seen = next - 1;
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_restart_leaves_no_old_place() {
        let mut ring = Ring::new(event(0), 4);
        ring.push(entry(Some(event(1))));
        ring.restart(EventCursor { epoch: 2, seq: 1 });
        assert_eq!(ring.place_after(event(1)), None);
        assert_eq!(ring.place_after(EventCursor { epoch: 2, seq: 1 }), Some(1));
        assert_eq!(ring.read(0, 9), None);
        assert_eq!(ring.generation(), 1);
    }
}
