//! An account's root user.

use crate::world::{LOCAL, PROMOTER, Question, account, aws, granted, role, word};
use iam::{PrincipalFacts, ResourceRule};

/// "By default, all requests are implicitly denied with the exception of the AWS account root user,
/// which has full access" ("How AWS enforcement code logic evaluates requests").
#[test]
fn an_accounts_root_user_needs_no_identity_policy() {
    let root = |number: &str| PrincipalFacts::root(role(LOCAL).partition(), &account(number));
    let own = "arn:aws:iam::111111111111:root";
    let foreign = "arn:aws:iam::333333333333:root";
    for (caller, rule, resource_side, expected) in [
        (
            "111111111111",
            ResourceRule::IdentityOrResource,
            String::new(),
            "allowed",
        ),
        (
            "111111111111",
            ResourceRule::IdentityOrResource,
            granted("Deny", &aws(own)),
            "denied",
        ),
        (
            "111111111111",
            ResourceRule::IdentityOrResource,
            granted("Deny", r#""*""#),
            "denied",
        ),
        (
            "111111111111",
            ResourceRule::IdentityOrResource,
            granted("Deny", &aws(LOCAL)),
            "allowed",
        ),
        (
            "111111111111",
            ResourceRule::ResourceMustAllow,
            String::new(),
            "missing",
        ),
        (
            "111111111111",
            ResourceRule::ResourceMustAllow,
            granted("Allow", &aws(own)),
            "allowed",
        ),
        (
            "333333333333",
            ResourceRule::IdentityOrResource,
            String::new(),
            "missing",
        ),
        (
            "333333333333",
            ResourceRule::IdentityOrResource,
            granted("Allow", &aws(foreign)),
            "allowed",
        ),
        (
            "333333333333",
            ResourceRule::IdentityOrResource,
            granted("Allow", &aws(PROMOTER)),
            "missing",
        ),
    ] {
        let question = Question {
            resource: resource_side.clone(),
            rule,
            ..Question::new(root(caller))
        };
        let decision = question.ask();
        assert_eq!(
            word(&decision),
            expected,
            "{caller} {rule:?} {resource_side}: {decision}"
        );
    }
    let keys = r#""StringEquals":{"aws:PrincipalType":"Account","aws:userid":"111111111111","aws:PrincipalAccount":"111111111111"},"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:root"},"Null":{"aws:username":true}"#;
    let question = Question {
        resource: format!(
            r#"{{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{{{keys}}}}}"#
        ),
        ..Question::new(root("111111111111"))
    };
    assert_eq!(word(&question.ask()), "denied", "its keys are known");
    insta::assert_snapshot!(Question::new(root("111111111111")).ask(), @"Allowed to the account's root user without a statement");
}
