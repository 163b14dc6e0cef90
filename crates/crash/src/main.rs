//! The program `crash`: see the library.

use anyhow::{Context as _, Result, bail};
use clap::{Args, Parser, Subcommand};
use crash::child::{self, ChildOptions};
use crash::control::Control;
use crash::database::{Kind, postgres_server};
use crash::drive::Driver;
use crash::round::Round;
use std::io::Write as _;

/// Ends the engine's process at bad moments and asks AWS what was done.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs rounds and judges them.
    Run(RunOptions),
    /// What is ended.
    #[command(hide = true)]
    Child(ChildOptions),
}

#[derive(Args)]
struct RunOptions {
    /// How many random rounds, after those of the matrix.
    #[arg(long, default_value_t = 100)]
    rounds: u64,
    /// The first round's seed; the next ones count up.
    #[arg(long)]
    seed: Option<u64>,
    /// Leaves out the matrix.
    #[arg(long)]
    no_matrix: bool,
    /// Of the matrix only the rounds of this name; may be given more than once.
    #[arg(long, conflicts_with = "no_matrix")]
    round: Vec<String>,
    /// At most so many ends in one round.
    #[arg(long, default_value_t = 4)]
    ends: u32,
    /// Builds a fault in; every round is then expected to be judged good, and is not.
    #[arg(long)]
    control: Option<Control>,
    /// Which databases; by default every one there is.
    #[arg(long)]
    database: Option<Kind>,
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Run(options) => run(options).await,
        Command::Child(options) => child::run(options).await,
    }
}

async fn run(options: RunOptions) -> Result<()> {
    let seed = options.seed.unwrap_or_else(rand::random);
    let kinds: Vec<Kind> = match options.database {
        Some(kind) => vec![kind],
        None => [
            Some(Kind::Sqlite),
            postgres_server().map(|_| Kind::Postgres),
        ]
        .into_iter()
        .flatten()
        .collect(),
    };
    say(&format!("seed {seed}, databases {kinds:?}"))?;
    let mut rounds: Vec<Round> = Vec::new();
    if !options.no_matrix {
        let matrix = kinds.iter().flat_map(|kind| Round::matrix(*kind));
        let chosen = &options.round;
        rounds.extend(matrix.filter(|round| chosen.is_empty() || chosen.contains(&round.name)));
    }
    for name in &options.round {
        if !rounds.iter().any(|round| round.name == *name) {
            bail!("no round is called {name:?} on {kinds:?}");
        }
    }
    for (number, kind) in (0..options.rounds).zip(kinds.iter().cycle()) {
        rounds.push(Round::random(
            seed.wrapping_add(number),
            *kind,
            options.ends,
        ));
    }
    let driver = Driver {
        program: std::env::current_exe()?,
        control: options.control,
    };
    let (mut ended, mut bad) = (0, 0);
    for (number, round) in (0_u64..).zip(&rounds) {
        let report = driver
            .run(round, number)
            .await
            .with_context(|| format!("in {round:#?}"))?;
        ended += report.ended;
        say(&format!(
            "{} on {:?}: {} processes ended",
            round.name, round.kind, report.ended
        ))?;
        if !report.wrong.is_empty() {
            bad += 1;
            say(&format!(
                "BAD {} on {:?}: {round:#?}",
                round.name, round.kind
            ))?;
            for wrong in report.wrong {
                say(&format!("    found {wrong}"))?;
            }
        }
    }
    say(&format!(
        "{} rounds, {ended} processes ended, {bad} rounds bad, seed {seed}",
        rounds.len()
    ))?;
    if bad > 0 {
        bail!("the engine did not survive");
    }
    Ok(())
}

fn say(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
