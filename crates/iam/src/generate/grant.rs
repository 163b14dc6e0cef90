//! The statement that lets one role copy one version.

use crate::document::{
    ActionClause, ConditionTest, Effect, PrincipalClause, PrincipalType, Principals,
    ResourceClause, Statement, Values,
};
use domain::{Millis, ProjectVersionArn, RoleArn};

/// A text that is not a Sid: 1 or more ASCII letters and digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a Sid takes only ASCII letters and digits, at least one")]
pub struct NotASid;

/// The project-policy statement that lets `promoter` copy exactly `version`.
///
/// With `ends`, a `DateLessThan` on `aws:CurrentTime` makes it void from that moment on, rounded
/// down to a whole second. Without, it holds until it is removed. About 300 characters, up to 800
/// with the longest names. Source: "Creating a project policy document", Amazon Rekognition Custom
/// Labels guide.
pub fn grant_statement(
    sid: &str,
    promoter: &RoleArn,
    version: &ProjectVersionArn,
    ends: Option<Millis>,
) -> Result<Statement, NotASid> {
    if sid.is_empty() || !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(NotASid);
    }
    let condition = ends.map(|ends| ConditionTest {
        operator: "DateLessThan".to_owned(),
        keys: vec![(
            "aws:CurrentTime".to_owned(),
            Values::One(ends.whole_second().to_string()),
        )],
    });
    Ok(Statement {
        sid: Some(sid.to_owned()),
        effect: Effect::Allow,
        principal: Some(PrincipalClause::Principal(Principals::Listed(vec![(
            PrincipalType::Aws,
            Values::One(promoter.to_string()),
        )]))),
        action: ActionClause::Action("rekognition:CopyProjectVersion".into()),
        resource: Some(ResourceClause::Resource(Values::One(version.to_string()))),
        condition: condition.into_iter().collect(),
    })
}
