//! What an `AssumeRole` asks for, held to the shapes of STS's API model.

use super::session_tags::{self, SessionTags};
use crate::error::ApiError;
use crate::sts::input::{Form, Violations, validation};
use crate::world::text::PolicyText;
use domain::RoleArn;
use regex::Regex;
use std::sync::LazyLock;

/// `\w` stands for ASCII letters, digits and the underscore, as in AWS's patterns.
static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[a-zA-Z0-9_+=,.@-]*$"));
static EXTERNAL_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[a-zA-Z0-9_+=,.@:\/-]*$"));
static POLICY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[\u{0009}\u{000A}\u{000D}\u{0020}-\u{00FF}]*$"));

pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is fixed and tested")
}

const TAKEN: &[&str] = &[
    "Action",
    "Version",
    "RoleArn",
    "RoleSessionName",
    "DurationSeconds",
    "ExternalId",
    "Policy",
    "SourceIdentity",
    "Tags",
    "TransitiveTagKeys",
];

/// A request in shape.
pub(super) struct Request {
    pub(super) role: RoleArn,
    pub(super) session_name: String,
    /// `None` when the caller left it to AWS.
    pub(super) seconds: Option<u32>,
    pub(super) external_id: Option<String>,
    pub(super) policy: Option<PolicyText>,
    pub(super) tags: SessionTags,
    pub(super) source_identity: Option<String>,
}

/// Reads a form.
///
/// # Errors
///
/// `NotEmulated` for a member that is not played, `ValidationError` for what is out of shape,
/// `InvalidParameterValue` for tags that do not go together, `MalformedPolicyDocument`.
pub(super) fn read(form: &Form) -> Result<Request, ApiError> {
    let members = form.names().filter_map(|name| name.split('.').next());
    if let Some(member) = members.into_iter().find(|name| !TAKEN.contains(name)) {
        return Err(ApiError::not_emulated(&format!(
            "the parameter {member} of sts:AssumeRole"
        )));
    }
    let mut violations = Violations::default();
    let role = violations.required("roleArn", form.get("RoleArn"));
    if let Some(role) = role
        && !(20..=2048).contains(&role.chars().count())
    {
        let rule = "Member must have length between 20 and 2048";
        violations.add("roleArn", role, rule);
    }
    let session_name = violations.required("roleSessionName", form.get("RoleSessionName"));
    let external_id = form.get("ExternalId");
    let policy = form.get("Policy");
    let source_identity = form.get("SourceIdentity");
    for (member, value, (min, max), pattern) in [
        ("roleSessionName", session_name, (2, 64), &NAME),
        ("externalId", external_id, (2, 1224), &EXTERNAL_ID),
        ("policy", policy, (1, 2048), &POLICY),
        ("sourceIdentity", source_identity, (2, 64), &NAME),
    ] {
        if let Some(value) = value {
            violations.text(member, value, min, max, pattern);
        }
    }
    let seconds = seconds(form, &mut violations);
    let tags = session_tags::read(form, &mut violations);
    violations.finish()?;
    let role = role.unwrap_or_default();
    let role = role
        .parse()
        .map_err(|_| validation(format!("{role} is invalid")))?;
    if source_identity.is_some_and(|name| name.starts_with("aws:")) {
        return Err(validation("The prefix aws: is reserved for AWS."));
    }
    tags.check()?;
    Ok(Request {
        role,
        session_name: session_name.unwrap_or_default().to_owned(),
        seconds,
        external_id: external_id.map(str::to_owned),
        policy: policy.map(session_policy).transpose()?,
        tags,
        source_identity: source_identity.map(str::to_owned),
    })
}

fn seconds(form: &Form, violations: &mut Violations) -> Option<u32> {
    let text = form.get("DurationSeconds")?;
    let rule = match text.parse::<i64>() {
        Err(_) => "Member must be an integer",
        Ok(..900) => "Member must have value greater than or equal to 900",
        Ok(43201..) => "Member must have value less than or equal to 43200",
        Ok(seconds) => return u32::try_from(seconds).ok(),
    };
    violations.add("durationSeconds", text, rule);
    None
}

/// A session policy is an identity policy: it names no principal and says which resources.
fn session_policy(text: &str) -> Result<PolicyText, ApiError> {
    let malformed = |problem: &str| ApiError::modelled("MalformedPolicyDocument", 400, problem);
    let policy = PolicyText::parse(text)
        .map_err(|error| malformed("Syntax errors in policy.").with_detail(error.to_string()))?;
    for statement in &policy.document.statements {
        if statement.principal.is_some() {
            return Err(malformed("A session policy must not specify a principal."));
        }
        if statement.resource.is_none() {
            return Err(malformed("Policy statement must contain resources."));
        }
    }
    Ok(policy)
}
