//! `customhouse pause` and `customhouse resume`.

use anyhow::{Result, bail};
use domain::Actor;
use operations::OpContext;
use operations::installation::{self, PauseReason};

use super::output::say;
use super::{Verdict, registered};
use crate::config::Config;
use crate::startup::Machine;

/// Lets nothing new be sent to AWS.
pub(super) async fn pause(config: &Config) -> Result<Verdict> {
    let cx = context(config).await?;
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

/// Lifts the pause of a person or of a restore.
pub(super) async fn resume(config: &Config) -> Result<Verdict> {
    let cx = context(config).await?;
    let lifted = installation::resume(&cx).await;
    cx.store.close().await;
    say(match lifted? {
        None => "It is not paused.",
        Some(pause) => match pause.reason {
            PauseReason::Restored => "The restored database goes on with its jobs.",
            PauseReason::Person => "Jobs go on.",
        },
    })?;
    Ok(Verdict::Good)
}

async fn context(config: &Config) -> Result<OpContext> {
    let Some(store) = registered::existing_store(config).await? else {
        bail!("there is no database yet");
    };
    let machine = Machine::real(config).await;
    Ok(machine.context(config, &store, Actor::LocalOperator))
}
