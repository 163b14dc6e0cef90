//! The first start: while nobody could run the installation, a one-time link makes the first
//! administrator.
//!
//! The link is as good as a password. It is shown on the terminal that the server was started from,
//! or else stands in a file that only its owner may read; the log names the file and never the link,
//! for logs are collected and kept.

use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use operations::people::local::{self, NEW_ADMINISTRATOR_MS, SecretToken};
use operations::{OpContext, OpError};

use crate::config::Config;

/// Why there is no link although nobody could run the installation.
#[derive(Debug, thiserror::Error)]
pub enum FirstStartError {
    /// The database.
    #[error("cannot make the one-time link for the first administrator")]
    Link(#[source] OpError),
    /// The file.
    #[error("cannot write the one-time link for the first administrator to {}", .file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Makes a link and shows it, if there is nobody who could run the installation. `url` is what
/// people type to reach the console.
pub(crate) async fn offer_link(
    config: &Config,
    cx: &OpContext,
    url: &str,
) -> Result<(), FirstStartError> {
    let needed = local::needs_set_up(cx).await;
    if !needed.map_err(FirstStartError::Link)? {
        return Ok(());
    }
    let token = local::new_administrator(cx).await;
    let token = token.map_err(FirstStartError::Link)?;
    let minutes = NEW_ADMINISTRATOR_MS / 60_000;
    let terminal = io::stderr().is_terminal();
    match config.server.set_up_link.clone() {
        None if terminal => {
            let mut screen = io::stderr().lock();
            // A terminal that went away is no reason not to serve.
            let _ = writeln!(
                screen,
                "Nobody can run this installation yet. Make the first administrator within {minutes} minutes at\n{}",
                link(url, &token)
            );
        }
        configured => {
            let file = configured.unwrap_or_else(|| config.database.set_up_link_file());
            write(&file, &link(url, &token)).map_err(|source| FirstStartError::File {
                file: file.clone(),
                source,
            })?;
            tracing::warn!(
                file = %file.display(),
                minutes,
                "nobody can run this installation yet: the file holds a one-time link that makes the first administrator; customhouse set-up-link makes a new one"
            );
        }
    }
    Ok(())
}

/// The address of the page that a token opens.
pub(crate) fn link(url: &str, token: &SecretToken) -> String {
    format!("{url}/setup/{}", token.reveal())
}

/// Writes a file anew that only its owner may read. One that is there is removed first: its rights,
/// or what a link of that name leads to, do not count.
fn write(file: &Path, text: &str) -> io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_file_is_its_owners_alone_whatever_was_there_before() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("link");
        let other = folder.path().join("other");
        std::fs::write(&other, "untouched").unwrap();
        std::os::unix::fs::symlink(&other, &file).unwrap();
        for text in ["one", "two"] {
            write(&file, text).unwrap();
            assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{text}\n"));
            let mode = std::fs::symlink_metadata(&file)
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o7777, 0o600);
            std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&other).unwrap(), "untouched");
    }
}
