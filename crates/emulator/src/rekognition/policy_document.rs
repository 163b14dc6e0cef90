//! What Rekognition takes as a project policy ("Creating a project policy document", Custom
//! Labels developer guide).
//!
//! Written apart from the product's own lint of project policies, so that each shows the other's
//! mistakes.

use super::error::malformed_policy;
use crate::error::ApiError;
use crate::world::assumptions::{Acceptance, Assumptions};
use crate::world::text::PolicyText;
use iam::document::{ActionClause, PrincipalClause, PrincipalType, Principals, ResourceClause};
use iam::{PolicyDocument, Statement};

const ONLY_ACTION: &str = "rekognition:CopyProjectVersion";

/// AWS's words about a document that it cannot read (`MalformedPolicyDocumentException`, Amazon
/// Rekognition API reference). What it found, only the ledger tells.
const MALFORMED: &str =
    "The format of the project policy document that you supplied to PutProjectPolicy is incorrect.";

/// Reads `text` and checks it. The stored text stays as it was sent.
pub(super) fn check(text: &str, assumptions: &Assumptions) -> Result<PolicyText, ApiError> {
    let read = match assumptions.policy_effect_upper_case {
        Acceptance::Accepted => PolicyDocument::parse_accepting_upper_case_effect(text),
        Acceptance::Refused => PolicyDocument::parse(text),
    };
    let document =
        read.map_err(|error| malformed_policy(MALFORMED).with_detail(error.to_string()))?;
    if document.statements.is_empty() {
        return Err(malformed_policy("The policy document has no statement."));
    }
    for (index, statement) in document.statements.iter().enumerate() {
        check_statement(statement, assumptions).map_err(|problem| {
            malformed_policy(format!(
                "Statement {} of the policy document {problem}",
                index + 1
            ))
        })?;
    }
    Ok(PolicyText {
        text: text.to_owned(),
        document,
    })
}

fn check_statement(statement: &Statement, assumptions: &Assumptions) -> Result<(), String> {
    match &statement.action {
        ActionClause::NotAction(_) => {
            return Err("has NotAction, which is not supported.".to_owned());
        }
        ActionClause::Action(actions) => {
            if !actions
                .iter()
                .all(|action| action.eq_ignore_ascii_case(ONLY_ACTION))
            {
                return Err(format!("has an action other than {ONLY_ACTION}."));
            }
        }
    }
    match &statement.principal {
        None => return Err("has no Principal.".to_owned()),
        Some(PrincipalClause::NotPrincipal(_)) => {
            return Err("has NotPrincipal, which is not supported.".to_owned());
        }
        Some(PrincipalClause::Principal(principals)) => {
            if assumptions.policy_principals_beyond_one_role == Acceptance::Refused
                && !is_one_role(principals)
            {
                return Err("has a Principal that is not the ARN of one role.".to_owned());
            }
        }
    }
    match &statement.resource {
        None => return Err("has no Resource.".to_owned()),
        Some(ResourceClause::NotResource(_)) => {
            return Err("has NotResource, which is not supported.".to_owned());
        }
        Some(ResourceClause::Resource(resources)) => {
            for resource in resources {
                let star = resource == "*";
                if star && assumptions.policy_resource_star == Acceptance::Refused {
                    return Err("has the Resource *, which is not supported.".to_owned());
                }
                if !star && !resource.starts_with("arn:") {
                    return Err("has a Resource that is not an ARN.".to_owned());
                }
            }
        }
    }
    if !statement.condition.is_empty() && assumptions.policy_conditions == Acceptance::Refused {
        return Err("has a Condition, which is not supported.".to_owned());
    }
    Ok(())
}

fn is_one_role(principals: &Principals) -> bool {
    let Principals::Listed(listed) = principals else {
        return false;
    };
    let [(PrincipalType::Aws, values)] = listed.as_slice() else {
        return false;
    };
    matches!(values.as_slice(), [one] if one.parse::<domain::RoleArn>().is_ok())
}
