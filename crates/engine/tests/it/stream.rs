//! The stream of events: every number once, in order, or a word that some are missing.

use crate::support::Rig;
use domain::{Actor, JobWord};
use engine::{EventStream, HubSettings, StreamFilter, SubscribeError};
use futures::StreamExt;
use operations::events::EventCursor;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const DEADLINE: Duration = Duration::from_secs(10);

/// One frame, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Frame {
    id: Option<EventCursor>,
    event: String,
    data: String,
}

async fn next(stream: &mut EventStream) -> Option<Frame> {
    let bytes = tokio::time::timeout(DEADLINE, stream.next())
        .await
        .expect("a frame in time")?;
    let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
    assert!(text.ends_with("\n\n"), "{text:?}");
    let line = |name: &str| {
        let prefix = format!("{name}: ");
        text.lines()
            .find_map(|line| line.strip_prefix(&prefix))
            .map(str::to_owned)
    };
    Some(Frame {
        id: line("id").map(|id| id.parse().expect("a cursor")),
        event: line("event").expect("a name"),
        data: line("data").expect("data"),
    })
}

/// The next frame that is neither a heartbeat nor a look.
async fn next_event(stream: &mut EventStream) -> Frame {
    let waiting = async {
        loop {
            let frame = next(stream).await.expect("the stream goes on");
            if frame.event != "heartbeat" && frame.event != "look" {
                return frame;
            }
        }
    };
    tokio::time::timeout(DEADLINE, waiting)
        .await
        .expect("an event in time")
}

async fn head(rig: &Rig) -> EventCursor {
    operations::events::head(&rig.cx(Actor::Engine))
        .await
        .expect("a head")
}

/// Reads events up to `until` and asserts that their numbers have no gap and no repeat.
async fn read_up_to(stream: &mut EventStream, after: EventCursor, until: EventCursor) {
    let mut last = after;
    while last < until {
        let frame = next_event(stream).await;
        let id = frame.id.expect("events have a number");
        assert_eq!((id.epoch, id.seq), (last.epoch, last.seq + 1), "{frame:?}");
        last = id;
    }
}

#[tokio::test]
async fn every_event_of_a_job_comes_once_and_in_order() {
    let rig = Rig::new().await;
    let stop = CancellationToken::new();
    let hub = rig.hub(HubSettings::default(), stop.clone());
    let start = head(&rig).await;
    let mut stream = hub.subscribe(None, StreamFilter::All).expect("a stream");
    let work = async {
        let job = rig.propose().await;
        assert_eq!(
            rig.finish(&rig.engine("one"), job).await,
            JobWord::Succeeded
        );
        let until = head(&rig).await;
        read_up_to(&mut stream, start, until).await;
        stop.cancel();
    };
    tokio::join!(hub.run(), work);
}

#[tokio::test]
async fn a_reader_resumes_from_memory_and_from_the_database_without_gap_or_repeat() {
    // A ring of 4 frames is left behind at once, one of 4096 never.
    for ring in [4, 4096] {
        let rig = Rig::new().await;
        let stop = CancellationToken::new();
        let settings = HubSettings {
            ring,
            ..HubSettings::default()
        };
        let hub = rig.hub(settings, stop.clone());
        let start = head(&rig).await;
        let work = async {
            let job = rig.propose().await;
            assert_eq!(
                rig.finish(&rig.engine("one"), job).await,
                JobWord::Succeeded
            );
            let until = head(&rig).await;
            assert!(until.seq - start.seq > 8);
            for cut in start.seq..=until.seq {
                let after = EventCursor {
                    epoch: start.epoch,
                    seq: cut,
                };
                let mut stream = hub
                    .subscribe_text(Some(&after.to_string()), StreamFilter::All)
                    .expect("a stream");
                read_up_to(&mut stream, after, until).await;
            }
            stop.cancel();
        };
        tokio::join!(hub.run(), work);
    }
}

#[tokio::test]
async fn a_place_that_is_not_known_brings_a_resync() {
    let rig = Rig::new().await;
    rig.propose().await;
    let stop = CancellationToken::new();
    let hub = rig.hub(HubSettings::default(), stop.clone());
    let known = head(&rig).await;
    let work = async {
        for text in ["9-1", "1-999999", "nonsense", "", "1-1\nid: 2"] {
            let mut stream = hub
                .subscribe_text(Some(text), StreamFilter::All)
                .expect("a stream");
            let frame = next_event(&mut stream).await;
            assert_eq!(frame.event, "resync", "{text:?}");
            assert_eq!(frame.id, Some(known), "{text:?}");
        }
        stop.cancel();
    };
    tokio::join!(hub.run(), work);
}

#[tokio::test]
async fn events_that_are_no_longer_kept_bring_a_resync() {
    let rig = Rig::new().await;
    let job = rig.propose().await;
    assert_eq!(
        rig.finish(&rig.engine("one"), job).await,
        JobWord::Succeeded
    );
    let mut tx = rig.store.begin().await.expect("a transaction");
    store::events::prune(&mut tx, 2)
        .await
        .expect("it is pruned");
    tx.commit().await.expect("a commit");
    let stop = CancellationToken::new();
    let hub = rig.hub(HubSettings::default(), stop.clone());
    let end = head(&rig).await;
    let work = async {
        let old = EventCursor {
            epoch: end.epoch,
            seq: 1,
        };
        let mut stream = hub
            .subscribe(Some(old), StreamFilter::All)
            .expect("a stream");
        assert_eq!(next_event(&mut stream).await.event, "resync");
        let kept = EventCursor {
            epoch: end.epoch,
            seq: end.seq - 2,
        };
        let mut stream = hub
            .subscribe(Some(kept), StreamFilter::All)
            .expect("a stream");
        read_up_to(&mut stream, kept, end).await;
        stop.cancel();
    };
    tokio::join!(hub.run(), work);
}

/// A reader that does not read while far more happens than the ring holds loses nothing.
#[tokio::test]
async fn a_lagging_reader_reads_on_in_the_database() {
    let rig = Rig::new().await;
    let stop = CancellationToken::new();
    let settings = HubSettings {
        ring: 3,
        ..HubSettings::default()
    };
    let hub = rig.hub(settings, stop.clone());
    let start = head(&rig).await;
    let mut stream = hub.subscribe(None, StreamFilter::All).expect("a stream");
    let work = async {
        let engine = rig.engine("one");
        for name in ["a", "b", "c"] {
            let job = rig.propose_named(name).await;
            assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
        }
        let until = head(&rig).await;
        read_up_to(&mut stream, start, until).await;
        stop.cancel();
    };
    tokio::join!(hub.run(), work);
}

#[tokio::test]
async fn looks_are_streamed_without_a_number() {
    let rig = Rig::new().await;
    rig.aws.world().copy_ms = 30_000;
    let stop = CancellationToken::new();
    let hub = rig.hub(HubSettings::default(), stop.clone());
    let mut stream = hub.subscribe(None, StreamFilter::All).expect("a stream");
    let settings = engine::EngineSettings::default();
    let engine = rig.engine_with("one", settings, Some(hub.clone()));
    let work = async {
        let job = rig.propose().await;
        assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
        let look = loop {
            // Looks come before the events of the job's end.
            let frame = next(&mut stream).await.expect("the stream goes on");
            if frame.event == "look" {
                break frame;
            }
        };
        assert_eq!(look.id, None);
        let view: serde_json::Value = serde_json::from_str(&look.data).expect("JSON");
        assert_eq!(view["id"], job.to_string());
        assert_eq!(view["aws"], "COPYING_IN_PROGRESS");
        for hidden in ["arn:", "inspector", "vision"] {
            assert!(!look.data.contains(hidden), "{hidden} in {}", look.data);
        }
        stop.cancel();
    };
    tokio::join!(hub.run(), work);
}

#[tokio::test]
async fn a_filter_admits_only_what_the_reader_may_see() {
    let rig = Rig::new().await;
    let stop = CancellationToken::new();
    let hub = rig.hub(HubSettings::default(), stop.clone());
    let work = async {
        let job = rig.propose().await;
        let other = rig.propose_named("other").await;
        let engine = rig.engine("one");
        assert_eq!(rig.finish(&engine, job).await, JobWord::Succeeded);
        assert_eq!(rig.finish(&engine, other).await, JobWord::Succeeded);
        let start = EventCursor {
            epoch: head(&rig).await.epoch,
            seq: 0,
        };
        let dev = ["dev".parse().expect("a name")].into_iter().collect();
        let mut stream = hub
            .subscribe(Some(start), StreamFilter::Environments(dev))
            .expect("a stream");
        let mut only = hub
            .subscribe(Some(start), StreamFilter::Subject(job.to_string()))
            .expect("a stream");
        stop_after(&stop, async {
            // The refresh of both accounts came first; only dev's is admitted.
            let frame = next_event(&mut stream).await;
            assert!(frame.data.contains("\"env\":\"dev\""), "{frame:?}");
            for _ in 0..5 {
                let frame = next_event(&mut only).await;
                assert!(frame.data.contains(&job.to_string()), "{frame:?}");
            }
        })
        .await;
    };
    tokio::join!(hub.run(), work);
}

async fn stop_after(stop: &CancellationToken, work: impl Future<Output = ()>) {
    work.await;
    stop.cancel();
}

#[tokio::test]
async fn silence_brings_heartbeats_with_the_readers_place() {
    let rig = Rig::new().await;
    let stop = CancellationToken::new();
    let settings = HubSettings {
        heartbeat: Duration::from_millis(20),
        ..HubSettings::default()
    };
    let hub = rig.hub(settings, stop.clone());
    let at = head(&rig).await;
    let mut stream = hub.subscribe(None, StreamFilter::All).expect("a stream");
    for _ in 0..3 {
        let frame = next(&mut stream).await.expect("the stream goes on");
        assert_eq!((frame.event.as_str(), frame.id), ("heartbeat", Some(at)));
    }
}

#[tokio::test]
async fn streams_end_at_once_on_shutdown_and_after_their_age() {
    let rig = Rig::new().await;
    let stop = CancellationToken::new();
    let hub = rig.hub(HubSettings::default(), stop.clone());
    let mut stream = hub.subscribe(None, StreamFilter::All).expect("a stream");
    assert!(next(&mut stream).await.is_some());
    let waiting = next(&mut stream);
    tokio::pin!(waiting);
    assert!(futures::poll!(&mut waiting).is_pending());
    stop.cancel();
    assert_eq!(waiting.await, None);
    assert_eq!(
        hub.subscribe(None, StreamFilter::All).err(),
        Some(SubscribeError::Stopping)
    );

    let settings = HubSettings {
        max_age: Duration::from_millis(30),
        ..HubSettings::default()
    };
    let hub = rig.hub(settings, CancellationToken::new());
    let mut stream = hub.subscribe(None, StreamFilter::All).expect("a stream");
    assert!(next(&mut stream).await.is_some());
    assert_eq!(next(&mut stream).await, None);
}

#[tokio::test]
async fn there_are_no_more_streams_than_allowed() {
    let rig = Rig::new().await;
    let settings = HubSettings {
        max_subscribers: 2,
        ..HubSettings::default()
    };
    let hub = rig.hub(settings, CancellationToken::new());
    let first = hub.subscribe(None, StreamFilter::All).expect("a stream");
    let _second = hub.subscribe(None, StreamFilter::All).expect("a stream");
    assert_eq!(hub.subscribers(), 2);
    assert_eq!(
        hub.subscribe(None, StreamFilter::All).err(),
        Some(SubscribeError::Full)
    );
    drop(first);
    assert!(hub.subscribe(None, StreamFilter::All).is_ok());
}
