//! Gives checkpoints away: to standard output, to a file, or to both.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use domain::Millis;
use store::checkpoint::signed::Noted;

use crate::config::AuditSection;

/// Gives checkpoints away, each as one line of JSON.
pub(crate) struct Publisher {
    stdout: Option<SyncSender<String>>,
    file: Option<PathBuf>,
    entries: i64,
    interval_ms: i64,
    /// The last entry that is known outside, and since when.
    last: Option<(i64, Millis)>,
}

impl Publisher {
    /// Gives away what `section` says, at the first chance and then as often as it says.
    pub(crate) fn new(section: &AuditSection) -> Self {
        Self {
            stdout: section.checkpoint_stdout.then(printer),
            file: section.checkpoint_file.clone(),
            entries: i64::from(section.every_entries),
            interval_ms: i64::from(section.every_minutes) * 60_000,
            last: None,
        }
    }

    /// Whether a checkpoint at entry `n` is to be given away now.
    pub(crate) fn is_due(&self, n: i64, now: Millis) -> bool {
        if self.stdout.is_none() && self.file.is_none() {
            return false;
        }
        match self.last {
            None => n > 0,
            Some((last, at)) => {
                // A smaller number is that of a database that went back.
                n < last
                    || n - last >= self.entries
                    || (n > last && now.since(at) >= self.interval_ms)
            }
        }
    }

    /// Gives `noted` away. What cannot be written is written at the next chance.
    pub(crate) fn publish(&mut self, noted: &Noted, now: Millis) {
        let line = match serde_json::to_string(noted) {
            Ok(line) => line,
            Err(error) => {
                tracing::error!(%error, "a checkpoint cannot be written as JSON");
                return;
            }
        };
        if let Some(file) = &self.file
            && let Err(error) = append(file, &line)
        {
            tracing::warn!(%error, file = %file.display(), "the checkpoint was not given away");
            return;
        }
        if let Some(stdout) = &self.stdout
            && stdout.try_send(line).is_err()
        {
            tracing::warn!("nobody takes checkpoints from standard output");
        }
        self.last = Some((noted.checkpoint.audit_seq, now));
    }
}

/// Prints lines from a thread of its own: somebody may hold the other end of a pipe and not read.
fn printer() -> SyncSender<String> {
    let (sender, lines) = sync_channel::<String>(16);
    thread::spawn(move || {
        for line in lines {
            let mut output = io::stdout().lock();
            if let Err(error) = writeln!(output, "{line}").and_then(|()| output.flush()) {
                tracing::debug!(%error, "standard output is closed");
                return;
            }
        }
    });
    sender
}

fn append(file: &Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(file)?;
    // One write: several replicas may add to the same file.
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::checkpoint::Checkpoint;

    fn noted(n: i64) -> Noted {
        Noted::unsigned(Checkpoint {
            installation: None,
            epoch: 1,
            event_seq: 0,
            audit_seq: n,
            audit_hash: "ab".repeat(32),
        })
    }

    #[test]
    fn checkpoints_are_given_away_after_entries_and_after_time() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("given");
        let mut publisher = Publisher::new(&AuditSection {
            checkpoint_file: Some(file.clone()),
            checkpoint_stdout: false,
            every_entries: 10,
            every_minutes: 1,
            key_file: None,
        });
        let at = Millis::new;
        assert!(!publisher.is_due(0, at(0)), "there is nothing yet");
        assert!(publisher.is_due(1, at(0)), "the first one");
        publisher.publish(&noted(1), at(0));
        for (n, moment, due) in [
            (1, 600_000, false),
            (2, 59_999, false),
            (2, 60_000, true),
            (10, 1, false),
            (11, 1, true),
            (0, 1, true),
        ] {
            assert_eq!(publisher.is_due(n, at(moment)), due, "{n} at {moment}");
        }
        publisher.publish(&noted(11), at(1));
        let text = std::fs::read_to_string(&file).unwrap();
        let read: Vec<Noted> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(read, [noted(1), noted(11)]);
    }

    #[test]
    fn what_could_not_be_given_away_stays_due() {
        let folder = tempfile::tempdir().unwrap();
        let mut publisher = Publisher::new(&AuditSection {
            checkpoint_file: Some(folder.path().join("absent/given")),
            checkpoint_stdout: false,
            ..AuditSection::default()
        });
        publisher.publish(&noted(1), Millis::new(0));
        assert!(publisher.is_due(1, Millis::new(0)));
        std::fs::create_dir(folder.path().join("absent")).unwrap();
        publisher.publish(&noted(1), Millis::new(0));
        assert!(!publisher.is_due(1, Millis::new(0)));
    }
}
