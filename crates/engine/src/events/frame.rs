//! The bytes of one server-sent event.

use bytes::Bytes;
use operations::events::EventCursor;
use std::fmt::Write;

/// One event: `id`, `event` and `data` lines and the empty line that ends it. Without a cursor the
/// reader's place stays as it is. `data` may have several lines.
pub(super) fn frame(cursor: Option<EventCursor>, name: &str, data: &str) -> Bytes {
    let mut text = String::with_capacity(data.len() + 64);
    put(&mut text, cursor, name, data);
    Bytes::from(text)
}

/// The first event of a stream: how long to wait before connecting again, in milliseconds, and
/// where the reader stands.
pub(super) fn opening(retry_ms: i64, cursor: EventCursor) -> Bytes {
    let mut text = format!("retry: {retry_ms}\n");
    put(&mut text, Some(cursor), "heartbeat", "{}");
    Bytes::from(text)
}

/// Nothing happened up to here.
pub(super) fn heartbeat(cursor: EventCursor) -> Bytes {
    frame(Some(cursor), "heartbeat", "{}")
}

/// The reader's place is not known any more: it has to load anew what it shows.
pub(super) fn resync(cursor: EventCursor) -> Bytes {
    frame(Some(cursor), "resync", "{}")
}

fn put(text: &mut String, cursor: Option<EventCursor>, name: &str, data: &str) {
    // Writing to a String cannot fail.
    if let Some(cursor) = cursor {
        let _ = writeln!(text, "id: {cursor}");
    }
    let _ = writeln!(text, "event: {name}");
    for line in data.split(['\n', '\r']) {
        let _ = writeln!(text, "data: {line}");
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_have_the_lines_of_the_standard() {
        let cursor = EventCursor { epoch: 1, seq: 42 };
        for (bytes, text) in [
            (
                frame(Some(cursor), "job", r#"{"id":"job_1"}"#),
                "id: 1-42\nevent: job\ndata: {\"id\":\"job_1\"}\n\n",
            ),
            (frame(None, "look", "{}"), "event: look\ndata: {}\n\n"),
            (
                frame(None, "look", "a\nid: 9-9\r\rb"),
                "event: look\ndata: a\ndata: id: 9-9\ndata: \ndata: b\n\n",
            ),
            (
                opening(2137, cursor),
                "retry: 2137\nid: 1-42\nevent: heartbeat\ndata: {}\n\n",
            ),
            (resync(cursor), "id: 1-42\nevent: resync\ndata: {}\n\n"),
        ] {
            assert_eq!(bytes, text.as_bytes());
        }
    }
}
