//! Who makes a call; [`named`] says whether a policy's `Principal` is about them.

mod named;

use crate::condition::ConditionContext;
use domain::{AccountNumber, Partition, RoleArn};

/// Who makes a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalFacts(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    User {
        partition: Partition,
        account: AccountNumber,
        arn: String,
    },
    Role {
        role: RoleArn,
        session: Option<String>,
    },
    Service {
        name: String,
    },
    Root {
        partition: Partition,
        account: AccountNumber,
    },
}

/// A text that is not the ARN of an IAM user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the ARN of an IAM user, which looks like arn:aws:iam::111122223333:user/customhouse")]
pub struct InvalidPrincipal;

/// How far a grant of a resource-based policy in the caller's own account reaches, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// Names the account: identity policies must allow too.
    Account,
    /// Names the role: needs no identity policy, but a session policy limits it.
    Role,
    /// Names the user or the session: nothing limits it but an explicit deny.
    Direct,
}

impl PrincipalFacts {
    /// The IAM user with this ARN, path included: printable ASCII without wildcards in the path,
    /// letters, digits and `_+=,.@-` in the name.
    pub fn user(arn: &str) -> Result<Self, InvalidPrincipal> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, resource] = parts[..] else {
            return Err(InvalidPrincipal);
        };
        let name = resource.strip_prefix("user/").ok_or(InvalidPrincipal)?;
        if !has_path_and_name(name) {
            return Err(InvalidPrincipal);
        }
        Ok(Self(Kind::User {
            partition: partition.parse().map_err(|_| InvalidPrincipal)?,
            account: account.parse().map_err(|_| InvalidPrincipal)?,
            arn: arn.to_owned(),
        }))
    }

    /// Some session of `role` whose name is not known, as for a check made beforehand.
    pub fn role(role: &RoleArn) -> Self {
        Self(Kind::Role {
            role: role.clone(),
            session: None,
        })
    }

    /// The session of `role` named `session`.
    pub fn session(role: &RoleArn, session: &str) -> Self {
        Self(Kind::Role {
            role: role.clone(),
            session: Some(role.session_arn(session)),
        })
    }

    /// An AWS service, such as `rekognition.amazonaws.com`. Identity policies do not apply to it.
    pub fn service(name: &str) -> Self {
        Self(Kind::Service {
            name: name.to_owned(),
        })
    }

    /// The root user of `account`. No policy has to allow what it does in its own account ("How AWS
    /// enforcement code logic evaluates requests to allow or deny access").
    pub fn root(partition: &Partition, account: &AccountNumber) -> Self {
        Self(Kind::Root {
            partition: partition.clone(),
            account: account.clone(),
        })
    }

    /// The ARN that AWS reports for the caller: the user's, the session's (the role's while the
    /// session is not known), the account's for its root user, or the service's name.
    pub fn arn(&self) -> String {
        match &self.0 {
            Kind::User { arn, .. }
            | Kind::Role {
                session: Some(arn), ..
            } => arn.clone(),
            Kind::Role {
                role,
                session: None,
            } => role.to_string(),
            Kind::Service { name } => name.clone(),
            Kind::Root { partition, account } => root_arn(partition, account),
        }
    }

    /// The caller's account; services have none.
    pub fn account(&self) -> Option<&AccountNumber> {
        match &self.0 {
            Kind::User { account, .. } | Kind::Root { account, .. } => Some(account),
            Kind::Role { role, .. } => Some(role.account()),
            Kind::Service { .. } => None,
        }
    }

    pub(crate) fn is_service(&self) -> bool {
        matches!(self.0, Kind::Service { .. })
    }

    pub(crate) fn is_root(&self) -> bool {
        matches!(self.0, Kind::Root { .. })
    }

    /// `context` with the keys that follow from the caller, where it does not say otherwise.
    /// `aws:PrincipalArn` of a session is its role's ARN ("AWS global condition context keys").
    pub(crate) fn complete(&self, context: ConditionContext) -> ConditionContext {
        let context = match &self.0 {
            Kind::Service { .. } => context,
            Kind::User { .. } | Kind::Role { .. } | Kind::Root { .. } => context
                .or_with("aws:PrincipalIsAWSService", "false")
                .or_absent("aws:PrincipalServiceName")
                .or_absent("aws:PrincipalServiceNamesList"),
        };
        match &self.0 {
            Kind::User { account, arn, .. } => context
                .or_with("aws:PrincipalArn", arn)
                .or_with("aws:PrincipalAccount", account.as_str())
                .or_with("aws:PrincipalType", "User")
                .or_with("aws:username", arn.rsplit('/').next().unwrap_or_default()),
            Kind::Role { role, .. } => context
                .or_with("aws:PrincipalArn", &role.to_string())
                .or_with("aws:PrincipalAccount", role.account().as_str())
                .or_with("aws:PrincipalType", "AssumedRole")
                .or_absent("aws:username"),
            Kind::Root { account, .. } => context
                .or_with("aws:PrincipalArn", &self.arn())
                .or_with("aws:PrincipalAccount", account.as_str())
                .or_with("aws:PrincipalType", "Account")
                .or_with("aws:userid", account.as_str())
                .or_absent("aws:username"),
            Kind::Service { name } => context
                .or_with("aws:PrincipalIsAWSService", "true")
                .or_with("aws:PrincipalServiceName", name)
                .or_absent("aws:username"),
        }
    }
}

/// Whether `text` is the name of a user or role, perhaps behind a path ("IAM and AWS STS quotas",
/// IAM User Guide, and the API reference's `Path`). Wildcards are refused: what holds one names
/// nobody.
pub(crate) fn has_path_and_name(text: &str) -> bool {
    let (path, name) = text.rsplit_once('/').unwrap_or(("", text));
    let in_path = |byte: u8| byte.is_ascii_graphic() && !b"*?".contains(&byte);
    path.bytes().all(in_path) && is_name(name)
}

/// Whether `text` has the characters of a user's, role's or session's name, at least one.
pub(crate) fn is_name(text: &str) -> bool {
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    !text.is_empty() && text.bytes().all(in_name)
}

fn root_arn(partition: &Partition, account: &AccountNumber) -> String {
    format!("arn:{partition}:iam::{account}:root")
}
