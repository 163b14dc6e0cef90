//! The rules for a project policy that has been read.

use super::{LintFinding, LintProblem, ProjectPolicyRules};
use crate::document::{
    ActionClause, PolicyDocument, PrincipalClause, PrincipalType, Principals, ResourceClause,
    Statement, quoted,
};
use crate::principal::{has_path_and_name, is_name};
use domain::RoleArn;

pub(super) fn findings(document: &PolicyDocument, rules: ProjectPolicyRules) -> Vec<LintFinding> {
    let mut findings = Vec::new();
    if document.statements.is_empty() {
        findings.push(LintProblem::NoStatements.at("$.Statement"));
    }
    for (index, statement) in document.statements.iter().enumerate() {
        let path = format!("$.Statement[{index}]");
        sid(
            statement,
            &document.statements[..index],
            &path,
            &mut findings,
        );
        principal(statement, rules, &path, &mut findings);
        action(statement, &path, &mut findings);
        resource(statement, rules, &path, &mut findings);
        if !rules.conditions && !statement.condition.is_empty() {
            findings.push(LintProblem::Prohibited("Condition").at(format!("{path}.Condition")));
        }
    }
    findings
}

fn sid(statement: &Statement, earlier: &[Statement], path: &str, findings: &mut Vec<LintFinding>) {
    let Some(sid) = statement.sid.as_deref() else {
        return;
    };
    if sid.is_empty() || !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        findings.push(LintProblem::Sid.at(format!("{path}.Sid")));
    } else if earlier.iter().any(|statement| statement.is_named(sid)) {
        findings.push(LintProblem::SidTwice.at(format!("{path}.Sid")));
    }
}

fn principal(
    statement: &Statement,
    rules: ProjectPolicyRules,
    path: &str,
    findings: &mut Vec<LintFinding>,
) {
    let listed = match &statement.principal {
        None => return findings.push(LintProblem::Missing("Principal").at(path)),
        Some(PrincipalClause::NotPrincipal(_)) => {
            let path = format!("{path}.NotPrincipal");
            return findings.push(LintProblem::Prohibited("NotPrincipal").at(path));
        }
        Some(PrincipalClause::Principal(listed)) => listed,
    };
    let path = format!("{path}.Principal");
    if let Principals::Listed(entries) = listed {
        for (kind, values) in entries
            .iter()
            .filter(|(kind, _)| *kind == PrincipalType::Aws)
        {
            for value in values.iter().filter(|value| !is_aws_principal(value)) {
                let path = format!("{path}.{}", kind.as_str());
                findings.push(LintProblem::Principal(quoted(value)).at(path));
            }
        }
    }
    if !rules.principals_beyond_one_role && !is_one_role(listed) {
        findings.push(LintProblem::NotOneRole.at(path));
    }
}

fn is_one_role(listed: &Principals) -> bool {
    let Principals::Listed(entries) = listed else {
        return false;
    };
    match &entries[..] {
        [(PrincipalType::Aws, values)] => {
            values.as_slice().len() == 1
                && values.iter().all(|role| role.parse::<RoleArn>().is_ok())
        }
        _ => false,
    }
}

/// Everyone, an account, the ARN of an account, user, role or session, or the unique id that AWS
/// shows in place of a user or role that was deleted.
fn is_aws_principal(value: &str) -> bool {
    let digits = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if value == "*" || digits(value) {
        return true;
    }
    if value.contains(['*', '?']) {
        return false;
    }
    let parts: Vec<&str> = value.splitn(6, ':').collect();
    match parts[..] {
        ["arn", partition, "iam", "", account, resource] => {
            let named = |kind: &str| resource.strip_prefix(kind).is_some_and(has_path_and_name);
            let who = resource == "root" || named("user/") || named("role/");
            !partition.is_empty() && digits(account) && who
        }
        ["arn", partition, "sts", "", account, resource] => {
            let who = match resource.split('/').collect::<Vec<_>>()[..] {
                ["assumed-role", role, session] => is_name(role) && is_name(session),
                ["federated-user", name] => is_name(name),
                _ => false,
            };
            !partition.is_empty() && digits(account) && who
        }
        [id] => {
            let unique = id.starts_with("AROA") || id.starts_with("AIDA");
            unique
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        }
        _ => false,
    }
}

fn action(statement: &Statement, path: &str, findings: &mut Vec<LintFinding>) {
    match &statement.action {
        ActionClause::NotAction(_) => {
            let path = format!("{path}.NotAction");
            findings.push(LintProblem::Prohibited("NotAction").at(path));
        }
        ActionClause::Action(values) => {
            let copies =
                |action: &&String| action.eq_ignore_ascii_case("rekognition:CopyProjectVersion");
            for other in values.iter().filter(|action| !copies(action)) {
                let path = format!("{path}.Action");
                findings.push(LintProblem::Action(quoted(other)).at(path));
            }
        }
    }
}

fn resource(
    statement: &Statement,
    rules: ProjectPolicyRules,
    path: &str,
    findings: &mut Vec<LintFinding>,
) {
    match &statement.resource {
        None => findings.push(LintProblem::Missing("Resource").at(path)),
        Some(ResourceClause::NotResource(_)) => {
            let path = format!("{path}.NotResource");
            findings.push(LintProblem::Prohibited("NotResource").at(path));
        }
        Some(ResourceClause::Resource(values)) => {
            for value in values {
                if value == "*" {
                    if !rules.resource_star {
                        findings.push(LintProblem::ResourceStar.at(format!("{path}.Resource")));
                    }
                } else if !is_version_pattern(value) {
                    let path = format!("{path}.Resource");
                    findings.push(LintProblem::Resource(quoted(value)).at(path));
                }
            }
        }
    }
}

/// The ARN of a version, in which wildcards may stand for Region, account, names and number.
fn is_version_pattern(value: &str) -> bool {
    let parts: Vec<&str> = value.splitn(6, ':').collect();
    let ["arn", partition, "rekognition", region, account, resource] = parts[..] else {
        return false;
    };
    let names = |text: &str| {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-*?".contains(&byte);
        !text.is_empty() && text.bytes().all(good)
    };
    let resource = match resource.split('/').collect::<Vec<_>>()[..] {
        ["project", project, "version", version, number] => {
            [project, version, number].into_iter().all(names)
        }
        ["project", project, "version", "*"] => names(project),
        _ => false,
    };
    [partition, region, account].into_iter().all(names) && resource
}
