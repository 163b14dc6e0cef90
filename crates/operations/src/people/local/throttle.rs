//! How often passwords may be tried.
//!
//! Three allowances, each in the database: by account and source; by account over all sources, so
//! that many sources together are slow too; and of different account names by source, so that
//! spraying names is slow and stores little. A browser that the account's owner has signed in from
//! before has an allowance of its own in place of all three: nobody else can use it up, so the owner
//! is not kept out by those who try.
//!
//! A try is counted and committed before the password is looked at. Names that nobody has are
//! counted just the same. What is tried while nothing is left is not counted: waiting ends when the
//! answer said so, whatever happens meanwhile.

use crate::context::OpContext;
use crate::error::OpResult;
use domain::PersonId;
use sha2::{Digest as _, Sha256};
use std::net::{IpAddr, Ipv6Addr};
use store::sign_in_throttle::{self as rows, Allowance, Rate};

const MINUTE_MS: i64 = 60_000;

/// For one account from one source, from one known browser, or by its owner's sign-in.
const PAIR: Rate = Rate {
    at_once: 5,
    every_ms: 5 * MINUTE_MS,
};
/// For one account from all sources that are not known browsers.
const ACCOUNT: Rate = Rate {
    at_once: 20,
    every_ms: 30 * MINUTE_MS,
};
/// Different account names from one source.
const NAMES: Rate = Rate {
    at_once: 20,
    every_ms: 5 * MINUTE_MS,
};

/// Where a try comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin<'a> {
    /// Any browser.
    Source(Option<IpAddr>),
    /// A browser that is known as the account owner's, by the hash of its token.
    Device(&'a str),
    /// Somebody who has signed in and types the password again.
    Owner(PersonId),
}

/// How long no try is allowed, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait(i64);

impl Wait {
    /// Whole seconds, at least one.
    pub(super) fn seconds(self) -> u32 {
        u32::try_from((self.0 + 999) / 1_000)
            .unwrap_or(u32::MAX)
            .max(1)
    }
}

/// What one try takes.
#[derive(Debug)]
pub(super) struct Tries(Vec<Allowance>);

impl Tries {
    /// What a try of `account`, as it was typed, takes; or how long none is allowed. Nothing is
    /// written yet: a flood of tries that are refused only reads.
    pub(super) async fn look(
        cx: &OpContext,
        account: &str,
        origin: Origin<'_>,
    ) -> OpResult<Result<Self, Wait>> {
        let now = cx.now();
        let mut reader = cx.store.read().await?;
        let mut all = Vec::new();
        let pair = pair(account, origin);
        let standing = rows::standing(&mut reader, &pair, now).await?;
        let mut wait = standing.wait_ms;
        if let Origin::Source(address) = origin {
            if !standing.used {
                all.push(names(address));
            }
            all.push(of_account(account));
        }
        for allowance in &all {
            let standing = rows::standing(&mut reader, allowance, now).await?;
            wait = wait.max(standing.wait_ms);
        }
        all.push(pair);
        Ok(if wait > 0 {
            Err(Wait(wait))
        } else {
            Ok(Self(all))
        })
    }

    /// Counts the try; or how long none is allowed, if others were faster.
    pub(super) async fn take(&self, cx: &OpContext) -> OpResult<Result<(), Wait>> {
        let wait = rows::take(&cx.store, &self.0, cx.now()).await?;
        Ok(if wait > 0 { Err(Wait(wait)) } else { Ok(()) })
    }

    /// Does not count the try after all: the password was right. If that cannot be stored the try
    /// stays counted.
    pub(super) async fn give_back(&self, cx: &OpContext) {
        if let Err(error) = rows::give_back(&cx.store, &self.0).await {
            tracing::warn!(%error, "a right password stays counted as a try");
        }
    }
}

fn pair(account: &str, origin: Origin<'_>) -> Allowance {
    let (kind, whose) = match origin {
        Origin::Source(address) => ("account_source", network(address, 64)),
        Origin::Device(hash) => ("account_device", hash.to_owned()),
        Origin::Owner(person) => ("account_owner", person.to_string()),
    };
    allowance(kind, &[account, &whose], PAIR)
}

fn of_account(account: &str) -> Allowance {
    allowance("account", &[account], ACCOUNT)
}

/// One who has a few IPv6 networks usually has a whole /48 of them.
fn names(address: Option<IpAddr>) -> Allowance {
    allowance("source_names", &[&network(address, 48)], NAMES)
}

fn allowance(kind: &'static str, parts: &[&str], rate: Rate) -> Allowance {
    let mut hash = Sha256::new();
    for part in parts {
        // The length keeps apart what would be the same when put together.
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    Allowance {
        kind,
        key: hex::encode(hash.finalize()),
        rate,
    }
}

/// The network of a source: an IPv4 address alone, of an IPv6 address the first `bits`, as one
/// customer has at least a /64 to choose from (RFC 6177). Sources that are not known are one.
fn network(address: Option<IpAddr>, bits: u32) -> String {
    match address.map(|address| address.to_canonical()) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let kept = u128::from(address) & (u128::MAX << (128 - bits));
            format!("{}/{bits}", Ipv6Addr::from(kept))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_whole_networks_of_ipv6() {
        for (address, narrow, wide) in [
            ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"),
            (
                "2001:db8:1:2:3:4:5:6",
                "2001:db8:1:2::/64",
                "2001:db8:1::/48",
            ),
            ("2001:db8:1:2::1", "2001:db8:1:2::/64", "2001:db8:1::/48"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64", "2001:db8:1::/48"),
        ] {
            let address = address.parse().ok();
            assert_eq!(network(address, 64), narrow);
            assert_eq!(network(address, 48), wide);
        }
        assert_eq!(network(None, 64), "unknown");
    }

    #[test]
    fn keys_hold_nothing_that_was_typed_and_do_not_run_together() {
        let one = allowance("x", &["ab", "c"], PAIR);
        assert_ne!(one.key, allowance("x", &["a", "bc"], PAIR).key);
        assert_eq!(one.key.len(), 64);
    }

    #[test]
    fn waits_are_whole_seconds() {
        for (milliseconds, seconds) in [(1, 1), (1_000, 1), (1_001, 2), (i64::MAX / 2, u32::MAX)] {
            assert_eq!(Wait(milliseconds).seconds(), seconds);
        }
    }
}
