//! The document that a policy form stands for.

use domain::{ProjectArn, ProjectVersionArn, RoleArn};
use iam::document::{
    ActionClause, Effect, PolicyDocument, PrincipalClause, PrincipalType, Principals,
    ResourceClause, Statement, Values,
};

/// Which versions a standing policy names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Versions {
    /// Exactly these, at least one.
    Exact(Vec<ProjectVersionArn>),
    /// Every version of the project, also those to come.
    Every,
}

/// The JSON that lets `promoter` copy `versions` of `project`: minified, the same for the same
/// choices.
pub(super) fn of(project: &ProjectArn, promoter: &RoleArn, versions: &Versions) -> String {
    let resource = match versions {
        Versions::Exact(versions) => versions.iter().map(ToString::to_string).collect(),
        Versions::Every => Values::One(every_version(project)),
    };
    let statement = Statement {
        sid: Some(format!("Promoter{}", promoter.account())),
        effect: Effect::Allow,
        principal: Some(PrincipalClause::Principal(Principals::Listed(vec![(
            PrincipalType::Aws,
            Values::One(promoter.to_string()),
        )]))),
        action: ActionClause::Action("rekognition:CopyProjectVersion".into()),
        resource: Some(ResourceClause::Resource(resource)),
        condition: Vec::new(),
    };
    PolicyDocument::of(vec![statement]).to_json()
}

/// All versions of a project as AWS writes it: the project's ARN without its number, then
/// `/version/*` ("Creating a project policy document", Amazon Rekognition Custom Labels guide).
fn every_version(project: &ProjectArn) -> String {
    let (partition, region, account) = (project.partition(), project.region(), project.account());
    format!(
        "arn:{partition}:rekognition:{region}:{account}:project/{}/version/*",
        project.name()
    )
}

/// What is wrong with a document, in words; nothing if AWS's rules for project policies are kept.
pub(super) fn findings(document: &str) -> Vec<String> {
    match iam::lint_project_policy(document) {
        Ok(_) => Vec::new(),
        Err(findings) => findings.iter().map(ToString::to_string).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> ProjectArn {
        "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1656565123456"
            .parse()
            .unwrap()
    }

    #[test]
    fn a_document_is_minified_and_names_exact_versions() {
        let role = "arn:aws:iam::333333333333:role/customhouse-promoter"
            .parse()
            .unwrap();
        let version: ProjectVersionArn =
            "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456"
                .parse()
                .unwrap();
        let exact = of(&project(), &role, &Versions::Exact(vec![version]));
        insta::assert_snapshot!(exact, @r#"{"Version":"2012-10-17","Statement":[{"Sid":"Promoter333333333333","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::333333333333:role/customhouse-promoter"},"Action":"rekognition:CopyProjectVersion","Resource":"arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1656611123456"}]}"#);
        assert_eq!(findings(&exact), Vec::<String>::new());
        let every = of(&project(), &role, &Versions::Every);
        assert!(every.contains(
            r#""Resource":"arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/*""#
        ));
        assert_eq!(findings(&every), Vec::<String>::new());
    }

    #[test]
    fn a_document_that_is_too_long_is_found() {
        assert_eq!(findings(&" ".repeat(2001)).len(), 1);
    }
}
