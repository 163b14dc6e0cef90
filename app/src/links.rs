//! Addresses of pages.
//!
//! ARNs hold slashes and colons, so projects and versions stand in addresses by their parts with
//! `~` between, which no part holds: `/models/eu-west-1~111122223333~inspector~1656565123456`
//! and, below it, `/v7~1656611123456`. Partitions other than `aws` stand first.

use domain::{AccountNumber, JobId, ProjectArn, ProjectVersionArn, ProposalId};

/// The part of an address that names a project.
pub fn project_key(project: &ProjectArn) -> String {
    let (region, account) = (project.region(), project.account());
    let rest = format!("{region}~{account}~{}~{}", project.name(), project.number());
    match project.partition().as_str() {
        "aws" => rest,
        partition => format!("{partition}~{rest}"),
    }
}

/// The project's ARN named by [`project_key`]; none when the text is nothing of the kind.
pub fn project_of(key: &str) -> Option<ProjectArn> {
    let mut parts: Vec<&str> = key.split('~').collect();
    if parts.len() == 4 {
        parts.insert(0, "aws");
    }
    let [partition, region, account, name, number] = parts[..] else {
        return None;
    };
    format!("arn:{partition}:rekognition:{region}:{account}:project/{name}/{number}")
        .parse()
        .ok()
}

/// The part of an address that names a version below its project.
pub fn version_key(version: &ProjectVersionArn) -> String {
    format!("{}~{}", version.name(), version.number())
}

/// The version named by [`version_key`] in `project`.
pub fn version_of(project: &ProjectArn, key: &str) -> Option<ProjectVersionArn> {
    let (name, number) = key.split_once('~')?;
    let (partition, region, account) = (project.partition(), project.region(), project.account());
    let project = project.name();
    format!(
        "arn:{partition}:rekognition:{region}:{account}:project/{project}/version/{name}/{number}"
    )
    .parse()
    .ok()
}

/// A project's page.
pub fn project(project: &ProjectArn) -> String {
    format!("/models/{}", project_key(project))
}

/// A version's page.
pub fn version(project: &ProjectArn, version: &ProjectVersionArn) -> String {
    format!("/models/{}/{}", project_key(project), version_key(version))
}

/// The policies of a project.
pub fn policies(project: &ProjectArn) -> String {
    format!("/policies/{}", project_key(project))
}

/// An account's page.
pub fn account(number: &AccountNumber) -> String {
    format!("/accounts/{number}")
}

/// A proposal's page.
pub fn promotion(id: ProposalId) -> String {
    format!("/promotions/{id}")
}

/// A job's page.
pub fn job(id: JobId) -> String {
    format!("/jobs/{id}")
}

/// The promotion form with this version as its source.
pub fn promote(version: &ProjectVersionArn) -> String {
    format!("/promotions/new?source={version}")
}

/// The promotion form with source and destination.
pub fn promote_to(version: &ProjectVersionArn, destination: &ProjectArn) -> String {
    format!("/promotions/new?source={version}&destination={destination}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_projects_and_versions_and_are_read_back() {
        for partition in ["aws", "aws-cn"] {
            let arn = format!("arn:{partition}:rekognition:eu-west-1:111122223333:project/a.b-c_d");
            let project: ProjectArn = format!("{arn}/1656565123456").parse().unwrap();
            let version: ProjectVersionArn =
                format!("{arn}/version/v7.1/1656611123456").parse().unwrap();
            assert_eq!(project_of(&project_key(&project)), Some(project.clone()));
            assert_eq!(version_of(&project, &version_key(&version)), Some(version));
        }
    }

    #[test]
    fn other_texts_name_nothing() {
        for key in [
            "",
            "~~~",
            "a",
            "eu-west-1~1~inspector~1",
            "../x~y~z~1",
            "aws~a~b~c~d~e",
        ] {
            assert_eq!(project_of(key), None, "{key:?}");
        }
        let project = project_of("eu-west-1~111122223333~inspector~1").unwrap();
        for key in ["", "v7", "~1", "v7~x", "v7~1~2"] {
            assert_eq!(version_of(&project, key), None, "{key:?}");
        }
    }
}
