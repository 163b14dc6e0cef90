//! `aws-emulator`: plays AWS for a world file until it is stopped.

use anyhow::Context as _;
use clap::{Parser, Subcommand, ValueEnum};
use emulator::{Assumption, Emulator, World};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::net::TcpListener;

/// Plays Amazon Rekognition Custom Labels, and what a model promotion needs of STS, S3, KMS and
/// IAM, on this machine.
#[derive(Parser)]
#[command(name = "aws-emulator", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    play: Play,
}

#[derive(Subcommand)]
enum Command {
    /// Prints what AWS has not documented: every assumption with its default, its values and the
    /// question it stands for, as the part of a world file.
    Assumptions,
    /// Prints the operations that are played, one a line. Everything else that AWS has answers
    /// `NotEmulated`.
    Operations,
}

#[derive(clap::Args)]
struct Play {
    /// Where to listen: an address of this machine alone, such as 127.0.0.1:4599 or
    /// localhost:4599. Port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:4599")]
    listen: String,
    /// The world to play, a TOML file.
    #[arg(long)]
    world: Option<PathBuf>,
    /// Whether the control API under /_emulator/ answers.
    #[arg(long, default_value = "on")]
    control: Control,
    /// What everything drawn follows from: ids, credentials and faults. One is chosen and printed
    /// when it is left out.
    #[arg(long)]
    seed: Option<u64>,
    /// Makes each call go wrong with this chance, from 0 to 1, in a way drawn from the seed.
    #[arg(long, default_value_t = 0.0)]
    fault_rate: f64,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Control {
    On,
    Off,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Some(Command::Assumptions) => {
            print!("{}", Assumption::table());
            Ok(())
        }
        Some(Command::Operations) => {
            for operation in emulator::operations() {
                println!("{operation}");
            }
            Ok(())
        }
        None => play(arguments.play).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The causes alone: where in the program it was noticed helps nobody to mend a file.
            for (depth, cause) in error.chain().enumerate() {
                let indent = if depth == 0 { "aws-emulator: " } else { "  " };
                eprintln!("{indent}{cause}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn play(arguments: Play) -> anyhow::Result<()> {
    let path = arguments
        .world
        .context("which world? Name a file with --world FILE.toml")?;
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read the world file {}", path.display()))?;
    let world = World::parse(&text)
        .map_err(|error| error.in_file(&path.display().to_string()))
        .context("cannot play this world")?;
    drop(text);
    let accounts = world.account_count();
    let listener = listen(&arguments.listen).await?;
    let mut emulator = Emulator::new(world);
    if let Some(seed) = arguments.seed {
        emulator = emulator.with_seed(seed);
    }
    if arguments.fault_rate != 0.0 {
        emulator = emulator
            .with_fault_rate(arguments.fault_rate)
            .map_err(|problem| anyhow::anyhow!("--fault-rate: {problem}"))?;
    }
    let seed = emulator.seed();
    if arguments.control == Control::Off {
        emulator = emulator.without_control();
    }
    let handle = emulator.serve(listener).context("cannot start")?;
    let plural = if accounts == 1 { "" } else { "s" };
    // In one piece: whoever reads the address may close the pipe at once.
    print!(
        "listening on {}\nseed {seed}\n{accounts} account{plural}\n",
        handle.url()
    );
    handle.wait().await;
    Ok(())
}

/// Takes the address, which may be a name. All that it stands for has to be of this machine.
async fn listen(place: &str) -> anyhow::Result<TcpListener> {
    let failed = || format!("cannot listen on {place}");
    let addresses: Vec<_> = tokio::net::lookup_host(place)
        .await
        .with_context(failed)?
        .collect();
    anyhow::ensure!(
        addresses.iter().all(|address| address.ip().is_loopback()),
        "cannot listen on {place}: the emulator is for this machine alone; take 127.0.0.1, [::1] \
         or localhost"
    );
    TcpListener::bind(&addresses[..]).await.with_context(failed)
}
