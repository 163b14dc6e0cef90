//! What an account of a world names that lies elsewhere in the world: it has to be there.

use super::file::AccountFile;
use super::place::Step;
use super::read::Wrong;
use iam::PolicyDocument;
use iam::document::{PrincipalClause, PrincipalType, Principals};
use std::collections::HashSet;

/// The ARNs of the users and roles of an account.
pub(super) fn principals(account: &AccountFile) -> Vec<Box<str>> {
    let id = &account.id;
    let users = account.user.iter().map(|user| {
        let name = user.name.as_str();
        format!("arn:aws:iam::{id}:user/{name}").into_boxed_str()
    });
    let roles = account.role.iter().map(|role| {
        let (path, name) = (role.path.as_str(), role.name.as_str());
        format!("arn:aws:iam::{id}:role{path}{name}").into_boxed_str()
    });
    users.chain(roles).collect()
}

/// What is there in a world.
#[derive(Default)]
pub(super) struct Present<'a> {
    pub(super) accounts: HashSet<&'a str>,
    /// The ARNs of users and roles.
    pub(super) principals: HashSet<&'a str>,
    /// The names of buckets.
    pub(super) buckets: HashSet<&'a str>,
}

impl Present<'_> {
    /// Looks for everything that `account` names. `at` leads to the account.
    pub(super) fn check(&self, account: &AccountFile, at: &[Step]) -> Result<(), Wrong> {
        for (index, role) in account.role.iter().enumerate() {
            let missing = listed(&role.trust_policy.document).find(|arn| self.lacks(arn));
            if let Some(arn) = missing {
                return Err(Wrong {
                    steps: below(at, &[("role", index)], "trust_policy"),
                    problem: format!(
                        "invalid principal in policy: {arn} does not exist, though its account \
                         is in this world; AWS answers MalformedPolicyDocument"
                    ),
                });
            }
        }
        for (index, project) in account.project.iter().enumerate() {
            for (number, version) in project.version.iter().enumerate() {
                let place = version.output.as_ref();
                let missing = place.filter(|one| !self.buckets.contains(one.bucket.as_str()));
                if let Some(place) = missing {
                    return Err(Wrong {
                        steps: below(at, &[("project", index), ("version", number)], "output"),
                        problem: format!("no account has the bucket {:?}", place.bucket),
                    });
                }
            }
        }
        Ok(())
    }

    /// Whether `arn` is of a user or role that an account of this world should have and has not.
    fn lacks(&self, arn: &str) -> bool {
        let entity = arn.strip_prefix("arn:aws:iam::");
        let Some((account, name)) = entity.and_then(|entity| entity.split_once(':')) else {
            return false;
        };
        let entity = name.starts_with("user/") || name.starts_with("role/");
        entity && self.accounts.contains(account) && !self.principals.contains(arn)
    }
}

/// The principals of type `AWS` that a policy lists.
fn listed(policy: &PolicyDocument) -> impl Iterator<Item = &str> {
    policy
        .statements
        .iter()
        .filter_map(|statement| match statement.principal.as_ref()? {
            PrincipalClause::Principal(Principals::Listed(listed))
            | PrincipalClause::NotPrincipal(Principals::Listed(listed)) => Some(listed),
            PrincipalClause::Principal(Principals::Everyone)
            | PrincipalClause::NotPrincipal(Principals::Everyone) => None,
        })
        .flatten()
        .filter(|(kind, _)| *kind == PrincipalType::Aws)
        .flat_map(|(_, values)| values.iter().map(|value| &**value))
}

fn below(at: &[Step], lists: &[(&str, usize)], key: &str) -> Vec<Step> {
    let mut steps = at.to_vec();
    for (list, index) in lists {
        steps.extend([Step::Key((*list).to_owned()), Step::Index(*index)]);
    }
    steps.push(Step::Key(key.to_owned()));
    steps
}
