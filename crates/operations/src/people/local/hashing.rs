//! Hashing passwords: argon2id, away from the threads that answer requests, a few at once.
//!
//! Each hash takes memory and time on purpose, so the number of those under way is bounded, and the
//! number of those that wait too: a flood of sign-ins gets 503 and takes no more than that.

use super::Password;
use crate::error::{InternalError, OpError, OpResult};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use domain::Random;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Memory of one hash, in KiB (OWASP Password Storage Cheat Sheet: 19 MiB with two passes).
const MEMORY_KIB: u32 = 19 * 1_024;
/// Passes over it.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
/// Bytes of a salt.
const SALT: usize = 16;
/// Hashes at once.
const AT_ONCE: usize = 2;
/// Those under way and those that wait.
const ADMITTED: usize = 16;
/// After how many seconds a refused one is worth another try.
const RETRY_S: u32 = 5;

/// The places for hashing in this process: its memory is what they share, whoever asks.
pub(super) static HASHING: Hashing = Hashing::new(AT_ONCE, ADMITTED);

/// Places for hashing.
pub(super) struct Hashing {
    admitted: Semaphore,
    working: Semaphore,
}

/// A place among those admitted.
pub(super) struct Place {
    hashing: &'static Hashing,
    admitted: SemaphorePermit<'static>,
}

/// What a comparison gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// Another password.
    No,
    /// The right one.
    Yes {
        /// Whether its hash costs less than hashes do now.
        outdated: bool,
    },
}

impl Hashing {
    const fn new(at_once: usize, admitted: usize) -> Self {
        Self {
            admitted: Semaphore::const_new(admitted),
            working: Semaphore::const_new(at_once),
        }
    }

    /// A place, or [`OpError::Unavailable`] when all are taken.
    pub(super) fn admit(&'static self) -> OpResult<Place> {
        match self.admitted.try_acquire() {
            Ok(admitted) => Ok(Place {
                hashing: self,
                admitted,
            }),
            Err(_) => Err(OpError::Unavailable {
                retry_after_s: RETRY_S,
            }),
        }
    }
}

impl Place {
    /// The PHC string of a new password.
    pub(super) async fn hash(self, password: Password, random: &dyn Random) -> OpResult<String> {
        let mut salt = [0; SALT];
        random.fill(&mut salt);
        self.work(move || hash(&password, &salt)).await?
    }

    /// Compares the password with the PHC string of a stored one, or with nobody's.
    pub(super) async fn compare(
        self,
        password: Password,
        stored: Option<String>,
    ) -> OpResult<(Match, Password)> {
        self.work(move || {
            let matched = compare(&password, stored.as_deref())?;
            Ok((matched, password))
        })
        .await?
    }

    /// Waits for a turn, then works on a thread that may block. The place is left when the work has
    /// ended, also if nobody waits for it any more: who hangs up makes no room for others.
    async fn work<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> OpResult<T> {
        let Self { hashing, admitted } = self;
        let turn = hashing.working.acquire().await.map_err(|_| broken())?;
        let working = tokio::task::spawn_blocking(move || {
            let _places = (admitted, turn);
            work()
        });
        working.await.map_err(|_| broken())
    }
}

fn broken() -> OpError {
    OpError::Internal(InternalError::Hashing)
}

fn argon2() -> OpResult<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| broken())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A hash that no known password has. Somebody without a password is compared with it, so that it
/// takes the same time.
fn nobody() -> String {
    let (salt, hash) = ("A".repeat(22), "A".repeat(43));
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}")
}

fn hash(password: &Password, salt: &[u8]) -> OpResult<String> {
    let hash: PasswordHash = argon2()?
        .hash_password_with_salt(password.bytes(), salt)
        .map_err(|_| broken())?;
    Ok(hash.to_string())
}

fn compare(password: &Password, stored: Option<&str>) -> OpResult<Match> {
    let unreadable = || OpError::stored("password hash");
    let nobody = nobody();
    let hash = PasswordHash::new(stored.unwrap_or(&nobody)).map_err(|_| unreadable())?;
    let params = Params::try_from(&hash).map_err(|_| unreadable())?;
    let same = argon2()?.verify_password(password.bytes(), &hash).is_ok();
    if !same || stored.is_none() {
        return Ok(Match::No);
    }
    let outdated = params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES;
    Ok(Match::Yes { outdated })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    struct Fixed;
    impl Random for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    fn places(at_once: usize, admitted: usize) -> &'static Hashing {
        Box::leak(Box::new(Hashing::new(at_once, admitted)))
    }

    fn password(text: &str) -> Password {
        Password::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_is_known_again_by_its_hash_and_others_are_not() {
        let hashing = places(1, 1);
        let place = hashing.admit().unwrap();
        let stored = place
            .hash(password("three grey boats"), &Fixed)
            .await
            .unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        for (text, stored, expected) in [
            (
                "three grey boats",
                Some(&stored),
                Match::Yes { outdated: false },
            ),
            ("three grey boat", Some(&stored), Match::No),
            ("", Some(&stored), Match::No),
            ("three grey boats", None, Match::No),
        ] {
            let place = hashing.admit().unwrap();
            let (matched, _) = place
                .compare(password(text), stored.cloned())
                .await
                .unwrap();
            assert_eq!(matched, expected, "{text:?}");
        }
    }

    #[tokio::test]
    async fn a_hash_that_costs_less_than_now_is_outdated() {
        let params = Params::new(8 * 1_024, 1, 1, None).unwrap();
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let cheap: PasswordHash = cheap.hash_password_with_salt(b"boats", &[1; 16]).unwrap();
        let place = places(1, 1).admit().unwrap();
        let compared = place
            .compare(password("boats"), Some(cheap.to_string()))
            .await;
        assert_eq!(compared.unwrap().0, Match::Yes { outdated: true });
    }

    #[test]
    fn nobody_costs_what_everybody_costs() {
        let hash = PasswordHash::new(&nobody()).unwrap();
        let params = Params::try_from(&hash).unwrap();
        let costs = (params.m_cost(), params.t_cost(), params.p_cost());
        assert_eq!(costs, (MEMORY_KIB, PASSES, LANES));
        assert_eq!(hash.hash.unwrap().len(), Params::DEFAULT_OUTPUT_LEN);
    }

    #[tokio::test]
    async fn places_are_bounded_and_hanging_up_frees_none() {
        let hashing = places(1, 2);
        let (began, begun) = std::sync::mpsc::channel();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let place = hashing.admit().unwrap();
        let work = place.work(move || {
            began.send(()).unwrap();
            ended.recv()
        });
        let given_up = tokio::time::timeout(Duration::from_millis(50), work).await;
        assert!(given_up.is_err(), "whoever asked has left");
        begun.recv().unwrap();
        let waiting = hashing.admit().unwrap();
        let refused = hashing.admit().err();
        assert!(
            matches!(refused, Some(OpError::Unavailable { .. })),
            "{refused:?}"
        );
        end.send(()).unwrap();
        waiting.work(|| ()).await.unwrap();
        drop(hashing.admit().unwrap());
    }
}
