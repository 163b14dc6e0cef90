//! Checking a project policy before it is sent.
//!
//! Source: `ProjectPolicyDocument` in the API model of Amazon Rekognition; "Creating a project
//! policy document", Amazon Rekognition Custom Labels guide.

mod finding;
mod rules;

pub use finding::{LintFinding, LintProblem};

use crate::document::PolicyDocument;

/// The most characters of a project policy (`ProjectPolicyDocument`).
pub const PROJECT_POLICY_CHARACTERS: usize = 2000;

/// What AWS has not documented about project policies, each with the answer taken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent yes-or-no answers, each by name"
)]
pub struct ProjectPolicyRules {
    /// `Condition` is taken.
    pub conditions: bool,
    /// `Resource` may be `*`.
    pub resource_star: bool,
    /// `Principal` may hold more or other than one role.
    pub principals_beyond_one_role: bool,
    /// `Effect` may be written `ALLOW` or `DENY`.
    pub upper_case_effect: bool,
}

impl Default for ProjectPolicyRules {
    /// Everything but upper-case effects is taken.
    fn default() -> Self {
        Self {
            conditions: true,
            resource_star: true,
            principals_beyond_one_role: true,
            upper_case_effect: false,
        }
    }
}

/// Reads a project policy and checks it under [`ProjectPolicyRules::default`]; gives all findings,
/// at least one, when it is not fit to be sent.
pub fn lint_project_policy(text: &str) -> Result<PolicyDocument, Vec<LintFinding>> {
    lint_project_policy_under(text, ProjectPolicyRules::default())
}

/// As [`lint_project_policy`], under other rules.
///
/// Length and characters come first and alone, then the reading, then the rules; each stage only
/// when the earlier ones found nothing.
pub fn lint_project_policy_under(
    text: &str,
    rules: ProjectPolicyRules,
) -> Result<PolicyDocument, Vec<LintFinding>> {
    let shape = shape(text);
    if !shape.is_empty() {
        return Err(shape);
    }
    let read = if rules.upper_case_effect {
        PolicyDocument::parse_accepting_upper_case_effect(text)
    } else {
        PolicyDocument::parse(text)
    };
    let document = read.map_err(|error| {
        vec![LintFinding {
            path: error.path,
            problem: LintProblem::Document(error.problem),
        }]
    })?;
    let findings = rules::findings(&document, rules);
    if findings.is_empty() {
        Ok(document)
    } else {
        Err(findings)
    }
}

/// `[\u0009\u000A\u000D\u0020-\u00FF]`, the class of policy documents in Rekognition and AWS STS.
pub(crate) fn is_policy_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{FF}')
}

fn shape(text: &str) -> Vec<LintFinding> {
    let mut findings = Vec::new();
    let characters = text.chars().count();
    if !(1..=PROJECT_POLICY_CHARACTERS).contains(&characters) {
        findings.push(LintProblem::Length(characters).at("$"));
    }
    let strange = text
        .chars()
        .enumerate()
        .find(|(_, character)| !is_policy_character(*character));
    if let Some((index, character)) = strange {
        findings.push(
            LintProblem::Character {
                position: index + 1,
                character,
            }
            .at("$"),
        );
    }
    findings
}
