//! Many copies at once: how often AWS is asked about them, and how soon their end is seen. The
//! peers are the two ways in which scripts wait for copies.

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::fleet::{self, Fleet};
use super::follow::{self, Frame};
use super::ledger::{Describes, Ledger};
use super::moto::free_port;
use super::python::Client;
use super::{Figure, Report, console, emulator, machine};
use crate::process;
use crate::referees::REQUIREMENTS;
use crate::service::Service;
use crate::setup;

const FLEET: Fleet = Fleet {
    projects: 2,
    copies: 50,
    copy: Duration::from_secs(45),
    quota: 5,
};
/// How long one of the three may take.
const PATIENCE: Duration = Duration::from_mins(4);
const SCRIPT: &str = "xtask/bench/copies.py";

/// What somebody made of the copies.
struct Run {
    describes: Describes,
    /// From the end of each copy to when it was seen, in ms, smallest first.
    delays: Vec<i64>,
    cpu_ms: f64,
    took: Duration,
}

/// A running peer, which ends with this.
struct Script(Child);

impl Script {
    fn start(client: &Client, arguments: &[&str]) -> Result<Self> {
        let mut child = process::command(client.python())
            .arg(SCRIPT)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take();
        let script = Self(child);
        let copies = serde_json::to_vec(&FLEET.copies())?;
        input.context("no standard input")?.write_all(&copies)?;
        Ok(script)
    }

    fn has_ended(&mut self) -> Result<bool> {
        Ok(self.0.try_wait()?.is_some())
    }

    /// What it has printed.
    fn seen(&mut self) -> Result<Seen> {
        let status = self.0.wait()?;
        ensure!(status.success(), "it ended with {status}");
        let output = self.0.stdout.take().context("no standard output")?;
        Ok(serde_json::from_reader(output)?)
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // It has ended already unless something went wrong.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a peer prints.
#[derive(Deserialize)]
struct Seen {
    /// By version name, in ms since 1970.
    seen: HashMap<String, i64>,
    cpu_ms: f64,
}

pub(super) fn run() -> Result<Report> {
    console::compile()?;
    let client = Client::install()?;
    let folder = crate::workspace::path("target/bench/jobs");
    // A database of an earlier run would hold its jobs.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let world = FLEET.write_world(&folder)?;
    let (emulator, _) = emulator::start(&folder, &world)?;
    let load = machine::load()?;
    let ours = ours(&folder, &emulator)?;
    let threads = peer(&client, &emulator, "threads")?;
    let batched = peer(&client, &emulator, "batched")?;
    report([&ours, &threads, &batched], &load)
}

/// The console: asked for everything through `/v1`, followed through `/v1/events`.
fn ours(folder: &Path, emulator: &Service) -> Result<Run> {
    let port = free_port()?;
    let database = folder.join(format!("console-{port}.sqlite"));
    let text = console::configuration((port, &database), emulator, ("", ""))
        + "[engine]\ncopies_per_project = 50\n"
        + &Fleet::accounts();
    let mut console = console::start(folder, port, &text)?;
    console.wait_for("/readyz")?;
    let token = console::token(folder)?;
    let events = follow::follow(console.url(), &token)?;
    let mut ledger = Ledger::open(emulator.url())?;
    let (cpu, started) = (machine::cpu_ms(console.id())?, Instant::now());
    let copies = FLEET.copies();
    let jobs = fleet::ask_for(console.url(), &token, &copies)?;
    let names = jobs.iter().cloned();
    let names = names.zip(copies.iter().map(|copy| copy.version_name.clone()));
    let seen = wait_for_all(&events, &names.collect(), &mut ledger)?;
    let took = started.elapsed();
    let cpu_ms = machine::cpu_ms(console.id())? - cpu;
    drop(console);
    ledger.read_on()?;
    Ok(Run {
        describes: ledger.describes(),
        delays: delays(&ledger, &seen)?,
        cpu_ms,
        took,
    })
}

/// When the console first showed that each copy is complete, by version name, in ms since 1970.
/// Ends when all jobs have ended, and fails if one did not succeed.
fn wait_for_all(
    events: &Receiver<Frame>,
    names: &HashMap<String, String>,
    ledger: &mut Ledger,
) -> Result<HashMap<String, i64>> {
    let started = Instant::now();
    let mut read = started;
    let (mut seen, mut ended) = (HashMap::new(), 0);
    while ended < names.len() {
        ensure!(
            started.elapsed() < PATIENCE,
            "{ended} of {} jobs have ended after {PATIENCE:?}",
            names.len()
        );
        if read.elapsed() > Duration::from_secs(1) {
            ledger.read_on()?;
            read = Instant::now();
        }
        let frame = match events.recv_timeout(Duration::from_millis(500)) {
            Ok(frame) => frame,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => bail!("the console's events have ended"),
        };
        let Some(name) = names.get(&frame.view.id) else {
            continue;
        };
        if frame.view.aws.as_deref() == Some("COPYING_COMPLETED") {
            seen.entry(name.clone()).or_insert(frame.received_at);
        }
        match frame.view.state.as_str() {
            "Succeeded" => ended += 1,
            "Failed" | "Stopped" | "Needs operator" => {
                bail!("job {} is {}", frame.view.id, frame.view.state)
            }
            _ => {}
        }
    }
    Ok(seen)
}

/// One of the scripts, with a world as new.
fn peer(client: &Client, emulator: &Service, kind: &str) -> Result<Run> {
    let reset = format!("{}/_emulator/reset", emulator.url());
    ureq::post(&reset).send_json(serde_json::json!({}))?;
    let mut ledger = Ledger::open(emulator.url())?;
    let started = Instant::now();
    let mut script = Script::start(client, &[kind, emulator.url()])?;
    while !script.has_ended()? {
        ensure!(
            started.elapsed() < PATIENCE,
            "{kind} has not ended after {PATIENCE:?}"
        );
        thread::sleep(Duration::from_secs(1));
        ledger.read_on()?;
    }
    let took = started.elapsed();
    ledger.read_on()?;
    let seen = script.seen().with_context(|| format!("{SCRIPT} {kind}"))?;
    Ok(Run {
        describes: ledger.describes(),
        delays: delays(&ledger, &seen.seen)?,
        cpu_ms: seen.cpu_ms,
        took,
    })
}

fn delays(ledger: &Ledger, seen: &HashMap<String, i64>) -> Result<Vec<i64>> {
    let copied_at = ledger.copied_at();
    let copy_ms: i64 = FLEET.copy.as_millis().try_into()?;
    let delays = copied_at.iter().map(|(name, begun)| {
        let seen = seen
            .get(name)
            .with_context(|| format!("{name} was not seen"))?;
        Ok(seen - begun - copy_ms)
    });
    let mut delays = delays.collect::<Result<Vec<_>>>()?;
    ensure!(
        delays.len() == FLEET.all_copies(),
        "AWS has made {} copies instead of {}",
        delays.len(),
        FLEET.all_copies()
    );
    delays.sort_unstable();
    Ok(delays)
}

impl Run {
    /// The delay of the copy that `hundredths` of all were faster than, in seconds.
    fn delay(&self, hundredths: usize) -> f64 {
        let index = (self.delays.len() * hundredths / 100).min(self.delays.len() - 1);
        f64::from(i32::try_from(self.delays[index]).unwrap_or(i32::MAX)) / 1000.0
    }

    fn per_job(count: u32) -> f64 {
        let jobs = u32::try_from(FLEET.all_copies()).unwrap_or(u32::MAX);
        f64::from(count) / f64::from(jobs)
    }
}

fn report(runs: [&Run; 3], load: &str) -> Result<Report> {
    let line = |what: &str, unit: &str, decimals: usize, values: [f64; 3]| {
        let [ours, threads, batched] = values;
        let against = |peer: f64| format!("{peer:.decimals$}{unit} ({:.2} times)", peer / ours);
        Figure::new(
            what,
            format!(
                "{ours:.decimals$}{unit}; threads {}; batched {}",
                against(threads),
                against(batched)
            ),
            "-",
        )
    };
    let [ours, _, _] = runs;
    let counts = runs.map(|run| run.describes.throttled);
    Ok(Report {
        title: "Many copies at once",
        method: format!(
            "{}. The emulator keeps AWS's quota of {} calls a second for each operation in a Region. The \
             console (release build, SQLite, `copies_per_project = {}`, otherwise as it comes: 70 % of the \
             quota) is asked through `/v1/promotions` and followed through `/v1/events`; it checks each \
             promotion before and reads each copy back after, which costs {:.1} of its calls a job. The \
             peers are Python programs with boto3 {}, each on a world as new: *threads* has a thread for \
             each copy that describes its version every 5 s, *batched* describes each project with open \
             copies once in 2 s. They begin copies at nearly the whole quota and do nothing else. A copy's \
             end is seen so long after it as its time in the emulator says; of the console that is when \
             the event has been received.",
            FLEET.words(),
            FLEET.quota,
            FLEET.copies,
            Run::per_job(ours.describes.of_one),
            setup::python::pinned(REQUIREMENTS, "boto3")?.unwrap_or_default(),
        ),
        figures: vec![
            line(
                "`DescribeProjectVersions`, calls a job",
                "",
                1,
                runs.map(|run| Run::per_job(run.describes.all)),
            ),
            line(
                "those that look at running copies",
                "",
                1,
                [
                    Run::per_job(ours.describes.all - ours.describes.of_one),
                    Run::per_job(runs[1].describes.all),
                    Run::per_job(runs[2].describes.all),
                ],
            ),
            Figure::new(
                "throttled",
                format!(
                    "{}; threads {}; batched {}",
                    counts[0], counts[1], counts[2]
                ),
                "-",
            ),
            line(
                "end of a copy to seen, p50",
                " s",
                2,
                runs.map(|run| run.delay(50)),
            ),
            line(
                "end of a copy to seen, p99",
                " s",
                2,
                runs.map(|run| run.delay(99)),
            ),
            line(
                "processor time",
                " s",
                1,
                runs.map(|run| run.cpu_ms / 1000.0),
            ),
            line(
                "from the first to the last",
                " s",
                0,
                runs.map(|run| run.took.as_secs_f64()),
            ),
        ],
        notes: format!(
            "The console's copies begin later than those of the peers, since each is checked first, and \
             its last figure ends when all grants have been seen to be gone: AWS is asked for the policies of \
             a project four times for each job. Its processor time is that of all steps with their audit \
             entries and events. Copies that run longer than a \
             minute are looked at every 10 s, after ten minutes every 30 s. Load of the machine before the \
             run: {load}."
        ),
    })
}
