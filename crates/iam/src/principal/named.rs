//! Whether a policy's `Principal` names a caller, or its `NotPrincipal` excepts it.
//!
//! Source: "AWS JSON policy elements: Principal" and "AWS JSON policy elements: `NotPrincipal`",
//! IAM User Guide.

use super::{Kind, PrincipalFacts, Reach, root_arn};
use crate::condition::ConditionContext;
use crate::document::{PrincipalType, Principals, quoted};
use crate::pattern::{Case, Pattern, Scope};
use crate::truth::Truth;
use domain::{AccountNumber, Partition};

impl PrincipalFacts {
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
                        PrincipalType::Service => self.is_named_service(value),
                        PrincipalType::Federated => Truth::No,
                        PrincipalType::CanonicalUser => {
                            Truth::Unknown(format!("canonical user {}", quoted(value)))
                        }
                    }),
            ),
        }
    }

    fn is_named_service(&self, value: &str) -> Truth {
        match &self.0 {
            Kind::Service { name } if name == value => Truth::Yes,
            Kind::Service { name } if has_wildcard(value) && fits(value, name) => {
                Truth::Unknown(format!("principal {}", quoted(value)))
            }
            _ => Truth::No,
        }
    }

    fn is_aws(&self, value: &str, reach: Reach) -> Truth {
        if has_wildcard(value) {
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
        if value == account.as_str() || value == root_arn(partition, account) {
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

    /// AWS takes no wildcards inside a principal, so one that would match any name of the caller,
    /// from its account's to its session's, is not judged.
    fn is_wildcard(&self, value: &str) -> Truth {
        let of_account = |partition: &Partition, account: &AccountNumber| {
            [
                account.as_str().to_owned(),
                root_arn(partition, account),
                self.arn(),
            ]
        };
        let could_match = match &self.0 {
            Kind::User {
                partition, account, ..
            }
            | Kind::Root { partition, account } => of_account(partition, account)
                .iter()
                .any(|name| fits(value, name)),
            Kind::Role { role, session } => {
                let names = of_account(role.partition(), role.account());
                let unknown_session = session.is_none() && {
                    let written = value.split(['*', '?']).next().unwrap_or_default();
                    let sessions = role.session_arn("");
                    written.starts_with(&sessions) || sessions.starts_with(written)
                };
                unknown_session
                    || fits(value, &role.to_string())
                    || names.iter().any(|name| fits(value, name))
            }
            Kind::Service { name } => fits(value, name),
        };
        if could_match {
            Truth::Unknown(format!("principal {}", quoted(value)))
        } else {
            Truth::No
        }
    }

    /// Whether a `NotPrincipal` with `listed` is about the caller. To be excepted, a user must be
    /// listed with the account, a session with account and role; whoever is listed in part only, or
    /// perhaps, is not judged. Members of another kind than the caller's except nobody of its kind.
    pub(crate) fn not_named_in(&self, listed: &Principals) -> Truth {
        let excepts_everyone = || match &self.0 {
            Kind::Service { .. } => Truth::Unknown("NotPrincipal \"*\" for a service".to_owned()),
            _ => Truth::No,
        };
        let Principals::Listed(entries) = listed else {
            return excepts_everyone();
        };
        let own_kind = match &self.0 {
            Kind::Service { .. } => PrincipalType::Service,
            _ => PrincipalType::Aws,
        };
        let of_kind = |wanted: PrincipalType| {
            entries
                .iter()
                .filter(move |(kind, _)| *kind == wanted)
                .flat_map(|(_, values)| values)
        };
        if of_kind(PrincipalType::Aws).any(|value| value == "*") {
            return excepts_everyone();
        }
        let lists = |name: &str| of_kind(own_kind).any(|value| value == name);
        let account = |partition: &Partition, account: &AccountNumber| {
            lists(account.as_str()) || lists(&root_arn(partition, account))
        };
        let (found, perhaps_by_session) = match &self.0 {
            Kind::User {
                partition,
                account: number,
                arn,
            } => (vec![account(partition, number), lists(arn)], false),
            Kind::Role { role, session } => {
                let sessions = role.session_arn("");
                let found = vec![
                    account(role.partition(), role.account()),
                    lists(&role.to_string()),
                    session.as_deref().is_some_and(lists),
                ];
                let mut values = of_kind(own_kind);
                let perhaps = session.is_none() && values.any(|value| value.starts_with(&sessions));
                (found, perhaps)
            }
            Kind::Service { name } => (vec![lists(name)], false),
            Kind::Root {
                partition,
                account: number,
            } => (vec![account(partition, number)], false),
        };
        let perhaps = perhaps_by_session
            || of_kind(own_kind).any(|value| has_wildcard(value))
            || (own_kind == PrincipalType::Aws
                && of_kind(PrincipalType::CanonicalUser).next().is_some());
        match (
            found.iter().all(|listed| *listed),
            found.iter().any(|listed| *listed),
        ) {
            (true, _) => Truth::No,
            (false, false) if !perhaps => Truth::Yes,
            _ => Truth::Unknown("NotPrincipal, which lists the caller in part".to_owned()),
        }
    }
}

fn has_wildcard(value: &str) -> bool {
    value.contains(['*', '?'])
}

/// Whether a principal with wildcards inside would match `name`.
fn fits(value: &str, name: &str) -> bool {
    let context = ConditionContext::new();
    let scope = Scope {
        version: None,
        context: &context,
    };
    Pattern::with_wildcards(value, &scope)
        .matches(name, Case::Counts)
        .is_yes()
}
