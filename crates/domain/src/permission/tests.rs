use super::*;
use crate::name::EnvironmentName;
use crate::role::{Role, RoleAssignment};
use proptest::prelude::*;
use std::fmt::Write as _;

fn name(text: &str) -> EnvironmentName {
    text.parse().unwrap()
}

fn everywhere(role: Role) -> Roles {
    [RoleAssignment::everywhere(role)].into_iter().collect()
}

fn within(role: Role, environment: &str) -> Roles {
    let assignment = RoleAssignment::within(role, name(environment));
    [assignment].into_iter().collect()
}

/// The table as people read it, checked in beside this file.
#[test]
fn who_may_do_what() {
    let fixed = [
        ("local operator", Authority::LocalOperator),
        ("engine", Authority::Engine),
        ("approval rule", Authority::Rule),
        ("configuration", Authority::Configuration),
    ];
    let people = Role::ALL.map(|role| (role.as_str(), Authority::Person(everywhere(role))));
    let all: Vec<_> = people.into_iter().chain(fixed).collect();
    let mut table = String::new();
    for action in Action::ALL {
        let allowed: Vec<_> = all
            .iter()
            .filter(|(_, authority)| may(authority, action, Place::Somewhere) == Decision::Allowed)
            .map(|(name, _)| *name)
            .collect();
        writeln!(table, "{action:?}: {}", allowed.join(", ")).unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_role_of_one_environment_allows_nothing_elsewhere_and_nothing_of_the_whole() {
    let prod = name("prod");
    for role in Role::ALL {
        let authority = Authority::Person(within(role, "dev"));
        for action in Action::ALL {
            let elsewhere = may(&authority, action, Place::Environment(&prod));
            if action != Action::ManageOwn {
                assert_eq!(elsewhere, Decision::Denied, "{role} {action:?}");
            }
            if action.scope() == ActionScope::Installation {
                let somewhere = may(&authority, action, Place::Somewhere);
                assert_eq!(somewhere, Decision::Denied, "{role} {action:?}");
            }
        }
    }
}

fn roles() -> impl Strategy<Value = Roles> {
    let assignment = (0..5_usize, 0..3_usize).prop_map(|(role, reach)| match reach {
        0 => RoleAssignment::everywhere(Role::ALL[role]),
        1 => RoleAssignment::within(Role::ALL[role], name("dev")),
        _ => RoleAssignment::within(Role::ALL[role], name("prod")),
    });
    proptest::collection::vec(assignment, 0..4).prop_map(|all| all.into_iter().collect())
}

proptest! {
    #[test]
    fn a_token_never_allows_more_than_its_owner_or_its_scope(
        owner in roles(), scope in roles(), action in 0..Action::ALL.len(), place in 0..3_usize,
    ) {
        let (dev, prod) = (name("dev"), name("prod"));
        let places = [Place::Somewhere, Place::Environment(&dev), Place::Environment(&prod)];
        let (action, place) = (Action::ALL[action], places[place]);
        let token = Authority::Token { owner: owner.clone(), scope: scope.clone() };
        if may(&token, action, place) == Decision::Allowed {
            for alone in [owner, scope] {
                prop_assert_eq!(may(&Authority::Person(alone), action, place), Decision::Allowed);
            }
        }
    }

    #[test]
    fn lists_show_exactly_where_an_action_is_allowed(
        owner in roles(), scope in roles(), token in any::<bool>(), action in 0..Action::ALL.len(),
    ) {
        let authority = if token {
            Authority::Token { owner, scope }
        } else {
            Authority::Person(owner)
        };
        let action = Action::ALL[action];
        if action.scope() == ActionScope::Environment {
            let shown = environments(&authority, action);
            for place in [name("dev"), name("prod"), name("other")] {
                let allowed = may(&authority, action, Place::Environment(&place));
                prop_assert_eq!(shown.contains(&place), allowed == Decision::Allowed);
            }
        }
    }

    #[test]
    fn what_is_allowed_in_an_environment_is_allowed_somewhere(
        held in roles(), action in 0..Action::ALL.len(),
    ) {
        let (authority, action) = (Authority::Person(held), Action::ALL[action]);
        let dev = name("dev");
        if may(&authority, action, Place::Environment(&dev)) == Decision::Allowed {
            prop_assert_eq!(may(&authority, action, Place::Somewhere), Decision::Allowed);
        }
    }
}
