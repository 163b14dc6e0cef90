//! What a session carries: its own, and what it takes over from the session that becomes a role.

use super::request::Request;
use super::session_tags::invalid;
use crate::caller::Caller;
use crate::error::ApiError;
use std::collections::{BTreeMap, BTreeSet};

/// The tags and the source identity of the new session.
///
/// Tags taken over count like tags of the request: the trust policy must allow `sts:TagSession`
/// for them too, and a source identity taken over needs `sts:SetSourceIdentity` ("Chaining roles
/// with session tags" and "Monitor and control actions taken with assumed roles", IAM User Guide).
pub(super) struct Carried {
    pub(super) tags: BTreeMap<String, String>,
    /// The keys of those tags that the next session takes over.
    pub(super) transitive: BTreeSet<String>,
    pub(super) source_identity: Option<String>,
    /// Whether the request asks for another source identity than the caller's session has.
    pub(super) changes_identity: bool,
}

impl Carried {
    /// # Errors
    ///
    /// `InvalidParameterValue` when the request has a tag that it would take over as well.
    pub(super) fn read(caller: &Caller, request: &Request) -> Result<Self, ApiError> {
        let session = caller.session.as_ref();
        let inherited: BTreeMap<String, String> = session
            .map(|session| session.transitive_tags.clone())
            .unwrap_or_default();
        let taken = |key: &str| {
            let same = |other: &String| other.to_lowercase() == key.to_lowercase();
            inherited.keys().any(same)
        };
        if request.tags.tags.iter().any(|(key, _)| taken(key)) {
            return Err(invalid(
                "One of the specified transitive tag keys can't be set because it conflicts with \
                 a transitive tag key from the calling session.",
            ));
        }
        let own = request.tags.by_key();
        let named: BTreeSet<String> = request
            .tags
            .transitive
            .iter()
            .map(|key| key.to_lowercase())
            .collect();
        let transitive = own
            .keys()
            .filter(|key| named.contains(&key.to_lowercase()))
            .chain(inherited.keys())
            .cloned()
            .collect();
        let before = session.and_then(|session| session.source_identity.clone());
        let changes_identity = match (&before, &request.source_identity) {
            (Some(before), Some(wanted)) => before != wanted,
            _ => false,
        };
        Ok(Self {
            tags: own.into_iter().chain(inherited.clone()).collect(),
            transitive,
            source_identity: request.source_identity.clone().or(before),
            changes_identity,
        })
    }
}
