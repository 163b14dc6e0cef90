//! Following a console's events, as a program would.

use std::io::{BufRead, BufReader};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use serde::Deserialize;

/// What a frame says about one thing, and when it came.
pub(super) struct Frame {
    /// In ms since 1970.
    pub(super) received_at: i64,
    pub(super) view: View,
}

#[derive(Deserialize)]
pub(super) struct View {
    pub(super) id: String,
    pub(super) state: String,
    pub(super) aws: Option<String>,
    /// In ms since 1970.
    pub(super) seen_at: Option<i64>,
}

/// The machine's time in ms since 1970, which is the emulator's too.
#[expect(
    clippy::disallowed_methods,
    reason = "compared with the times of other processes"
)]
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(i64::MAX)
}

/// Everything from now on until the console ends.
pub(super) fn follow(console: &str, token: &str) -> Result<Receiver<Frame>> {
    let answer = ureq::get(format!("{console}/v1/events"))
        .header("authorization", format!("Bearer {token}"))
        .call()?;
    let mut lines = BufReader::new(answer.into_body().into_reader()).lines();
    // The first frame tells that the reader has its place.
    for line in lines.by_ref() {
        if line?.is_empty() {
            break;
        }
    }
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let received_at = now();
            let data = line.strip_prefix("data: ");
            // Heartbeats are about nothing.
            let view = data.and_then(|data| serde_json::from_str(data).ok());
            let Some(view) = view else { continue };
            if sender.send(Frame { received_at, view }).is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}
