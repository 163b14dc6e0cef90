//! The stream of events, read as `curl -N` reads it.

use futures::StreamExt;
use operations::events::{EventName, StreamView};
use reqwest::Method;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::time::timeout;

use crate::support::{Console, FakeAws, Program, configuration, promotion, until, write_site};

/// One frame.
#[derive(Clone, Debug, Default, PartialEq)]
struct Frame {
    id: Option<String>,
    event: String,
    data: String,
}

/// Reads a stream as far as it is asked to, then cuts the connection.
struct Reader {
    bytes: futures::stream::BoxStream<'static, reqwest::Result<axum::body::Bytes>>,
    text: String,
}

impl Reader {
    async fn open(console: &Console, path: &str, last: Option<&str>) -> Self {
        let mut request = console.request(Method::GET, path);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.headers()["x-accel-buffering"], "no");
        Self {
            bytes: answer.bytes_stream().boxed(),
            text: String::new(),
        }
    }

    /// The next frame; none when the server has ended the stream.
    async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let frame: String = self.text.drain(..end + 2).collect();
                return Some(parse(frame.trim_end()));
            }
            let bytes = timeout(Duration::from_secs(30), self.bytes.next())
                .await
                .unwrap()?;
            self.text
                .push_str(std::str::from_utf8(&bytes.ok()?).unwrap());
        }
    }

    /// The next frame that is an event, within 30 s.
    async fn next_event(&mut self) -> Frame {
        let next = async {
            loop {
                let frame = self.next().await.expect("the stream goes on");
                if matches!(frame.event.as_str(), "job" | "proposal" | "inventory") {
                    return frame;
                }
            }
        };
        timeout(Duration::from_secs(30), next)
            .await
            .expect("an event comes")
    }
}

fn parse(text: &str) -> Frame {
    let mut frame = Frame::default();
    for line in text.lines() {
        match line.split_once(": ") {
            Some(("id", id)) => frame.id = Some(id.to_owned()),
            Some(("event", event)) => event.clone_into(&mut frame.event),
            Some(("data", data)) => data.clone_into(&mut frame.data),
            Some(("retry", retry)) => assert!(retry.parse::<u32>().unwrap() >= 1000),
            _ => panic!("not a line of a frame: {line:?}"),
        }
    }
    frame
}

fn number(frame: &Frame) -> u64 {
    frame
        .id
        .as_ref()
        .unwrap()
        .split_once('-')
        .unwrap()
        .1
        .parse()
        .unwrap()
}

#[tokio::test]
async fn events_are_numbered_and_a_cut_leaves_no_gap_and_no_repeat() {
    let console = Console::start().await;
    let mut whole = Reader::open(&console, "/events", None).await;
    let begin = whole.next().await.unwrap().id.unwrap();
    console.refresh().await;
    let destination = console.aws.destination().await;
    let request = console.request(Method::POST, "/v1/promotions");
    let answer = request
        .json(&promotion(&destination, "v7"))
        .send()
        .await
        .unwrap();
    let asked: serde_json::Value = answer.json().await.unwrap();
    let job = asked["job"].as_str().unwrap().to_owned();

    let mut parts: Vec<Frame> = Vec::new();
    let mut last = begin.clone();
    let (mut from_header, mut ended) = (true, false);
    while !ended {
        let mut reader = if from_header {
            Reader::open(&console, "/events", Some(&last)).await
        } else {
            Reader::open(&console, &format!("/v1/events?last_event_id={last}"), None).await
        };
        from_header = !from_header;
        // Cut after one event and after several, wherever the stream happens to be.
        let wanted = 1 + parts.len() % 3;
        for _ in 0..wanted {
            let frame = reader.next_event().await;
            last = frame.id.clone().unwrap();
            ended = frame.data.contains(&job) && frame.data.contains("\"state\":\"Succeeded\"");
            parts.push(frame);
            if ended {
                break;
            }
        }
    }
    let numbers: Vec<_> = parts.iter().map(number).collect();
    let first = begin.split_once('-').unwrap().1.parse::<u64>().unwrap() + 1;
    let expected: Vec<_> = (first..first + numbers.len() as u64).collect();
    assert_eq!(numbers, expected);

    let mut uncut = Vec::new();
    while uncut.len() < parts.len() {
        uncut.push(whole.next_event().await);
    }
    assert_eq!(uncut, parts);
    for frame in &parts {
        assert!(
            !frame.data.contains("arn:aws"),
            "no ARN travels in events: {frame:?}"
        );
    }
    console.stop().await.unwrap();
}

#[tokio::test]
async fn a_place_that_is_not_known_gets_a_resync() {
    let console = Console::start().await;
    for last in ["99-1", "1-999999999", "nonsense"] {
        let mut reader = Reader::open(&console, "/events", Some(last)).await;
        let mut events = Vec::new();
        while events.last().is_none_or(|event| event != "resync") {
            assert!(events.len() < 3, "{last}: {events:?}");
            events.push(reader.next().await.unwrap().event);
        }
    }
    console.stop().await.unwrap();
}

#[tokio::test]
async fn more_streams_than_allowed_are_told_to_come_again() {
    let console = Console::with_setting("max_streams = 2").await;
    let mut readers = Vec::new();
    for path in ["/events", "/v1/events"] {
        let mut reader = Reader::open(&console, path, None).await;
        reader.next().await.unwrap();
        readers.push(reader);
    }
    let refused = console.get("/events").await;
    assert_eq!(refused.status(), 503);
    assert!(refused.headers().contains_key("retry-after"));
    drop(readers);
    until("a place is free again", 30, || async {
        (console.get("/events").await.status() == 200).then_some(())
    })
    .await;
    console.stop().await.unwrap();
}

#[tokio::test]
async fn open_streams_do_not_hold_up_the_end() {
    let console = Console::start().await;
    let mut readers = Vec::new();
    for _ in 0..20 {
        let mut reader = Reader::open(&console, "/events", None).await;
        reader.next().await.unwrap();
        readers.push(reader);
    }
    let ended = timeout(Duration::from_secs(5), console.stop()).await;
    ended.expect("streams end first").unwrap();
    for mut reader in readers {
        while reader.next().await.is_some() {}
    }
}

#[tokio::test]
async fn one_person_has_so_many_streams_and_no_more() {
    let console = Console::with_setting("max_streams_per_user = 2").await;
    let mut readers = Vec::new();
    for _ in 0..2 {
        let mut reader = Reader::open(&console, "/events", None).await;
        reader.next().await.unwrap();
        readers.push(reader);
    }
    let refused = console.get("/events").await;
    assert_eq!(refused.status(), 503);
    assert!(refused.headers().contains_key("retry-after"));
    drop(readers.pop());
    until("a place is free again", 30, || async {
        (console.get("/events").await.status() == 200).then_some(())
    })
    .await;
    console.stop().await.unwrap();
}

/// A look at a job that does not exist, of the usual size.
fn look(number: usize) -> StreamView {
    StreamView {
        name: EventName::Job,
        environment: None,
        subject: format!("job_{number}"),
        data: format!(
            "{{\"id\":\"job_{number}\",\"pad\":\"{}\"}}",
            "x".repeat(200)
        ),
    }
}

#[tokio::test]
async fn a_reader_that_does_not_read_is_dropped_and_costs_little() {
    let console = Console::with_setting("stalled_ms = 400").await;
    let address = console.url("").trim_start_matches("http://").to_owned();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut silent = socket.connect(address.parse().unwrap()).await.unwrap();
    let request = format!(
        "GET /events HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\n\r\n",
        console.cookie
    );
    silent.write_all(request.as_bytes()).await.unwrap();
    let mut other = Reader::open(&console, "/events", None).await;
    until("both follow", 30, || async {
        (console.state.hub.subscribers() == 2).then_some(())
    })
    .await;
    until("the silent reader is dropped", 30, || async {
        let looks: Vec<_> = (0..20).map(look).collect();
        console.state.hub.publish_looks(&looks);
        (console.state.hub.subscribers() == 1).then_some(())
    })
    .await;
    // The one that reads has missed nothing.
    let marks: Vec<_> = (0..20).map(look).collect();
    console.state.hub.publish_looks(&marks);
    let mut seen = 0;
    while seen < 20 {
        let frame = other.next().await.expect("it goes on");
        seen += usize::from(frame.event == "look");
    }
    // What was queued for the silent one is all that it can still read.
    let mut queued = Vec::new();
    let reading = silent.read_to_end(&mut queued);
    // The end is an end or a reset, according to what was still under way.
    let _ = timeout(Duration::from_secs(30), reading)
        .await
        .expect("the connection is closed");
    assert!(
        queued.len() <= 64 * 1024 + 4096,
        "{} bytes were queued",
        queued.len()
    );
    console.stop().await.unwrap();
}

#[tokio::test]
async fn a_silent_reader_does_not_hold_up_the_end() {
    let console = Console::start().await;
    let address = console.url("").trim_start_matches("http://").to_owned();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut silent = socket.connect(address.parse().unwrap()).await.unwrap();
    let request = format!(
        "GET /events HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\n\r\n",
        console.cookie
    );
    silent.write_all(request.as_bytes()).await.unwrap();
    until("it follows", 30, || async {
        (console.state.hub.subscribers() == 1).then_some(())
    })
    .await;
    // More than all buffers between the two hold.
    for _ in 0..100 {
        let looks: Vec<_> = (0..20).map(look).collect();
        console.state.hub.publish_looks(&looks);
        tokio::task::yield_now().await;
    }
    let ended = timeout(Duration::from_secs(5), console.stop()).await;
    ended.expect("nobody waits for it").unwrap();
    drop(silent);
}

#[tokio::test]
async fn sigterm_ends_two_hundred_streams_cleanly_and_then_the_process() {
    let aws = FakeAws::start(1.0).await;
    let folder = tempfile::tempdir().unwrap();
    write_site(&folder.path().join("site"));
    let text = configuration(folder.path(), &aws)
        .replace("[server]\n", "[server]\nmax_streams_per_user = 300\n");
    std::fs::write(folder.path().join("customhouse.toml"), text).unwrap();
    let mut program = Program::serve(folder.path());
    let client = program.person().await.clone();
    let mut readers = Vec::new();
    for _ in 0..200 {
        let answer = client.get(format!("{}/events", program.url));
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let mut bytes = answer.bytes_stream().boxed();
        bytes.next().await.unwrap().unwrap();
        readers.push(bytes);
    }
    program.terminate();
    for mut reader in readers {
        let end = async {
            while let Some(bytes) = reader.next().await {
                bytes.expect("the last chunk, not a cut");
            }
        };
        timeout(Duration::from_secs(10), end)
            .await
            .expect("every stream ends");
    }
    let status = program.ended(Duration::from_secs(10)).await;
    assert!(status.success(), "{status:?}");
}
