//! Running other programs.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

use anyhow::{Context, Result, bail};

use crate::workspace;

/// A program to run from the root of the working tree, without what `cargo run` added to our
/// own environment: a nested cargo would take the outer package's variables for changed inputs
/// and compile again. `RUSTFLAGS` goes too, since it replaces the flags of `.cargo/config.toml`
/// that server and browser must share.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    for name in inherited_from_cargo() {
        command.env_remove(name);
    }
    command
}

fn inherited_from_cargo() -> Vec<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "decides what a child process inherits"
    )]
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names
        .filter(|name| {
            matches!(
                name.as_str(),
                "CARGO" | "LD_LIBRARY_PATH" | "OUT_DIR" | "RUSTC"
            ) || matches!(name.as_str(), "RUSTFLAGS" | "CARGO_ENCODED_RUSTFLAGS")
                || [
                    "CARGO_PKG_",
                    "CARGO_MANIFEST_",
                    "CARGO_BIN_",
                    "CARGO_CRATE_",
                ]
                .iter()
                .any(|prefix| name.starts_with(prefix))
        })
        .collect()
}

/// Cargo, with the toolchain that rustup or the person chose.
pub(crate) fn cargo() -> Command {
    command("cargo")
}

/// Runs a program to its end, its output in ours; an exit code other than 0 is an error that
/// names the command line.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", line(command)))?;
    if status.success() {
        return Ok(());
    }
    bail!("{} ended with {status}", line(command))
}

/// Runs a program and returns what it wrote to standard output; its errors go to ours.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", line(command)))?;
    if !output.status.success() {
        bail!("{} ended with {}", line(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("{} wrote no text", line(command)))
}

/// What a program wrote while its output also went to ours, and whether it ended well.
pub(crate) struct Watched {
    /// Both outputs, line by line as they came.
    pub(crate) lines: Vec<String>,
    pub(crate) success: bool,
}

/// Runs a program, shows its output as it comes and keeps it.
pub(crate) fn watch(command: &mut Command) -> Result<Watched> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", line(command)))?;
    let (sender, receiver) = mpsc::channel();
    let readers = [
        pass_on(
            child.stdout.take().context("no standard output")?,
            sender.clone(),
        ),
        pass_on(child.stderr.take().context("no standard error")?, sender),
    ];
    let lines = receiver.iter().inspect(|line| println!("{line}")).collect();
    for reader in readers {
        reader
            .join()
            .map_err(|_| anyhow::anyhow!("a reader of {} panicked", line(command)))?;
    }
    let status = child.wait()?;
    Ok(Watched {
        lines,
        success: status.success(),
    })
}

fn pass_on(
    stream: impl Read + Send + 'static,
    sender: mpsc::Sender<String>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut bytes = Vec::new();
        while reader
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|read| read > 0)
        {
            let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            if sender.send(text).is_err() {
                return;
            }
            bytes.clear();
        }
    })
}

/// The file that a program's name stands for on `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "looks a program up as the shell does"
    )]
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// The command line for people.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy()
        .into_owned();
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(name)
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}
