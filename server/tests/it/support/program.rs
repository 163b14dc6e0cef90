//! The binary `customhouse` as a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use tokio::sync::OnceCell;

use super::console::{ACCESS_KEY, SECRET};
use super::person::beside;

/// A running `customhouse serve`. Dropping it kills it.
pub(crate) struct Program {
    child: Child,
    pub(crate) url: String,
    folder: PathBuf,
    person: OnceCell<reqwest::Client>,
}

/// The binary with nothing in its environment but the keys that AWS's chain reads.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_customhouse"));
    command
        .current_dir(folder)
        .env_clear()
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY)
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env("HOME", folder);
    command
}

/// Runs one command to its end.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder).args(arguments).output().unwrap()
}

impl Program {
    /// Starts the server with the `customhouse.toml` in `folder` and waits until it listens.
    pub(crate) fn serve(folder: &Path) -> Self {
        Self::started(command(folder).arg("serve"))
    }

    /// Starts `command`, which serves, and waits until it listens.
    pub(crate) fn started(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let output = child.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("Customhouse is at ");
        let url = url.unwrap_or_else(|| panic!("it said {line:?}")).to_owned();
        let folder = command.get_current_dir().unwrap().to_owned();
        let person = OnceCell::new();
        Self {
            child,
            url,
            folder,
            person,
        }
    }

    /// Somebody who may do everything.
    pub(crate) async fn person(&self) -> &reqwest::Client {
        self.person.get_or_init(|| beside(&self.folder)).await
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the process to end, with SIGTERM.
    pub(crate) fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Sends the process a signal, such as `-STOP`.
    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
    }

    /// How the process ended, once it has; panics when it has not within `longest`.
    pub(crate) async fn ended(&mut self, longest: Duration) -> ExitStatus {
        let waiting = async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(longest, waiting)
            .await
            .expect("the process ends")
    }

    /// What an ended process wrote to standard error, if that was piped.
    pub(crate) fn log(&mut self) -> String {
        let mut text = String::new();
        let mut log = self.child.stderr.take().unwrap();
        log.read_to_string(&mut text).unwrap();
        text
    }

    /// Whether the process still runs.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Kills the process with SIGKILL, which it cannot notice, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
