//! The machine's clock, moved forward: a child that takes over from one that was ended need not
//! wait until the lease of that one runs out.
//!
//! How far it is moved stands in a file that a round and all its children read, so that a child that
//! was frozen meanwhile finds how much time has passed when it wakes, as with any clock.

use anyhow::{Context as _, Result};
use domain::{Clock, Millis};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Runs as the machine's clock does, some milliseconds ahead of it.
#[derive(Clone, Debug)]
pub struct AheadClock(PathBuf);

impl AheadClock {
    /// A clock that shows the machine's time until it is moved.
    pub fn create(file: PathBuf) -> Result<Self> {
        fs::write(&file, "0").context("the clock's file cannot be written")?;
        Ok(Self(file))
    }

    /// The clock that others have in this file.
    pub fn of(file: PathBuf) -> Self {
        Self(file)
    }

    /// Where it is, as a child is told.
    pub fn file(&self) -> &Path {
        &self.0
    }

    /// Moves it forward for everybody: nobody sits out a pause in which nothing can happen. A child
    /// that is ended meanwhile leaves it as it was.
    pub fn forward(&self, milliseconds: i64) -> Result<()> {
        let beside = self.0.with_extension(std::process::id().to_string());
        let ahead_ms = self.ahead_ms() + milliseconds;
        fs::write(&beside, ahead_ms.to_string()).context("the clock cannot be moved")?;
        fs::rename(&beside, &self.0).context("the clock cannot be moved")
    }

    fn ahead_ms(&self) -> i64 {
        let text = fs::read_to_string(&self.0).expect("the round keeps the clock's file");
        text.parse().expect("only whole numbers are written to it")
    }
}

impl Clock for AheadClock {
    fn now(&self) -> Millis {
        #[expect(
            clippy::disallowed_methods,
            reason = "children must agree on the time with each other and with the emulator"
        )]
        let now = SystemTime::now();
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let now_ms = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Millis::new(now_ms).plus(self.ahead_ms())
    }
}
