//! The emulator with a large world: how long it loads, what a call costs, how much memory it takes.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::python::{Calls, Client};
use super::{Figure, Report, machine, moto, world};
use crate::service::Service;
use crate::{process, workspace};

/// What account 100000000000 asks about itself.
const VERSIONS: Calls = Calls {
    service: "rekognition",
    operation: "describe_project_versions",
    parameters: r#"{"ProjectArn":"arn:aws:rekognition:eu-west-1:100000000000:project/project-7/1756890007000"}"#,
    count: 2000,
};
const ONE_VERSION: Calls = Calls {
    parameters: r#"{"ProjectArn":"arn:aws:rekognition:eu-west-1:100000000000:project/project-7/1756890007000","VersionNames":["v7"]}"#,
    ..VERSIONS
};
const PROJECTS: Calls = Calls {
    operation: "describe_projects",
    parameters: "{}",
    ..VERSIONS
};
const IDENTITY: Calls = Calls {
    service: "sts",
    operation: "get_caller_identity",
    parameters: "{}",
    count: 1000,
};
const ASSUME_ROLE: Calls = Calls {
    operation: "assume_role",
    parameters: r#"{"RoleArn":"arn:aws:iam::100000000000:role/customhouse-reader","RoleSessionName":"bench"}"#,
    ..IDENTITY
};
const STARTS: usize = 5;

pub(super) fn run() -> Result<Report> {
    compile()?;
    let client = Client::install()?;
    let folder = workspace::path("target/bench/emulator");
    fs::create_dir_all(&folder)?;
    let world = folder.join("world.toml");
    world::write(&world)?;
    let megabytes = fs::metadata(&world)?.len() / (1 << 20);

    let mut loads = Vec::new();
    for _ in 1..STARTS {
        loads.push(start(&folder, &world)?.1);
    }
    let (emulator, load) = start(&folder, &world)?;
    loads.push(load);
    loads.sort();
    let (loaded, _) = machine::memory_mib(emulator.id())?;
    let cost = |calls| client.cpu_ms_per_call(&emulator, calls);
    let (projects, versions, one) = (cost(PROJECTS)?, cost(VERSIONS)?, cost(ONE_VERSION)?);
    let (identity, assume) = (cost(IDENTITY)?, cost(ASSUME_ROLE)?);
    let (_, most) = machine::memory_mib(emulator.id())?;
    drop(emulator);

    let peer = moto::start(&folder)?;
    let peer_identity = client.cpu_ms_per_call(&peer, IDENTITY)?;
    let peer_assume = client.cpu_ms_per_call(&peer, ASSUME_ROLE)?;
    let (peer_memory, _) = machine::memory_mib(peer.id())?;

    let describe = |what: &str, cost: f64| {
        Figure::new(
            format!("{what}, processor time"),
            format!("{cost:.2} ms"),
            "≤ 1 ms",
        )
    };
    Ok(Report {
        title: "The emulator with a large world",
        method: format!(
            "The release build plays {} ({megabytes} MiB of TOML). boto3 makes signed calls one after \
             the other; a call's cost is the server's own processor time, the mean of {} calls. \
             Loading is from the start of the process to its first answer, the median of {STARTS}.",
            world::SIZE,
            VERSIONS.count,
        ),
        figures: vec![
            Figure::new(
                "load",
                format!("{:.2} s", loads[STARTS / 2].as_secs_f64()),
                "≤ 1 s",
            ),
            describe("`DescribeProjects`, 20 projects", projects),
            describe("`DescribeProjectVersions`, 30 versions", versions),
            describe("`DescribeProjectVersions`, one by name", one),
            Figure::new("memory once loaded", format!("{loaded} MiB"), "≤ 150 MiB"),
            Figure::new(
                "memory at most, start and calls",
                format!("{most} MiB"),
                "≤ 150 MiB",
            ),
            against("GetCallerIdentity", identity, peer_identity),
            against("AssumeRole", assume, peer_assume),
        ],
        notes: format!(
            "The peer is moto's server ({}). It has none of Rekognition's operations on projects, so two \
             calls to STS are compared. It holds no world here ({peer_memory} MiB) and verifies neither \
             signatures nor policies, which the emulator does for every call.",
            moto::name()?
        ),
    })
}

fn compile() -> Result<()> {
    process::run(process::cargo().args([
        "build",
        "--release",
        "--package",
        "emulator",
        "--bin",
        "aws-emulator",
    ]))
}

/// A running emulator and how long it took to answer.
pub(super) fn start(folder: &Path, world: &Path) -> Result<(Service, Duration)> {
    let port = moto::free_port()?;
    let mut command = process::command(workspace::path("target/release/aws-emulator"));
    command
        .arg("--listen")
        .arg(format!("127.0.0.1:{port}"))
        .arg("--world")
        .arg(world);
    let started = Instant::now();
    let mut service = Service::start("emulator", port, command, folder)?;
    service.wait_for("/_emulator/health")?;
    Ok((service, started.elapsed()))
}

fn against(call: &str, ours: f64, peer: f64) -> Figure {
    Figure::new(
        format!("`{call}`, processor time"),
        format!(
            "{ours:.2} ms; moto {peer:.2} ms ({:.0} times as much)",
            peer / ours
        ),
        "-",
    )
}
