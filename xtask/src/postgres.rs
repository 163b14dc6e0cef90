//! A PostgreSQL server for the tests: the one that `TEST_POSTGRES_URL` names, or one of our own
//! that goes away with this process, however it ends.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{process, setup};

/// The variable by which tests find the server.
const VARIABLE: &str = "TEST_POSTGRES_URL";
const MARK: &str = "server at ";
/// Says where the server is and stays until standard input ends, which our death does to it too.
const WAIT: &str =
    "echo \"server at postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres\"; exec cat";

/// A server that tests may make databases on.
pub(crate) struct Postgres {
    url: String,
    own: Option<Own>,
}

struct Own {
    child: Child,
    /// Open until the child has ended: it says more on its way out.
    _output: BufReader<ChildStdout>,
}

impl Postgres {
    /// Uses the server that the surroundings name, else starts one; on Debian as root it installs
    /// what that needs.
    pub(crate) fn start() -> Result<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "a server that is there already is named by the surroundings"
        )]
        let named = std::env::var(VARIABLE);
        if let Ok(url) = named {
            return Ok(Self { url, own: None });
        }
        setup::postgres::install()?;
        let mut child = process::command("pg_virtualenv")
            // A folder of its own also as root, any script, and room for many pools.
            .args(["-t", "-c", "-e UTF8 --locale C.UTF-8"])
            .args(["-o", "max_connections=400"])
            .args(["sh", "-c", WAIT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start pg_virtualenv")?;
        let output = child.stdout.take().context("no standard output")?;
        let mut output = BufReader::new(output);
        let url = output
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix(MARK).map(str::to_owned));
        let own = Some(Own {
            child,
            _output: output,
        });
        let server = Self {
            url: url.unwrap_or_default(),
            own,
        };
        if server.url.is_empty() {
            bail!("pg_virtualenv started no server; its message is above");
        }
        Ok(server)
    }

    /// Tells a program where the server is.
    pub(crate) fn known_to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env(VARIABLE, &self.url)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(Own { child, .. }) = &mut self.own {
            drop(child.stdin.take());
            // The server is gone, or will be, whatever this says.
            let _ = child.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_answers_and_goes_away() {
        // Only where it is installed: a test installs nothing.
        if process::find("pg_virtualenv").is_none() {
            return;
        }
        let mut server = Postgres::start().unwrap();
        let answer = process::capture(Command::new("psql").args([
            "-Atc",
            "SHOW server_encoding",
            &server.url,
        ]));
        assert_eq!(answer.unwrap().trim(), "UTF8");
        if let Some(own) = &mut server.own {
            drop(own.child.stdin.take());
            assert!(own.child.wait().unwrap().success());
        }
    }
}
