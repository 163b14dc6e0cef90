//! Sessions of roles.

use crate::world::text::{PolicyText, Secret};
use domain::{AccountNumber, Millis};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use subtle::ConstantTimeEq;

/// How long an ended session is still known, so that its caller hears "expired" and not
/// "unknown": a day.
const MEMORY_MS: i64 = 24 * 60 * 60 * 1000;

/// How many ended sessions are known at most; the one that ended first is forgotten first.
const REMEMBERED: usize = 1000;

/// The sessions that `AssumeRole` gave out.
#[derive(Default)]
pub(crate) struct Sessions {
    /// By access key id.
    all: HashMap<String, Session>,
    /// Those that have not been found ended yet, by their end.
    running: BTreeSet<(Millis, String)>,
    /// Those that have, the one that ended first in front.
    ended: VecDeque<(Millis, String)>,
}

impl Sessions {
    /// The session with this access key id, running or ended.
    pub(crate) fn get(&self, access_key_id: &str) -> Option<&Session> {
        self.all.get(access_key_id)
    }

    /// Takes in a session under an access key id that was never given out before.
    pub(crate) fn insert(&mut self, access_key_id: String, session: Session) {
        self.running.insert((session.ends, access_key_id.clone()));
        self.all.insert(access_key_id, session);
    }

    /// How many are running at `now`.
    pub(crate) fn running(&self, now: Millis) -> usize {
        self.running.iter().filter(|(ends, _)| *ends > now).count()
    }

    /// Forgets ended sessions that are too old or too many. A call costs nothing but for the
    /// sessions that end or are forgotten with it.
    pub(crate) fn forget(&mut self, now: Millis) {
        while self.running.first().is_some_and(|(ends, _)| *ends <= now) {
            self.ended.extend(self.running.pop_first());
        }
        let old = |(ends, _): &(Millis, String)| now.since(*ends) >= MEMORY_MS;
        while self.ended.len() > REMEMBERED || self.ended.front().is_some_and(old) {
            if let Some((_, access_key_id)) = self.ended.pop_front() {
                self.all.remove(&access_key_id);
            }
        }
    }
}

/// One session that `AssumeRole` gave out.
pub(crate) struct Session {
    pub(crate) account: AccountNumber,
    /// The role's name within its account.
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) secret: Secret,
    pub(crate) token: Secret,
    /// The inline session policy, which narrows the role's own.
    pub(crate) policy: Option<PolicyText>,
    /// The session's own tags, beside its role's.
    pub(crate) tags: BTreeMap<String, String>,
    /// The keys of the tags that the next session in a chain takes over.
    pub(crate) transitive: BTreeSet<String>,
    pub(crate) source_identity: Option<String>,
    pub(crate) began: Millis,
    pub(crate) ends: Millis,
}

impl Session {
    /// Whether `token` is this session's. Takes the same time whatever differs.
    pub(crate) fn has_token(&self, token: &str) -> bool {
        bool::from(self.token.reveal().as_bytes().ct_eq(token.as_bytes()))
    }

    /// Whether it is over.
    pub(crate) fn ended(&self, now: Millis) -> bool {
        self.ends <= now
    }
}
