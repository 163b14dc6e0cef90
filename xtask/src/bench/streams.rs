//! Readers of the event stream: what they cost, and how soon they learn what was committed.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::Deserialize;

use super::moto::free_port;
use super::{Figure, Report, console, emulator, machine};
use crate::service::Service;
use crate::{process, workspace};

const READERS: usize = 5_000;
const A_SECOND: u32 = 20;
const SECONDS: u32 = 15;
/// Readers when the console is asked to end.
const AT_THE_END: usize = 1_000;
const SCRIPT: &str = "xtask/bench/streams.py";
/// The module of Debian's `libnginx-mod-nchan`.
const NCHAN: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";

/// What the readers saw.
#[derive(Deserialize)]
struct Seen {
    frames: f64,
    least_bytes: u64,
    most_bytes: u64,
    p50_ms: Option<f64>,
    p99_ms: Option<f64>,
    ended: u64,
}

/// What one server made of the readers.
struct Run {
    seen: Seen,
    cpu_ms: f64,
    kib_per_reader: f64,
}

#[derive(Deserialize)]
struct Floor {
    cpu_ms: f64,
}

pub(super) fn run() -> Result<Report> {
    let folder = workspace::path("target/bench/streams");
    fs::create_dir_all(&folder)?;
    console::compile()?;
    ensure!(
        Path::new(NCHAN).exists(),
        "{NCHAN} is missing; install it with: apt-get install nginx-light libnginx-mod-nchan"
    );
    let world = folder.join("world.toml");
    fs::write(&world, WORLD)?;
    let (emulator, _) = emulator::start(&folder, &world)?;
    let (console, port) = self::console(&folder, &emulator)?;
    let token = console::token(&folder)?;
    let ours = follow(&console, (port, "/v1/events", &token), "console")?;
    drop(console);
    let (console, port) = self::console(&folder, &emulator)?;
    let token = console::token(&folder)?;
    let end = end(console, port, &token)?;
    drop(emulator);
    let (nginx, port) = nginx(&folder)?;
    let peer = follow(&nginx, (port, "/events", ""), "nchan")?;
    drop(nginx);
    let (floor, floor_cpu_ms) = floor()?;
    Ok(report(&ours, &peer, &floor, floor_cpu_ms, end))
}

fn report(ours: &Run, peer: &Run, floor: &Seen, floor_cpu_ms: f64, end: Duration) -> Report {
    let per_million = |cpu_ms: f64, frames: f64| cpu_ms / 1_000.0 / frames * 1e6;
    let rate = |seen: &Seen| seen.frames / f64::from(SECONDS);
    let delay = |ms: Option<f64>| ms.map_or_else(|| "-".to_owned(), |ms| format!("{ms:.0} ms"));
    let three = |what: &str, of: [String; 3]| {
        let [ours, peer, floor] = of;
        Figure::new(what, format!("{ours}; nchan {peer}; floor {floor}"), "-")
    };
    let all = [&ours.seen, &peer.seen, floor];
    Report {
        title: "Streams of events",
        method: format!(
            "{READERS} readers over HTTP/1.1 on the same machine, {A_SECOND} events a second for {SECONDS} s, \
             release build. An event of the console is a whole refresh of an account without projects: a \
             call to the emulator, a commit to SQLite, and the frame; its moment is taken before the \
             commit. A frame of nchan and of the floor has the same view and no commit before it. The \
             floor is a loop that writes one frame to all sockets. Readers and publisher are Python \
             programs that share the processors with the server; one reader in 25 takes the delay of \
             each frame and the others count bytes. Memory is what a process has more with its readers \
             than without, kernel buffers not counted."
        ),
        figures: vec![
            three(
                "frames a second",
                all.map(|seen| format!("{:.0}", rate(seen))),
            ),
            three(
                "publish to receive, p50",
                all.map(|seen| delay(seen.p50_ms)),
            ),
            three(
                "publish to receive, p99",
                all.map(|seen| delay(seen.p99_ms)),
            ),
            three(
                "processor time for a million frames",
                [
                    per_million(ours.cpu_ms, ours.seen.frames),
                    per_million(peer.cpu_ms, peer.seen.frames),
                    per_million(floor_cpu_ms, floor.frames),
                ]
                .map(|seconds| format!("{seconds:.1} s")),
            ),
            Figure::new(
                "memory of a reader",
                format!(
                    "{:.1} KiB; nchan {:.1} KiB",
                    ours.kib_per_reader, peer.kib_per_reader
                ),
                "-",
            ),
            Figure::new(
                "readers cut off",
                format!("{}; nchan {}", ours.seen.ended, peer.seen.ended),
                "0",
            ),
            Figure::new(
                format!("SIGTERM to exit with {AT_THE_END} readers"),
                format!("{} ms", end.as_millis()),
                "-",
            ),
        ],
        notes: format!(
            "The readers of the console received between {} and {} bytes each, those of nchan between {} \
             and {}: heartbeats and the cut at the end of the time make the difference.",
            ours.seen.least_bytes,
            ours.seen.most_bytes,
            peer.seen.least_bytes,
            peer.seen.most_bytes
        ),
    }
}

/// Readers and publisher on one server.
/// Lets readers follow `stream`: a port, a path, and the token to ask with, if any.
fn follow(server: &Service, stream: (u16, &str, &str), kind: &str) -> Result<Run> {
    let port = stream.0;
    let (before, _) = machine::memory_kib(server.id())?;
    let mut readers = readers(stream, READERS)?;
    let (with, _) = machine::memory_kib(server.id())?;
    let cpu = machine::cpu_ms(server.id())?;
    let mut publisher = python(&[
        "publish",
        kind,
        "127.0.0.1",
        &port.to_string(),
        &A_SECOND.to_string(),
        &SECONDS.to_string(),
    ])
    .stdout(Stdio::null())
    .spawn()?;
    let seen: Seen = finish(&mut readers)?;
    let cpu_ms = machine::cpu_ms(server.id())? - cpu;
    ensure!(publisher.wait()?.success(), "publishing to {kind} failed");
    let kib: u32 = with.saturating_sub(before).try_into()?;
    let count: u32 = READERS.try_into()?;
    Ok(Run {
        seen,
        cpu_ms,
        kib_per_reader: f64::from(kib) / f64::from(count),
    })
}

/// Readers that are all open.
fn readers(
    (port, path, token): (u16, &str, &str),
    count: usize,
) -> Result<(Child, impl BufRead + use<>)> {
    let seconds = (SECONDS + 1).to_string();
    let mut child = python(&[
        "read",
        "127.0.0.1",
        &port.to_string(),
        path,
        &count.to_string(),
        &seconds,
        token,
    ])
    .stdout(Stdio::piped())
    .spawn()?;
    let mut output = BufReader::new(child.stdout.take().context("no output")?);
    let mut line = String::new();
    output.read_line(&mut line)?;
    ensure!(line.trim() == "open", "the readers could not be opened");
    Ok((child, output))
}

fn finish((child, output): &mut (Child, impl BufRead)) -> Result<Seen> {
    let mut text = String::new();
    output.read_to_string(&mut text)?;
    ensure!(child.wait()?.success(), "the readers failed");
    let seen: Seen = serde_json::from_str(&text)?;
    // A peer whose frames are not recognised must not look as if it had sent none.
    ensure!(seen.frames > 0.0, "the readers recognised no frame");
    Ok(seen)
}

/// From SIGTERM to the end of a console that many follow.
fn end(console: Service, port: u16, token: &str) -> Result<Duration> {
    let (mut child, _output) = readers((port, "/v1/events", token), AT_THE_END)?;
    let started = Instant::now();
    kill(Pid::from_raw(console.id().try_into()?), Signal::SIGTERM)?;
    let mut console = console;
    while console.check().is_ok() {
        ensure!(
            started.elapsed() < Duration::from_secs(30),
            "it never ended"
        );
        thread::sleep(Duration::from_millis(2));
    }
    let took = started.elapsed();
    child.wait()?;
    Ok(took)
}

fn floor() -> Result<(Seen, f64)> {
    let port = free_port()?;
    let mut writer = python(&[
        "floor",
        &port.to_string(),
        &READERS.to_string(),
        &A_SECOND.to_string(),
        &SECONDS.to_string(),
    ])
    .stdout(Stdio::piped())
    .spawn()?;
    let mut output = BufReader::new(writer.stdout.take().context("no output")?);
    let mut line = String::new();
    output.read_line(&mut line)?;
    let mut readers = readers((port, "/events", ""), READERS)?;
    let seen = finish(&mut readers)?;
    let mut text = String::new();
    output.read_to_string(&mut text)?;
    ensure!(writer.wait()?.success(), "the floor failed");
    let floor: Floor = serde_json::from_str(&text)?;
    Ok((seen, floor.cpu_ms))
}

/// Python of the system: nothing but its own library is needed.
fn python(arguments: &[&str]) -> Command {
    let mut command = process::command("python3");
    command.arg(SCRIPT).args(arguments);
    command
}

/// A console with a new database.
fn console(folder: &Path, emulator: &Service) -> Result<(Service, u16)> {
    let port = free_port()?;
    let database = folder.join(format!("console-{port}.sqlite"));
    let server = "max_streams = 10000\nmax_streams_per_user = 10000";
    let aws = "calls_per_second = 1000.0\nquota_share = 1.0";
    let text = console::configuration((port, &database), emulator, (server, aws)) + ACCOUNT;
    let mut console = console::start(folder, port, &text)?;
    console.wait_for("/readyz")?;
    Ok((console, port))
}

fn nginx(folder: &Path) -> Result<(Service, u16)> {
    let port = free_port()?;
    let configuration = folder.join("nginx.conf");
    fs::write(
        &configuration,
        format!(
            "load_module {NCHAN};\ndaemon off;\nmaster_process off;\nworker_rlimit_nofile 20000;\n\
             pid {0}/nginx.pid;\nerror_log stderr warn;\nevents {{ worker_connections 12000; }}\n\
             http {{\n access_log off;\n client_body_temp_path {0};\n server {{\n  listen 127.0.0.1:{port};\n\
             location = /publish {{ nchan_publisher; nchan_channel_id events; }}\n\
             location = /events {{ nchan_subscriber; nchan_channel_id events; }}\n\
             location = / {{ return 200; }}\n }}\n}}\n",
            folder.display()
        ),
    )?;
    let mut command = process::command("/usr/sbin/nginx");
    command.arg("-c").arg(&configuration);
    let mut nginx = Service::start("nginx", port, command, folder)?;
    nginx.wait_for("/")?;
    Ok((nginx, port))
}

const ACCOUNT: &str = r#"[[environment]]
name = "dev"
colour = "dev"
[[account]]
number = "100000000000"
alias = "bench"
environment = "dev"
regions = ["eu-west-1"]
external_id = "ch-00112233445566778899aabbccddeeff"
"#;
const WORLD: &str = r#"quota_tps = 0
[[account]]
id = "100000000000"
[[account.user]]
name = "bench"
access_key_id = "CHEMULATORBENCH00001"
secret_access_key = "customhouse-emulator-secret-0000000000001"
policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
[[account.role]]
name = "customhouse-reader"
trust_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::100000000000:user/bench"},"Action":"sts:AssumeRole"}]}'
policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rekognition:Describe*","Resource":"*"}]}'
"#;
