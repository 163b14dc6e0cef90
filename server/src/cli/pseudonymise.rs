//! `customhouse pseudonymise`.

use anyhow::{Result, anyhow};
use operations::people;

use super::output::say;
use super::{Verdict, registered};
use crate::config::Config;

/// What `customhouse pseudonymise` is given.
#[derive(clap::Args)]
pub(super) struct Options {
    /// The person's id, `usr_` and 26 characters, as the audit shows it.
    person: String,
}

/// Puts a person's id in the place of their name everywhere. The audit's chain holds as before.
pub(super) async fn run(config: &Config, options: &Options) -> Result<Verdict> {
    let cx = registered::local_operator(config).await?;
    let replaced = people::pseudonymise(&cx, &options.person).await;
    cx.store.close().await;
    replaced.map_err(|error| anyhow!("{} {}", error.cause(), error.next_step()))?;
    say(&format!(
        "{0} is called {0} from now on, also in what was noted before. Backups and exports that \
         were made earlier hold the name still.",
        options.person
    ))?;
    Ok(Verdict::Good)
}
