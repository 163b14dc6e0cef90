//! The trust policy of our roles.

use crate::document::{
    ActionClause, ConditionTest, Effect, PolicyDocument, PrincipalClause, PrincipalType,
    Principals, Statement, Values,
};
use domain::ExternalId;

/// The trust policy that lets exactly `principal` (the ARN of the user or role that Customhouse
/// runs as; a role's, not a session's) become the role, and only while it presents `external_id`.
///
/// Source: "Access to AWS accounts owned by third parties", IAM User Guide.
pub fn trust_policy(principal: &str, external_id: &ExternalId) -> PolicyDocument {
    PolicyDocument::of(vec![Statement {
        sid: Some("CustomhouseMayBecomeThisRole".to_owned()),
        effect: Effect::Allow,
        principal: Some(PrincipalClause::Principal(Principals::Listed(vec![(
            PrincipalType::Aws,
            principal.into(),
        )]))),
        action: ActionClause::Action("sts:AssumeRole".into()),
        resource: None,
        condition: vec![ConditionTest {
            operator: "StringEquals".to_owned(),
            keys: vec![(
                "sts:ExternalId".to_owned(),
                Values::from(external_id.as_str()),
            )],
        }],
    }])
}
