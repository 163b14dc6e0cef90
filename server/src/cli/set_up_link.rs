//! `customhouse set-up-link`.

use anyhow::Result;
use operations::people::local::{self, NEW_ADMINISTRATOR_MS};

use super::output::say;
use super::{Verdict, registered};
use crate::config::Config;
use crate::first_start::link;

/// Makes a one-time link that makes an administrator, whether there are others or not: whoever sits
/// at the machine with the database may run the installation.
pub(super) async fn run(config: &Config) -> Result<Verdict> {
    let cx = registered::local_operator(config).await?;
    let token = local::new_administrator(&cx).await;
    cx.store.close().await;
    say(&format!(
        "Make an administrator within {} minutes at\n{}",
        NEW_ADMINISTRATOR_MS / 60_000,
        link(&config.server.url(), &token?)
    ))?;
    Ok(Verdict::Good)
}
