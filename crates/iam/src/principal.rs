//! Who makes a call, and whether a policy's `Principal` names them.
//!
//! Source: "AWS JSON policy elements: Principal" and "AWS JSON policy elements: `NotPrincipal`",
//! IAM User Guide.

use crate::condition::ConditionContext;
use crate::document::{PrincipalType, Principals, quoted};
use crate::pattern::{Case, Pattern, Scope};
use crate::truth::Truth;
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
    /// The IAM user with this ARN, path included.
    pub fn user(arn: &str) -> Result<Self, InvalidPrincipal> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, resource] = parts[..] else {
            return Err(InvalidPrincipal);
        };
        let name = resource.strip_prefix("user/").ok_or(InvalidPrincipal)?;
        if name.rsplit('/').next().is_none_or(str::is_empty) {
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
            Kind::Root { partition, account } => format!("arn:{partition}:iam::{account}:root"),
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

    /// Whether `listed` names the caller with at least this reach. `everyone` is how far `"*"`
    /// reaches in this statement: it always grants to the role, whether a session policy limits it
    /// depends on the statement.
    pub(crate) fn named_in(&self, listed: &Principals, reach: Reach, everyone: &Truth) -> Truth {
        let star = || match &self.0 {
            Kind::Service { .. } => Truth::Unknown("Principal \"*\" for a service".to_owned()),
            _ if reach <= Reach::Role => Truth::Yes,
            _ => everyone.clone(),
        };
        match listed {
            Principals::Everyone => star(),
            Principals::Listed(listed) => Truth::any(
                listed
                    .iter()
                    .flat_map(|(kind, values)| values.iter().map(move |value| (*kind, value)))
                    .map(|(kind, value)| match kind {
                        PrincipalType::Aws if value == "*" => star(),
                        PrincipalType::Aws => self.is_aws(value, reach),
                        PrincipalType::Service => {
                            Truth::of(matches!(&self.0, Kind::Service { name } if name == value))
                        }
                        PrincipalType::Federated => Truth::No,
                        PrincipalType::CanonicalUser => {
                            Truth::Unknown(format!("canonical user {}", quoted(value)))
                        }
                    }),
            ),
        }
    }

    fn is_aws(&self, value: &str, reach: Reach) -> Truth {
        if value.contains(['*', '?']) {
            return self.is_wildcard(value);
        }
        let (partition, account) = match &self.0 {
            Kind::User {
                partition, account, ..
            }
            | Kind::Root { partition, account } => (partition, account),
            Kind::Role { role, .. } => (role.partition(), role.account()),
            Kind::Service { .. } => return Truth::No,
        };
        if value == account.as_str() || value == format!("arn:{partition}:iam::{account}:root") {
            return Truth::of(reach == Reach::Account);
        }
        match &self.0 {
            Kind::Role { role, .. } if value == role.to_string() => Truth::of(reach <= Reach::Role),
            Kind::User { arn, .. }
            | Kind::Role {
                session: Some(arn), ..
            } => Truth::of(value == arn),
            Kind::Role {
                role,
                session: None,
            } if value.starts_with(&role.session_arn("")) => Truth::Unknown(format!(
                "principal {}, one session of the role",
                quoted(value)
            )),
            Kind::Role { .. } | Kind::Service { .. } | Kind::Root { .. } => Truth::No,
        }
    }

    /// AWS takes no wildcards inside a principal, so one that would match is not judged.
    fn is_wildcard(&self, value: &str) -> Truth {
        let context = ConditionContext::new();
        let pattern = Pattern::with_wildcards(
            value,
            &Scope {
                version: None,
                context: &context,
            },
        );
        let mut names = vec![self.arn()];
        if let Kind::Role { role, .. } = &self.0 {
            names.push(role.to_string());
        }
        let fits = names
            .iter()
            .any(|name| pattern.matches(name, Case::Counts).is_yes());
        if fits {
            Truth::Unknown(format!("principal {}", quoted(value)))
        } else {
            Truth::No
        }
    }

    /// Whether a `NotPrincipal` with `listed` is about the caller. To be excepted, a user must be
    /// listed with the account, a session with account and role; whoever is listed in part only is
    /// not judged.
    pub(crate) fn not_named_in(&self, listed: &Principals) -> Truth {
        let Principals::Listed(entries) = listed else {
            return Truth::No;
        };
        let values: Vec<&String> = entries.iter().flat_map(|(_, values)| values).collect();
        let lists = |name: &str| values.iter().any(|value| *value == name);
        if lists("*") {
            return Truth::No;
        }
        let account = |partition: &Partition, account: &AccountNumber| {
            lists(account.as_str()) || lists(&format!("arn:{partition}:iam::{account}:root"))
        };
        let found = match &self.0 {
            Kind::User {
                partition,
                account: number,
                arn,
            } => {
                vec![account(partition, number), lists(arn)]
            }
            Kind::Role { role, session } => vec![
                account(role.partition(), role.account()),
                lists(&role.to_string()),
                session.as_deref().is_some_and(lists),
            ],
            Kind::Service { name } => vec![lists(name)],
            Kind::Root {
                partition,
                account: number,
            } => vec![account(partition, number)],
        };
        let wildcards = values.iter().any(|value| value.contains(['*', '?']));
        match (
            found.iter().all(|listed| *listed),
            found.iter().any(|listed| *listed),
        ) {
            (true, _) => Truth::No,
            (false, false) if !wildcards => Truth::Yes,
            _ => Truth::Unknown("NotPrincipal, which lists the caller in part".to_owned()),
        }
    }
}
