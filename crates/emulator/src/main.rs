//! `aws-emulator`: plays AWS for a world file until it is stopped.

use anyhow::Context as _;
use clap::{Parser, ValueEnum};
use emulator::{Emulator, World};
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::net::TcpListener;

/// Plays Amazon Rekognition Custom Labels, STS and S3 on this machine.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; a loopback address. Port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:4599")]
    listen: SocketAddr,
    /// The world to play, a TOML file.
    #[arg(long)]
    world: PathBuf,
    /// Whether the control API under /_emulator/ answers.
    #[arg(long, default_value = "on")]
    control: Control,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Control {
    On,
    Off,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    anyhow::ensure!(
        arguments.listen.ip().is_loopback(),
        "cannot listen on {}: the emulator is for this machine alone; take 127.0.0.1 or [::1]",
        arguments.listen
    );
    let path = arguments.world.display();
    let text = std::fs::read_to_string(&arguments.world)
        .with_context(|| format!("cannot read the world file {path}"))?;
    let world = World::parse(&text).with_context(|| format!("cannot play {path}"))?;
    let listener = TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    let mut emulator = Emulator::new(world);
    if arguments.control == Control::Off {
        emulator = emulator.without_control();
    }
    let handle = emulator.serve(listener).context("cannot start")?;
    println!("listening on {}", handle.url());
    handle.wait().await;
    Ok(())
}
