//! Fuzzes the emulator and `iam`: spoiled requests, most of them signed well, and spoiled
//! policies. botocore, in a process of its own, judges every answer.
//!
//! A panic anywhere, a 500, a connection that drops and an answer that botocore does not take are
//! findings: the program prints the seed and the input, and fails. A case ([`case`]) is a fresh
//! emulator under assumptions of its own and some dozens of requests, all from one number;
//! `--seed N --cases 1` plays a case again.

mod case;
mod corpus;
mod exchange;
mod judge;
mod message;
mod mutate;
mod panics;
mod policies;
mod seed;
mod sign;
mod spoil;
mod world;

use anyhow::{Context as _, Result, bail};
use case::Case;
use clap::Parser;
use emulator::{Emulator, World};
use judge::Judge;
use seed::Seed;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Spoils requests and policies until the time is over.
#[derive(Parser)]
struct Arguments {
    /// How long, at least one case.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The first case's number; a random one when left out.
    #[arg(long)]
    seed: Option<u64>,
    /// Stops after so many cases.
    #[arg(long)]
    cases: Option<u64>,
    /// The world file of the demo.
    #[arg(long, default_value = "xtask/demo/world.toml")]
    world: String,
    /// The Python that has botocore.
    #[arg(long, default_value = ".venv/bin/python")]
    python: String,
    /// The judge of answers.
    #[arg(long, default_value = "crates/emulator/tests/boto3/answers.py")]
    judge: String,
}

const POLICIES: usize = 60;

#[derive(Default)]
struct Figures {
    cases: u64,
    requests: usize,
    admitted: usize,
    executed: usize,
    policies: policies::Figures,
}

fn main() -> ExitCode {
    match fuzz() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not as anyhow prints it: a backtrace would hide the input.
            eprintln!("fuzz: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn fuzz() -> Result<()> {
    let arguments = Arguments::parse();
    let demo = std::fs::read_to_string(&arguments.world)
        .with_context(|| format!("cannot read {}", arguments.world))?;
    let first = match arguments.seed {
        Some(seed) => seed,
        None => Emulator::new(World::parse(&demo)?).seed(),
    };
    println!("seed {first}");
    let judge = Judge::start(&arguments.python, &arguments.judge)?;
    panics::watch();
    let figures = run(&arguments, &demo, first, judge)?;
    println!(
        "fuzz: seed {first}: {} cases, {} requests ({} signed well, {} carried out), {} policies \
         ({} read); 0 findings",
        figures.cases,
        figures.requests,
        figures.admitted,
        figures.executed,
        figures.policies.read + figures.policies.refused,
        figures.policies.read,
    );
    Ok(())
}

fn run(arguments: &Arguments, demo: &str, first: u64, mut judge: Judge) -> Result<Figures> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let end = Instant::now() + Duration::from_secs(arguments.seconds);
    let mut figures = Figures::default();
    // The case that the judge is at work on.
    let mut under_judgement: Option<(u64, Case)> = None;
    let mut number = first;
    loop {
        let over = arguments
            .cases
            .map_or(Instant::now() >= end, |most| figures.cases >= most);
        let next = if over && figures.cases > 0 {
            None
        } else {
            Some((number, play(&runtime, demo, number, &mut figures)?))
        };
        if let Some((_, case)) = &next {
            judge.send(&case.answered)?;
        }
        if let Some((number, case)) = under_judgement.take() {
            condemn(number, &case, &judge.verdicts()?)?;
        }
        if next.is_none() {
            break;
        }
        under_judgement = next;
        number = number.wrapping_add(1);
    }
    judge.stop()?;
    Ok(figures)
}

fn play(
    runtime: &tokio::runtime::Runtime,
    demo: &str,
    number: u64,
    figures: &mut Figures,
) -> Result<Case> {
    let case = match case::play(runtime, demo, number)? {
        Ok(case) => case,
        Err(finding) => bail!("case {number} (--seed {number} --cases 1)\n{finding}"),
    };
    // Another stream than the case's own, so that either can change by itself.
    match policies::run(&Seed::new(!number), POLICIES) {
        Ok(tried) => figures.policies += tried,
        Err(finding) => bail!(
            "case {number} (--seed {number} --cases 1)\npolicy: {finding}\n{}",
            panics::take().join("\n")
        ),
    }
    figures.cases += 1;
    figures.requests += case.answered.len();
    figures.admitted += case.admitted;
    figures.executed += case.executed;
    Ok(case)
}

fn condemn(number: u64, case: &Case, verdicts: &[judge::Verdict]) -> Result<()> {
    let Some(first) = verdicts.first() else {
        return Ok(());
    };
    let (message, answer) = case
        .answered
        .get(first.index)
        .context("the judge speaks of an answer that it did not get")?;
    bail!(
        "case {number} (--seed {number} --cases 1)\n{}\nrequest: {}\nanswer: {} {}",
        first.problem,
        case::readable(&message.bytes()),
        answer.status,
        case::readable(&answer.body),
    )
}
