//! `customhouse checkpoint`.

use anyhow::{Context, Result, bail};
use domain::Clock;
use store::checkpoint::checkpoint;

use super::output::say;
use super::{Verdict, registered};
use crate::checkpoints::{key, sealed};
use crate::config::Config;
use crate::machine::MachineClock;

/// What `customhouse checkpoint` is given.
#[derive(clap::Args)]
pub(super) struct Options {
    /// Print the key that checks signatures instead, as `verify-audit` and other tools take it.
    #[arg(long)]
    public_key: bool,
}

/// Prints a signed checkpoint of the audit as it is now, to be kept elsewhere. A server may be
/// running.
pub(super) async fn run(config: &Config, options: &Options) -> Result<Verdict> {
    let key = match config.audit_key() {
        Some(file) => key::read(&file)?,
        None => None,
    };
    if options.public_key {
        let Some(key) = key else {
            bail!("there is no key that signs checkpoints yet; `customhouse serve` makes one");
        };
        let public = key.public_key();
        say(&format!("{public}\n{}", public.to_pem().trim_end()))?;
        return Ok(Verdict::Good);
    }
    let Some(store) = registered::existing_store(config).await? else {
        bail!("there is no database yet");
    };
    let mut reader = store.read().await.context("the database does not answer")?;
    let now = checkpoint(&mut reader).await;
    drop(reader);
    store.close().await;
    let now = now.context("the audit cannot be read")?;
    if key.is_none() {
        eprintln!("customhouse: there is no key, so the checkpoint is not signed");
    }
    let noted = sealed(now, MachineClock.now(), key.as_ref())?;
    say(&serde_json::to_string(&noted)?)?;
    Ok(Verdict::Good)
}
