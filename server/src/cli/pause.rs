//! `customhouse pause`.

use anyhow::Result;
use operations::installation;

use super::output::say;
use super::{Verdict, registered};
use crate::config::Config;

/// Lets nothing new be sent to AWS.
pub(super) async fn run(config: &Config) -> Result<Verdict> {
    let cx = registered::local_operator(config).await?;
    let paused = installation::pause(&cx).await;
    cx.store.close().await;
    say(if paused? {
        "Paused: no grant and no copy is sent to AWS until `customhouse resume`. Looking, \
         verifying and revoking go on."
    } else {
        "It is paused already."
    })?;
    Ok(Verdict::Good)
}
