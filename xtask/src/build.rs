//! `cargo xtask build`.

use anyhow::Result;
use clap::Args;

use crate::phases::Phases;
use crate::process;
use crate::site::{self, Profile};
use crate::workspace::{self, SERVER_SIDE};

#[derive(Args)]
pub(crate) struct Options {
    /// One optimised binary with the site inside: target/release/customhouse.
    #[arg(long)]
    release: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let mut phases = Phases::default();
    if options.release {
        release(&mut phases)?;
    } else {
        development(&mut phases)?;
    }
    phases.print_times();
    Ok(())
}

/// Site and debug programs, as the demo runs them.
pub(crate) fn development(phases: &mut Phases) -> Result<()> {
    site::build(phases, Profile::Development)?;
    phases.step("programs", programs)
}

/// The debug programs of the server side.
pub(crate) fn programs() -> Result<()> {
    process::run(
        process::cargo()
            .arg("build")
            .args(SERVER_SIDE)
            .arg("--bins"),
    )
}

/// The emulator and the examples of the two crates that referees and fuzzing judge: a selection of
/// its own, so that a clean machine need not compile the console for them.
pub(crate) fn judged() -> Result<()> {
    let packages = ["--package", "emulator", "--package", "iam"];
    process::run(
        process::cargo()
            .arg("build")
            .args(packages)
            .args(["--bins", "--examples"]),
    )
}

fn release(phases: &mut Phases) -> Result<()> {
    site::build(phases, Profile::Release)?;
    phases.step("server (release)", || {
        let arguments = [
            "build",
            "--release",
            "--package",
            "server",
            "--features",
            "embed",
        ];
        process::run(process::cargo().args(arguments))
    })?;
    let binary = workspace::path("target/release/customhouse");
    let size = std::fs::metadata(&binary)?.len();
    println!(
        "\n{} ({} MiB, site included)",
        binary.display(),
        size / (1 << 20)
    );
    Ok(())
}
