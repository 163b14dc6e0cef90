//! Policies that limit a call and are not judged here.

use super::decision::Decision;
use crate::document::quoted;
use std::fmt;

/// A policy that can only take away, whose statements are not judged here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit<'a> {
    /// A permissions boundary of the user or role that calls, by the policy's name.
    PermissionsBoundary(&'a str),
    /// An organization's service control policy for the caller's account.
    ServiceControlPolicy(&'a str),
    /// An organization's resource control policy for the resource's account.
    ResourceControlPolicy(&'a str),
    /// The policy of the VPC endpoint that the call goes through.
    EndpointPolicy(&'a str),
}

impl Decision {
    /// The decision where these limits apply too. They never grant, so a refusal stays; what would
    /// be allowed cannot be told, and the first limit is named.
    #[must_use]
    pub fn beside(self, limits: &[Limit<'_>]) -> Self {
        match (self, limits.first()) {
            (Self::Allowed { .. }, Some(limit)) => Self::CannotTell {
                element: format!("{limit}, which is not judged"),
            },
            (decision, _) => decision,
        }
    }
}

impl fmt::Display for Limit<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, name) = match self {
            Self::PermissionsBoundary(name) => ("permissions boundary", name),
            Self::ServiceControlPolicy(name) => ("service control policy", name),
            Self::ResourceControlPolicy(name) => ("resource control policy", name),
            Self::EndpointPolicy(name) => ("endpoint policy", name),
        };
        write!(formatter, "{kind} {}", quoted(name))
    }
}
