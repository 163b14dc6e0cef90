//! Keeping claimed jobs ours while something slow is under way.

use crate::parts::EngineParts;
use operations::OpContext;
use operations::jobs::{self, Claim, Held};
use std::future::Future;
use std::time::Duration;

/// Runs `work` and renews the leases of `claims` meanwhile, three times per lease.
///
/// Gives `None`, and drops `work` where it stands, once every claim is lost: its new holder looks at
/// AWS before it acts, and nothing that is found here could be written any more.
pub(crate) async fn keep<T>(
    parts: &EngineParts,
    cx: &OpContext,
    claims: Vec<Claim>,
    work: impl Future<Output = T>,
) -> Option<T> {
    tokio::select! {
        biased;
        done = work => Some(done),
        () = renew_until_lost(parts, cx, claims) => None,
    }
}

async fn renew_until_lost(parts: &EngineParts, cx: &OpContext, mut claims: Vec<Claim>) {
    let lease_ms = parts.settings.lease_ms;
    let pause = Duration::from_millis(u64::try_from(lease_ms / 3).unwrap_or(1));
    while !claims.is_empty() {
        tokio::time::sleep(pause).await;
        let mut ours = Vec::new();
        for claim in claims {
            match jobs::renew(cx, &claim, lease_ms).await {
                Ok(Held::Yes | Held::Halted) => ours.push(claim),
                Ok(Held::Lost) => tracing::warn!(job = %claim.job(), "the lease was lost"),
                Err(error) => {
                    // The claim number is what protects the job; time only tells when to give up.
                    tracing::warn!(job = %claim.job(), %error, "the lease could not be renewed");
                    ours.push(claim);
                }
            }
        }
        claims = ours;
    }
}
