//! A reader of the event stream that keeps its place.

use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;

use super::Program;

/// The numbers of the events that a reader was sent, in their order.
pub(crate) struct Followed {
    seen: Arc<Mutex<Vec<i64>>>,
    reading: JoinSet<()>,
}

impl Followed {
    /// A reader who begins behind event `start`.
    pub(crate) fn new(start: i64) -> Self {
        Self {
            seen: Arc::new(Mutex::new(vec![start])),
            reading: JoinSet::new(),
        }
    }

    /// Reads on from this process, behind the last event that was seen, until the stream ends.
    pub(crate) async fn read_from(&mut self, program: &Program) {
        self.reading.shutdown().await;
        let last = format!("1-{}", self.last());
        let request = program
            .person()
            .await
            .get(format!("{}/v1/events", program.url))
            .header("last-event-id", last);
        let seen = Arc::clone(&self.seen);
        self.reading.spawn(async move {
            let Ok(mut answer) = request.send().await else {
                return;
            };
            let mut text = String::new();
            while let Ok(Some(chunk)) = answer.chunk().await {
                text.push_str(std::str::from_utf8(&chunk).unwrap());
                while let Some(end) = text.find("\n\n") {
                    let frame: String = text.drain(..end + 2).collect();
                    seen.lock().unwrap().extend(number(&frame));
                }
            }
        });
    }

    pub(crate) fn last(&self) -> i64 {
        *self.seen.lock().unwrap().last().unwrap()
    }

    /// Asserts that every event was sent once and in order.
    pub(crate) fn assert_gapless(&self) {
        let seen = self.seen.lock().unwrap();
        let first = seen[0];
        let expected: Vec<_> = (first..).take(seen.len()).collect();
        assert_eq!(*seen, expected);
    }
}

/// The number of an event; looks and heartbeats have none of their own.
fn number(frame: &str) -> Option<i64> {
    let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name));
    let event = field("event: ")?;
    assert_ne!(event, "resync", "the place was known");
    if event == "heartbeat" || event == "look" {
        return None;
    }
    let (_, number) = field("id: ")?.split_once('-')?;
    Some(number.parse().unwrap())
}
