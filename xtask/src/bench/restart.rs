//! A console that is killed in the midst of very many copies, and started again.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::fleet::{self, Fleet};
use super::follow::{self, Frame};
use super::ledger::Ledger;
use super::moto::free_port;
use super::{Figure, Report, console, emulator, machine};
use crate::service::Service;
use crate::workspace;

const FLEET: Fleet = Fleet {
    projects: 5,
    copies: 50,
    copy: Duration::from_mins(10),
    quota: 0,
};
/// What the quota is after the kill.
const QUOTA: u32 = 5;
/// How many copies end while nobody looks.
const ENDED: usize = 50;
/// How long beginning all copies, or looking at all again, may take.
const PATIENCE: Duration = Duration::from_mins(3);

/// Lines of the configuration for the time before the kill.
const NO_QUOTA: &str = "calls_per_second = 1000.0\nquota_share = 1.0";

const DAY_MS: i64 = 86_400_000;

/// When things happened, after the start of the process.
struct Times {
    ready: Duration,
    /// Of an empty console.
    floor: Duration,
    /// In ms.
    first_progress: i64,
    /// In ms: the look at the copy that waited longest, and at the one that half of all were before.
    all_seen: i64,
    half_seen: i64,
}

pub(super) fn run() -> Result<Report> {
    console::compile()?;
    let folder = workspace::path("target/bench/restart");
    // A database of an earlier run would hold its jobs.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let world = FLEET.write_world(&folder)?;
    let (emulator, _) = emulator::start(&folder, &world)?;
    let load = machine::load()?;
    let port = free_port()?;
    let database = folder.join(format!("console-{port}.sqlite"));
    let jobs = begin_all(&folder, &emulator, (port, &database))?;
    control(&emulator, "world", &json!({ "quota_tps": QUOTA }))?;
    let times = again(&folder, &emulator, (port, &database), &jobs)?;
    Ok(report(&times, &load))
}

/// Has all copies begun, kills the console, and lets the oldest copies end.
fn begin_all(
    folder: &Path,
    emulator: &Service,
    (port, database): (u16, &Path),
) -> Result<HashSet<String>> {
    let text = configuration(emulator, (port, database), NO_QUOTA);
    let mut console = console::start(folder, port, &text)?;
    console.wait_for("/readyz")?;
    let token = console::token(folder)?;
    let events = follow::follow(console.url(), &token)?;
    let mut ledger = Ledger::open(emulator.url())?;
    let copies = FLEET.copies();
    let mut jobs = HashSet::new();
    for some in copies.chunks(100) {
        jobs.extend(fleet::ask_for(console.url(), &token, some)?);
        ledger.read_on()?;
    }
    let (started, mut read) = (Instant::now(), Instant::now());
    let mut running = HashSet::new();
    while running.len() < jobs.len() {
        ensure!(
            started.elapsed() < PATIENCE,
            "{} of {} copies have begun after {PATIENCE:?}",
            running.len(),
            jobs.len()
        );
        if read.elapsed() > Duration::from_secs(1) {
            ledger.read_on()?;
            read = Instant::now();
        }
        // AWS's word is there after the first look at a copy.
        let Some(frame) = next(&events)? else {
            continue;
        };
        if frame.view.aws.is_some() && jobs.contains(&frame.view.id) {
            running.insert(frame.view.id);
        }
    }
    console.kill()?;
    ledger.read_on()?;
    let mut begun: Vec<i64> = ledger.copied_at().into_values().collect();
    ensure!(
        begun.len() == jobs.len(),
        "AWS has made {} copies",
        begun.len()
    );
    begun.sort_unstable();
    let copy_ms: i64 = FLEET.copy.as_millis().try_into()?;
    let seconds = (begun[ENDED - 1] + copy_ms - follow::now()) / 1000 + 1;
    control(emulator, "advance", &json!({ "seconds": seconds }))?;
    Ok(jobs)
}

/// Starts the console again and waits until it has looked at all copies; then an empty one.
fn again(
    folder: &Path,
    emulator: &Service,
    (port, database): (u16, &Path),
    jobs: &HashSet<String>,
) -> Result<Times> {
    let text = configuration(emulator, (port, database), "");
    let (start, started) = (follow::now(), Instant::now());
    let mut console = console::start(folder, port, &text)?;
    console.wait_for("/readyz")?;
    let ready = started.elapsed();
    let mut looks = Looks {
        start,
        at: HashMap::new(),
        first_progress: None,
    };
    let token = console::token(folder)?;
    let events = follow::follow(console.url(), &token)?;
    // Copies that were looked at before anybody followed.
    for job in jobs {
        looks.read(&get(&format!("{}/v1/jobs/{job}", console.url()), &token)?)?;
    }
    while looks.at.len() < jobs.len() || looks.first_progress.is_none() {
        ensure!(
            started.elapsed() < PATIENCE,
            "{} of {} copies were looked at after {PATIENCE:?}",
            looks.at.len(),
            jobs.len()
        );
        if let Some(frame) = next(&events)?.filter(|frame| jobs.contains(&frame.view.id)) {
            let view = frame.view;
            looks.add(&view.id, view.aws.as_deref(), view.seen_at);
        }
    }
    drop(console);
    let empty = folder.join(format!("empty-{port}.sqlite"));
    let text = configuration(emulator, (port, &empty), "");
    let started = Instant::now();
    let mut console = console::start(folder, port, &text)?;
    console.wait_for("/readyz")?;
    let floor = started.elapsed();
    let mut at: Vec<i64> = looks.at.into_values().collect();
    at.sort_unstable();
    Ok(Times {
        ready,
        floor,
        first_progress: looks.first_progress.context("no job went on")? - start,
        half_seen: at[at.len() / 2] - start,
        all_seen: at[at.len() - 1] - start,
    })
}

/// The first look at each copy since a moment.
struct Looks {
    /// In ms since 1970.
    start: i64,
    at: HashMap<String, i64>,
    /// The first look that found a copy complete.
    first_progress: Option<i64>,
}

impl Looks {
    fn add(&mut self, job: &str, aws: Option<&str>, seen_at: Option<i64>) {
        let Some(seen_at) = seen_at.filter(|at| *at >= self.start) else {
            return;
        };
        let first = self.at.entry(job.to_owned()).or_insert(seen_at);
        *first = seen_at.min(*first);
        if aws == Some("COPYING_COMPLETED") {
            let first = self.first_progress.get_or_insert(seen_at);
            *first = seen_at.min(*first);
        }
    }

    /// The same from a job as `/v1` shows it, whose moments are in words.
    fn read(&mut self, job: &Value) -> Result<()> {
        let Some(text) = job["seen_at"].as_str() else {
            return Ok(());
        };
        let in_day = ms_of_day(text).with_context(|| format!("no moment: {text}"))?;
        // All of this happens within a day: what lies before the start becomes late.
        let after = (in_day - self.start).rem_euclid(DAY_MS);
        if after < DAY_MS / 2 {
            let id = job["id"].as_str().context("a job has no id")?;
            self.add(id, job["aws_status"].as_str(), Some(self.start + after));
        }
        Ok(())
    }
}

/// The milliseconds since midnight of a moment such as `2026-11-24T13:29:01.123Z`.
fn ms_of_day(text: &str) -> Option<i64> {
    let (_, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut parts = time.split([':', '.']).map(str::parse::<i64>);
    let mut next = || parts.next()?.ok();
    let (hours, minutes, seconds) = (next()?, next()?, next()?);
    Some(((hours * 60 + minutes) * 60 + seconds) * 1000 + next().unwrap_or(0))
}

fn configuration(emulator: &Service, place: (u16, &Path), aws: &str) -> String {
    console::configuration(place, emulator, ("", aws))
        + "[engine]\ncopies_per_project = 50\n"
        + &Fleet::accounts()
}

/// The next frame; none if nothing happens for a while.
fn next(events: &Receiver<Frame>) -> Result<Option<Frame>> {
    match events.recv_timeout(Duration::from_millis(500)) {
        Ok(frame) => Ok(Some(frame)),
        Err(RecvTimeoutError::Timeout) => Ok(None),
        Err(RecvTimeoutError::Disconnected) => bail!("the console's events have ended"),
    }
}

fn get(url: &str, token: &str) -> Result<Value> {
    let request = ureq::get(url).header("authorization", format!("Bearer {token}"));
    Ok(request.call()?.body_mut().read_json()?)
}

fn control(emulator: &Service, name: &str, body: &Value) -> Result<()> {
    let url = format!("{}/_emulator/{name}", emulator.url());
    ureq::post(&url).send_json(body)?;
    Ok(())
}

fn report(times: &Times, load: &str) -> Report {
    let seconds = |ms: i64| {
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        format!("{:.2} s", f64::from(ms) / 1000.0)
    };
    let what = |what: &str, measured: String| Figure::new(what, measured, "-");
    Report {
        title: "Started again in the midst of many copies",
        method: format!(
            "{}. All are begun (release build, SQLite, `copies_per_project = {}`, with an emulator and a \
             console that know no quota, for this takes long otherwise), then the console is ended with \
             SIGKILL, {ENDED} of the copies or a few more end, the emulator gets AWS's quota of {QUOTA} \
             calls a second for each operation in a Region, and the console is started with the usual \
             settings. Times count from the start of the process. Nothing else does this; the floor is \
             the same console with an empty database, which reads the projects and versions of both \
             accounts before its first answer; later starts show what is known.",
            FLEET.words(),
            FLEET.copies,
        ),
        figures: vec![
            what(
                "start to `/readyz`",
                format!(
                    "{:.2} s; floor {:.2} s",
                    times.ready.as_secs_f64(),
                    times.floor.as_secs_f64()
                ),
            ),
            what(
                "to the first job that goes on",
                seconds(times.first_progress),
            ),
            what(
                "to a new look at half of the jobs",
                seconds(times.half_seen),
            ),
            what("to a new look at all jobs", seconds(times.all_seen)),
        ],
        notes: format!("Load of the machine before the run: {load}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_before_the_start_do_not_count() {
        assert_eq!(ms_of_day("2026-11-24T00:00:01.123Z"), Some(1_123));
        assert_eq!(ms_of_day("2026-11-24T23:59:59Z"), Some(DAY_MS - 1_000));
        assert_eq!(ms_of_day("yesterday"), None);
        let mut looks = Looks {
            start: 20_000 * DAY_MS + 5_000,
            at: HashMap::new(),
            first_progress: None,
        };
        for (id, seen_at, aws) in [
            ("before", "T00:00:04.999Z", "COPYING_COMPLETED"),
            ("late", "T00:00:07.000Z", "COPYING_COMPLETED"),
            ("soon", "T00:00:05.500Z", "COPYING_IN_PROGRESS"),
        ] {
            let job =
                json!({ "id": id, "seen_at": format!("2024-10-04{seen_at}"), "aws_status": aws });
            looks.read(&job).unwrap();
        }
        assert_eq!(looks.at.len(), 2);
        assert_eq!(looks.at["soon"], looks.start + 500);
        assert_eq!(looks.first_progress, Some(looks.start + 2_000));
    }
}
