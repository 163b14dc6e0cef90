//! What one process at a time does for all of them: taken, renewed by a heartbeat, taken over from
//! a holder that gives no sign of life.

use domain::Clock;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use store::duties::{self, DutyClaim};
use store::{Store, StoreError};
use tokio_util::sync::CancellationToken;

/// One duty as one process sees it.
pub struct Duty {
    /// The database.
    pub store: Store,
    /// The time that leases are compared with.
    pub clock: Arc<dyn Clock>,
    /// The duty's name, the same in every process.
    pub name: &'static str,
    /// Names this process.
    pub holder: String,
    /// How long the duty stays with a process that gives no sign of life, in milliseconds.
    pub lease_ms: i64,
}

impl Duty {
    /// Takes the duty unless another process holds it. Where no other process can be there, as with
    /// SQLite, it is taken from whoever died with it.
    pub async fn take(&self) -> Option<DutyClaim> {
        match self.try_take().await {
            Ok(claim) => claim,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(duty = self.name, error, "a duty was not taken");
                None
            }
        }
    }

    /// Does `work` whenever this process holds the duty, until `stop`. `claim` is one that was taken
    /// already. Work is given a store that writes only while the duty is held
    /// ([`Store::fenced`]), and is dropped where it stands once the duty is lost.
    pub async fn keep<F>(
        &self,
        mut claim: Option<DutyClaim>,
        stop: CancellationToken,
        work: impl Fn(Store) -> F,
    ) where
        F: Future<Output = ()>,
    {
        while !stop.is_cancelled() {
            let held = match claim.take() {
                Some(held) => Some(held),
                None => self.take().await,
            };
            let Some(held) = held else {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(self.heartbeat()) => continue,
                }
            };
            tracing::info!(duty = self.name, claim = held.number(), "took a duty");
            tokio::select! {
                biased;
                () = stop.cancelled() => self.give_back(&held).await,
                () = self.renew_until_lost(&held) => {
                    tracing::warn!(duty = self.name, "another process does the duty now");
                }
                () = work(self.store.fenced(held.clone())) => {
                    self.give_back(&held).await;
                    return;
                }
            }
        }
    }

    async fn try_take(&self) -> Result<Option<DutyClaim>, StoreError> {
        let now = self.clock.now();
        let until = now.plus(self.lease_ms);
        if self.store.is_shared() {
            let held = duties::holder(&mut self.store.read().await?, self.name).await?;
            if held.is_some_and(|(_, until)| until > now) {
                return Ok(None);
            }
        }
        let mut tx = self.store.begin().await?;
        let claim = if self.store.is_shared() {
            duties::take(&mut tx, self.name, &self.holder, now, until).await?
        } else {
            duties::take_over(&mut tx, self.name, &self.holder, until).await?
        };
        tx.commit().await?;
        Ok(claim)
    }

    /// Ends when the duty is lost, or when it may be because renewing it failed for a whole lease.
    async fn renew_until_lost(&self, claim: &DutyClaim) {
        let mut until = self.clock.now().plus(self.lease_ms);
        loop {
            tokio::time::sleep(self.heartbeat()).await;
            let next = self.clock.now().plus(self.lease_ms);
            match self.renew(claim, next).await {
                Ok(()) => until = next,
                Err(StoreError::LostDuty { .. }) => return,
                Err(error) => {
                    tracing::warn!(duty = self.name, %error, "a duty was not renewed");
                    if self.clock.now() >= until {
                        return;
                    }
                }
            }
        }
    }

    async fn renew(&self, claim: &DutyClaim, until: domain::Millis) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        duties::renew(&mut tx, claim, until).await?;
        tx.commit().await.map(drop)
    }

    async fn give_back(&self, claim: &DutyClaim) {
        let given = async {
            let mut tx = self.store.begin().await?;
            duties::release(&mut tx, claim).await?;
            tx.commit().await
        };
        if let Err(error) = given.await {
            tracing::debug!(duty = self.name, %error, "a duty stays taken until its lease ends");
        }
    }

    fn heartbeat(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.lease_ms / 3).unwrap_or(1).max(1))
    }
}
